using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Members;

/// <summary>Somebody who left, and the account that was closed with it.</summary>
public sealed record MemberLeaving(Member Member, AccountClosing Closing);

/// <summary>Where the hours of who leaves go.</summary>
/// <param name="RestTo">Where the member wants them to go; null: where policy says.</param>
/// <param name="ByPolicy">Where policy says; null: nowhere.</param>
/// <param name="ForgiveFrom">The pot, or the community, that makes good what the account has below zero.</param>
/// <param name="Yes">How the member said where, if an organiser says it for them.</param>
public sealed record Rest(AccountId? RestTo, AccountId? ByPolicy, AccountId? ForgiveFrom, Yes? Yes);

/// <summary>Somebody leaves, from anywhere on the way, and their account with them: it is emptied and closed in the same posting.</summary>
public static class Departure
{
    /// <summary>What the account holds goes where the member says, else where policy says. What it has below zero is forgiven by an organiser's word:
    /// hours are never collected like a debt.</summary>
    /// <param name="matters">Things that concern the account and may not have come to their end.</param>
    /// <remarks>Schedules, listings, requests and names on lists end with the membership. Help that was given, and bookings, come to their end first.</remarks>
    public static Decision<MemberLeaving> Leave(Draft draft, AccountId id, Rest rest, TextRef? reason, IReadOnlyList<ThingId> matters)
    {
        if (MemberDecisions.Find(draft, id, organising: false, out var refusal) is null)
            return refusal!;
        if (rest.ForgiveFrom is not null && draft.Authority.RefusesBank() is { } notPermitted)
            return notPermitted;
        var account = draft.Find(id)!;
        if (account.Status != AccountStatus.Closed && (EndMatters(draft, id, matters) ?? RefusesRest(draft, account, rest)) is { } refused)
            return refused;
        var closed = AccountDecisions.CloseOut(draft, account, rest.RestTo ?? rest.ByPolicy, rest.ForgiveFrom, reason);
        return closed.Refusal is { } notSettled ? notSettled : new MemberLeaving(MemberDecisions.Leave(draft, id).Answer!, closed.Answer!);
    }

    private static Refusal? EndMatters(Draft draft, AccountId id, IReadOnlyList<ThingId> matters)
    {
        var open = matters.Select(m => draft.Find<Thing>(m)).OfType<Thing>().Where(t => t.Parties.Contains(id)).ToList();
        if (open.FindAll(t => t.Binds(id)) is { Count: > 0 } binding)
            return Refusal.Of(RefusalCode.MattersOpen, id, new Figure("open", binding.Count), new Figure("first", binding[0].Id.Value), new Figure("stage", binding[0].Stage));
        foreach (var thing in open)
        {
            if (thing.EndWithout(id) is { } end)
                draft.Record(thing, end);
        }
        return null;
    }

    /// <summary>Whoever says where a member's hours go says the member's word; where policy says, nobody's word is needed.</summary>
    private static Refusal? RefusesRest(Draft draft, Account account, Rest rest)
    {
        if (account.OpenHolds > 0)
            return Refusal.Of(RefusalCode.HoldsOpen, account.Id, new Figure("openHolds", account.OpenHolds));
        var yes = rest.Yes;
        return rest.RestTo is { } target && target != rest.ByPolicy && account.Balance > Minutes.Zero
            ? Consent.Refuses(draft, TransferKind.Gift, account.Id, target, account.Balance, null, ref yes)
            : null;
    }
}
