using System.Collections.Immutable;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.WorkSessions;

namespace TimeBank.Domain.Tests;

/// <summary>What somebody under 18 may, and what their guardian must have said before.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class YouthTests
{
    private readonly Neighbours _n = new();

    private DateOnly Birthday => _n.Town.Today.AddDays(100);

    [Test]
    public void Marking_keeps_a_date_and_is_corrected_by_marking_again()
    {
        Mark(Birthday).Until.ShouldBe(Birthday);
        _n.Town.Do(d => YouthDecisions.Mark(d, _n.Ann, Birthday)).ShouldChangeNothing(_n.Town);
        Mark(Birthday.AddDays(1)).Until.ShouldBe(Birthday.AddDays(1));
        _n.As(Neighbours.Holder(_n.Ann)).Town.Do(d => YouthDecisions.Mark(d, _n.Ann, Birthday)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Authority.Everything).Town.Do(d => YouthDecisions.Mark(d, Town.Nobody, Birthday)).ShouldBeRefused(RefusalCode.AccountUnknown);
        _n.Town.Do(d => YouthDecisions.Mark(d, _n.Garden, Birthday), [], Youth.IdOf(_n.Garden)).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
    }

    [Test]
    public void A_guardian_s_consent_says_how_until_when_and_for_what()
    {
        Say().ShouldBeRefused(RefusalCode.MemberUnknown);
        Mark(Birthday);

        Say(how: Yes.Themselves).ShouldBeRefused(RefusalCode.YesNeeded);
        Say(on: _n.Town.Today.AddDays(1)).ShouldBeRefused(RefusalCode.OccurredInFuture);
        Say(projects: [Town.Nobody]).ShouldBeRefused(RefusalCode.AccountUnknown);
        Say(projects: [_n.Pot]).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Say(projects: [_n.Cora]).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Say(until: _n.Town.Today.AddDays(-1)).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        Say().ShouldHappen().Stage.ShouldBe(YouthStage.Consented);
        _n.Town.Do(d => YouthDecisions.Withdraw(d, _n.Ann)).ShouldHappen().Stage.ShouldBe(YouthStage.Unconsented);
        _n.Town.Do(d => YouthDecisions.Withdraw(d, _n.Ann)).ShouldChangeNothing(_n.Town);
        _n.As(Neighbours.Holder(_n.Ann)).Town.Do(d => YouthDecisions.Withdraw(d, _n.Ann)).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    /// <summary>Both stages against every command.</summary>
    [TestCase("mark", false, YouthStage.Unconsented), TestCase("mark", true, YouthStage.Consented)]
    [TestCase("consent", false, YouthStage.Consented), TestCase("consent", true, YouthStage.Consented)]
    [TestCase("withdraw", false, YouthStage.Unconsented), TestCase("withdraw", true, YouthStage.Unconsented)]
    public void Each_command_leads_where_the_table_says(string command, bool consented, YouthStage leads)
    {
        Mark(Birthday);
        if (consented)
            Say().ShouldHappen();

        var after = command switch
        {
            "mark" => Mark(Birthday.AddDays(1)),
            "consent" => Say().ShouldHappen(),
            _ => _n.Town.Do(d => YouthDecisions.Withdraw(d, _n.Ann)).ShouldHappen(),
        };

        after.Stage.ShouldBe(leads);
    }

    [Test]
    public void Nobody_under_18_joins_without_a_guardian_s_consent_that_counts()
    {
        _n.Town.Do(d => MemberDecisions.Apply(d, _n.Ann, Approach.Paper, Club.Nothing, null), [], Member.IdOf(_n.Ann)).ShouldHappen();
        _n.Town.Do(d => MemberDecisions.TakeStep(d, _n.Ann, JoiningStep.Agreed, d.Today, "1")).ShouldHappen();
        Mark(Birthday);

        _n.Town.Do(d => MemberDecisions.Admit(d, _n.Ann)).ShouldBeRefused(RefusalCode.GuardianNeeded);
        Say(until: _n.Town.Today.AddDays(9)).ShouldHappen();
        _n.Town.Now += TimeSpan.FromDays(10);
        _n.Town.Do(d => MemberDecisions.Admit(d, _n.Ann)).ShouldBeRefused(RefusalCode.GuardianNeeded);
        _n.Town.Now -= TimeSpan.FromDays(1);
        _n.Town.Do(d => MemberDecisions.Admit(d, _n.Ann)).ShouldHappen().Is.ShouldBe(MemberStage.Active);
    }

    [Test]
    public void On_their_birthday_they_speak_for_themselves()
    {
        Mark(Birthday);
        var id = _n.Log(_n.InGarden());
        _n.Confirm(id).ShouldBeRefused(RefusalCode.GuardianNeeded);

        _n.Town.Now += TimeSpan.FromDays(100);

        _n.Confirm(id).ShouldHappen();
    }

    [Test]
    public void What_they_did_is_confirmed_if_their_guardian_named_the_project_or_the_category()
    {
        Mark(Birthday);
        var (work, help) = (_n.Log(_n.InGarden()), _n.Log(_n.ToBen()));
        _n.Confirm(work).ShouldBeRefused(RefusalCode.GuardianNeeded);
        Say().ShouldHappen();
        _n.Confirm(work).ShouldHappen();
        _n.Confirm(help, Yes.Telephone).ShouldBeRefused(RefusalCode.ActivityNotNamed);
        Say(activities: ["shopping"]).ShouldHappen();
        _n.Confirm(help, Yes.Telephone).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
    }

    [Test]
    public void Consent_counts_for_what_was_done_until_it_ended()
    {
        Mark(Birthday);
        Say(until: _n.Town.Today).ShouldHappen();
        var today = _n.Log(_n.InGarden());
        _n.Town.Now += TimeSpan.FromDays(1);
        var tomorrow = _n.Log(_n.InGarden());

        _n.Confirm(today).ShouldHappen();
        _n.Confirm(tomorrow).ShouldBeRefused(RefusalCode.GuardianNeeded);
    }

    [Test]
    public void They_are_helped_with_what_their_guardian_named()
    {
        var help = _n.Log(_n.ToBen());
        _n.As(Authority.Everything).Town.Do(d => YouthDecisions.Mark(d, _n.Ben, Birthday)).ShouldHappen();

        _n.Confirm(help, Yes.Telephone).ShouldBeRefused(RefusalCode.GuardianNeeded);
        Say(who: _n.Ben, activities: ["gardening"]).ShouldHappen();
        _n.Confirm(help, Yes.Telephone).ShouldBeRefused(RefusalCode.ActivityNotNamed);
        Say(who: _n.Ben, activities: ["shopping"]).ShouldHappen();
        _n.Confirm(help, Yes.Telephone).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
    }

    [Test]
    public void What_they_were_helped_with_is_not_confirmed_by_their_silence_and_comes_before_an_organiser_if_it_was_to_be()
    {
        _n.Town.Do(d => SilenceDecisions.LetCount(d, _n.Ben, true, Yes.InPerson)).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Ann));
        var before = _n.Log(_n.ToBen());
        _n.As(Authority.Everything).Town.Do(d => YouthDecisions.Mark(d, _n.Ben, Birthday)).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Ann))[_n.Log(_n.ToBen())].Due.ShouldBeNull();
        _n.Town.Now += ContributionDecisions.Silence;

        _n.As(Authority.Everything).Do(d => ContributionDecisions.ConfirmInTime(d, before)).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Disputed);
    }

    [Test]
    public void They_book_the_services_that_their_guardian_named_or_of_a_provider_that_was_named()
    {
        var desk = new FrontDesk();
        var service = desk.Offer();
        desk.As(Authority.Everything).Town.Do(d => YouthDecisions.Mark(d, desk.Ann, Birthday)).ShouldHappen();
        Decision<Youth> Agree(ImmutableArray<string> activities, ImmutableArray<AccountId> named) => desk.As(Authority.Everything).Town.Do(d =>
            YouthDecisions.Consent(d, desk.Ann, new GuardianConsent(Yes.Paper, d.Today, Birthday, activities, named, Neighbours.Why)));

        desk.As(FrontDesk.Holder(desk.Ann)).Book(service).ShouldBeRefused(RefusalCode.GuardianNeeded);
        desk.Quote(service).ShouldHappen().Refused.ShouldBe(RefusalCode.GuardianNeeded);
        Agree(["gardening"], [desk.Library]).ShouldHappen();
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service).ShouldBeRefused(RefusalCode.ActivityNotNamed);
        Agree(["advice"], []).ShouldHappen();
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service).ShouldHappen();
        Agree([], [desk.Clinic]).ShouldHappen();
        desk.As(FrontDesk.Holder(desk.Ann)).Book(service).ShouldHappen();
        desk.Book(service, date: Birthday.AddDays(-1)).ShouldHappen();
    }

    [Test]
    public void They_agree_to_meetings_that_their_guardian_agreed_to_whichever_side_they_are()
    {
        foreach (var young in (Func<Broker, AccountId>[])[b => b.Ann, b => b.Ben])
        {
            var broker = new Broker();
            var id = broker.Answered();
            broker.As(Authority.Everything).N.Town.Do(d => YouthDecisions.Mark(d, young(broker), Birthday)).ShouldHappen();

            broker.As(Neighbours.Holder(broker.Ben)).Agree(id, broker.Ben).ShouldBeRefused(RefusalCode.GuardianNeeded);
            broker.As(Authority.Everything).N.Town.Do(d => YouthDecisions.Consent(
                d, young(broker), new GuardianConsent(Yes.Paper, d.Today, Birthday, [broker[id].Category!], [], Neighbours.Why))).ShouldHappen();
            broker.As(Neighbours.Holder(broker.Ben)).Agree(id, broker.Ben).ShouldHappen();
        }
    }

    [Test]
    public void Nobody_s_silence_confirms_what_somebody_under_18_did()
    {
        Mark(Birthday);

        _n[_n.Log(_n.InGarden())].Due.ShouldBeNull();
    }

    [Test]
    public void A_list_is_not_credited_with_somebody_whose_guardian_did_not_agree()
    {
        Mark(Birthday);

        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, d.Today, "gardening", [new CreditLine(_n.Cora, new(60)), new CreditLine(_n.Ann, new(60))]))
            .ShouldBeRefused(RefusalCode.GuardianNeeded).Leg.ShouldBe(2);
        Say().ShouldHappen();
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, d.Today, "gardening", [new CreditLine(_n.Ann, new(60))])).ShouldHappen();
    }

    [Test]
    public void They_come_to_sessions_that_their_guardian_agreed_to()
    {
        Mark(Birthday);
        var session = _n.Town.Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), new Plan(_n.Garden, d.Today, d.Now, d.Now.AddHours(2), null, "juror", null, "CODE"))).ShouldHappen().Session.Id;

        foreach (var come in (Func<Draft, Decision<WorkSessionChange>>[])[d => WorkSessionDecisions.SignUp(d, session, _n.Ann), d => WorkSessionDecisions.CheckIn(d, session, _n.Ann, null, null)])
        {
            _n.Town.Do(come).ShouldBeRefused(RefusalCode.GuardianNeeded);
            Say(projects: [], activities: ["gardening"]).ShouldHappen();
            _n.Town.Do(come).ShouldBeRefused(RefusalCode.ActivityNotNamed);
            Say(projects: [], activities: ["juror"]).ShouldHappen();
            _n.Town.Do(come).ShouldHappen();
            _n.Town.Do(d => YouthDecisions.Withdraw(d, _n.Ann)).ShouldHappen();
        }
        _n.Town.Do(d => WorkSessionDecisions.SignOff(d, session, _n.Ann)).ShouldHappen();
    }

    [Test]
    public void They_have_no_listing_whatever_their_guardian_said()
    {
        var terms = new ListingTerms(ListingKind.Offer, "gardening", null, [], null, false, Town.Noon.AddDays(9));
        var before = _n.Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), _n.Ann, terms, Neighbours.Why)).ShouldHappen();
        Mark(Birthday);
        Say().ShouldHappen();

        _n.Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), _n.Ann, terms, Neighbours.Why)).ShouldBeRefused(RefusalCode.UnderAge);
        _n.Town.Do(d => ListingDecisions.Rewrite(d, before.Id, terms, Neighbours.Why, 1)).ShouldBeRefused(RefusalCode.UnderAge);
        _n.Town.Do(d => ListingDecisions.Withdraw(d, before.Id)).ShouldHappen();
    }

    private Youth Mark(DateOnly until) => _n.As(Authority.Everything).Town.Do(d => YouthDecisions.Mark(d, _n.Ann, until)).ShouldHappen();

    private Decision<Youth> Say(
        Yes how = Yes.Paper, DateOnly? on = null, DateOnly? until = null, ImmutableArray<string>? activities = null, ImmutableArray<AccountId>? projects = null, AccountId? who = null) =>
        _n.Town.Do(d => YouthDecisions.Consent(d, who ?? _n.Ann, new GuardianConsent(how, on ?? d.Today, until ?? Birthday, activities ?? [], projects ?? [_n.Garden], Neighbours.Why)));
}
