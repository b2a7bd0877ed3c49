using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.Projects;
using TimeBank.WorkSessions;

namespace TimeBank.Domain.Tests;

/// <summary>Nobody is credited for an activity without the credentials that it requires, whichever way the hours come in.</summary>
public sealed class ActivityTests
{
    private Neighbours _n = null!;
    private ThingId _felling;

    [SetUp]
    public void A_garden_in_which_a_tree_is_felled()
    {
        _n = new Neighbours();
        _n.Town.Asked.AddRange(new[] { _n.Ann, _n.Ben, _n.Cora }.Select(MemberCredentials.IdOf));
        _felling = Add("first-aid", "training-saw");
    }

    private DateOnly Today => _n.Town.Today;

    private ThingId Add(params string[] requires) =>
        _n.Town.Do(d => ActivityDecisions.Add(d, new ThingId(d.Mint()), _n.Garden, [.. requires], Neighbours.Why)).ShouldHappen().Id;

    private Credential Saw(AccountId who, string kind, DateOnly? on = null, DateOnly? until = null)
    {
        var asking = _n.Town.Authority;
        _n.As(Neighbours.Organiser());
        var seen = _n.Town.Do(d => CredentialDecisions.Record(d, who, new Credential(new ThingId(d.Mint()), kind, on ?? Today, null, until))).ShouldHappen().Credentials[^1];
        _n.As(asking);
        return seen;
    }

    private Claim Felled(AccountId who, DateOnly? on = null) => new(who, null, _n.Garden, new(30), on ?? Today, "gardening", null, Activity: _felling);

    private Decision<ContributionChange> Log(Claim claim) => _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim));

    [Test]
    public void Each_credential_that_lacks_is_named_with_whose_it_is_until_none_lacks()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        var refused = Log(Felled(_n.Ann)).ShouldBeRefused(RefusalCode.CredentialNeeded);
        (refused.Figure("account"), refused.Figure("credential"), refused.Figure("activity")).ShouldBe((_n.Ann.Value, "first-aid", _felling.Value));

        Saw(_n.Ann, "first-aid");
        Saw(_n.Ben, "training-saw");
        Log(Felled(_n.Ann)).ShouldBeRefused(RefusalCode.CredentialNeeded).Figure("credential").ShouldBe("training-saw");
        Saw(_n.Ann, "training-saw");

        Log(Felled(_n.Ann)).ShouldHappen().Contribution.Claim.Activity.ShouldBe(_felling);
    }

    [Test]
    public void Where_a_project_wants_an_activity_named_nobody_passes_its_credentials_by_naming_none()
    {
        _n.As(Neighbours.Organiser());
        _n.Town.Do(d => ProjectDecisions.Describe(d, _n.Garden, new ProjectTerms(null, null, null, NamesActivity: true), null)).ShouldHappen();
        var watering = Add();

        _n.As(Neighbours.Holder(_n.Ann));
        Log(_n.InGarden()).ShouldBeRefused(RefusalCode.ActivityNeeded).Figure("account").ShouldBe(_n.Garden.Value);
        Log(_n.InGarden() with { Activity = watering }).ShouldHappen();
        Log(_n.ToBen()).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Garden));
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, Today, null, [new(_n.Ben, new(30))])).ShouldBeRefused(RefusalCode.ActivityNeeded);
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, Today, null, [new(_n.Ben, new(30))], watering)).ShouldHappen();
    }

    [Test]
    public void Whom_the_activity_wants_to_have_a_credential_is_not_arranged_for_without_it()
    {
        _felling = Add("first-aid");
        var tomorrow = new Meeting(Today.AddDays(1), null, new(60));
        Decision<ArrangementChange> Propose(AccountId helped, ThingId activity) => _n.As(Neighbours.Organiser()).Town.Do(
            d => Proposing.Propose(d, new ThingId(d.Mint()), _n.Ann, helped, null, tomorrow, null, activity), []);

        Propose(_n.Ben, _felling).ShouldBeRefused(RefusalCode.ActivityUnknown);
        Propose(_n.Garden, _felling).ShouldBeRefused(RefusalCode.CredentialNeeded).Figure("credential").ShouldBe("first-aid");
        var seen = Saw(_n.Ann, "first-aid");
        var arranged = Propose(_n.Garden, _felling).ShouldHappen().Arrangement.Id;
        _n.Town.Do(d => CredentialDecisions.Revoke(d, _n.Ann, seen.Id, Today)).ShouldHappen();
        Decision<ArrangementChange> Agree(AccountId side) => _n.As(Neighbours.Organiser()).Town.Do(d => ArrangementDecisions.Agree(d, arranged, side, Yes.Paper, null, Broker.At));
        Agree(_n.Ann).ShouldBeRefused(RefusalCode.CredentialNeeded).Figure("account").ShouldBe(_n.Ann.Value);
        Saw(_n.Ann, "first-aid");
        Agree(_n.Ann).ShouldHappen();
        Agree(_n.Garden).ShouldHappen();
        _n.Town.Now += TimeSpan.FromDays(1);

        var logged = _n.Town.Do(d => ArrangementDecisions.Complete(d, arranged, null, null, Wish.Hours, null)).ShouldHappen().Logged!;

        logged.Claim.Activity.ShouldBe(_felling);
    }

    [Test]
    public void It_counts_on_the_day_of_the_help_and_not_on_the_day_of_writing_it_down()
    {
        _felling = Add("first-aid");
        Saw(_n.Ann, "first-aid", on: Today.AddDays(-10), until: Today.AddDays(-5));

        Log(Felled(_n.Ann, Today.AddDays(-11))).ShouldBeRefused(RefusalCode.CredentialNeeded);
        Log(Felled(_n.Ann, Today.AddDays(-10))).ShouldHappen();
        Log(Felled(_n.Ann, Today.AddDays(-5))).ShouldHappen();
        Log(Felled(_n.Ann, Today.AddDays(-4))).ShouldBeRefused(RefusalCode.CredentialNeeded).Figure("occurred").ShouldBe(Today.AddDays(-4));
    }

    [Test]
    public void What_is_revoked_counts_no_more_from_that_day_on()
    {
        _felling = Add("first-aid");
        var seen = Saw(_n.Ann, "first-aid", on: Today.AddDays(-10));
        _n.Town.Do(d => CredentialDecisions.Revoke(d, _n.Ann, seen.Id, Today.AddDays(-3))).ShouldHappen();

        Log(Felled(_n.Ann, Today.AddDays(-4))).ShouldHappen();
        Log(Felled(_n.Ann, Today.AddDays(-3))).ShouldBeRefused(RefusalCode.CredentialNeeded);
    }

    [Test]
    public void A_list_is_refused_for_the_one_line_that_lacks_it()
    {
        _felling = Add("first-aid");
        Saw(_n.Ann, "first-aid");
        _n.As(Neighbours.Holder(_n.Garden));

        var refused = _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, Today, null, [new(_n.Ann, new(10)), new(_n.Ben, new(10))], _felling)).ShouldBeRefused(RefusalCode.CredentialNeeded);

        (refused.Leg, refused.Figure("account")).ShouldBe((2, _n.Ben.Value));
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, Today, null, [new(_n.Ann, new(10))], _felling)).ShouldHappen();
    }

    [Test]
    public void Who_lacks_it_is_not_let_into_the_session_nor_credited_for_it()
    {
        _felling = Add("first-aid");
        Saw(_n.Ann, "first-aid");
        _n.As(Neighbours.Holder(_n.Garden));
        var plan = new Plan(_n.Garden, Today, _n.Town.Now, _n.Town.Now.AddHours(2), null, null, null, "GREEN", _felling);
        var session = _n.Town.Do(d => WorkSessionDecisions.Plan(d, new ThingId(d.Mint()), plan)).ShouldHappen().Session.Id;

        _n.Town.Do(d => WorkSessionDecisions.CheckIn(d, session, _n.Ann, null, null)).ShouldHappen();
        _n.Town.Do(d => WorkSessionDecisions.CheckIn(d, session, _n.Ben, null, null)).ShouldBeRefused(RefusalCode.CredentialNeeded).Figure("account").ShouldBe(_n.Ben.Value);
        _n.Town.Do(d => WorkSessionDecisions.Credit(d, session, [new(_n.Ann, new(60)), new(_n.Ben, new(60))])).ShouldBeRefused(RefusalCode.CredentialNeeded);
        var credited = _n.Town.Do(d => WorkSessionDecisions.Credit(d, session, [new(_n.Ann, new(60))])).ShouldHappen();

        credited.Credited!.Contributions.ShouldHaveSingleItem().Claim.Activity.ShouldBe(_felling);
    }

    [Test]
    public void What_lacks_it_by_the_time_of_confirming_is_not_confirmed_and_what_nobody_questioned_comes_before_an_organiser()
    {
        _felling = Add("first-aid");
        var seen = Saw(_n.Ann, "first-aid");
        _n.As(Neighbours.Holder(_n.Ann));
        var logged = Log(Felled(_n.Ann)).ShouldHappen().Contribution.Id;
        _n.As(Authority.Everything);
        _n.Town.Do(d => CredentialDecisions.Revoke(d, _n.Ann, seen.Id, Today)).ShouldHappen();

        _n.Confirm(logged).ShouldBeRefused(RefusalCode.CredentialNeeded);
        _n.Town.Now += ContributionDecisions.Silence;
        _n.Do(d => ContributionDecisions.ConfirmInTime(d, logged)).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Disputed);
        _n.Settle(logged, 30).ShouldBeRefused(RefusalCode.CredentialNeeded);
        _n.Settle(logged, 0).ShouldHappen();

        _n.Town.Balance(_n.Ann).ShouldBe(0);
    }

    [Test]
    public void Help_is_given_in_an_activity_of_its_own_project_only_and_until_it_ends()
    {
        _felling = Add();
        Log(_n.ToBen() with { Activity = _felling }).ShouldBeRefused(RefusalCode.ActivityUnknown);
        Log(Felled(_n.Ann) with { Activity = Town.NoThing }).ShouldBeRefused(RefusalCode.ActivityUnknown);
        _n.Town.Do(d => ActivityDecisions.End(d, _felling)).ShouldHappen();
        _n.Town.Do(d => ActivityDecisions.End(d, _felling)).ShouldChangeNothing(_n.Town);
        _n.Town.Do(d => ActivityDecisions.Rewrite(d, _felling, [], Neighbours.Why, 2)).ShouldBeRefused(RefusalCode.ActivityPast);
        var last = Today;

        _n.Town.Now += TimeSpan.FromDays(3);

        Log(Felled(_n.Ann, last)).ShouldHappen();
        Log(Felled(_n.Ann)).ShouldBeRefused(RefusalCode.ActivityPast).Figure("endedOn").ShouldBe(last);
    }

    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void Whatever_is_recorded_and_revoked_nobody_is_credited_who_lacked_it_on_that_day(int seed)
    {
        A_garden_in_which_a_tree_is_felled();
        _felling = Add("first-aid");
        var dice = new Random(seed);
        AccountId[] people = [_n.Ann, _n.Ben];
        var plain = new List<(AccountId Who, ThingId Id, DateOnly From, DateOnly? Until, DateOnly? Revoked)>();
        for (var i = 0; i < 40; i++)
        {
            var who = people[dice.Next(2)];
            _n.Town.Now += TimeSpan.FromDays(dice.Next(4));
            var day = Today.AddDays(-dice.Next(12));
            switch (dice.Next(4))
            {
                case 0:
                    DateOnly? until = dice.Next(3) == 0 ? null : day.AddDays(dice.Next(8));
                    plain.Add((who, Saw(who, "first-aid", day, until).Id, day, until, null));
                    break;
                case 1 when plain.Count > 0:
                    var place = dice.Next(plain.Count);
                    var (whose, id, from, ends, revoked) = plain[place];
                    _n.Town.Do(d => CredentialDecisions.Revoke(d, whose, id, day)).ShouldHappen();
                    plain[place] = (whose, id, from, ends, revoked is { } earlier && earlier <= day ? revoked : day);
                    break;
                default:
                    var holds = plain.Exists(c => c.Who == who && c.From <= day && !(c.Until < day) && !(c.Revoked <= day));
                    var before = _n.Town.Balance(who);
                    var decision = _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, day, null, [new(who, new(10))], _felling));
                    decision.Refusal?.Code.ShouldBe(RefusalCode.CredentialNeeded);
                    (_n.Town.Balance(who) - before).ShouldBe(holds ? 10 : 0);
                    break;
            }
        }
    }
}
