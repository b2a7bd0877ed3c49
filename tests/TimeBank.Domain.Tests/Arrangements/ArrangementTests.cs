using Shouldly;
using TimeBank.Access;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Safeguarding;

namespace TimeBank.Domain.Tests;

public sealed class ArrangementTests
{
    private Broker _b = null!;

    [SetUp]
    public void Ben_asks_for_help() => _b = new Broker();

    [Test]
    public void Who_answers_a_request_helps_and_who_answers_an_offer_is_helped()
    {
        var answered = _b[_b.Answered()];
        (answered.Helper, answered.Helped, answered.Listing, answered.Category).ShouldBe((_b.Ann, _b.Ben, _b.Asked, "shopping"));

        _b.As(Authority.Everything);
        var offer = _b.N.Town.Do(d => ListingDecisions.Post(
            d, new ThingId(d.Mint()), _b.Ann, new ListingTerms(ListingKind.Offer, "baking", null, [], null, false, Town.Noon.AddDays(60)), Neighbours.Why)).ShouldHappen().Id;
        _b.As(Neighbours.Holder(_b.Ben));
        var taken = _b.Do(d => Proposing.Answer(d, new ThingId(d.Mint()), offer, _b.Ben, null, null)).ShouldHappen().Arrangement;

        (taken.Helper, taken.Helped, taken.Category).ShouldBe((_b.Ann, _b.Ben, "baking"));
        taken.Yeses.ShouldBeEmpty();
    }

    [Test]
    public void The_first_help_that_is_proposed_to_somebody_is_written_down_once()
    {
        _b.As(Authority.Everything);
        foreach (var member in (AccountId[])[_b.Ann, _b.Ben])
            _b.N.Town.Do(d => MemberDecisions.Apply(d, member, Approach.Paper, Club.Nothing, null), [], Member.IdOf(member)).ShouldHappen();
        _b.N.Town.Now += TimeSpan.FromDays(1);

        _b.Propose(_b.Ann, _b.Ben, null).ShouldHappen();

        foreach (var member in (AccountId[])[_b.Ann, _b.Ben])
            _b.N.Town.Thing<Member>(Member.IdOf(member)).Joining[JoiningStep.FirstHelpProposed].On.ShouldBe(_b.N.Town.Today);
        _b.N.Town.Now += TimeSpan.FromDays(1);
        _b.Propose(_b.Ann, _b.N.Garden, null).ShouldHappen();
        _b.N.Town.Thing<Member>(Member.IdOf(_b.Ann)).Joining[JoiningStep.FirstHelpProposed].On.ShouldBe(_b.N.Town.Today.AddDays(-1));
        _b.N.Town.Last.Count(e => e.Kind == StreamKind.Member).ShouldBe(0);
    }

    [Test]
    public void A_member_answers_for_themselves_and_only_what_is_open()
    {
        _b.As(Neighbours.Holder(_b.N.Cora)).Answer(_b.Ann, null).ShouldBeRefused(RefusalCode.NotPermitted);
        _b.As(Neighbours.Holder(_b.Ben)).Answer(_b.Ann, null).ShouldBeRefused(RefusalCode.NotPermitted);
        _b.As(Neighbours.Holder(_b.Ann)).Propose(_b.Ann, _b.Ben, null).ShouldBeRefused(RefusalCode.NotPermitted);

        _b.N.Town.Now += TimeSpan.FromDays(61);

        _b.Answer(_b.Ann, null).ShouldBeRefused(RefusalCode.ListingPast);
    }

    [Test]
    public void Nobody_who_pauses_is_proposed_anything()
    {
        _b.As(Authority.Everything);
        _b.N.Town.Do(d => MemberDecisions.Apply(d, _b.Ben, Approach.Page, Club.Nothing, null), [], Member.IdOf(_b.Ben)).ShouldHappen();
        _b.N.Town.Do(d => MemberDecisions.TakeStep(d, _b.Ben, JoiningStep.Agreed, _b.N.Town.Today, "1")).ShouldHappen();
        _b.N.Town.Do(d => MemberDecisions.Admit(d, _b.Ben)).ShouldHappen();
        _b.N.Town.Do(d => MemberDecisions.Pause(d, _b.Ben)).ShouldHappen();

        _b.Answer(_b.Ann, null).ShouldBeRefused(RefusalCode.MemberPast).Figure("stage").ShouldBe(MemberStage.Paused);
        _b.Propose(_b.Ann, _b.Ben, null).ShouldBeRefused(RefusalCode.MemberPast);
    }

    [Test]
    public void Two_who_are_kept_apart_are_not_brought_together_and_hear_no_reason()
    {
        var id = _b.As(Neighbours.Organiser()).Propose(_b.Ann, _b.Ben, _b.Tomorrow).ShouldHappen().Arrangement.Id;
        _b.As(ApartTests.Lead).N.Town.Do(d => ApartDecisions.Keep(d, _b.Ben, _b.Ann)).ShouldHappen();

        _b.As(Neighbours.Organiser()).Propose(_b.Ann, _b.Ben, null).ShouldBeRefused(RefusalCode.NotAvailable).Figures.ShouldBeEmpty();
        _b.As(Neighbours.Holder(_b.Ann)).Answer(_b.Ann, null).ShouldBeRefused(RefusalCode.NotAvailable);
        _b.Agree(id, _b.Ann).ShouldBeRefused(RefusalCode.NotAvailable);
        _b.As(Neighbours.Organiser()).Propose(_b.N.Cora, _b.Ben, null).ShouldHappen();
    }

    [Test]
    public void Somebody_under_18_is_proposed_what_a_guardian_agreed_to()
    {
        _b.As(Authority.Everything).N.Town.Do(d => YouthDecisions.Mark(d, _b.Ann, _b.N.Town.Today.AddYears(1))).ShouldHappen();
        _b.Propose(_b.Ann, _b.Ben, null).ShouldBeRefused(RefusalCode.GuardianNeeded);
        Agree("reading");
        _b.Propose(_b.Ann, _b.Ben, null).ShouldBeRefused(RefusalCode.ActivityNotNamed);
        Agree("shopping");
        _b.Propose(_b.Ann, _b.Ben, null).ShouldHappen();

        void Agree(string activity) => _b.N.Town.Do(d => YouthDecisions.Consent(
            d, _b.Ann, new GuardianConsent(Yes.Paper, d.Today, d.Today.AddDays(9), [activity], [], Neighbours.Why))).ShouldHappen();
    }

    [Test]
    public void Each_says_yes_for_themselves_and_an_organiser_says_how_somebody_said_it()
    {
        var id = _b.Answered();
        _b[id].Is.ShouldBe(ArrangementStage.Proposed);
        _b.Agree(id, _b.Ben).ShouldBeRefused(RefusalCode.NotPermitted);
        _b.Agree(id, _b.N.Cora).ShouldBeRefused(RefusalCode.NotPermitted);
        _b.As(Neighbours.Holder(_b.N.Cora)).Agree(id, _b.Ben).ShouldBeRefused(RefusalCode.ArrangementUnknown);
        _b.As(Neighbours.Organiser()).Agree(id, _b.Ben).ShouldBeRefused(RefusalCode.YesNeeded);
        _b.Agree(id, _b.Ben, Yes.Themselves).ShouldBeRefused(RefusalCode.YesNeeded);

        _b.Agree(id, _b.Ben, Yes.Telephone).ShouldHappen();

        _b[id].Is.ShouldBe(ArrangementStage.Agreed);
        _b[id].Yeses.ShouldBe([new SideYes(_b.Ann, Yes.Themselves), new SideYes(_b.Ben, Yes.Telephone)]);
    }

    [Test]
    public void Who_coordinates_a_neighbourhood_says_yes_for_its_members_only()
    {
        _b.N.Town.Change(_b.Ben, a => a with { Neighbourhood = "north" });
        _b.N.Town.Change(_b.Ann, a => a with { Neighbourhood = "south" });
        var north = new Authority(false, [], ["north"], null, true);

        var id = _b.As(north).Propose(_b.Ann, _b.Ben, _b.Tomorrow).ShouldHappen().Arrangement.Id;

        _b[id].Yeses.ShouldBeEmpty();
        _b.Agree(id, _b.Ben, Yes.InPerson).ShouldHappen();
        _b.Agree(id, _b.Ann, Yes.InPerson).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void Nobody_says_yes_to_no_date_nor_to_another_than_they_saw()
    {
        var id = _b.As(Authority.Everything).Propose(_b.Ann, _b.Ben, null).ShouldHappen().Arrangement.Id;
        _b.As(Neighbours.Holder(_b.Ben)).Agree(id, _b.Ben).ShouldBeRefused(RefusalCode.MeetingNeeded);
        _b.As(Neighbours.Holder(_b.Ann)).Meet(id, _b.Tomorrow).ShouldHappen();
        var seen = _b[id].Version;
        _b.Meet(id, _b.Tomorrow with { At = new(11, 0) }).ShouldHappen();

        _b.As(Neighbours.Holder(_b.Ben)).Agree(id, _b.Ben, version: seen).ShouldBeRefused(RefusalCode.VersionMismatch);
        _b.Agree(id, _b.Ben, version: seen + 1).ShouldHappen();

        _b[id].Is.ShouldBe(ArrangementStage.Agreed);
        _b.N.Town.Now += TimeSpan.FromDays(3);
        _b.Meet(id, _b.Tomorrow with { Date = _b.N.Town.Today.AddDays(-1) }).ShouldBeRefused(RefusalCode.DateInPast);
    }

    [Test]
    public void Another_date_needs_another_yes()
    {
        var id = _b.Agreed();
        _b.As(Neighbours.Holder(_b.Ann)).Meet(id, _b.Tomorrow with { Date = _b.N.Town.Today.AddDays(9) }).ShouldHappen();

        (_b[id].Is, _b[id].HasSaidYes(_b.Ann), _b[id].HasSaidYes(_b.Ben), _b[id].Due).ShouldBe((ArrangementStage.Proposed, true, false, null));
    }

    [Test]
    public void Who_was_asked_how_and_what_they_said_is_kept_and_a_no_ends_it()
    {
        var id = _b.As(Neighbours.Organiser()).Propose(_b.Ann, _b.Ben, null).ShouldHappen().Arrangement.Id;
        _b.Ask(id, _b.Ann, Reply.NoAnswer).ShouldHappen();
        _b.Ask(id, _b.Ann, Reply.Later).ShouldHappen();
        _b.As(Neighbours.Holder(_b.Ben)).Ask(id, _b.Ann, Reply.Yes).ShouldBeRefused(RefusalCode.NotPermitted);
        _b.As(Neighbours.Organiser()).Ask(id, _b.Ann, Reply.No).ShouldHappen();

        _b[id].Asked.Select(a => (a.Account, a.How, a.Said)).ShouldBe(
            [(_b.Ann, Means.Telephone, Reply.NoAnswer), (_b.Ann, Means.Telephone, Reply.Later), (_b.Ann, Means.Telephone, Reply.No)]);
        _b[id].Is.ShouldBe(ArrangementStage.Cancelled);
        ((Arrangement)_b[id].For(_b.Ben)).Asked.ShouldBeEmpty();
        ((Arrangement)_b[id].For(_b.Ann)).Asked.Length.ShouldBe(3);
    }

    [Test]
    public void What_was_done_is_logged_as_it_was_agreed_and_once()
    {
        var id = _b.Agreed();
        _b.As(Neighbours.Holder(_b.Ann)).Complete(id).ShouldBeRefused(RefusalCode.OccurredInFuture);
        _b.N.Town.Now += TimeSpan.FromDays(2);

        var logged = _b.Complete(id).ShouldHappen().Logged!;
        var again = _b.As(Neighbours.Holder(_b.Ben)).Complete(id, 600).ShouldChangeNothing(_b.N.Town).Logged!;

        logged.Claim.ShouldBe(new Claim(_b.Ann, _b.Ben, null, new(60), _b[id].Meeting!.Date, "shopping", null));
        (logged.LoggedBy, logged.Is, _b[id].Contribution, again.Id).ShouldBe((Side.Helper, ContributionStage.Logged, logged.Id, logged.Id));
        _b.N.Town.Balances(_b.Ann, _b.Ben).ShouldBe([0, 0]);
        _b.N.As(Neighbours.Holder(_b.Ben)).Confirm(logged.Id).ShouldHappen();
        _b.N.Town.Balances(_b.Ann, _b.Ben).ShouldBe([60, -60]);
    }

    [Test]
    public void Work_for_a_project_is_logged_for_the_project()
    {
        var id = _b.As(Neighbours.Organiser()).Propose(_b.Ann, _b.N.Garden, _b.Tomorrow with { Date = _b.N.Town.Today }).ShouldHappen().Arrangement.Id;
        _b.Agree(id, _b.Ann, Yes.Paper).ShouldHappen();
        _b.Agree(id, _b.N.Garden).ShouldHappen();

        var logged = _b.Complete(id, 90).ShouldHappen().Logged!;

        (logged.Claim.Project, logged.Claim.Helped, logged.Claim.Minutes).ShouldBe((_b.N.Garden, null, new Minutes(90)));
    }

    [Test]
    public void People_are_reminded_once_on_the_day_before()
    {
        var id = _b.Agreed(_b.Tomorrow with { Date = _b.N.Town.Today.AddDays(3) });
        _b[id].Due.ShouldBe(Broker.At(_b.N.Town.Today.AddDays(2), new(8, 0)));
        _b.As(Authority.Everything).Remind(id).ShouldChangeNothing(_b.N.Town);

        _b.N.Town.Now = _b[id].Due!.Value;
        _b.Remind(id).ShouldHappen();

        _b.N.Town.Last.Select(e => e.Happened).ShouldBe([new ArrangementEvent.ArrangementReminded(_b[id].Meeting!.Date)]);
        _b.Remind(id).ShouldChangeNothing(_b.N.Town);
        _b[id].Due.ShouldBeNull();
    }

    [Test]
    public void After_a_long_sleep_people_are_told_today_but_not_when_the_day_has_passed()
    {
        var (today, passed) = (_b.Agreed(_b.Tomorrow with { Date = _b.N.Town.Today.AddDays(3) }), _b.Agreed(_b.Tomorrow with { Date = _b.N.Town.Today.AddDays(2) }));
        var untold = _b.Agreed(_b.Tomorrow with { Date = _b.N.Town.Today });
        _b[untold].Due.ShouldBeNull();
        _b.N.Town.Now += TimeSpan.FromDays(3);

        _b.As(Authority.Everything).Remind(today).ShouldHappen();
        _b.N.Town.Last[0].Happened.ShouldBeOfType<ArrangementEvent.ArrangementReminded>();
        _b.Remind(passed).ShouldHappen();
        _b.N.Town.Last[0].Happened.ShouldBeOfType<ArrangementEvent.ReminderLapsed>();
        _b.Remind(passed).ShouldChangeNothing(_b.N.Town);
    }

    [Test]
    public void It_did_not_happen_only_once_its_day_has_come()
    {
        var id = _b.Agreed();
        _b.Miss(id).ShouldBeRefused(RefusalCode.OccurredInFuture);
        _b.N.Town.Now += TimeSpan.FromDays(1);

        _b.Miss(id).ShouldHappen();

        _b[id].Is.ShouldBe(ArrangementStage.DidNotHappen);
    }
}
