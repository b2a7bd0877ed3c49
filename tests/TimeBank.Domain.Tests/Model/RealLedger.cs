using System.Collections.Immutable;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Domain.Tests.Model;

/// <summary>Says plain commands to the real decisions, and their answers plainly.</summary>
public static class RealLedger
{
    public static PlainAnswer Do(Town town, PlainCommand command) => command switch
    {
        PlainCommand.Open c => Answer(town.Do(d => AccountDecisions.Open(d, c.Id, c.Kind, c.Parent, null, Of(c.Floor), Of(c.Ceiling)))),
        PlainCommand.Settings c => Answer(town.Do(d => AccountDecisions.ChangeSettings(d, c.Id, null, Of(c.Floor), Of(c.Ceiling), null, c.Version))),
        PlainCommand.Freeze c => Answer(town.Do(d => AccountDecisions.Freeze(d, c.Id, null))),
        PlainCommand.Unfreeze c => Answer(town.Do(d => AccountDecisions.Unfreeze(d, c.Id, null))),
        PlainCommand.Close c => Answer(town.Do(d => AccountDecisions.Close(d, c.Id, c.SweepTo, c.ForgiveFrom, null)), a => a.Posting),
        PlainCommand.Post c => Answer(town.Post([.. c.Legs.Select(l => new Leg(l.Kind, l.Payer, l.Payee, new(l.Minutes), l.Occurred))], c.Mode), a => a),
        PlainCommand.Reverse c => Answer(town.Reverse(c.Id, c.Minutes, c.Overriding), a => a),
        PlainCommand.Place c => Answer(town.Do(d => Hold.Place(d, c.Id, c.Kind, c.Payer, c.Payee, new(c.Minutes), c.ExpiresAt, null, null))),
        PlainCommand.Capture c => Answer(town.Capture(c.Id, c.Minutes), a => a.Posting),
        PlainCommand.Release c => Answer(town.Release(c.Id)),
        PlainCommand.WriteRule c => Answer(town.Do(d => Rule.Write(d, c.Id, c.Owner, Of(c.Terms)))),
        PlainCommand.RewriteRule c => Answer(town.Do(d => Rule.Rewrite(d, c.Id, Of(c.Terms), c.Version))),
        PlainCommand.EndRule c => Answer(town.Do(d => Rule.End(d, c.Id, c.Version))),
        PlainCommand.Policy c => Answer(town.Do(d => Bank.ChangePolicy(d, Of(c.Terms), c.Version))),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };

    private static PlainAnswer Answer<T>(Decision<T> decision, Func<T, PostingMade?>? posting = null) where T : class => decision.Refusal is { } no
        ? new(no.Code, no.Leg, [], [.. no.Shortfalls.Select(s => (s.Account, s.Short!.Value.Value))])
        : new(null, null, posting?.Invoke(decision.Answer!)?.Transfers.Select(t => new PlainMove(t.Kind, t.Payer, t.Payee, t.Minutes.Value)).ToList() ?? [], []);

    private static Minutes? Of(long? minutes) => minutes is { } m ? new Minutes(m) : null;

    private static RuleTerms Of(PlainTerms t) => new([.. t.Kinds], t.Share, [.. t.Targets.Select(x => new RuleTarget(x.Account, x.Weight))]);

    private static BankPolicy Of(PlainPolicy p) => BankPolicy.Default with
    {
        Limits = ImmutableSortedDictionary<AccountKind, KindLimits>.Empty.Add(AccountKind.Member, new(Of(p.MemberFloor), Of(p.MemberCeiling))),
        LongestTransfer = Of(p.LongestTransfer),
        BooksClosedThrough = p.BooksClosedThrough,
    };
}
