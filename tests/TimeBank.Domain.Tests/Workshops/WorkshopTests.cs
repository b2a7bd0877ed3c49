using Shouldly;
using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Workshops;

namespace TimeBank.Domain.Tests;

/// <summary>Ann shows Ben, Cora and the garden how to prune.</summary>
public sealed class WorkshopTests
{
    private Neighbours _n = null!;

    [SetUp]
    public void Neighbours_who_want_to_learn() => _n = new Neighbours();

    private Decision<WorkshopChange> Give(long minutes, AccountId? pot, params Receiver[] receivers) =>
        _n.Town.Do(d => WorkshopDecisions.Give(d, new ThingId(d.Mint()), new Given(_n.Ann, new(minutes), _n.Town.Today, "gardening", null, pot), receivers));

    [TestCase(60, 3, new long[] { 20, 20, 20 })]
    [TestCase(62, 3, new long[] { 21, 21, 20 })]
    [TestCase(1, 1, new long[] { 1 })]
    public void The_odd_minutes_are_the_first_ones(long minutes, int receivers, long[] shares) =>
        Workshop.Split(new(minutes), receivers).Select(s => s.Value).ShouldBe(shares);

    [Test]
    public void Each_share_waits_for_its_own_yes()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        var given = Give(61, null, new(_n.Ben), new(_n.Cora)).ShouldHappen();
        given.Posting.ShouldBeNull();
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora).ShouldBe([0, 0, 0]);

        _n.As(Neighbours.Holder(_n.Ben)).Confirm(given.Workshop.Shares[0].Contribution).ShouldHappen();
        _n.Confirm(given.Workshop.Shares[0].Contribution).ShouldHappen();
        _n.As(Neighbours.Holder(_n.Cora)).Do(d => ContributionDecisions.Decline(d, given.Workshop.Shares[1].Contribution, null)).ShouldHappen();

        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora).ShouldBe([31, -31, 0]);
        given.Workshop.Shares.Select(s => s.Minutes.Value).ShouldBe([31, 30]);
    }

    [Test]
    public void An_organiser_who_heard_them_says_how_and_the_shares_move_in_one_posting()
    {
        _n.As(Neighbours.Organiser());
        var given = Give(90, null, new(_n.Ben, Yes.Paper), new(_n.Cora, Yes.Telephone), new(_n.Garden, Yes.Paper)).ShouldHappen();

        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Garden).ShouldBe([90, -30, -30, 30]);
        given.Posting!.Transfers.Sum(t => t.Minutes.Value).ShouldBe(90);
        given.Contributions.ShouldAllBe(c => c.Posting == given.Posting.Id);
    }

    [Test]
    public void Nobody_says_yes_for_others_but_an_organiser_who_says_how_and_never_to_hours_of_their_own()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        Give(60, null, new Receiver(_n.Ben, Yes.Paper)).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser(_n.Ann));
        Give(60, null, new(_n.Ben), new(_n.Cora, Yes.Paper)).ShouldBeRefused(RefusalCode.OwnHours).Leg.ShouldBe(2);
        Give(60, _n.Pot, new Receiver(_n.Ben)).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser());
        Give(60, null, new Receiver(_n.Ben, Yes.Themselves)).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.As(Neighbours.Holder(_n.Ben));
        Give(60, null, new(_n.Ben), new(_n.Cora)).ShouldBeRefused(RefusalCode.NotPermitted).Leg.ShouldBe(2);
        Give(60, _n.Pot, new Receiver(_n.Ben)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.Town.Transfers.Where(t => t.Payee == _n.Ann).ShouldBeEmpty();
    }

    [Test]
    public void A_pot_pays_for_all_and_what_it_lacks_refuses_all()
    {
        _n.As(Neighbours.Organiser());
        Give(601, _n.Pot, new(_n.Ben), new(_n.Cora)).ShouldBeRefused(RefusalCode.BelowFloor);

        var given = Give(100, _n.Pot, new(_n.Ben), new(_n.Cora)).ShouldHappen();

        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Pot).ShouldBe([100, 0, 0, 500]);
        (given.Workshop.Stage, given.Contributions.Sum(c => c.Credited.Value)).ShouldBe((WorkshopStage.PaidByPot, 100));
    }

    [Test]
    public void Somebody_at_their_floor_waits_and_holds_nobody_up()
    {
        _n.As(Authority.Everything).Town.Change(_n.Cora, a => a with { Floor = Minutes.Zero });
        _n.As(Neighbours.Organiser());
        var given = Give(60, null, new(_n.Ben, Yes.Paper), new(_n.Cora, Yes.Paper)).ShouldHappen();

        given.Contributions.Select(c => c.Is).ShouldBe([ContributionStage.Credited, ContributionStage.Waiting]);
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora).ShouldBe([30, -30, 0]);
    }

    [Test]
    public void What_one_of_them_gets_back_is_not_taken_from_anothers_share()
    {
        _n.As(Neighbours.Organiser());
        var other = _n.Town.Open(Accounts.AccountKind.Project, 10);
        var given = Give(90, null, new(_n.Ben, Yes.Paper), new(_n.Garden, Yes.Paper), new(other, Yes.Paper)).ShouldHappen();
        var issued = _n.Town.Balance(_n.Town.Issuer);
        _n.Dispute(given.Workshop.Shares[0].Contribution).ShouldHappen();
        _n.Settle(given.Workshop.Shares[0].Contribution, 10).ShouldHappen();
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Garden, other).ShouldBe([70, -10, 30, 0]);

        _n.Dispute(given.Workshop.Shares[2].Contribution).ShouldHappen();
        _n.Settle(given.Workshop.Shares[2].Contribution, 5).ShouldHappen();

        _n.Town.Balances(_n.Ann, _n.Ben, _n.Garden, other).ShouldBe([45, -10, 30, 5]);
        (_n.Town.Balance(_n.Town.Issuer) - issued).ShouldBe(20);
    }

    [Test]
    public void Who_was_there_besides_is_told_to_the_helper()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        var workshop = Give(60, null, new(_n.Ben), new(_n.Cora)).ShouldHappen().Workshop;

        ((Workshop)workshop.For(_n.Ben)).Shares.Select(s => s.Receiver).ShouldBe([_n.Ben]);
        ((Workshop)workshop.For(_n.Ann)).Shares.Length.ShouldBe(2);
        Give(1, null, new(_n.Ben), new(_n.Cora)).ShouldBeRefused(RefusalCode.MinutesNotPositive).Leg.ShouldBe(2);
    }
}
