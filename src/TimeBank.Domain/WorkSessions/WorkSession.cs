using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Contributions;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.WorkSessions;

/// <summary>Where a session stands.</summary>
public enum WorkSessionStage { Planned, Credited, Cancelled }

/// <summary>What was planned: who is invited to work when and for how long.</summary>
/// <param name="Places">How many may come; who signs up after them waits. Null: no limit.</param>
/// <param name="Code">With it people check themselves in and out; it stands on the wall.</param>
/// <param name="Activity">The activity of the project that it is; null: none in particular.</param>
/// <param name="CountsIn">Minutes to whose nearest multiple times are rounded, by the bank's policy of then; null: a quarter of an hour.</param>
public sealed record Plan(AccountId Project, DateOnly Date, DateTimeOffset From, DateTimeOffset Until, int? Places, string? Category, TextRef? Text, string Code, ThingId? Activity = null,
    Minutes? CountsIn = null);

/// <summary>One person at a session.</summary>
/// <param name="SignedUp">In which place of the list; null: who came without a word.</param>
/// <param name="In">When they came; null: not yet.</param>
/// <param name="Out">When they left; null: not yet, or nobody wrote it down.</param>
public sealed record Attendance(AccountId Account, int? SignedUp = null, DateTimeOffset? In = null, DateTimeOffset? Out = null);

/// <summary>A session of a project: names in advance, with places and a waiting list; who came, from when to when; and the list that is credited in the end.</summary>
/// <param name="People">In the order in which they signed up or came.</param>
/// <param name="Posting">What credited them.</param>
/// <param name="RemindAt">When who signed up is reminded; null: not ahead, or they were.</param>
public sealed record WorkSession(
    ThingId Id, Plan Plan, ImmutableArray<Attendance> People, WorkSessionStage Is = WorkSessionStage.Planned, int Numbered = 0, PostingId? Posting = null,
    DateTimeOffset? RemindAt = null) : Thing(Id)
{
    public const int MostPeople = 500;

    /// <summary>Sessions that one series plans: weekly for a year, and some more.</summary>
    public const int MostInSeries = 60;

    /// <summary>Times are rounded to the nearest quarter of an hour, where the bank says nothing else.</summary>
    public static readonly Minutes Quarter = new(15);

    /// <summary>How long before it people are reminded.</summary>
    public static readonly TimeSpan RemindsBefore = TimeSpan.FromDays(1);

    public override Enum Stage => Is;

    public override DateTimeOffset? Due => Is == WorkSessionStage.Planned ? RemindAt : null;

    public override TextRef? Wording => Plan.Text;

    public override IEnumerable<AccountId> Parties => [Plan.Project, .. People.Select(p => p.Account)];

    public override bool GathersParties => true;

    /// <summary>What it takes to be credited for the activity, and what guardians agreed to.</summary>
    public override IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) =>
        ContributionDecisions.Reads(Plan.Activity, Plan.Project, People.Select(p => p.Account));

    /// <summary>Who was there waits for the list to be credited; who only signed up is taken off it.</summary>
    public override bool Binds(AccountId leaving) => Is == WorkSessionStage.Planned && (leaving == Plan.Project || Find(leaving) is { In: not null });

    public override ThingEvent? EndWithout(AccountId leaving) =>
        Is == WorkSessionStage.Planned && Find(leaving) is { SignedUp: not null } ? SignOff(leaving) : null;

    public Attendance? Find(AccountId account) => People.FirstOrDefault(p => p.Account == account);

    public override Thing For(AccountId account) => account == Plan.Project ? this : this with { Plan = Plan with { Code = "" }, People = People.RemoveAll(p => p.Account != account) };

    /// <summary>Who signed up and has no place, in the order in which they will get one.</summary>
    public IEnumerable<AccountId> WaitingList =>
        Plan.Places is { } places ? People.Where(p => p.SignedUp is not null).OrderBy(p => p.SignedUp).Skip(places).Select(p => p.Account) : [];

    /// <summary>They sign off, and whoever waited longest has their place.</summary>
    public WorkSessionEvent.PersonSignedOff SignOff(AccountId account) =>
        new(account, WaitingList.Contains(account) ? null : WaitingList.Select(a => (AccountId?)a).FirstOrDefault());

    /// <summary>What somebody is to be credited; null as long as it is not known when they left.</summary>
    public Minutes? MinutesOf(Attendance who) => (Plan.CountsIn ?? Quarter).Value is var step && who is { In: { } from, Out: { } until }
        ? new Minutes((long)Math.Round((until - from).TotalMinutes / step, MidpointRounding.AwayFromZero) * step)
        : null;

    public static WorkSession After(ThingId id, WorkSession? before, WorkSessionEvent happened) => (before, happened) switch
    {
        (null, WorkSessionEvent.WorkSessionPlanned e) => new WorkSession(id, e.Plan, [], RemindAt: e.RemindAt),
        ({ } s, WorkSessionEvent.PersonSignedUp e) => s.With(e.Account, a => a with { SignedUp = s.Numbered }) with { Numbered = s.Numbered + 1 },
        ({ } s, WorkSessionEvent.PersonSignedOff e) => s.With(e.Account, a => a with { SignedUp = null }),
        ({ } s, WorkSessionEvent.PersonCheckedIn e) => s.With(e.Account, a => a with { In = e.At, Out = null }),
        ({ } s, WorkSessionEvent.PersonCheckedOut e) => s.With(e.Account, a => a with { Out = e.At }),
        ({ } s, WorkSessionEvent.WorkSessionReminded) => s with { RemindAt = null },
        ({ } s, WorkSessionEvent.WorkSessionCredited e) => s with { Is = WorkSessionStage.Credited, Posting = e.Posting },
        ({ } s, WorkSessionEvent.WorkSessionCancelled) => s with { Is = WorkSessionStage.Cancelled },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a session that is not there."),
    };

    private WorkSession With(AccountId account, Func<Attendance, Attendance> change) => Find(account) is { } known
        ? this with { People = People.Replace(known, change(known)) }
        : this with { People = People.Add(change(new Attendance(account))) };
}

/// <summary>What can happen to a session. These names are stored: add, never rename.</summary>
public abstract record WorkSessionEvent : ThingEvent
{
    public sealed record WorkSessionPlanned(Plan Plan, DateTimeOffset? RemindAt = null) : WorkSessionEvent;
    /// <param name="On">The day on which it was said: after the session nobody is told.</param>
    public sealed record WorkSessionReminded(DateOnly On) : WorkSessionEvent;
    public sealed record PersonSignedUp(AccountId Account) : WorkSessionEvent;
    /// <param name="Moved">Who waited longest and has their place now; null: nobody waited, or they had none.</param>
    public sealed record PersonSignedOff(AccountId Account, AccountId? Moved = null) : WorkSessionEvent;
    public sealed record PersonCheckedIn(AccountId Account, DateTimeOffset At) : WorkSessionEvent;
    public sealed record PersonCheckedOut(AccountId Account, DateTimeOffset At) : WorkSessionEvent;
    public sealed record WorkSessionCredited(PostingId Posting) : WorkSessionEvent;
    public sealed record WorkSessionCancelled : WorkSessionEvent;

    public override StreamKind Kind => StreamKind.WorkSession;

    public override IEnumerable<TextRef> Texts => this is WorkSessionPlanned { Plan.Text: { } text } ? [text] : [];

    public override Thing After(ThingId id, Thing? before) => WorkSession.After(id, (WorkSession?)before, this);
}
