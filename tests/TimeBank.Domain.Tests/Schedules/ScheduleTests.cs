using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Postings;
using TimeBank.Schedules;

namespace TimeBank.Domain.Tests;

public sealed class ScheduleTests
{
    private const string No = "refused", Same = "nothing happens";

    private Neighbours _n = null!;

    [SetUp]
    public void Ben_who_thanks_Ann_every_week() => _n = new Neighbours();

    private static DateTimeOffset At(DateOnly date, TimeOnly time) => new(date.ToDateTime(time), TimeSpan.Zero);

    private Scheduled AnHour => new(TransferKind.Exchange, _n.Ben, _n.Ann, new(60), null, null);

    /// <summary>Every Saturday at nine, three times; the town's first day is a Saturday, at noon.</summary>
    private CalendarRule Saturdays => new(Every.Week, 1, _n.Town.Today, _n.Town.Today.AddDays(21), new(9, 0));

    private Decision<ScheduleChange> Make(CalendarRule rule, Yes? yes = null) => _n.Town.Do(d => ScheduleDecisions.Make(d, new ThingId(d.Mint()), AnHour, rule, yes, At));

    private ThingId Made()
    {
        _n.As(Neighbours.Holder(_n.Ben));
        return Make(Saturdays).ShouldHappen().Schedule.Id;
    }

    private Decision<ScheduleChange> CarryOut(ThingId id) => _n.Town.Do(d => ScheduleDecisions.CarryOut(d, id, At));

    private Schedule this[ThingId id] => _n.Town.Thing<Schedule>(id);

    [Test]
    public void It_begins_with_the_first_moment_that_is_ahead()
    {
        var id = Made();

        this[id].Next.ShouldBe(new DueDate(new(2026, 3, 21), new(2026, 3, 21, 9, 0, 0, TimeSpan.Zero)));
        CarryOut(id).ShouldChangeNothing(_n.Town);
        _n.Town.Balance(_n.Ben).ShouldBe(0);
    }

    [Test]
    public void Dates_that_nobody_carried_out_in_time_follow_in_their_order_and_none_twice()
    {
        var id = Made();
        _n.As(Authority.Everything);
        _n.Town.Now = Town.Noon.AddDays(15);

        CarryOut(id).ShouldHappen().Posting!.Transfers[0].Occurred.ShouldBe(new(2026, 3, 21));
        CarryOut(id).ShouldHappen().Posting!.Transfers[0].Occurred.ShouldBe(new(2026, 3, 28));
        CarryOut(id).ShouldChangeNothing(_n.Town);
        _n.Town.Balances(_n.Ann, _n.Ben).ShouldBe([120L, -120L]);

        _n.Town.Now = Town.Noon.AddDays(100);
        CarryOut(id).ShouldHappen().Schedule.Is.ShouldBe(ScheduleStage.Ended);
        CarryOut(id).ShouldChangeNothing(_n.Town);
        _n.Town.Balance(_n.Ben).ShouldBe(-180);
    }

    [Test]
    public void A_date_on_which_the_rules_say_no_is_missed_with_its_reason_and_the_next_one_counts()
    {
        var id = Made();
        _n.As(Authority.Everything);
        _n.Town.Change(_n.Ben, a => a with { Floor = Minutes.Zero });
        _n.Town.Now = Town.Noon.AddDays(7);

        CarryOut(id).ShouldHappen().Posting.ShouldBeNull();
        (this[id].Missed, this[id].Last, this[id].Next!.Date).ShouldBe((RefusalCode.BelowFloor, new(2026, 3, 21), new(2026, 3, 28)));

        _n.Town.Change(_n.Ben, a => a with { Floor = null });
        _n.Town.Now = Town.Noon.AddDays(14);
        CarryOut(id).ShouldHappen();
        (this[id].Missed, _n.Town.Balance(_n.Ben)).ShouldBe((null, -60L));
    }

    [Test]
    public void Dates_that_pass_while_it_is_paused_are_left_out()
    {
        var id = Made();
        _n.Town.Do(d => ScheduleDecisions.Pause(d, id)).ShouldHappen();
        _n.Town.Now = Town.Noon.AddDays(8);
        CarryOut(id).ShouldChangeNothing(_n.Town);

        _n.Town.Do(d => ScheduleDecisions.Resume(d, id, At)).ShouldHappen().Schedule.Next!.Date.ShouldBe(new(2026, 3, 28));
    }

    [Test]
    public void Only_the_payer_makes_and_stops_it_or_an_organiser_who_says_how_the_payer_said_yes()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        Make(Saturdays).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Organiser());
        Make(Saturdays).ShouldBeRefused(RefusalCode.YesNeeded);
        var id = Make(Saturdays, Yes.Paper).ShouldHappen().Schedule.Id;
        this[id].Confirmed.ShouldBe(Yes.Paper);

        _n.As(Neighbours.Holder(_n.Ann)).Town.Do(d => ScheduleDecisions.End(d, id)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Holder(_n.Cora)).Town.Do(d => ScheduleDecisions.End(d, id)).ShouldBeRefused(RefusalCode.ScheduleUnknown);
        _n.As(Neighbours.Holder(_n.Ben)).Town.Do(d => ScheduleDecisions.End(d, id)).ShouldHappen();
    }

    [Test]
    public void A_schedule_without_a_date_ahead_is_none()
    {
        _n.As(Neighbours.Holder(_n.Ben));

        Make(Saturdays with { Until = _n.Town.Today }).ShouldBeRefused(RefusalCode.NothingScheduled);
        Make(new CalendarRule(Every.Once, 1, _n.Town.Today, null, new(12, 1))).ShouldHappen();
    }

    private static readonly (string Command, string[] Leads)[] s_table =
    [
        // Active, Paused, Ended
        ("pause", ["Paused", Same, No]),
        ("resume", [Same, "Active", No]),
        ("end", ["Ended", "Ended", Same]),
        ("carry out", ["Active", Same, Same]),
    ];

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<ScheduleStage>()
        select new TestCaseData(row.Command, stage, row.Leads[(int)stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[(int)stage]);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, ScheduleStage stage, string leads)
    {
        var id = Made();
        if (stage != ScheduleStage.Active)
            Say(stage == ScheduleStage.Paused ? "pause" : "end", id).ShouldHappen();

        var decision = Say(command, id);

        if (leads == No)
            decision.ShouldBeRefused(RefusalCode.SchedulePast);
        else if (leads == Same)
            decision.ShouldChangeNothing(_n.Town);
        else
            decision.ShouldHappen();
        this[id].Is.ToString().ShouldBe(leads is No or Same ? stage.ToString() : leads);
    }

    private Decision<ScheduleChange> Say(string command, ThingId id)
    {
        switch (command)
        {
            case "pause":
                return _n.Town.Do(d => ScheduleDecisions.Pause(d, id));
            case "resume":
                return _n.Town.Do(d => ScheduleDecisions.Resume(d, id, At));
            case "end":
                return _n.Town.Do(d => ScheduleDecisions.End(d, id));
            default:
                _n.Town.Now = _n.Town.Now.AddDays(7);
                return CarryOut(id);
        }
    }
}
