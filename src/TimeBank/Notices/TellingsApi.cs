using TimeBank.Access;
using TimeBank.Members;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>A member to be told by telephone or on paper, and what to say.</summary>
/// <param name="Reach">How they want to be reached, best first.</param>
/// <param name="Language">In which what is to be said is written.</param>
/// <param name="Direction">Which way that is written: ltr or rtl.</param>
public sealed record MemberToTellView(
    AccountId Account, string? Name, string? Telephone, string? Address, IReadOnlyList<Reach> Reach, string Language, string Direction, IReadOnlyList<ToTellView> Notices)
{
    public static MemberToTellView Of(AccountId account, Addressee who, IEnumerable<KeptNotice> notices, IReadOnlyDictionary<AccountId, string> names)
    {
        var language = NoticeWords.LanguageOf(who);
        return new MemberToTellView(
            account, names.GetValueOrDefault(account), who.Contact?.Telephone, who.Contact?.Address, who.Reach, language.Code, language.Direction,
            [.. notices.Select(n => ToTellView.Of(n, language, names))]);
    }
}

/// <summary>One thing to say, in whole sentences.</summary>
/// <param name="MailFailed">A letter should have told it, and was given up: why.</param>
/// <param name="Told">When they were told; null: not yet.</param>
/// <param name="ToldBy">By which person.</param>
public sealed record ToTellView(Guid Id, NoticeKind Kind, string Text, DateTimeOffset Made, string? MailFailed, DateTimeOffset? Told, PersonId? ToldBy, TellingHow? ToldHow)
{
    public static ToTellView Of(KeptNotice n, Locale language, IReadOnlyDictionary<AccountId, string> names) => new(
        n.Id, n.News.Kind, NoticeWords.Sentence(language, n.News, names), n.Made, n.Why, n.Told?.At, n.Told?.By, n.Told is { How: var how } ? Words.Parse<TellingHow>(how) : null);
}

/// <summary>Routes for those who telephone and write letters: whom to tell what, and that it was done.</summary>
public static class TellingsApi
{
    private const int MostOfEach = 100;

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapGet("/tellings", List).Gives<Page<MemberToTellView>>().Paged()
            .Describe("List who is to be told by telephone or on paper", "Member by member, with what to say in whole sentences, in their language. Members without a login, those who want it so, and those whom no letter reached. "
                + "With told=true, what they were told, by whom and when. Who organises a neighbourhood sees its members.");
        bank.MapPost("/tellings", Tell).Takes<TellRequest>().Gives<MemberToTellView>()
            .Describe("Write down that somebody was told", "By you, and how. Said twice it changes nothing.");
    }

    private static async Task List(string bank, string? told, HttpContext http, NoticeQueries notices)
    {
        var query = new Query(http);
        var wereTold = query.Flag("told");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync())
            return;
        var (id, cancel) = (new BankId(bank), http.RequestAborted);
        var accounts = await notices.AccountsToTellAsync(id, wereTold, NeighbourhoodsOf(http), after, limit + 1, cancel);
        var shown = accounts.Take(limit).ToList();
        var rows = await notices.ToTellAsync(id, shown, wereTold, MostOfEach, cancel);
        var view = await ViewAsync(id, notices, rows, cancel);
        await Answers.Write(http, query.Page(accounts, limit, a => Query.ToCursor(a.Value), view));
    }

    private static async Task Tell(string bank, HttpContext http, NoticeQueries notices, TimeProvider clock)
    {
        if (await RequestReader.ReadJson(http, TellRequestValidator.Instance) is not { } request)
            return;
        var (id, account, cancel) = (new BankId(bank), new AccountId(request.Account!.Value), http.RequestAborted);
        var telling = new Telling(clock.GetUtcNow(), new PersonId(http.Caller().Id!.Value), request.How!.Value.Word());
        var rows = await notices.TellAsync(id, account, request.Notices!, telling, NeighbourhoodsOf(http), cancel);
        if (rows.Count == 0)
            await Problems.Write(http, ProblemTable.NotFound);
        else
            await Answers.Write(http, (await ViewAsync(id, notices, rows, cancel))(account));
    }

    /// <summary>Whose members they tell; null: everybody's.</summary>
    private static string[]? NeighbourhoodsOf(HttpContext http) => http.Caller().Authority is { WholeBank: false } may ? [.. may.Neighbourhoods] : null;

    internal static async Task<Func<AccountId, MemberToTellView>> ViewAsync(BankId bank, NoticeQueries queries, IReadOnlyList<KeptNotice> rows, CancellationToken cancel)
    {
        var ofAccounts = rows.ToLookup(r => r.News.Account);
        var names = await queries.NamesAsync(bank, NoticeWords.Named(rows), cancel);
        var addressees = (await queries.AddresseesAsync(bank, [.. ofAccounts.Select(a => (a.First().Recipient, a.Key))], cancel)).ToDictionary(a => a.Account);
        return account => MemberToTellView.Of(account, addressees[account], ofAccounts[account], names);
    }
}
