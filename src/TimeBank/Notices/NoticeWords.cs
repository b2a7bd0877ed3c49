using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>Puts notices into words: in the language of whoever hears them, with names as they are now. Who was erased has none.</summary>
public static class NoticeWords
{
    /// <summary>As they set it, else as their profile says, else the bank's.</summary>
    public static Locale LanguageOf(Addressee who) => Locale.First([who.Settings.Language, .. who.Languages, who.BankLanguage]);

    public static string Key(NoticeKind kind, string said) => $"{kind.Word()}.{said}";

    public static string Title(Locale language, NoticeKind kind) => language[$"title.{kind.Word()}"];

    public static string Sentence(Locale language, News news, IReadOnlyDictionary<AccountId, string> names) => language.Say(
        Key(news.Kind, news.Said),
        ("other", news.Other is { } other && names.TryGetValue(other, out var name) ? name : language["somebody"]),
        ("account", names.GetValueOrDefault(news.Account) ?? language["somebody"]),
        ("minutes", language.Amount(news.Minutes ?? Minutes.Zero)),
        ("day", news.Day is { } day ? language.Day(day) : ""));

    /// <summary>Accounts whose names the sentences have.</summary>
    public static IEnumerable<AccountId> Named(IEnumerable<KeptNotice> notices) =>
        notices.SelectMany(n => (AccountId?[])[n.News.Account, n.News.Other]).OfType<AccountId>().Distinct();
}
