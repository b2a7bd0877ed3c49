using TimeBank.Access;
using TimeBank.Postings;

namespace TimeBank.Schedules;

/// <summary>A schedule after a decision, with the posting that was carried out.</summary>
public sealed record ScheduleChange(Schedule Schedule, PostingMade? Posting = null);

/// <summary>Decisions about schedules.</summary>
/// <remarks>When a date begins is told by <c>at</c>, which knows the bank's time zone: the first of a doubled hour, the next valid minute of a missing one.</remarks>
public static class ScheduleDecisions
{
    /// <summary>The payer's yes is asked for once, and counts for every date until the schedule ends.</summary>
    public static Decision<ScheduleChange> Make(Draft draft, ThingId id, Scheduled terms, CalendarRule rule, Yes? yes, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesDebit(draft, terms.Kind, terms.Payer, terms.Payee, terms.Minutes, terms.Category) is { } notPermitted)
            return notPermitted;
        // A schedule would go on beyond what is left of a permission, and beyond its end.
        if (draft.Authority.Deputy is not null)
            return Refusal.Of(RefusalCode.NotPermitted, terms.Payer);
        if (TransferRule.For(terms.Kind).EngineOnly)
            return new Refusal(RefusalCode.KindBelongsToEngine, new Figure("kind", terms.Kind));
        if (Consent.Refuses(draft, terms.Kind, terms.Payer, terms.Payee, terms.Minutes, terms.Category, ref yes) is { } unsaid)
            return unsaid;
        if (terms.Minutes <= Minutes.Zero)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", terms.Minutes.Value));
        if (terms.Payer == terms.Payee)
            return Refusal.Of(RefusalCode.SameAccount, terms.Payer);
        if (draft.Find(terms.Payer) is not { } payer)
            return Refusal.Of(RefusalCode.AccountUnknown, terms.Payer);
        if (draft.Find(terms.Payee) is not { } payee)
            return Refusal.Of(RefusalCode.AccountUnknown, terms.Payee);
        var refusal = Posting.WrongKinds(TransferRule.For(terms.Kind), payer, payee) ?? Limits.NotOpen(payer, payee) ?? Posting.TooLong(draft, terms.Minutes);
        if (refusal is not null)
            return refusal;
        return Ahead(draft, rule, null, at) is { } next
            ? new ScheduleChange(draft.Begin<Schedule>(id, new ScheduleEvent.ScheduleMade(terms, rule, yes, next)))
            : NothingAhead(draft);
    }

    /// <summary>Carries the next date out if it has come; later dates follow by decisions of their own, in their order.</summary>
    /// <remarks>What the rules refuse is missed, with the reason: the owner is told, and the schedule goes on.</remarks>
    public static Decision<ScheduleChange> CarryOut(Draft draft, ThingId id, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        if (Find(draft, id, out var refusal) is not { } s)
            return refusal!;
        if (s.Due is not { } due || due > draft.Now)
            return new ScheduleChange(s);
        var date = s.Next!.Date;
        var next = s.Rule.After(date) is { } following ? new DueDate(following, at(following, s.Rule.At)) : null;
        var t = s.Terms;
        var posting = Posting.Post(draft, [new Leg(t.Kind, t.Payer, t.Payee, t.Minutes, date > draft.Today ? draft.Today : date, t.Category, t.Text)], PostingMode.Normal);
        // What was refused only after minutes had moved must not be kept.
        if (posting.Refusal is { } tooLate && draft.Legs > 0)
            return tooLate;
        return posting.Refusal is { } failed
            ? new ScheduleChange(draft.Record(s, new ScheduleEvent.ScheduleMissed(date, failed.Code, next)))
            : new ScheduleChange(draft.Record(s, new ScheduleEvent.ScheduleCarriedOut(date, draft.Posting, next)), posting.Answer);
    }

    public static Decision<ScheduleChange> Pause(Draft draft, ThingId id)
    {
        if (FindOwn(draft, id, out var refusal) is not { } s)
            return refusal!;
        return s.Is switch
        {
            ScheduleStage.Paused => new ScheduleChange(s),
            ScheduleStage.Active => new ScheduleChange(draft.Record(s, new ScheduleEvent.SchedulePaused())),
            _ => Past(s),
        };
    }

    /// <summary>Goes on with the first date that is ahead.</summary>
    public static Decision<ScheduleChange> Resume(Draft draft, ThingId id, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        if (FindOwn(draft, id, out var refusal) is not { } s)
            return refusal!;
        if (s.Is == ScheduleStage.Active)
            return new ScheduleChange(s);
        if (s.Is != ScheduleStage.Paused)
            return Past(s);
        return Ahead(draft, s.Rule, s.Last, at) is { } next ? new ScheduleChange(draft.Record(s, new ScheduleEvent.ScheduleResumed(next))) : NothingAhead(draft);
    }

    public static Decision<ScheduleChange> End(Draft draft, ThingId id) =>
        FindOwn(draft, id, out var refusal) is not { } s ? refusal!
        : s.Is == ScheduleStage.Ended ? new ScheduleChange(s)
        : new ScheduleChange(draft.Record(s, new ScheduleEvent.ScheduleEnded()));

    /// <summary>The first date of the rule whose moment is ahead.</summary>
    private static DueDate? Ahead(Draft draft, CalendarRule rule, DateOnly? after, Func<DateOnly, TimeOnly, DateTimeOffset> at)
    {
        // Yesterday's moment may still be ahead nowhere: dates before today are past.
        var former = after is null || after < draft.Today.AddDays(-1) ? draft.Today.AddDays(-1) : after;
        for (var date = rule.After(former); date is { } next; date = rule.After(next))
        {
            if (at(next, rule.At) is var moment && moment > draft.Now)
                return new DueDate(next, moment);
        }
        return null;
    }

    private static Schedule? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<Schedule>(id) : null;
        if (found is not null && draft.Authority.Sees(draft, found.Terms.Payer, found.Terms.Payee))
            return found;
        refusal ??= new Refusal(RefusalCode.ScheduleUnknown, new Figure("schedule", id.Value));
        return null;
    }

    /// <summary>Only for the payer's side: the other sees it.</summary>
    private static Schedule? FindOwn(Draft draft, ThingId id, out Refusal? refusal)
    {
        if (Find(draft, id, out refusal) is not { } found)
            return null;
        refusal = draft.Authority.RefusesActingFor(draft, found.Terms.Payer);
        return refusal is null ? found : null;
    }

    private static Refusal NothingAhead(Draft draft) => new(RefusalCode.NothingScheduled, new Figure("today", draft.Today));

    private static Refusal Past(Schedule s) => new(RefusalCode.SchedulePast, new Figure("schedule", s.Id.Value), new Figure("stage", s.Is));
}
