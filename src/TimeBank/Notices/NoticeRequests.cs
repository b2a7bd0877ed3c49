using FluentValidation;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>Which comes first.</summary>
public enum NoticeOrder
{
    Newest,
    /// <summary>What was not read yet; newest first, and then the others.</summary>
    Unread,
}

/// <summary>How somebody was told.</summary>
public enum TellingHow { Telephone, Paper, InPerson }

public sealed record ReadNoticesRequest
{
    /// <summary>Those that were read.</summary>
    public IReadOnlyList<Guid>? Notices { get; init; }
    /// <summary>Or all up to this one.</summary>
    public Guid? UpTo { get; init; }
}

public sealed record TellRequest
{
    /// <summary>The member's account.</summary>
    public Guid? Account { get; init; }
    /// <summary>What they were told.</summary>
    public IReadOnlyList<Guid>? Notices { get; init; }
    public TellingHow? How { get; init; }
}

/// <summary>By which ways a kind of notice comes; what is left out has its default.</summary>
public sealed record WaysRequest
{
    /// <summary>In the list of notices.</summary>
    public bool? Program { get; init; }
    /// <summary>By a letter at once.</summary>
    public bool? Mail { get; init; }
    /// <summary>By telephone or on paper.</summary>
    public bool? Tell { get; init; }
}

/// <summary>How somebody wants to be told. All stands as given; what is left out has its default.</summary>
public sealed record NoticeSettingsRequest
{
    /// <summary>One of the languages that there are; left out: as the member's profile says, else the bank's.</summary>
    public string? Language { get; init; }
    /// <summary>Whether a letter once a week tells what no letter told at once; yes if left out.</summary>
    public bool? Digest { get; init; }
    public SortedDictionary<NoticeKind, WaysRequest?>? Ways { get; init; }

    internal NoticeSettings ToSettings() => NoticeSettings.Default with
    {
        Language = Language, Digest = Digest ?? true,
        Kinds = NoticeSettings.Default.Kinds.AddRange((Ways ?? []).Select(w => KeyValuePair.Create(w.Key, Of(w.Value!, NoticeSettings.DefaultFor(w.Key))))),
    };

    private static Ways Of(WaysRequest given, Ways standard) => new(given.Program ?? standard.Program, given.Mail ?? standard.Mail, given.Tell ?? standard.Tell);
}

public sealed class ReadNoticesRequestValidator : AbstractValidator<ReadNoticesRequest>
{
    public static readonly ReadNoticesRequestValidator Instance = new();

    public ReadNoticesRequestValidator()
    {
        RuleFor(r => r.Notices).Must((r, n) => n is null != r.UpTo is null).WithMessage("Either notices or upTo.");
        RuleFor(r => r.Notices).Must(n => n is null || n.Count <= Query.MostLimit).WithMessage($"At most {Query.MostLimit}.");
    }
}

public sealed class TellRequestValidator : AbstractValidator<TellRequest>
{
    public static readonly TellRequestValidator Instance = new();

    public TellRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        RuleFor(r => r.Notices).Must(n => n is { Count: >= 1 and <= Query.MostLimit }).WithMessage($"1 to {Query.MostLimit} ids of notices.");
        RuleFor(r => r.How).Given();
    }
}

public sealed class NoticeSettingsRequestValidator : AbstractValidator<NoticeSettingsRequest>
{
    public static readonly NoticeSettingsRequestValidator Instance = new();

    public NoticeSettingsRequestValidator()
    {
        RuleFor(r => r.Language).Must(l => l is null || Locale.Has(l)).WithMessage($"One of {string.Join(", ", Locale.Codes)}.");
        RuleFor(r => r.Ways).Must(w => w is null || w.Values.All(v => v is not null)).WithMessage("Each kind with program, mail or tell.");
    }
}

/// <summary>A notice in words.</summary>
/// <param name="Subject">The thing or the transfer that it is about.</param>
/// <param name="Day">Of the help, the appointment, the date that was missed.</param>
public sealed record NoticeView(
    Guid Id, AccountId Account, NoticeKind Kind, string Title, string Text, DateTimeOffset Made, DateTimeOffset? Read, Guid Subject, AccountId? Other, Minutes? Minutes, DateOnly? Day)
{
    public static NoticeView Of(KeptNotice n, Locale language, IReadOnlyDictionary<AccountId, string> names) => new(
        n.Id, n.News.Account, n.News.Kind, NoticeWords.Title(language, n.News.Kind), NoticeWords.Sentence(language, n.News, names), n.Made, n.Read,
        n.News.Subject, n.News.Other, n.News.Minutes, n.News.Day);
}

/// <summary>How many notices count as read now.</summary>
public sealed record ReadAnswer(int Read);

/// <param name="Languages">Those that there are.</param>
/// <param name="Ways">Every kind as it counts.</param>
public sealed record NoticeSettingsView(string? Language, IReadOnlyList<string> Languages, bool Digest, SortedDictionary<NoticeKind, Ways> Ways)
{
    public static NoticeSettingsView Of(NoticeSettings s) =>
        new(s.Language, Locale.Codes, s.Digest, new SortedDictionary<NoticeKind, Ways>(Enum.GetValues<NoticeKind>().ToDictionary(k => k, s.For)));
}
