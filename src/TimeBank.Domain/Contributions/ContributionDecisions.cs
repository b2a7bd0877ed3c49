using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Postings;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Contributions;

/// <summary>A contribution after a decision, with the posting that moved its hours; none if nothing moved.</summary>
public sealed record ContributionChange(Contribution Contribution, PostingMade? Posting = null);

/// <summary>Decisions about help given. Nobody's account is debited without that person's yes, and nobody confirms or settles hours of their own.</summary>
public static class ContributionDecisions
{
    /// <summary>After so long a claim confirms itself, where no person pays or the person helped lets silence count.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(14);

    /// <summary>Somebody says that help was given: the helper, the person helped, the project's coordinator, an organiser, an app.
    /// What is wanted for it, if it is not hours, the helper says alone.</summary>
    /// <param name="wished">How the helper said so, where an organiser says it for them.</param>
    public static Decision<ContributionChange> Log(Draft draft, ThingId id, Claim claim, Yes? wished = null)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (ActivityDecisions.RefusesUnknown(draft, claim.Activity, claim.Project) is { } unknown)
            return unknown;
        // Who countersigns finds what others logged.
        if (Sides.SideOf(draft, claim) is not { } side || side == Side.CounterSigner)
            return Refusal.Of(RefusalCode.NotPermitted, claim.Helper);
        if (claim.Wish != Wish.Hours && RefusesToWish(draft, claim, ref wished) is { } notTheirs)
            return notTheirs;
        if (Refuses(draft, claim) is { } refusal)
            return refusal;
        var logged = new ContributionEvent.ContributionLogged(
            claim, side, ConfirmsItself(draft, claim, side), Confirms(draft.Policy, claim), claim.Wish == Wish.Hours ? null : wished);
        return new ContributionChange(draft.Begin<Contribution>(id, logged));
    }

    /// <summary>Until it is confirmed, the side that logged it may say it better. Helper and who pays stay as they are.</summary>
    public static Decision<ContributionChange> Correct(Draft draft, ThingId id, Minutes minutes, DateOnly occurred, string? category, TextRef? text, TimeOnly? from = null)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        var side = Sides.SideOf(draft, c.Claim);
        if (side != c.LoggedBy)
            return Sides.NotTheirs(c);
        if (c.Is != ContributionStage.Logged)
            return Sides.Past(c);
        var claim = c.Claim with { Minutes = minutes, Occurred = occurred, Category = category, Text = text, From = from };
        if (Refuses(draft, claim) is { } wrong)
            return wrong;
        return new ContributionChange(draft.Record(c, new ContributionEvent.ContributionCorrected(claim, side!.Value, ConfirmsItself(draft, claim, side.Value))));
    }

    /// <summary>Until its hours moved the helper may want hours for it, none, or that they go on to somebody; an organiser writes down how the helper said so.</summary>
    public static Decision<ContributionChange> Choose(Draft draft, ThingId id, Wish wish, AccountId? passOnTo, Yes? yes)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        if (RefusesToWish(draft, c.Claim, ref yes) is { } notTheirs)
            return notTheirs;
        if (c.Is is not (ContributionStage.Logged or ContributionStage.Waiting))
            return Sides.Past(c);
        if (passOnTo == c.Claim.Helper)
            return Refusal.Of(RefusalCode.SameAccount, c.Claim.Helper);
        if (passOnTo is { } target && draft.Find(target) is var taker && taker is not { Status: not AccountStatus.Closed })
            return Refusal.Of(taker is null ? RefusalCode.AccountUnknown : RefusalCode.AccountClosed, target);
        if ((c.Claim.Wish, c.Claim.PassOnTo) == (wish, passOnTo))
            return new ContributionChange(c);
        c = draft.Record(c, new ContributionEvent.ContributionWished(wish, passOnTo, yes!.Value));
        return c.Is == ContributionStage.Waiting ? Pay(draft, c) : new ContributionChange(c);
    }

    /// <summary>Hours for help are the helper's: by themselves, or as an organiser heard them say it.</summary>
    private static Refusal? RefusesToWish(Draft draft, Claim claim, ref Yes? yes)
    {
        if (Consent.IsHolder(draft, claim.Helper))
        {
            yes = Yes.Themselves;
            return null;
        }
        return Sides.SideOf(draft, claim) == Side.Organiser
            ? Consent.RefusesToSayFor(yes)
            : Refusal.Of(RefusalCode.NotPermitted, claim.Helper, new Figure("field", "wish"));
    }

    /// <summary>The other side says that it is so, and the hours move. If the person helped is at their floor, it is confirmed and waits.</summary>
    /// <param name="yes">How the person helped said yes, where an organiser says it for them.</param>
    /// <param name="twin">The same help, as whoever confirms logged it themselves: it is taken back with that.</param>
    public static Decision<ContributionChange> Confirm(Draft draft, ThingId id, Yes? yes, ThingId? twin = null)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        if (Sides.RefusesToSpeak(draft, c, out var side) is { } notTheirs)
            return notTheirs;
        if (c.Is is ContributionStage.Waiting or ContributionStage.Credited)
            return new ContributionChange(c);
        if (c.Is != ContributionStage.Logged)
            return Sides.Past(c);
        if (TakeBack(draft, c, twin, ref yes, out var isSaid) is { } notTheSame)
            return notTheSame;
        if (c.PaidBy == Side.Helped && !isSaid && Sides.Said(draft, c, ref yes) is { } unsaid)
            return unsaid;
        if (RefusesHelper(draft, c) is { } lacks)
            return lacks;
        return Pay(draft, draft.Record(c, new ContributionEvent.ContributionConfirmed(side, c.PaidBy == Side.Helped ? yes : null)));
    }

    /// <summary>Both sides logged the same help: it counts once. What the person helped logged of it themselves was their yes, up to as many minutes.</summary>
    private static Refusal? TakeBack(Draft draft, Contribution c, ThingId? twin, ref Yes? yes, out bool isSaid)
    {
        isSaid = false;
        if (twin is not { } id)
            return null;
        if (draft.Find<Contribution>(id) is not { } other || !c.SeemsToBe(other))
            return new Refusal(RefusalCode.NotTheSameHelp, new Figure("twin", id.Value));
        if (Withdraw(draft, id).Refusal is { } kept)
            return kept;
        isSaid = other.LoggedBy == Side.Helped && c.Claim.Minutes <= other.Claim.Minutes;
        if (isSaid)
            yes = Yes.Themselves;
        return null;
    }

    /// <summary>Nobody said otherwise in time, and no person pays, or the person who does lets silence count to this day.
    /// If the helper lacks a credential by now, an organiser looks at it.</summary>
    public static Decision<ContributionChange> ConfirmInTime(Draft draft, ThingId id)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        if (c.Due is not { } due || due > draft.Now)
            return new ContributionChange(c);
        if (c.PaidBy == Side.Helped && draft.Find(c.Claim.Helped!.Value)?.Silence is null)
            return new ContributionChange(draft.Record(c, new ContributionEvent.ContributionKeptOpen()));
        if (RefusesHelper(draft, c) is not null || RefusesYoung(draft, c.Claim) is not null)
            return new ContributionChange(draft.Record(c, new ContributionEvent.ContributionDisputed(Side.Time, null)));
        return Pay(draft, draft.Record(c, new ContributionEvent.ContributionConfirmed(Side.Time, c.PaidBy == Side.Helped ? Yes.Silence : null)));
    }

    /// <summary>Tries again to move the hours of one that waits. While the person is still at their floor, nothing happens.</summary>
    public static Decision<ContributionChange> TryAgain(Draft draft, ThingId id) =>
        Sides.Find(draft, id, out var refusal) is not { } c ? refusal!
        : c.Is == ContributionStage.Waiting ? Pay(draft, c)
        : new ContributionChange(c);

    /// <summary>The other side says that it was not so.</summary>
    public static Decision<ContributionChange> Decline(Draft draft, ThingId id, TextRef? reason)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        if (Sides.RefusesToSpeak(draft, c, out var side) is { } notTheirs)
            return notTheirs;
        if (side == Side.App)
            return Sides.NotTheirs(c);
        if (c.Is == ContributionStage.Declined)
            return new ContributionChange(c);
        return c.Is == ContributionStage.Logged
            ? new ContributionChange(draft.Record(c, new ContributionEvent.ContributionDeclined(side, reason)))
            : Sides.Past(c);
    }

    /// <summary>Who logged it takes it back, as long as no hours moved.</summary>
    public static Decision<ContributionChange> Withdraw(Draft draft, ThingId id)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        var side = Sides.SideOf(draft, c.Claim);
        if (side != c.LoggedBy && side != Side.Organiser)
            return Sides.NotTheirs(c);
        if (c.Is == ContributionStage.Withdrawn)
            return new ContributionChange(c);
        return c.Is is ContributionStage.Logged or ContributionStage.Waiting
            ? new ContributionChange(draft.Record(c, new ContributionEvent.ContributionWithdrawn(side.Value)))
            : Sides.Past(c);
    }

    /// <summary>Anybody whom it concerns questions it: before hours move, and for 30 days afterwards.</summary>
    public static Decision<ContributionChange> Dispute(Draft draft, ThingId id, TextRef? reason)
    {
        if (Sides.Find(draft, id, out var refusal) is not { } c)
            return refusal!;
        var side = Sides.SideOf(draft, c.Claim)!.Value;
        if (side == Side.App)
            return Sides.NotTheirs(c);
        if (c.Is == ContributionStage.Disputed)
            return new ContributionChange(c);
        var open = c.Is is ContributionStage.Logged or ContributionStage.Waiting
            || (c.Is == ContributionStage.Credited && draft.Now < c.CreditedOn + Contribution.Questionable);
        return open ? new ContributionChange(draft.Record(c, new ContributionEvent.ContributionDisputed(side, reason))) : Sides.Past(c);
    }

    /// <summary>Moves the hours. Where the person helped cannot pay yet, it stays confirmed, and waits.</summary>
    internal static Decision<ContributionChange> Pay(Draft draft, Contribution c, AccountId? payer = null, bool below = false)
    {
        var minutes = c.Claim.Minutes;
        if (RefusesYoung(draft, c.Claim) is { } notAgreed)
            return notAgreed;
        if (c.Claim.Wish == Wish.Nothing)
            return new ContributionChange(draft.Record(c, new ContributionEvent.ContributionCredited(null, Minutes.Zero, Minutes.Zero, draft.Now, null)));
        var crediting = new Crediting(draft, c, minutes);
        var refusal = payer is { } other ? crediting.FromOther(other) : c.Claim.Project is null ? crediting.FromPerson(below) : crediting.FromProject();
        if (crediting.Waits && c.Is == ContributionStage.Waiting)
        {
            // The yes was said now, and counts now: also that of a deputy.
            if (c.Claim.Helped is { } helped)
                draft.CountAgainstPermission(helped, minutes);
            return new ContributionChange(c);
        }
        if (refusal is not null)
            return refusal;
        if (below)
            draft.Note(new AccessEvent.AccessNoted(Noted.OverrideUsed, draft.Posting.Value));
        crediting.PassOn();
        var posting = Posting.WithRules(draft, [.. crediting.Made], cannotFail: true);
        if (posting.Refusal is { } failed)
            return failed;
        var credited = new ContributionEvent.ContributionCredited(draft.Posting, minutes, crediting.New, draft.Now, payer);
        return new ContributionChange(draft.Record(c, credited), posting.Answer);
    }

    /// <summary>What is to be loaded before the help of these is decided about: what guardians agreed to, what the activity requires, and whether the project wants one named.</summary>
    public static IEnumerable<ThingId> Reads(ThingId? activity, AccountId? project, params IEnumerable<AccountId> helpers) =>
        [.. helpers.Select(Youth.IdOf), .. ActivityDecisions.Read(activity, project, helpers)];

    /// <summary>The same, with what the guardian of who was helped agreed to.</summary>
    public static IEnumerable<ThingId> ReadsFor(ThingId? activity, AccountId? project, AccountId helper, params IEnumerable<AccountId?> helped) =>
        [.. Reads(activity, project, helper), .. helped.OfType<AccountId>().Where(h => h != helper).Select(Youth.IdOf)];

    /// <summary>Who is under 18 helps, and is helped, as their guardian agreed.</summary>
    private static Refusal? RefusesYoung(Draft draft, Claim claim) =>
        Youth.RefusesActivity(draft, claim.Helper, claim.Project, claim.Category, claim.Occurred)
        ?? (claim.Helped is { } helped ? Youth.RefusesActivity(draft, helped, null, claim.Category, claim.Occurred) : null);

    /// <summary>Every reason not to take a claim, in order of precedence.</summary>
    internal static Refusal? Refuses(Draft draft, Claim claim)
    {
        if (ActivityDecisions.RefusesUnnamed(draft, claim.Activity, claim.Project) is { } unnamed)
            return unnamed;
        if (ActivityDecisions.RefusesDate(draft, claim.Activity, claim.Occurred) is { } ended)
            return ended;
        if (claim.Minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", claim.Minutes.Value));
        if (Posting.RefusesDate(draft, claim.Occurred, PostingMode.Normal) is { } untimely)
            return untimely;
        if (claim.Helped == claim.Helper || claim.PassOnTo == claim.Helper)
            return Refusal.Of(RefusalCode.SameAccount, claim.Helper);
        if (draft.Policy.RefusesCategory(claim.Category) is { } uncategorised)
            return uncategorised;
        var parties = Parties(claim).Select(p => (p.Field, p.Id, p.Kind, Account: draft.Find(p.Id))).ToList();
        if (parties.Find(p => p.Account is null) is { Field: not null } unknown)
            return Refusal.Of(RefusalCode.AccountUnknown, unknown.Id);
        if (parties.Find(p => p.Kind is { } kind && p.Account!.Kind != kind) is { Field: not null } other)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", other.Field), new Figure("accountKind", other.Account!.Kind));
        if (parties.Find(p => p.Account!.Status == AccountStatus.Closed) is { Field: not null } closed)
            return Refusal.Of(RefusalCode.AccountClosed, closed.Id);
        return ActivityDecisions.RefusesHelper(draft, claim.Activity, claim.Helper, claim.Occurred) ?? Posting.TooLong(draft, claim.Minutes);
    }

    internal static Refusal? RefusesHelper(Draft draft, Contribution c) => ActivityDecisions.RefusesHelper(draft, c.Claim.Activity, c.Claim.Helper, c.Claim.Occurred);

    /// <summary>Whom a claim names, and as what.</summary>
    private static IEnumerable<(string Field, AccountId Id, AccountKind? Kind)> Parties(Claim claim)
    {
        yield return ("helper", claim.Helper, AccountKind.Member);
        if (claim.Helped is { } helped)
            yield return ("helped", helped, AccountKind.Member);
        if (claim.Project is { } project)
            yield return ("project", project, AccountKind.Project);
        if (claim.PassOnTo is { } target)
            yield return ("passOnTo", target, null);
    }

    /// <summary>Only where the bank leaves it to the other side, and no person pays, or the person helped has said that their silence counts;
    /// what they logged themselves waits for the helper. Nobody's silence confirms what somebody under 18 did, or was helped with.</summary>
    private static DateTimeOffset? ConfirmsItself(Draft draft, Claim claim, Side by)
    {
        if (Confirms(draft.Policy, claim) is not null || Youth.IsUnderAge(draft, claim.Helper) || (claim.Helped is { } helped && Youth.IsUnderAge(draft, helped)))
            return null;
        return claim.Project is not null || (by != Side.Helped && draft.Find(claim.Helped!.Value)?.Silence is not null) ? draft.Now + Silence : null;
    }

    /// <summary>Null: the other side.</summary>
    private static Side? Confirms(BankPolicy policy, Claim claim) => policy.ConfirmedBy switch
    {
        Confirming.Coordinator => claim.Project is null ? Side.Organiser : Side.Project,
        Confirming.Organiser => Side.Organiser,
        _ => null,
    };
}
