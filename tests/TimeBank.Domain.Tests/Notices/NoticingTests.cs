using Shouldly;
using TimeBank.Access;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Notices;
using TimeBank.Postings;
using TimeBank.Redemptions;
using TimeBank.Schedules;
using TimeBank.WorkSessions;

namespace TimeBank.Domain.Tests.Notices;

/// <summary>Who is told what when something happens.</summary>
public sealed class NoticingTests
{
    private Neighbours _all = null!;

    [SetUp]
    public void Begin() => _all = new Neighbours();

    private List<News> News() => [.. Noticing.Of([.. _all.Town.Last.Where(r => Noticing.Sources.Contains(r.Happened.GetType()))
        .Select(r => new Happening(r.Stream, r.Happened, r.Happened is ThingEvent ? _all.Town.Thing<Thing>(new ThingId(r.Stream)) : null))])];

    private void ShouldBeTold(params (AccountId Account, NoticeKind Kind, string Said)[] told)
    {
        var news = News();
        news.Select(n => (n.Account, n.Kind, n.Said)).ShouldBe(told, ignoreOrder: true);
        news.ShouldAllBe(n => Noticing.Sentences[n.Kind].Contains(n.Said));
    }

    [Test]
    public void Whose_yes_is_missing_is_told()
    {
        var (toBen, inGarden) = (_all.ToBen(), _all.InGarden());
        _all.As(Neighbours.Holder(_all.Ann)).Log(toBen);
        ShouldBeTold((_all.Ben, NoticeKind.HelpWaits, "helped"));
        _all.As(Neighbours.Holder(_all.Ann)).Log(inGarden);
        ShouldBeTold((_all.Garden, NoticeKind.HelpWaits, "project"));
        _all.As(Neighbours.Holder(_all.Ben)).Log(toBen);
        ShouldBeTold((_all.Ann, NoticeKind.HelpWaits, "helper"));
        News()[0].ShouldBe(new News(_all.Ann, NoticeKind.HelpWaits, "helper", News()[0].Subject, _all.Ben, new Minutes(90), _all.Town.Today));
    }

    [Test]
    public void Help_that_is_confirmed_is_told_once_to_each_side_and_its_entries_not_again()
    {
        var id = _all.As(Neighbours.Holder(_all.Ann)).Log(_all.ToBen());
        _all.As(Neighbours.Holder(_all.Ben)).Confirm(id).ShouldHappen();

        ShouldBeTold((_all.Ann, NoticeKind.HelpCredited, "helper"), (_all.Ben, NoticeKind.HoursGiven, "help"));
    }

    [Test]
    public void Help_that_waits_for_its_hours_is_told_as_confirmed()
    {
        var id = _all.As(Neighbours.Holder(_all.Ann)).Log(_all.ToBen(10_000));
        _all.As(Neighbours.Holder(_all.Ben)).Confirm(id).ShouldHappen();

        ShouldBeTold((_all.Ann, NoticeKind.HelpConfirmed, "helper"));
    }

    [Test]
    public void A_list_that_is_credited_waits_for_nobody()
    {
        _all.As(Neighbours.Organiser()).Town.Do(d => BatchCredit.Credit(d, _all.Garden, _all.Town.Today, null, [new CreditLine(_all.Ann, new(90)), new CreditLine(_all.Ben, new(30))])).ShouldHappen();

        var news = News();
        news.Where(n => n.Account == _all.Ann || n.Account == _all.Ben).Select(n => (n.Account, n.Kind, n.Minutes)).ShouldBe(
            [(_all.Ann, NoticeKind.HelpCredited, new Minutes(90)), (_all.Ben, NoticeKind.HelpCredited, new Minutes(30))], ignoreOrder: true);
    }

    [Test]
    public void A_question_and_its_answer_are_told_to_both_sides()
    {
        var id = _all.As(Neighbours.Holder(_all.Ann)).Log(_all.ToBen());
        _all.As(Neighbours.Holder(_all.Ben)).Confirm(id).ShouldHappen();
        _all.As(Neighbours.Holder(_all.Ben)).Dispute(id).ShouldHappen();
        ShouldBeTold((_all.Ann, NoticeKind.HelpQuestioned, "questioned"), (_all.Ben, NoticeKind.HelpQuestioned, "questioned"));

        _all.As(Neighbours.Organiser()).Settle(id, 30).ShouldHappen();
        ShouldBeTold((_all.Ann, NoticeKind.HelpSettled, "settled"), (_all.Ben, NoticeKind.HelpSettled, "settled"));
        News().ShouldAllBe(n => n.Minutes == new Minutes(30));
    }

    [Test]
    public void Minutes_that_move_are_told_to_both_sides()
    {
        var entries = _all.Town.Events.Count;
        _all.As(Authority.Everything).Town.Post(TransferKind.Gift, _all.Ann, _all.Ben, 60).ShouldHappen();

        _all.Town.Events.Count.ShouldBeGreaterThan(entries);
        ShouldBeTold((_all.Ann, NoticeKind.HoursGiven, "gift"), (_all.Ben, NoticeKind.HoursReceived, "gift"));
    }

    [Test]
    public void What_was_brought_in_from_before_is_no_news()
    {
        var old = new PassbookEvent.HoursDebited(
            Town.NoTransfer, TransferKind.Gift, _all.Ben, new(5), new(-5), new(-5), null, _all.Town.Today, null, null, null, null, null, OverrideKind.History);

        Noticing.Of([new Happening(_all.Ann.Value, old, null)]).ShouldBeEmpty();
        Noticing.Of([new Happening(_all.Ann.Value, old with { Override = null }, null)]).Count().ShouldBe(1);
    }

    [Test]
    public void A_date_that_was_missed_is_told_to_both_sides_and_why_to_who_lacked_hours()
    {
        var schedule = new Schedule(Town.NoThing, new Scheduled(TransferKind.Gift, _all.Ann, _all.Ben, new(60), null, null), new CalendarRule(Every.Week, 1, _all.Town.Today, null, new TimeOnly(8, 0)), null, null);
        string[] Said(RefusalCode why) => [.. Noticing.Of([new Happening(Town.NoThing.Value, new ScheduleEvent.ScheduleMissed(_all.Town.Today, why, null), schedule)]).Select(n => n.Said)];

        Said(RefusalCode.BelowFloor).ShouldBe(["short", "payee"]);
        Said(RefusalCode.AccountClosed).ShouldBe(["payer", "payee"]);
    }

    [Test]
    public void Who_has_an_appointment_or_a_place_is_reminded_and_nobody_of_what_has_passed()
    {
        var today = _all.Town.Today;
        var session = new WorkSession(Town.NoThing, new Plan(_all.Garden, today, _all.Town.Now, _all.Town.Now, 1, null, null, "GREEN"),
            [new Attendance(_all.Ann, 0), new Attendance(_all.Ben, 1)]);
        var booking = new Booking(Town.NoThing, Town.NoThing, _all.Ann, _all.Garden, today, new(45), "", _all.Town.Now, 0, Yes.Themselves, null);
        (AccountId, NoticeKind, string)[] Told(Thing thing, object happened) =>
            [.. Noticing.Of([new Happening(Town.NoThing.Value, happened, thing)]).Select(n => (n.Account, n.Kind, n.Said))];

        Told(session, new WorkSessionEvent.WorkSessionReminded(today)).ShouldBe([(_all.Ann, NoticeKind.SessionTomorrow, "tomorrow")]);
        Told(session, new WorkSessionEvent.WorkSessionReminded(today.AddDays(1))).ShouldBeEmpty();
        Told(booking, new BookingEvent.BookingReminded(today)).ShouldBe([(_all.Ann, NoticeKind.BookingTomorrow, "tomorrow")]);
        Told(booking, new BookingEvent.BookingReminded(today.AddDays(1))).ShouldBeEmpty();
    }

    [Test]
    public void Of_help_that_is_arranged_each_side_hears_what_it_does_not_know_yet_and_both_the_day_before()
    {
        var meeting = new Meeting(_all.Town.Today, null, new(60));
        var yes = new SideYes(_all.Ann, Yes.Themselves);
        var proposed = new Arrangement(Town.NoThing, _all.Ann, _all.Ben, null, null, meeting, null, [yes], []);
        (AccountId, NoticeKind, string)[] Told(ArrangementEvent happened, Arrangement now) =>
            [.. Noticing.Of([new Happening(Town.NoThing.Value, happened, now)]).Select(n => (n.Account, n.Kind, n.Said))];

        Told(new ArrangementEvent.ArrangementProposed(_all.Ann, _all.Ben, null, null, meeting, null, yes), proposed).ShouldBe([(_all.Ben, NoticeKind.MeetingProposed, "day")]);
        Told(new ArrangementEvent.ArrangementProposed(_all.Ann, _all.Ben, null, null, null, null, null), proposed with { Meeting = null, Yeses = [] })
            .ShouldBe([(_all.Ann, NoticeKind.MeetingProposed, "proposed"), (_all.Ben, NoticeKind.MeetingProposed, "proposed")]);
        Told(new ArrangementEvent.MeetingSet(meeting, null, yes), proposed).ShouldBe([(_all.Ben, NoticeKind.MeetingProposed, "day")]);
        Told(new ArrangementEvent.ArrangementAgreed(_all.Ann, Yes.Themselves, null), proposed).ShouldBeEmpty("The other has still to say yes.");
        var agreed = proposed with { Is = ArrangementStage.Agreed };
        Told(new ArrangementEvent.ArrangementReminded(meeting.Date), agreed).ShouldBe([(_all.Ann, NoticeKind.MeetingTomorrow, "tomorrow"), (_all.Ben, NoticeKind.MeetingTomorrow, "tomorrow")]);
        Told(new ArrangementEvent.ArrangementCancelled(_all.Ben, null), agreed with { Is = ArrangementStage.Cancelled }).ShouldBe([(_all.Ann, NoticeKind.MeetingEnded, "cancelled")]);
        Told(new ArrangementEvent.ArrangementDidNotHappen(null), agreed with { Is = ArrangementStage.DidNotHappen }).Length.ShouldBe(2);
    }

    [Test]
    public void Who_waited_longest_hears_that_there_is_a_place()
    {
        var session = new WorkSession(
            Town.NoThing, new Plan(_all.Garden, _all.Town.Today, _all.Town.Now, _all.Town.Now.AddHours(2), 1, null, null, "GREEN"),
            [new Attendance(_all.Ann, 1), new Attendance(_all.Ben, 2)]);

        session.SignOff(_all.Ann).ShouldBe(new WorkSessionEvent.PersonSignedOff(_all.Ann, _all.Ben));
        session.SignOff(_all.Ben).ShouldBe(new WorkSessionEvent.PersonSignedOff(_all.Ben), "Who only waited frees no place.");
        string[] Said(WorkSessionEvent happened) => [.. Noticing.Of([new Happening(Town.NoThing.Value, happened, session)]).Select(n => n.Said)];
        Said(new WorkSessionEvent.PersonSignedUp(_all.Ben)).ShouldBe(["waits"]);
        Said(session.SignOff(_all.Ann)).ShouldBe(["place"]);
        Said(session.SignOff(_all.Ben)).ShouldBeEmpty();
    }

    [Test]
    public void Every_kind_has_sentences_and_ways()
    {
        Noticing.Sentences.Keys.ShouldBe(Enum.GetValues<NoticeKind>(), ignoreOrder: true);
        NoticeSettings.DefaultFor(NoticeKind.HelpWaits).ShouldBe(new Ways(true, true, true));
        NoticeSettings.DefaultFor(NoticeKind.HoursReceived).ShouldBe(new Ways(true, false, false));
    }

    [Test]
    public void Letters_are_stopped_kind_by_kind_or_all_at_once()
    {
        var one = NoticeSettings.Default.WithoutMail(NoticeKind.HelpWaits);
        one.For(NoticeKind.HelpWaits).ShouldBe(new Ways(true, false, true));
        one.For(NoticeKind.HoursGiven).Mail.ShouldBeTrue();
        one.Digest.ShouldBeTrue();

        var all = NoticeSettings.Default.WithoutMail();
        Enum.GetValues<NoticeKind>().ShouldAllBe(k => !all.For(k).Mail && all.For(k).Program);
        all.Digest.ShouldBeFalse();
    }
}
