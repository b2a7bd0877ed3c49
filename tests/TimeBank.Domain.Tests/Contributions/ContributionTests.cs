using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

public sealed class ContributionTests
{
    private Neighbours _n = null!;
    private Town _town = null!;

    [SetUp]
    public void Neighbours_who_help_one_another()
    {
        _n = new Neighbours();
        _town = _n.Town;
    }

    private ThingId LoggedByAnn(Claim claim) => _n.As(Neighbours.Holder(_n.Ann)).Log(claim);

    [Test]
    public void What_was_credited_is_settled_by_a_command_of_the_same_batch()
    {
        var n = new Neighbours();
        var id = n.As(Neighbours.Holder(n.Ann)).Log(n.ToBen(90));

        n.Town.InOneBatch(
            (Neighbours.Holder(n.Ben), d => ContributionDecisions.Confirm(d, id, null).Refusal),
            (Neighbours.Holder(n.Ben), d => ContributionDecisions.Dispute(d, id, null).Refusal),
            (Neighbours.Organiser(), d => Settling.Settle(d, id, new(60), null, Neighbours.Why, false).Refusal)).ShouldAllBe(r => r == null);
    }

    [Test]
    public void What_the_helper_logs_moves_nothing_until_the_person_helped_says_yes()
    {
        var id = LoggedByAnn(_n.ToBen());
        _town.Balances(_n.Ann, _n.Ben).ShouldBe([0L, 0L]);
        _n[id].Awaits.ShouldBe(Side.Helped);

        var change = _n.As(Neighbours.Holder(_n.Ben)).Confirm(id).ShouldHappen();

        change.Contribution.Is.ShouldBe(ContributionStage.Credited);
        change.Contribution.Confirmed.ShouldBe(Yes.Themselves);
        change.Posting!.Transfers.Select(t => (t.Kind, t.Payer, t.Payee, t.Minutes.Value)).ShouldBe([(TransferKind.Exchange, _n.Ben, _n.Ann, 90L)]);
        _town.Balances(_n.Ann, _n.Ben).ShouldBe([90L, -90L]);
    }

    [Test]
    public void What_the_person_helped_logs_is_their_yes_and_the_helper_confirms_it()
    {
        var id = _n.As(Neighbours.Holder(_n.Ben)).Log(_n.ToBen());
        _n.Confirm(id).ShouldBeRefused(RefusalCode.NotPermitted);

        _n.As(Neighbours.Holder(_n.Ann)).Confirm(id).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Themselves);

        _town.Balances(_n.Ann, _n.Ben).ShouldBe([90L, -90L]);
    }

    [Test]
    public void Nobody_confirms_hours_of_their_own_not_even_as_organiser_or_acting_for_the_project()
    {
        var id = LoggedByAnn(_n.InGarden());

        _n.Confirm(id).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser(_n.Ann)).Confirm(id).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Authority.None with { Accounts = [_n.Garden], Own = [_n.Ann] }).Confirm(id).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser(_n.Cora)).Confirm(id).ShouldHappen();
    }

    [Test]
    public void An_organiser_says_yes_for_a_person_only_as_that_person_said_it()
    {
        var id = LoggedByAnn(_n.ToBen());
        _n.As(Neighbours.Organiser());

        _n.Confirm(id).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Confirm(id, Yes.Themselves).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Confirm(id, Yes.Telephone).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Telephone);
    }

    [Test]
    public void An_app_logs_and_confirms_for_a_member_only_by_that_members_link()
    {
        var id = _n.As(Neighbours.OfApp).Log(_n.ToBen());
        _n[id].LoggedBy.ShouldBe(Side.App);
        _n.Confirm(id).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Authority.None with { App = Neighbours.App, Accounts = [_n.Ben] }).Confirm(id).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Balance(_n.Ben).ShouldBe(0);

        _n.As(Authority.Everything);
        var key = _town.Do(d => AccessDecisions.MakeKey(d, Neighbours.App, null, [Scope.ContributionsWrite], null, false, null, "hash"), Neighbours.App).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Ben));
        _town.Do(d => AccessDecisions.MakeLink(d, key.Id, _n.Ben, null, null), RightId.OfLink(key.Id, _n.Ben)).ShouldHappen();

        _n.As(Neighbours.OfApp).Confirm(id).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Link);
    }

    [Test]
    public void Work_on_a_project_takes_its_own_hours_first_and_the_rest_new_from_the_community()
    {
        var id = LoggedByAnn(_n.InGarden(90));

        var change = _n.As(Neighbours.Holder(_n.Garden)).Confirm(id).ShouldHappen();

        change.Contribution.New.Value.ShouldBe(30);
        change.Posting!.Transfers.Select(t => (t.Kind, t.Payer, t.Minutes.Value)).ShouldBe([(TransferKind.Earn, _n.Garden, 60L), (TransferKind.Earn, _town.Issuer, 30L)]);
        _town.Balances(_n.Garden, _n.Ann).ShouldBe([0L, 90L]);
    }

    [Test]
    public void Work_that_was_done_is_credited_though_the_project_is_frozen_and_the_helper_at_their_ceiling()
    {
        var id = LoggedByAnn(_n.InGarden(90));
        _n.As(Authority.Everything);
        _town.Freeze(_n.Garden);
        _town.Change(_n.Ann, a => a with { Ceiling = new(0) });

        _n.As(Neighbours.Organiser()).Confirm(id).ShouldHappen().Contribution.New.Value.ShouldBe(90);

        _town.Balances(_n.Garden, _n.Ann).ShouldBe([60L, 90L]);
    }

    [Test]
    public void Where_no_person_pays_a_claim_confirms_itself_after_14_days_and_where_one_does_never()
    {
        var (work, help) = (LoggedByAnn(_n.InGarden()), LoggedByAnn(_n.ToBen()));
        _n.As(Authority.Everything);
        _n[help].Due.ShouldBeNull();
        _n[work].Due.ShouldBe(_town.Now.AddDays(14));

        _town.Now = Town.Noon.AddDays(14).AddMicroseconds(-1);
        _n.Do(d => ContributionDecisions.ConfirmInTime(d, work)).ShouldChangeNothing(_town);
        _town.Now = Town.Noon.AddDays(14);
        _n.Do(d => ContributionDecisions.ConfirmInTime(d, work)).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
        _town.Now = Town.Noon.AddDays(1_000);
        _n.Do(d => ContributionDecisions.ConfirmInTime(d, help)).ShouldChangeNothing(_town);
        _town.Balance(_n.Ben).ShouldBe(0);
    }

    [Test]
    public void Help_to_somebody_at_their_floor_waits_confirmed_and_is_credited_when_they_received_hours()
    {
        var id = LoggedByAnn(_n.ToBen(90));
        _n.As(Authority.Everything);
        _town.Change(_n.Ben, a => a with { Floor = new(-60) });

        _n.As(Neighbours.Holder(_n.Ben)).Confirm(id).ShouldHappen().Posting.ShouldBeNull();
        _n[id].Is.ShouldBe(ContributionStage.Waiting);
        _n.As(Authority.Everything).Do(d => ContributionDecisions.TryAgain(d, id)).ShouldChangeNothing(_town);

        _town.Post(TransferKind.Gift, _n.Pot, _n.Ben, 30).ShouldHappen();
        _n.Do(d => ContributionDecisions.TryAgain(d, id)).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
        _town.Balances(_n.Ann, _n.Ben).ShouldBe([90L, -60L]);
    }

    [TestCase(PaidAnyway.Helped, -90)]
    [TestCase(PaidAnyway.Pot, 0)]
    [TestCase(PaidAnyway.Community, 0)]
    public void An_organiser_finds_who_pays_for_what_waits(PaidAnyway how, long ben)
    {
        var id = LoggedByAnn(_n.ToBen(90));
        _n.As(Authority.Everything);
        _town.Change(_n.Ben, a => a with { Floor = Minutes.Zero });
        _n.As(Neighbours.Holder(_n.Ben)).Confirm(id).ShouldHappen();
        _n.Do(d => Settling.PayAnyway(d, id, how, _n.Pot)).ShouldBeRefused(RefusalCode.NotPermitted);

        _n.As(Neighbours.Organiser(_n.Ben)).Do(d => Settling.PayAnyway(d, id, how, _n.Pot)).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser()).Do(d => Settling.PayAnyway(d, id, how, how == PaidAnyway.Pot ? _n.Pot : null)).ShouldHappen();

        _town.Balances(_n.Ann, _n.Ben).ShouldBe([90L, ben]);
        _town.Last.Any(e => e.Happened is AccessEvent.AccessNoted { What: Noted.OverrideUsed }).ShouldBe(how == PaidAnyway.Helped);
    }

    [Test]
    public void A_helper_may_want_no_hours_or_pass_them_on()
    {
        var none = LoggedByAnn(_n.ToBen() with { Wish = Wish.Nothing });
        var given = LoggedByAnn(_n.InGarden(60) with { Wish = Wish.PassOn, PassOnTo = _n.Cora });
        _n.As(Neighbours.Holder(_n.Ben)).Confirm(none).ShouldHappen().Contribution.Credited.ShouldBe(Minutes.Zero);
        _n.As(Neighbours.Holder(_n.Garden)).Confirm(given).ShouldHappen();

        _n[none].Is.ShouldBe(ContributionStage.Credited);
        _town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Garden).ShouldBe([0L, 0L, 60L, 0L]);
    }

    [Test]
    public void What_is_wanted_for_help_is_the_helpers_word_until_its_hours_moved()
    {
        var id = LoggedByAnn(_n.ToBen());
        foreach (var other in (Authority[])[Neighbours.Holder(_n.Ben), Neighbours.OfApp, Neighbours.OfApp with { Accounts = [_n.Ann] }])
            _n.As(other).Do(d => ContributionDecisions.Choose(d, id, Wish.Nothing, null, Yes.Telephone)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Organiser()).Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, _n.Cora, null)).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, _n.Cora, Yes.Telephone)).ShouldHappen().Contribution.Wished.ShouldBe(Yes.Telephone);
        _n.As(Neighbours.Holder(_n.Ann)).Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, _n.Ann, null)).ShouldBeRefused(RefusalCode.SameAccount);
        _n.Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, Town.Nobody, null)).ShouldBeRefused(RefusalCode.AccountUnknown);
        _n.Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, _n.Garden, null)).ShouldHappen();
        _n.Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, _n.Garden, null)).ShouldChangeNothing(_town);

        _n.As(Neighbours.Holder(_n.Ben)).Confirm(id).ShouldHappen();

        _town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Garden).ShouldBe([0L, -90L, 0L, 150L]);
        _town.Last.Select(e => e.Happened).OfType<Postings.PassbookEvent.HoursDebited>().Single(d => d.Kind == Postings.TransferKind.Gift).Yes.ShouldBe(Yes.Themselves);
    }

    [TestCase(Wish.Nothing), TestCase(Wish.PassOn)]
    public void Nobody_else_gives_a_helpers_hours_away_in_logging_them(Wish wish)
    {
        var claim = _n.InGarden() with { Wish = wish, PassOnTo = wish == Wish.PassOn ? _n.Cora : null };
        _n.As(Neighbours.Holder(_n.Garden)).Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim, Yes.Paper)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Organiser()).Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim)).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim, Yes.Paper)).ShouldHappen().Contribution.Wished.ShouldBe(Yes.Paper);
    }

    [Test]
    public void Only_who_logged_it_corrects_it_so_that_nobodys_yes_is_stretched()
    {
        var id = _n.As(Neighbours.Holder(_n.Ben)).Log(_n.ToBen(30));
        _n.As(Neighbours.Organiser()).Do(d => ContributionDecisions.Correct(d, id, new(600), _town.Today, null, null)).ShouldBeRefused(RefusalCode.NotPermitted);

        _n.As(Neighbours.Holder(_n.Ben)).Do(d => ContributionDecisions.Correct(d, id, new(45), _town.Today, null, null)).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Ann)).Confirm(id).ShouldHappen();

        _town.Balance(_n.Ben).ShouldBe(-45);
    }

    [Test]
    public void What_was_credited_may_be_questioned_for_thirty_days()
    {
        var id = LoggedByAnn(_n.ToBen());
        _n.As(Neighbours.Organiser()).Confirm(id, Yes.Paper).ShouldHappen();

        _town.Now = Town.Noon + Contribution.Questionable;
        _n.As(Neighbours.Holder(_n.Ben)).Dispute(id).ShouldBeRefused(RefusalCode.ContributionPast);
        _town.Now = Town.Noon + Contribution.Questionable - TimeSpan.FromMicroseconds(1);
        _n.Dispute(id).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Disputed);
    }

    [TestCase(90, 90, -90)]
    [TestCase(40, 40, -40)]
    [TestCase(0, 0, 0)]
    public void What_was_credited_is_settled_as_logged_with_fewer_minutes_or_not_at_all(long settled, long ann, long ben)
    {
        var id = LoggedByAnn(_n.ToBen());
        _n.As(Neighbours.Organiser()).Confirm(id, Yes.Paper).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Ben)).Dispute(id).ShouldHappen();
        _n.As(Neighbours.Organiser(_n.Ann)).Settle(id, settled).ShouldBeRefused(RefusalCode.OwnHours);

        _n.As(Neighbours.Organiser()).Settle(id, 91).ShouldBeRefused(RefusalCode.SettlementExceedsCredit);
        _n.Settle(id, settled).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Settled);

        _town.Balances(_n.Ann, _n.Ben).ShouldBe([ann, ben]);
        _n[id].Credited.Value.ShouldBe(settled);
    }

    [Test]
    public void What_goes_back_of_a_projects_work_goes_back_to_the_community_first()
    {
        var id = LoggedByAnn(_n.InGarden(90));
        _n.As(Neighbours.Organiser()).Confirm(id).ShouldHappen();
        _n.Dispute(id).ShouldHappen();

        _n.Settle(id, 50).ShouldHappen();

        _n[id].New.ShouldBe(Minutes.Zero);
        _town.Balances(_n.Ann, _n.Garden, _town.Issuer).ShouldBe([50L, 10L, -660L]);
    }

    [Test]
    public void A_dispute_before_hours_moved_is_settled_with_the_persons_yes_to_what_leaves_their_account()
    {
        var id = LoggedByAnn(_n.ToBen(90));
        _n.As(Neighbours.Holder(_n.Ben)).Dispute(id).ShouldHappen();

        _n.As(Neighbours.Organiser()).Settle(id, 60).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Settle(id, 60, Yes.InPerson).ShouldHappen();

        _town.Balances(_n.Ann, _n.Ben).ShouldBe([60L, -60L]);
        _n[id].Confirmed.ShouldBe(Yes.InPerson);
    }

    [Test]
    public void A_yes_to_less_is_no_yes_to_more()
    {
        var id = _n.As(Neighbours.Holder(_n.Ben)).Log(_n.ToBen(30));
        _n.As(Neighbours.Holder(_n.Ann)).Dispute(id).ShouldHappen();

        _n.As(Neighbours.Organiser()).Settle(id, 31).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Settle(id, 30).ShouldHappen();

        _town.Balance(_n.Ben).ShouldBe(-30);
    }

    [Test]
    public void To_whom_it_does_not_concern_it_is_not_there()
    {
        var id = LoggedByAnn(_n.ToBen());

        _n.As(Neighbours.Holder(_n.Cora)).Confirm(id).ShouldBeRefused(RefusalCode.ContributionUnknown);
        _n.Dispute(id).ShouldBeRefused(RefusalCode.ContributionUnknown);
        _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), _n.ToBen())).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void Each_reason_to_refuse_a_claim()
    {
        _n.As(Authority.Everything);
        Decision<ContributionChange> Log(Claim claim) => _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim));
        var closed = _town.Open(AccountKind.Member);
        _town.Change(closed, a => a with { Status = AccountStatus.Closed });

        Log(_n.ToBen(0)).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        Log(_n.ToBen() with { Occurred = _town.Today.AddDays(1) }).ShouldBeRefused(RefusalCode.OccurredInFuture);
        Log(_n.ToBen() with { Helped = _n.Ann }).ShouldBeRefused(RefusalCode.SameAccount);
        Log(_n.ToBen() with { Helped = Town.Nobody }).ShouldBeRefused(RefusalCode.AccountUnknown);
        Log(_n.ToBen() with { Helped = _n.Garden }).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Log(_n.InGarden() with { Project = _n.Ben }).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Log(_n.ToBen() with { Helped = closed }).ShouldBeRefused(RefusalCode.AccountClosed);
        _town.Change(p => p with { LongestTransfer = new(60), BooksClosedThrough = _town.Today.AddDays(-1) });
        Log(_n.ToBen(61)).ShouldBeRefused(RefusalCode.LongerThanAllowed);
        Log(_n.ToBen(60) with { Occurred = _town.Today.AddDays(-1) }).ShouldBeRefused(RefusalCode.BooksClosed);
        Log(_n.ToBen(60)).ShouldHappen();
    }

    [Test]
    public void Both_sides_logged_the_same_help_and_it_counts_once_as_the_other_logged_it()
    {
        var n = new Neighbours();
        var anns = n.As(Neighbours.Holder(n.Ann)).Log(n.ToBen(90));
        var bens = n.As(Neighbours.Holder(n.Ben)).Log(n.ToBen(60));
        var elsewhere = n.Log(n.ToBen(60) with { Occurred = n.Town.Today.AddDays(-2) });

        n.Confirm(anns, twin: elsewhere).ShouldBeRefused(RefusalCode.NotTheSameHelp);
        n.Confirm(anns, twin: anns).ShouldBeRefused(RefusalCode.NotTheSameHelp);
        n.As(Neighbours.Holder(n.Ann)).Confirm(bens, twin: anns).ShouldHappen().Contribution.Credited.ShouldBe(new(60));

        (n[anns].Is, n[bens].Is, n.Town.Balance(n.Ben)).ShouldBe((ContributionStage.Withdrawn, ContributionStage.Credited, -60));
    }

    [Test]
    public void Of_what_the_person_helped_logged_an_organiser_need_not_ask_them_again_but_of_more_they_must()
    {
        var n = new Neighbours();
        var anns = n.As(Neighbours.Holder(n.Ann)).Log(n.ToBen(60));
        var bens = n.As(Neighbours.Holder(n.Ben)).Log(n.ToBen(90));
        var longer = n.As(Neighbours.Holder(n.Ann)).Log(n.ToBen(91));

        n.As(Neighbours.Organiser()).Confirm(longer, twin: bens).ShouldBeRefused(RefusalCode.YesNeeded);
        n[bens].Is.ShouldBe(ContributionStage.Logged, "Nothing of what is refused stays.");
        n.Confirm(anns, twin: bens).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Themselves);
    }
}
