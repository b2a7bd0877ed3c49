using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Members;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Schedules;
using TimeBank.Texts;

namespace TimeBank.WorkSessions;

/// <summary>A session after a decision, with what was credited.</summary>
public sealed record WorkSessionChange(WorkSession Session, BatchCredited? Credited = null);

/// <summary>Sessions that were planned together, in the order of their dates.</summary>
public sealed record SeriesPlanned(IReadOnlyList<WorkSession> Sessions);

/// <summary>What the coordinator says somebody is to be credited, whatever the times say.</summary>
public sealed record MinutesFor(AccountId Account, Minutes Minutes, TextRef? Text = null);

/// <summary>Decisions about sessions of a project.</summary>
public static class WorkSessionDecisions
{
    /// <summary>Who coordinates the project, or organises, plans a session.</summary>
    public static Decision<WorkSessionChange> Plan(Draft draft, ThingId id, Plan plan)
    {
        return RefusesPlan(draft, plan) is { } refusal
            ? refusal
            : new WorkSessionChange(Begin(draft, id, plan));
    }

    /// <summary>A session on every date of a calendar rule up to its last one: all of them or none. Each is a session of its own from then on.</summary>
    /// <param name="plan">What is planned on a date, for the session of that number, counted from 0.</param>
    public static Decision<SeriesPlanned> PlanSeries(Draft draft, CalendarRule rule, Func<DateOnly, int, Plan> plan)
    {
        if (RefusesPlan(draft, plan(rule.From, 0)) is { } refusal)
            return refusal;
        var dates = new List<DateOnly>();
        for (var date = rule.After(null); date is { } next && dates.Count <= WorkSession.MostInSeries; date = rule.After(next))
            dates.Add(next);
        if (dates.Count == 0)
            return new Refusal(RefusalCode.NothingScheduled, new Figure("from", rule.From));
        if (dates.Count > WorkSession.MostInSeries)
            return new Refusal(RefusalCode.SeriesTooLong, new Figure("most", WorkSession.MostInSeries), new Figure("lastDate", dates[WorkSession.MostInSeries - 1]));
        Plan[] plans = [.. dates.Select(plan)];
        if (plans.Select(p => RefusesPlan(draft, p)).FirstOrDefault(r => r is not null) is { } later)
            return later;
        return new SeriesPlanned([.. plans.Select(p => Begin(draft, new ThingId(draft.Mint()), p))]);
    }

    /// <summary>A member signs up, or who coordinates writes the name down. After the last place one waits.</summary>
    public static Decision<WorkSessionChange> SignUp(Draft draft, ThingId id, AccountId account)
    {
        if (FindPlanned(draft, id, account, comes: true, out var refusal) is not { } s)
            return refusal!;
        if (s.Find(account) is { SignedUp: not null })
            return new WorkSessionChange(s);
        return s.People.Length < WorkSession.MostPeople
            ? new WorkSessionChange(draft.Record(s, new WorkSessionEvent.PersonSignedUp(account)))
            : new Refusal(RefusalCode.SessionFull, new Figure("most", WorkSession.MostPeople));
    }

    public static Decision<WorkSessionChange> SignOff(Draft draft, ThingId id, AccountId account) =>
        FindPlanned(draft, id, account, comes: false, out var refusal) is not { } s ? refusal!
        : s.Find(account) is { SignedUp: not null } ? new WorkSessionChange(draft.Record(s, s.SignOff(account)))
        : new WorkSessionChange(s);

    /// <summary>By the session's code, or by who coordinates, who needs none. Who lacks a credential that the activity requires is not let in. Coming twice counts from the first time, unless one had left.</summary>
    public static Decision<WorkSessionChange> CheckIn(Draft draft, ThingId id, AccountId account, string? code, DateTimeOffset? at)
    {
        if (FindPlanned(draft, id, account, comes: true, out var refusal) is not { } s)
            return refusal!;
        if (RefusesCode(draft, s, code) is { } wrong)
            return wrong;
        if (s.Find(account) is { In: not null, Out: null })
            return new WorkSessionChange(s);
        if (ActivityDecisions.RefusesHelper(draft, s.Plan.Activity, account, s.Plan.Date) is { } lacks)
            return lacks;
        if (s.Find(account) is null && s.People.Length >= WorkSession.MostPeople)
            return new Refusal(RefusalCode.SessionFull, new Figure("most", WorkSession.MostPeople));
        return new WorkSessionChange(draft.Record(s, new WorkSessionEvent.PersonCheckedIn(account, When(draft, s, at))));
    }

    /// <summary>Who never came cannot leave.</summary>
    public static Decision<WorkSessionChange> CheckOut(Draft draft, ThingId id, AccountId account, string? code, DateTimeOffset? at)
    {
        if (FindPlanned(draft, id, account, comes: false, out var refusal) is not { } s)
            return refusal!;
        if (RefusesCode(draft, s, code) is { } wrong)
            return wrong;
        if (s.Find(account) is not { In: { } came } who)
            return Refusal.Of(RefusalCode.NotCheckedIn, account);
        var left = When(draft, s, at);
        if (left < came)
            return Refusal.Of(RefusalCode.NotCheckedIn, account, new Figure("in", came));
        return who.Out == left ? new WorkSessionChange(s) : new WorkSessionChange(draft.Record(s, new WorkSessionEvent.PersonCheckedOut(account, left)));
    }

    /// <summary>Who coordinates confirms the list: everybody who came is credited, in one posting. Of whom it is not known when they left, the coordinator says how long they worked.</summary>
    public static Decision<WorkSessionChange> Credit(Draft draft, ThingId id, IReadOnlyList<MinutesFor> said)
    {
        if (Find(draft, id, out var refusal) is not { } s)
            return refusal!;
        if (draft.Authority.RefusesActingFor(draft, s.Plan.Project) is { } notPermitted)
            return notPermitted;
        if (s.Is == WorkSessionStage.Credited)
            return new WorkSessionChange(s);
        if (s.Is != WorkSessionStage.Planned)
            return Past(s);
        var lines = new List<CreditLine>();
        foreach (var who in s.People.Where(p => p.In is not null && said.All(m => m.Account != p.Account)))
        {
            if (s.MinutesOf(who) is not { } minutes)
                return Refusal.Of(RefusalCode.CheckOutMissing, who.Account);
            if (minutes > Minutes.Zero)
                lines.Add(new CreditLine(who.Account, minutes));
        }
        lines.AddRange(said.Where(m => m.Minutes != Minutes.Zero).Select(m => new CreditLine(m.Account, m.Minutes, m.Text)));
        if (lines.Count == 0)
            return new Refusal(RefusalCode.NobodyCame, new Figure("session", s.Id.Value));
        var credited = BatchCredit.Credit(draft, s.Plan.Project, s.Plan.Date, s.Plan.Category, lines, s.Plan.Activity);
        return credited.Refusal is { } failed
            ? failed
            : new WorkSessionChange(draft.Record(s, new WorkSessionEvent.WorkSessionCredited(draft.Posting)), credited.Answer);
    }

    public static Decision<WorkSessionChange> Cancel(Draft draft, ThingId id) =>
        Find(draft, id, out var refusal) is not { } s ? refusal!
        : draft.Authority.RefusesActingFor(draft, s.Plan.Project) is { } notPermitted ? notPermitted
        : s.Is == WorkSessionStage.Cancelled ? new WorkSessionChange(s)
        : s.Is == WorkSessionStage.Planned ? new WorkSessionChange(draft.Record(s, new WorkSessionEvent.WorkSessionCancelled()))
        : Past(s);

    /// <summary>It is tomorrow: said once. Before its time, and after it was said, nothing happens.</summary>
    public static Decision<WorkSessionChange> Remind(Draft draft, ThingId id) =>
        draft.Find<WorkSession>(id) is not { } s ? new Refusal(RefusalCode.SessionUnknown, new Figure("session", id.Value))
        : new WorkSessionChange(s.Due <= draft.Now ? draft.Record(s, new WorkSessionEvent.WorkSessionReminded(draft.Today)) : s);

    private static WorkSession Begin(Draft draft, ThingId id, Plan plan) => draft.Begin<WorkSession>(id, new WorkSessionEvent.WorkSessionPlanned(
        plan, plan.From - WorkSession.RemindsBefore is var remind && remind > draft.Now ? remind : null));

    private static Refusal? RefusesPlan(Draft draft, Plan plan) =>
        draft.Bank is null ? new Refusal(RefusalCode.BankUnknown)
        : ActivityDecisions.RefusesUnknown(draft, plan.Activity, plan.Project)
            ?? draft.Authority.RefusesActingFor(draft, plan.Project)
            ?? ActivityDecisions.RefusesDate(draft, plan.Activity, plan.Date)
            ?? draft.Policy.RefusesCategory(plan.Category)
            ?? ProjectDecisions.RefusesAccount(draft, plan.Project);

    /// <summary>Sessions are there for everybody in the bank.</summary>
    private static WorkSession? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<WorkSession>(id) : null;
        if (found is null)
            refusal ??= new Refusal(RefusalCode.SessionUnknown, new Figure("session", id.Value));
        return found;
    }

    /// <summary>A session that still takes people, and somebody for whom they who ask may speak: themselves, or anybody if they coordinate.</summary>
    /// <param name="comes">They come or will: who is under 18 does so where their guardian agreed.</param>
    private static WorkSession? FindPlanned(Draft draft, ThingId id, AccountId account, bool comes, out Refusal? refusal)
    {
        if (Find(draft, id, out refusal) is not { } s)
            return null;
        if (Coordinates(draft, s) || draft.Authority.SpeaksFor(account))
            refusal = s.Is != WorkSessionStage.Planned ? Past(s)
                : comes && MemberDecisions.RefusesKept(draft, account) is { } kept ? kept
                : comes && Youth.RefusesActivity(draft, account, s.Plan.Project, s.Plan.Category, s.Plan.Date) is { } notAgreed ? notAgreed
                : AccountDecisions.RefusesAs(draft, account, "account", AccountKind.Member);
        else
            refusal = Refusal.Of(RefusalCode.NotPermitted, account);
        return refusal is null ? s : null;
    }

    private static bool Coordinates(Draft draft, WorkSession s) => draft.Authority.RefusesActingFor(draft, s.Plan.Project) is null;

    private static Refusal? RefusesCode(Draft draft, WorkSession s, string? code) =>
        Coordinates(draft, s) || string.Equals(code, s.Plan.Code, StringComparison.OrdinalIgnoreCase) ? null : new Refusal(RefusalCode.CodeWrong, new Figure("field", "code"));

    /// <summary>Only who coordinates says another time than now, and never one ahead.</summary>
    private static DateTimeOffset When(Draft draft, WorkSession s, DateTimeOffset? at) => at is { } given && Coordinates(draft, s) && given < draft.Now ? given : draft.Now;

    private static Refusal Past(WorkSession s) => new(RefusalCode.SessionPast, new Figure("session", s.Id.Value), new Figure("stage", s.Is));
}
