using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Reinvestment;

namespace TimeBank.Postings;

/// <summary>How a posting is to be made.</summary>
public enum PostingMode
{
    /// <summary>By all the rules.</summary>
    Normal,
    /// <summary>By all the rules, but into closed books, because an organiser said so and why.</summary>
    IntoClosedBooks,
    /// <summary>What happened before this ledger was kept: floors and ceilings do not count, closed books neither, and no rule acts.
    /// Kinds that belong to the engine are taken as they were: another ledger's engine made them.</summary>
    History,
}

/// <summary>Transfers that happen together or not at all.</summary>
public static class Posting
{
    /// <summary>The most legs that one call names; with what rules add it is <see cref="MostTransfers"/>.</summary>
    public const int MostLegs = 1_000;

    public const int MostTransfers = 10_000;

    /// <summary>Makes the legs in the order given, each against what the former left, then lets the rules act once.</summary>
    /// <remarks>The first leg that is refused refuses the posting; nothing of it stays.</remarks>
    public static Decision<PostingMade> Post(Draft draft, IReadOnlyList<Leg> legs, PostingMode mode)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;

        if (mode == PostingMode.IntoClosedBooks && draft.Authority.RefusesOverride() is { } notPermitted)
            return notPermitted;
        var made = new List<TransferMade>(legs.Count);
        for (var i = 0; i < legs.Count; i++)
        {
            if (i == MostTransfers)
                return TooMany(legs.Count);
            var leg = legs[i];
            var yes = leg.Yes;
            if ((draft.Authority.RefusesDebit(draft, leg.Kind, leg.Payer, leg.Payee, leg.Minutes, leg.Category)
                ?? draft.Authority.RefusesOwnCredit(leg.Kind, leg.Payer, leg.Payee) ?? Refuses(draft, leg, mode, ref yes)) is { } refusal)
                return legs.Count == 1 ? refusal : refusal with { Leg = i + 1 };
            made.Add(draft.Move(
                leg.Kind, leg.Payer, leg.Payee, leg.Minutes, leg.Occurred ?? draft.Today, leg.Category, leg.Text,
                overriding: mode switch
                {
                    PostingMode.History => OverrideKind.History,
                    PostingMode.IntoClosedBooks when InClosedBooks(draft, leg) => OverrideKind.Organiser,
                    _ => null,
                },
                yes: yes));
        }
        if (mode == PostingMode.IntoClosedBooks && legs.Any(l => InClosedBooks(draft, l)))
            draft.Note(new AccessEvent.AccessNoted(Noted.OverrideUsed, draft.Posting.Value));
        if (mode == PostingMode.History)
            return PostingMade.Of(draft, made, []);
        return WithRules(draft, made);
    }

    /// <summary>Lets the rules of everybody who received act, and sums the posting up.</summary>
    /// <param name="cannotFail">A share that would be a transfer too many stays where it is, instead of refusing the posting.</param>
    public static Decision<PostingMade> WithRules(Draft draft, List<TransferMade> made, bool cannotFail = false)
    {
        var acted = Reinvestments.Act(draft, made, cannotFail);
        return acted.Refusal is { } refusal
            ? refusal
            : PostingMade.Of(draft, made, acted.Answer!);
    }

    /// <summary>Every reason to refuse a leg, in order of precedence.</summary>
    private static Refusal? Refuses(Draft draft, Leg leg, PostingMode mode, ref Yes? yes)
    {
        var rule = TransferRule.For(leg.Kind);
        if (rule.EngineOnly && mode != PostingMode.History)
            return new Refusal(RefusalCode.KindBelongsToEngine, new Figure("kind", leg.Kind));
        if (Consent.RefusesDebitByOthers(draft, leg.Payer, ref yes) is { } unsaid)
            return unsaid;
        if (leg.Minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", leg.Minutes.Value));
        if (RefusesDate(draft, leg.Occurred ?? draft.Today, mode) is { } untimely)
            return untimely;
        if (leg.Payer == leg.Payee)
            return Refusal.Of(RefusalCode.SameAccount, leg.Payer);
        if (draft.Find(leg.Payer) is not { } payer)
            return Refusal.Of(RefusalCode.AccountUnknown, leg.Payer);
        if (draft.Find(leg.Payee) is not { } payee)
            return Refusal.Of(RefusalCode.AccountUnknown, leg.Payee);
        if (WrongKinds(rule, payer, payee) is { } wrong)
            return wrong;
        if (mode == PostingMode.History)
            return (payer.Status == AccountStatus.Closed ? Limits.NotOpen(payer) : null)
                ?? (payee.Status == AccountStatus.Closed ? Limits.NotOpen(payee) : null)
                ?? BeyondRange(payer, payee, leg.Minutes);
        return Limits.NotOpen(payer, payee)
            ?? TooLong(draft, leg.Minutes)
            ?? Limits.RefusesFigures(payer, payee, leg.Minutes, draft.Policy);
    }

    public static Refusal? WrongKinds(TransferRule rule, Account payer, Account payee) =>
        rule.Allows(payer.Kind, payee.Kind)
            ? null
            : new Refusal(RefusalCode.WrongKindOfAccount,
                new Figure("kind", rule.Kind), new Figure("payerKind", payer.Kind), new Figure("payeeKind", payee.Kind));

    public static Refusal? TooLong(Draft draft, Minutes minutes) =>
        draft.Policy.LongestTransfer is { } longest && minutes > longest
            ? new Refusal(RefusalCode.LongerThanAllowed, new Figure("minutes", minutes.Value), new Figure("longestTransfer", longest.Value))
            : null;

    private static bool InClosedBooks(Draft draft, Leg leg) => (leg.Occurred ?? draft.Today) <= draft.Policy.BooksClosedThrough;

    internal static Refusal? RefusesDate(Draft draft, DateOnly occurred, PostingMode mode)
    {
        if (occurred > draft.Today)
            return new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", occurred), new Figure("today", draft.Today));
        return mode == PostingMode.Normal && occurred <= draft.Policy.BooksClosedThrough
            ? new Refusal(RefusalCode.BooksClosed, new Figure("occurred", occurred), new Figure("booksClosedThrough", draft.Policy.BooksClosedThrough!.Value))
            : null;
    }

    private static Refusal? BeyondRange(Account payer, Account payee, Minutes minutes) =>
        Minutes.InRange(payer.Available.Value - minutes.Value) && Minutes.InRange(payee.Balance.Value + payee.Room.Value + minutes.Value)
            ? null
            : new Refusal(RefusalCode.MinutesBeyondRange, new Figure("minutes", minutes.Value));

    internal static Refusal TooMany(int legs) =>
        new(RefusalCode.TooManyLegs, new Figure("legs", legs), new Figure("most", MostTransfers));
}
