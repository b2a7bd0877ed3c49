using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.FairPlay;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Pots;
using TimeBank.Projections;
using TimeBank.Schedules;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Waiting;

/// <summary>One thing that waits.</summary>
/// <param name="Id">Of the contribution, questioned entry, schedule or question; of a member, and of credentials, the account's.</param>
/// <param name="Accounts">Whom it concerns.</param>
/// <param name="On">The date of the help, since when a member waits, the date that was missed, until when a credential counts, or what a question is about.</param>
/// <param name="What">In one word: where it stands, what is asked, which credential ends, or why it could not be.</param>
/// <param name="Memo">What was done, or is to be.</param>
public sealed record WaitingItem(Guid Id, IReadOnlyList<AccountId> Accounts, Minutes? Minutes, DateOnly On, string What, string? Memo, string? Reason)
{
    /// <summary>Whom it concerns. Of a questioned entry also who received it, who is no party to the question.</summary>
    public static IEnumerable<AccountId> Concerned(Thing thing) => thing is EntryDispute entry ? [entry.Payer, entry.Payee] : thing.Parties;

    public static WaitingItem Of(ThingRow<Thing> row)
    {
        var (memo, reason) = (row.Text?.Memo, row.Reason?.Reason);
        var parties = Concerned(row.Thing).ToList();
        return row.Thing switch
        {
            Contribution c => new(c.Id.Value, parties, c.Claim.Minutes, c.Claim.Occurred, c.Is.Word(), memo, reason),
            EntryDispute d => new(d.Id.Value, parties, d.Minutes, d.Occurred, d.Is.Word(), memo, reason),
            Member m => new(m.Account.Value, parties, null, DateOnly.FromDateTime(m.Since.UtcDateTime), m.Is.Word(), null, null),
            Schedule s => new(s.Id.Value, parties, s.Terms.Minutes, s.Last!.Value, s.Missed!.Value.Word(), memo, null),
            MemberCredentials c when c.FirstToEnd() is { } ending => new(c.Account.Value, parties, null, ending.Until!.Value, ending.Kind, null, null),
            PotRequest r => new(r.Id.Value, parties, r.Minutes, DateOnly.FromDateTime(Uuid.InstantOf(r.Id.Value).UtcDateTime), r.Is.Word(), memo, null),
            Question q => new(q.Id.Value, parties, q.Facts.Minutes, q.Facts.On, q.Facts.Why?.Word() ?? q.Facts.Kind.Word(), null, null),
            var other => throw new InvalidOperationException($"{other.GetType().Name} waits for nobody."),
        };
    }
}

/// <summary>What waits of one kind.</summary>
/// <param name="Count">How many there are; no more than 1,000 are counted.</param>
/// <param name="IsMore">Whether there are more than were counted.</param>
/// <param name="Next">Where the next page of this kind begins; null: this was the last.</param>
public sealed record WaitingOfKind(WaitingKind Kind, int Count, bool IsMore, IReadOnlyList<WaitingItem> Items, string? Next);

/// <summary>The organiser's list.</summary>
public static class WaitingApi
{
    private static readonly WaitingKind[] s_countersigned = [WaitingKind.Contributions, WaitingKind.Disputes, WaitingKind.Entries];

    public static void Map(RouteGroupBuilder bank) =>
        bank.MapGet("/waiting", List).Gives<IReadOnlyList<WaitingOfKind>>().Paged()
            .Describe("List what waits for an organiser", "By kind, each with its count and its oldest; with kind only that one, page by page. Who coordinates a neighbourhood sees what concerns its members and projects; who countersigns, contributions and questioned entries; who audits, all but what pots are asked for, which those see who decide about it and nobody else.");

    private static async Task List(string bank, string? kind, HttpContext http, BankQueries banks, WaitingQueries waiting, TimeProvider clock)
    {
        var query = new Query(http);
        var only = query.Word<WaitingKind>("kind");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (after != Guid.Empty && only is null)
            query.Wrong("kind", "A page is of one kind: name it.");
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var caller = http.Caller();
        var answer = new List<WaitingOfKind>();
        foreach (var one in KindsFor(caller).Where(k => only is null || k == only))
        {
            var rows = await waiting.ReadAsync(new BankId(bank), one, AmongFor(caller, one), clock.GetUtcNow(), after, limit + 1, http.RequestAborted, PotsFor(caller));
            var next = rows.Page.Count > limit ? Query.ToCursor(rows.Page[limit - 1].Thing.Id.Value) : null;
            answer.Add(new WaitingOfKind(one, Math.Min(rows.Count, WaitingQueries.MostCounted), rows.Count > WaitingQueries.MostCounted, [.. rows.Page.Take(limit).Select(WaitingItem.Of)], next));
        }
        await Answers.Write(http, answer);
    }

    /// <summary>Who only countersigns sees what they may decide.</summary>
    public static WaitingKind[] KindsFor(Caller caller)
    {
        var all = caller.Authority.OrganisesSome || caller.Is(Role.Auditor);
        var kinds = all ? Enum.GetValues<WaitingKind>() : caller.Authority.CounterSigns ? s_countersigned : [];
        // What a pot is asked for is private: who organises the bank decides about it, or who acts for the pot.
        var decides = caller.Person is not null && (caller.Authority.WholeBank || caller.Is(Role.Coordinator));
        return [.. kinds.Where(k => k != WaitingKind.PotRequests), .. decides ? [WaitingKind.PotRequests] : Array.Empty<WaitingKind>()];
    }

    public static PotsDecided PotsFor(Caller caller) => new(
        caller.Authority.WholeBank ? null : [.. caller.Standings.Where(s => s.Role == Role.Coordinator).Select(s => s.Account).OfType<AccountId>().Select(a => a.Value)],
        [.. caller.Authority.Own.Concat(caller.Authority.Household).Concat(caller.Authority.Accounts).Select(a => a.Value)], caller.Person?.Value);

    /// <summary>Of which neighbourhoods they see it; null: of all.</summary>
    public static string[]? AmongFor(Caller caller, WaitingKind kind) =>
        caller.ReadsWholeBank || kind == WaitingKind.PotRequests || (caller.Authority.CounterSigns && s_countersigned.Contains(kind)) ? null : [.. caller.Authority.Neighbourhoods];
}
