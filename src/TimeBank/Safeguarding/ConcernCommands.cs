using System.Security.Cryptography;
using TimeBank.Notices;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Safeguarding;

/// <summary>The only door to concerns. They are no events: whatever is said of them can go for good.</summary>
public sealed class ConcernCommands(AccountQueries accounts, ThingQueries things, ConcernQueries concerns, NoticeCommands notices, TimeProvider clock)
{
    /// <summary>By anybody of the bank, for the safeguarding lead alone. Sent twice under one key, it is one.</summary>
    public async Task<Decision<Concern>> RaiseAsync(BankId bank, RaiseConcernRequest request, Said said, HttpContext http)
    {
        AccountId? about = request.Account is { } a ? new AccountId(a) : null;
        ThingId? visit = request.Visit is { } v ? new ThingId(v) : null;
        if (about is { } account && await accounts.FindAsync(bank, account, clock.GetUtcNow(), http.RequestAborted) is null)
            return Refusal.Of(RefusalCode.AccountUnknown, account);
        // A visit that is not theirs to see is to them as if it were not there; the lead may name any.
        if (visit is { } named && (await things.PartiesAsync(bank, named, http.RequestAborted) is not { Count: > 0 } parties
            || (!http.Caller().Authority.Safeguards && !await Sight.SeesAsync(http, bank, accounts, [.. parties]))))
            return new Refusal(RefusalCode.VisitUnknown, new Figure("visit", named.Value));
        var concern = new Concern(Guid.CreateVersion7(), about, visit, request.Way ?? ConcernWay.Page, Now, http.Caller().Id!.Value);
        var kept = await concerns.RaiseAsync(bank, new ConcernRow(concern, request.Text!), Sent(said, "concerns", request), http.RequestAborted);
        if (kept.Id == concern.Id)
            await notices.TellOfConcernAsync(bank, concern.By, http.RequestAborted);
        return kept;
    }

    public Task<Decision<ConcernRow>?> LookIntoAsync(BankId bank, Guid id, CancellationToken cancel) => MoveAsync(bank, id, c => c.LookInto(), cancel);

    public Task<Decision<ConcernRow>?> CloseAsync(BankId bank, Guid id, CancellationToken cancel) => MoveAsync(bank, id, c => c.Close(Now), cancel);

    /// <summary>A line of the log. Sent twice under one key, it is one.</summary>
    public async Task<Decision<ConcernRow>?> NoteAsync(BankId bank, Guid id, NoteConcernRequest request, Said said, CancellationToken cancel)
    {
        var moved = await MoveAsync(bank, id, c => c.Note(), cancel);
        if (moved?.Answer is { } row)
            await concerns.NoteAsync(bank, row.Concern.Id, new ConcernNote(Guid.CreateVersion7(), Now, said.By.By!.Value, request.Text!), Sent(said, id.ToString(), request), cancel);
        return moved;
    }

    /// <summary>What tells a repetition; the same key with other words is said anew, so that no worry is lost. Null without a key.</summary>
    private static Guid? Sent<TRequest>(Said said, string route, TRequest request) =>
        said.Claim(route, request) is { } claim ? new Guid(SHA256.HashData([.. claim.Key.ToByteArray(), .. claim.Request.ToByteArray()]).AsSpan(0, 16)) : null;

    private DateTimeOffset Now => Uuid.ToMicroseconds(clock.GetUtcNow());

    /// <summary>Decides on the concern as it stands, once more if another decision came first. Null: there is no such concern.</summary>
    private async Task<Decision<ConcernRow>?> MoveAsync(BankId bank, Guid id, Func<Concern, Decision<Concern>> decide, CancellationToken cancel)
    {
        while (await concerns.FindAsync(bank, id, cancel) is { } row)
        {
            var decision = decide(row.Concern);
            if (decision.Refusal is { } refusal)
                return refusal;
            if (decision.Answer == row.Concern || await concerns.MoveAsync(bank, row.Concern, decision.Answer!, cancel))
                return row with { Concern = decision.Answer! };
        }
        return null;
    }
}
