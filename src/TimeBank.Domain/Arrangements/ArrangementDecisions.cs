using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Members;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Arrangements;

/// <summary>An arrangement after a decision, with the contribution that it made.</summary>
public sealed record ArrangementChange(Arrangement Arrangement, Contribution? Logged = null);

/// <summary>Decisions about arrangements. They are the matter of both sides and of who organises one of them; each side says its own yes.</summary>
/// <remarks>When a date begins is told by <c>at</c>, which knows the bank's time zone.</remarks>
public static class ArrangementDecisions
{
    /// <summary>Another date, length or place, until it was done. The side that sets it has said yes by that; every other yes is void.</summary>
    public static Decision<ArrangementChange> Meet(Draft draft, ThingId id, Meeting meeting, TextRef? text)
    {
        if (Find(draft, id, out var refusal) is not { } a)
            return refusal!;
        if (!IsOpen(a))
            return Past(a);
        if (Proposing.RefusesMeeting(draft, meeting) is { } unmeet)
            return unmeet;
        var by = OwnSide(draft, a) is { } own ? Proposing.YesOf(draft, own, meeting) : null;
        return new ArrangementChange(draft.Record(a, new ArrangementEvent.MeetingSet(meeting, text, by)));
    }

    /// <summary>A side says yes to the meeting as it stands, or who organises that side records how they said it. With the second yes it is agreed.</summary>
    /// <param name="expectedVersion">As they saw it; null: as it stands.</param>
    public static Decision<ArrangementChange> Agree(
        Draft draft, ThingId id, AccountId side, Yes? yes, long? expectedVersion, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        if (Find(draft, id, out var refusal) is not { } a)
            return refusal!;
        if (!a.IsSide(side))
            return Refusal.Of(RefusalCode.NotPermitted, side);
        if (draft.Authority.RefusesActingFor(draft, side) is { } notTheirs)
            return notTheirs;
        if (draft.Authority is { App: not null, WholeBank: false })
            return Refusal.Of(RefusalCode.NotPermitted, side);
        if (expectedVersion is { } seen && seen != a.Version)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", a.Version));
        if (MemberDecisions.RefusesKept(draft, a.Parties) is { } kept)
            return kept;
        if (a.Meeting is { } planned && ActivityDecisions.RefusesDate(draft, a.Activity, planned.Date) is { } ended)
            return ended;
        if (!IsOpen(a))
            return Past(a);
        if (a.HasSaidYes(side))
            return new ArrangementChange(a);
        if (Consent.Unsaid(draft, side, ref yes) is { } unsaid)
            return unsaid;
        if (a.Meeting is not { } meeting)
            return new Refusal(RefusalCode.MeetingNeeded, new Figure("field", "date"));
        if (Proposing.RefusesYoung(draft, a.Helper, a.Helped, a.Category, meeting.Date) is { } notAgreed)
            return notAgreed;
        if (Apart.Refuses(draft, a.Helper, a.Helped) is { } apart)
            return apart;
        if (Proposing.RefusesMeeting(draft, meeting) is { } unmeet)
            return unmeet;
        if (ActivityDecisions.RefusesHelper(draft, a.Activity, a.Helper, meeting.Date) is { } lacks)
            return lacks;
        DateTimeOffset? remind = a.HasSaidYes(a.OtherThan(side)) && meeting.Date > draft.Today ? at(meeting.Date.AddDays(-1), Arrangement.ReminderAt) : null;
        return new ArrangementChange(draft.Record(a, new ArrangementEvent.ArrangementAgreed(side, yes ?? Yes.Themselves, remind)));
    }

    /// <summary>An organiser of one of the two asked one of them, and writes down how and what they said. A no ends it; a yes is said to the meeting, by agreeing.</summary>
    public static Decision<ArrangementChange> Ask(Draft draft, ThingId id, AccountId side, Means how, Reply said, TextRef? text)
    {
        if (Find(draft, id, out var refusal) is not { } a)
            return refusal!;
        if (!a.IsSide(side))
            return Refusal.Of(RefusalCode.NotPermitted, side);
        if (draft.Authority.RefusesOrganising(draft, a.Helper) is { } notTheirs && draft.Authority.RefusesOrganising(draft, a.Helped) is not null)
            return notTheirs;
        if (a.Is != ArrangementStage.Proposed)
            return Past(a);
        a = draft.Record(a, new ArrangementEvent.SideAsked(side, how, said, draft.Today, text));
        return new ArrangementChange(said == Reply.No ? draft.Record(a, new ArrangementEvent.ArrangementCancelled(side, null)) : a);
    }

    /// <summary>The help was given. It is logged as a contribution by whoever says so, by all the rules of contributions, with what was agreed where nothing else is said.</summary>
    /// <param name="activity">Of the project that was helped: in which of its activities; null: as it was proposed.</param>
    /// <param name="wished">How the helper said that they want no hours for it, where an organiser says it for them.</param>
    public static Decision<ArrangementChange> Complete(Draft draft, ThingId id, Minutes? minutes, DateOnly? occurred, Wish wish, TextRef? text, Yes? wished = null, ThingId? activity = null)
    {
        if (Find(draft, id, out var refusal) is not { } a)
            return refusal!;
        if (a.Is == ArrangementStage.Done)
            return new ArrangementChange(a, draft.Find<Contribution>(a.Contribution!.Value));
        if (a.Is != ArrangementStage.Agreed)
            return Past(a);
        var isProject = draft.Find(a.Helped)!.Kind == AccountKind.Project;
        var logged = ContributionDecisions.Log(draft, new ThingId(draft.Mint()), new Claim(
            a.Helper, isProject ? null : a.Helped, isProject ? a.Helped : null,
            minutes ?? a.Meeting!.About, occurred ?? a.Meeting!.Date, a.Category, text ?? a.Text, wish, Activity: activity ?? a.Activity), wished);
        return logged.Refusal is { } failed
            ? failed
            : new ArrangementChange(draft.Record(a, new ArrangementEvent.ArrangementDone(logged.Answer!.Contribution.Id)), logged.Answer.Contribution);
    }

    /// <summary>Nothing will come of it. Contact details are told no more.</summary>
    public static Decision<ArrangementChange> Cancel(Draft draft, ThingId id, TextRef? reason) =>
        Find(draft, id, out var refusal) is not { } a ? refusal!
        : a.Is == ArrangementStage.Cancelled ? new ArrangementChange(a)
        : IsOpen(a) ? new ArrangementChange(draft.Record(a, new ArrangementEvent.ArrangementCancelled(OwnSide(draft, a), reason)))
        : Past(a);

    /// <summary>The day came, and the help was not given.</summary>
    public static Decision<ArrangementChange> Miss(Draft draft, ThingId id, TextRef? reason)
    {
        if (Find(draft, id, out var refusal) is not { } a)
            return refusal!;
        if (a.Is == ArrangementStage.DidNotHappen)
            return new ArrangementChange(a);
        if (a.Is != ArrangementStage.Agreed)
            return Past(a);
        return a.Meeting!.Date > draft.Today
            ? new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", a.Meeting.Date), new Figure("today", draft.Today))
            : new ArrangementChange(draft.Record(a, new ArrangementEvent.ArrangementDidNotHappen(reason)));
    }

    /// <summary>It is tomorrow: said once, whoever says it. Before its time, and after it was said, nothing happens; once the day has passed nobody is told.</summary>
    public static Decision<ArrangementChange> Remind(Draft draft, ThingId id)
    {
        if (Find(draft, id, out var refusal) is not { } a)
            return refusal!;
        if (a.Due is not { } due || due > draft.Now)
            return new ArrangementChange(a);
        ArrangementEvent said = draft.Today <= a.Meeting!.Date ? new ArrangementEvent.ArrangementReminded(a.Meeting.Date) : new ArrangementEvent.ReminderLapsed();
        return new ArrangementChange(draft.Record(a, said));
    }

    private static bool IsOpen(Arrangement a) => a.Is is ArrangementStage.Proposed or ArrangementStage.Agreed;

    /// <summary>The side whose account is theirs who ask; null: an organiser's.</summary>
    private static AccountId? OwnSide(Draft draft, Arrangement a) =>
        Consent.IsHolder(draft, a.Helper) ? a.Helper : Consent.IsHolder(draft, a.Helped) ? a.Helped : null;

    private static Arrangement? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<Arrangement>(id) : null;
        if (found is not null && draft.Authority.Sees(draft, found.Helper, found.Helped))
            return found;
        refusal ??= new Refusal(RefusalCode.ArrangementUnknown, new Figure("arrangement", id.Value));
        return null;
    }

    private static Refusal Past(Arrangement a) => new(RefusalCode.ArrangementPast, new Figure("arrangement", a.Id.Value), new Figure("stage", a.Is));
}
