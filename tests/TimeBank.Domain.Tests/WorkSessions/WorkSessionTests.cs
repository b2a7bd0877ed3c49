using Shouldly;
using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Schedules;
using TimeBank.WorkSessions;

namespace TimeBank.Domain.Tests;

public sealed class WorkSessionTests
{
    private const string No = "refused", Same = "nothing happens", Code = "GREEN";

    private Neighbours _n = null!;

    [SetUp]
    public void A_garden_that_needs_hands() => _n = new Neighbours();

    private Decision<WorkSessionChange> Do(Func<Draft, Decision<WorkSessionChange>> decide) => _n.Town.Do(decide);

    private ThingId Planned(int? places = null, Minutes? countsIn = null)
    {
        _n.As(Neighbours.Holder(_n.Garden));
        var plan = new Plan(_n.Garden, _n.Town.Today, _n.Town.Now, _n.Town.Now.AddHours(2), places, "gardening", null, Code, CountsIn: countsIn);
        return Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), plan)).ShouldHappen().Session.Id;
    }

    private WorkSession this[ThingId id] => _n.Town.Thing<WorkSession>(id);

    private Decision<WorkSessionChange> SignUp(ThingId id, AccountId who) => Do(d => WorkSessionDecisions.SignUp(d, id, who));
    private Decision<WorkSessionChange> In(ThingId id, AccountId who, string? code = null, DateTimeOffset? at = null) => Do(d => WorkSessionDecisions.CheckIn(d, id, who, code, at));
    private Decision<WorkSessionChange> Out(ThingId id, AccountId who, string? code = null, DateTimeOffset? at = null) => Do(d => WorkSessionDecisions.CheckOut(d, id, who, code, at));
    private Decision<WorkSessionChange> Credit(ThingId id, params MinutesFor[] said) => Do(d => WorkSessionDecisions.Credit(d, id, said));

    [Test]
    public void After_the_last_place_one_waits_and_moves_up_when_somebody_signs_off()
    {
        var id = Planned(places: 1);
        _n.As(Neighbours.Holder(_n.Ann));
        SignUp(id, _n.Ann).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Ben));
        SignUp(id, _n.Ben).ShouldHappen();
        SignUp(id, _n.Ben).ShouldChangeNothing(_n.Town);
        this[id].WaitingList.ShouldBe([_n.Ben]);

        _n.As(Neighbours.Holder(_n.Ann));
        Do(d => WorkSessionDecisions.SignOff(d, id, _n.Ann)).ShouldHappen();

        this[id].WaitingList.ShouldBeEmpty();
    }

    [Test]
    public void People_are_reminded_once_on_the_day_before()
    {
        _n.As(Neighbours.Holder(_n.Garden));
        WorkSession In(int hours) => Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), new Plan(
            _n.Garden, _n.Town.Today.AddDays(hours / 24), _n.Town.Now.AddHours(hours), _n.Town.Now.AddHours(hours + 2), null, "gardening", null, Code))).ShouldHappen().Session;
        Decision<WorkSessionChange> Remind(ThingId id) => Do(d => WorkSessionDecisions.Remind(d, id));
        In(24).Due.ShouldBeNull();
        var (id, called) = (In(72).Id, In(72).Id);
        this[id].Due.ShouldBe(_n.Town.Now.AddHours(48));
        Remind(id).ShouldChangeNothing(_n.Town);
        Do(d => WorkSessionDecisions.Cancel(d, called)).ShouldHappen();
        _n.Town.Now += TimeSpan.FromHours(48);

        Remind(id).ShouldHappen();

        _n.Town.Last.Select(e => e.Happened).ShouldBe([new WorkSessionEvent.WorkSessionReminded(_n.Town.Today)]);
        Remind(id).ShouldChangeNothing(_n.Town);
        Remind(called).ShouldChangeNothing(_n.Town);
        Remind(Town.NoThing).ShouldBeRefused(RefusalCode.SessionUnknown);
    }

    [Test]
    public void People_check_in_by_the_code_on_the_wall_and_the_coordinator_without_it()
    {
        var id = Planned();
        _n.As(Neighbours.Holder(_n.Ann));
        In(id, _n.Ann).ShouldBeRefused(RefusalCode.CodeWrong);
        In(id, _n.Ann, "green").ShouldHappen();
        In(id, _n.Ben, Code).ShouldBeRefused(RefusalCode.NotPermitted);

        _n.As(Neighbours.Holder(_n.Garden));
        In(id, _n.Ben, at: _n.Town.Now.AddMinutes(-40)).ShouldHappen();

        this[id].Find(_n.Ben)!.In.ShouldBe(_n.Town.Now.AddMinutes(-40));
    }

    [Test]
    public void Nobody_but_the_coordinator_says_another_time_than_now_and_nobody_one_ahead()
    {
        var id = Planned();
        _n.As(Neighbours.Holder(_n.Ann));
        In(id, _n.Ann, Code, _n.Town.Now.AddHours(-5)).ShouldHappen();
        this[id].Find(_n.Ann)!.In.ShouldBe(_n.Town.Now);

        _n.As(Neighbours.Holder(_n.Garden));
        Out(id, _n.Ann, at: _n.Town.Now.AddHours(5)).ShouldHappen();
        this[id].Find(_n.Ann)!.Out.ShouldBe(_n.Town.Now);
    }

    [Test]
    public void Who_came_is_credited_in_quarters_of_an_hour_in_one_posting()
    {
        var id = Planned();
        In(id, _n.Ann).ShouldHappen();
        _n.Town.Now += TimeSpan.FromMinutes(20);
        In(id, _n.Ben).ShouldHappen();
        SignUp(id, _n.Cora).ShouldHappen();
        _n.Town.Now += TimeSpan.FromMinutes(53);
        Out(id, _n.Ann).ShouldHappen();
        Out(id, _n.Ben).ShouldHappen();

        var credited = Credit(id).ShouldHappen();

        credited.Credited!.Posting.Transfers.Count.ShouldBe(3);
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Garden).ShouldBe([75L, 60L, 0L, 0L]);
        Credit(id).ShouldChangeNothing(_n.Town);
    }

    [TestCase(1, 53), TestCase(10, 50), TestCase(30, 60), TestCase(60, 60)]
    public void Times_are_rounded_as_the_bank_says(int step, long credited)
    {
        var id = Planned(countsIn: new Minutes(step));
        In(id, _n.Ann).ShouldHappen();
        _n.Town.Now += TimeSpan.FromMinutes(53);
        Out(id, _n.Ann).ShouldHappen();
        Credit(id).ShouldHappen();

        _n.Town.Balance(_n.Ann).ShouldBe(credited);
    }

    [Test]
    public void A_forgotten_check_out_is_asked_about_and_the_coordinator_says_how_long_it_was()
    {
        var id = Planned();
        In(id, _n.Ann).ShouldHappen();
        _n.Town.Now += TimeSpan.FromHours(9);

        Credit(id).ShouldBeRefused(RefusalCode.CheckOutMissing).Figure("account").ShouldBe(_n.Ann.Value);
        Credit(id, new MinutesFor(_n.Ann, new(50))).ShouldHappen();

        _n.Town.Balance(_n.Ann).ShouldBe(50);
    }

    [Test]
    public void A_coordinator_does_not_credit_hours_of_their_own()
    {
        var id = Planned();
        In(id, _n.Ann).ShouldHappen();
        _n.Town.Now += TimeSpan.FromHours(1);
        Out(id, _n.Ann).ShouldHappen();

        _n.As(Authority.None with { Accounts = [_n.Garden], Own = [_n.Ann] });
        Credit(id).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser());
        Credit(id).ShouldHappen();
    }

    [Test]
    public void Each_other_reason_to_refuse()
    {
        var id = Planned();
        Out(id, _n.Ann).ShouldBeRefused(RefusalCode.NotCheckedIn);
        In(id, _n.Ann).ShouldHappen();
        Out(id, _n.Ann, at: _n.Town.Now.AddMinutes(-1)).ShouldBeRefused(RefusalCode.NotCheckedIn);
        SignUp(id, Town.Nobody).ShouldBeRefused(RefusalCode.AccountUnknown);
        SignUp(id, _n.Pot).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        SignUp(Town.NoThing, _n.Ann).ShouldBeRefused(RefusalCode.SessionUnknown);
        Credit(Planned()).ShouldBeRefused(RefusalCode.NobodyCame);
        _n.As(Neighbours.Holder(_n.Ann));
        Credit(id).ShouldBeRefused(RefusalCode.NotPermitted);
        Do(d => WorkSessionDecisions.Cancel(d, id)).ShouldBeRefused(RefusalCode.NotPermitted);
        var plan = this[id].Plan;
        Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), plan)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Authority.Everything);
        Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), plan with { Project = _n.Pot })).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), plan with { Project = Town.Nobody })).ShouldBeRefused(RefusalCode.AccountUnknown);
    }

    [Test]
    public void A_session_takes_five_hundred_people()
    {
        var id = Planned();
        foreach (var _ in Enumerable.Range(0, WorkSession.MostPeople))
        {
            _n.As(Authority.Everything);
            SignUp(id, _n.Town.Open(Accounts.AccountKind.Member)).ShouldHappen();
        }

        SignUp(id, _n.Ann).ShouldBeRefused(RefusalCode.SessionFull);
        In(id, _n.Ann).ShouldBeRefused(RefusalCode.SessionFull);
    }

    private static readonly (string Command, string[] Leads)[] s_table =
    [
        // Planned, Credited, Cancelled
        ("sign up", ["Planned", No, No]),
        ("sign off", ["Planned", No, No]),
        ("check in", ["Planned", No, No]),
        ("check out", ["Planned", No, No]),
        ("credit", ["Credited", Same, No]),
        ("cancel", ["Cancelled", No, Same]),
    ];

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<WorkSessionStage>()
        select new TestCaseData(row.Command, stage, row.Leads[(int)stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[(int)stage]);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, WorkSessionStage stage, string leads)
    {
        var id = Planned();
        SignUp(id, _n.Ann).ShouldHappen();
        In(id, _n.Ann).ShouldHappen();
        _n.Town.Now += TimeSpan.FromHours(1);
        if (stage != WorkSessionStage.Planned)
            Say(stage == WorkSessionStage.Credited ? "credit" : "cancel", id).ShouldHappen();

        var decision = Say(command, id);

        if (leads == No)
            decision.ShouldBeRefused(RefusalCode.SessionPast);
        else if (leads == Same)
            decision.ShouldChangeNothing(_n.Town);
        else
            decision.ShouldHappen();
        this[id].Is.ToString().ShouldBe(leads is No or Same ? stage.ToString() : leads);
    }

    private Decision<WorkSessionChange> Say(string command, ThingId id) => command switch
    {
        "sign up" => SignUp(id, _n.Ben),
        "sign off" => Do(d => WorkSessionDecisions.SignOff(d, id, _n.Ann)),
        "check in" => In(id, _n.Ben),
        "check out" => Out(id, _n.Ann),
        "credit" => Credit(id, new MinutesFor(_n.Ann, new(60))),
        _ => Do(d => WorkSessionDecisions.Cancel(d, id)),
    };

    private Decision<SeriesPlanned> PlanSeries(Every every, DateOnly last, int interval = 1)
    {
        var first = _n.Town.Today;
        return _n.Town.Do(d => WorkSessionDecisions.PlanSeries(d, new CalendarRule(every, interval, first, last, new(9, 0)), (date, i) => new Plan(
            _n.Garden, date, Broker.At(date, new(9, 0)), Broker.At(date, new(11, 0)), 5, "gardening", null, $"CODE{i}")));
    }

    [Test]
    public void A_series_is_a_session_on_each_of_its_dates()
    {
        _n.As(Neighbours.Holder(_n.Garden));
        var fortnights = PlanSeries(Every.Week, _n.Town.Today.AddDays(29), interval: 2).ShouldHappen().Sessions;

        fortnights.Select(s => s.Plan.Date.DayNumber - _n.Town.Today.DayNumber).ShouldBe([0, 14, 28]);
        fortnights.Select(s => s.Plan.Code).ShouldBe(["CODE0", "CODE1", "CODE2"]);
        Do(d => WorkSessionDecisions.Cancel(d, fortnights[1].Id)).ShouldHappen();
        fortnights.Select(s => this[s.Id].Is).ShouldBe([WorkSessionStage.Planned, WorkSessionStage.Cancelled, WorkSessionStage.Planned]);
        PlanSeries(Every.Month, _n.Town.Today.AddMonths(2)).ShouldHappen().Sessions.Count.ShouldBe(3);
    }

    [Test]
    public void A_series_is_planned_whole_or_not_at_all()
    {
        _n.As(Neighbours.Holder(_n.Garden));
        PlanSeries(Every.Week, _n.Town.Today.AddDays(7 * 60)).ShouldBeRefused(RefusalCode.SeriesTooLong).Figure("lastDate").ShouldBe(_n.Town.Today.AddDays(7 * 59));
        _n.Town.Last.ShouldBeEmpty();
        PlanSeries(Every.Week, _n.Town.Today.AddDays(7 * 59)).ShouldHappen().Sessions.Count.ShouldBe(WorkSession.MostInSeries);
        PlanSeries(Every.Week, _n.Town.Today.AddDays(-1)).ShouldBeRefused(RefusalCode.NothingScheduled);
        _n.As(Neighbours.Holder(_n.Ann));
        PlanSeries(Every.Week, _n.Town.Today).ShouldBeRefused(RefusalCode.NotPermitted);
    }
}
