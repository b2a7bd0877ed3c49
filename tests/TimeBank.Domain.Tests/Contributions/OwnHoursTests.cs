using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

/// <summary>Nobody confirms, credits or settles hours of their own or their household's; silence counts only where it was said to count.</summary>
public sealed class OwnHoursTests
{
    private static readonly Authority s_counterSigner = Authority.None with { CounterSigns = true };

    private Neighbours _n = null!;

    [SetUp]
    public void Ann_works_in_the_garden() => _n = new Neighbours();

    /// <summary>Organises, and shares an account with Ann.</summary>
    private Authority AnnsPartner => Neighbours.Organiser(_n.Cora) with { Household = [_n.Ann] };

    [Test]
    public void Who_shares_an_account_with_the_helper_neither_confirms_nor_credits_nor_settles()
    {
        var id = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.InGarden());
        _n.As(AnnsPartner);

        _n.Confirm(id).ShouldBeRefused(RefusalCode.OwnHours);
        _n.Do(d => ContributionDecisions.Decline(d, id, null)).ShouldBeRefused(RefusalCode.OwnHours);
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, _n.Town.Today, null, [new(_n.Ben, new(5)), new(_n.Ann, new(5))])).ShouldBeRefused(RefusalCode.OwnHours).Leg.ShouldBe(2);
        _n.Dispute(id).ShouldHappen();
        _n.Settle(id, 60).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser()).Settle(id, 60).ShouldHappen();
    }

    [TestCase(TransferKind.Earn), TestCase(TransferKind.Grant), TestCase(TransferKind.Adjust)]
    public void Nor_does_anybody_credit_themselves_by_a_plain_transfer(TransferKind kind)
    {
        foreach (var own in (Authority[])[Neighbours.Organiser(_n.Ann), AnnsPartner])
            _n.As(own).Town.Post(kind, _n.Garden, _n.Ann, 60).ShouldBeRefused(RefusalCode.OwnHours).Figure("account").ShouldBe(_n.Ann.Value);
    }

    [Test]
    public void Who_organises_does_not_settle_what_their_household_would_pay()
    {
        var id = _n.As(Neighbours.Holder(_n.Ben)).Log(_n.ToBen());
        _n.Dispute(id).ShouldHappen();

        _n.As(Neighbours.Organiser() with { Household = [_n.Ben] }).Settle(id, 10).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser(_n.Ben) with { Accounts = [] }).Settle(id, 10).ShouldBeRefused(RefusalCode.OwnHours);
    }

    [Test]
    public void Who_was_helped_by_their_household_gives_minutes_of_their_own()
    {
        var id = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.ToBen());

        _n.As(Neighbours.Holder(_n.Ben) with { Household = [_n.Ann] }).Confirm(id).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
    }

    [Test]
    public void A_counter_signer_confirms_and_settles_and_logs_and_credits_nothing()
    {
        var work = _n.As(Neighbours.Organiser(_n.Ann)).Log(_n.InGarden());
        var help = _n.Log(_n.ToBen());
        _n.Confirm(work).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(s_counterSigner);

        _n.Confirm(work).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
        _n.Confirm(help).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Confirm(help, Yes.Telephone).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Telephone);
        _n.Dispute(help).ShouldHappen();
        _n.Settle(help, 60).ShouldHappen();
        _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), _n.ToBen())).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.Do(d => ContributionDecisions.Withdraw(d, work)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, _n.Town.Today, null, [new(_n.Ben, new(5))])).ShouldBeRefused(RefusalCode.NotPermitted);
        var more = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.InGarden());
        _n.As(s_counterSigner with { Household = [_n.Ann] }).Confirm(more).ShouldBeRefused(RefusalCode.OwnHours);
        _n.Town.Balance(_n.Ann).ShouldBe(150);
    }

    [Test]
    public void Silence_counts_for_a_person_only_once_they_said_so()
    {
        var before = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.ToBen());
        Let(Neighbours.Holder(_n.Ben), true).ShouldHappen().Silence.ShouldBe(Yes.Themselves);
        Let(Neighbours.Holder(_n.Ben), true).ShouldChangeNothing(_n.Town);
        var after = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.ToBen(30));
        _n.Town.Now += ContributionDecisions.Silence;
        _n.As(Authority.Everything);

        _n.Do(d => ContributionDecisions.ConfirmInTime(d, before)).ShouldChangeNothing(_n.Town);
        var confirmed = _n.Do(d => ContributionDecisions.ConfirmInTime(d, after)).ShouldHappen().Contribution;

        (confirmed.Is, confirmed.Confirmed).ShouldBe((ContributionStage.Credited, Yes.Silence));
        _n.Town.Balance(_n.Ben).ShouldBe(-30);
    }

    [Test]
    public void Switched_off_again_what_was_claimed_before_waits_for_their_word()
    {
        Let(Neighbours.Organiser(), true).ShouldBeRefused(RefusalCode.YesNeeded);
        Let(Neighbours.Organiser(), true, Yes.Paper).ShouldHappen().Silence.ShouldBe(Yes.Paper);
        var id = _n.As(Neighbours.Holder(_n.Ann)).Log(_n.ToBen());
        Let(Neighbours.Holder(_n.Ben), false).ShouldHappen().Silence.ShouldBeNull();
        _n.Town.Now += ContributionDecisions.Silence;
        _n.As(Authority.Everything);

        var kept = _n.Do(d => ContributionDecisions.ConfirmInTime(d, id)).ShouldHappen().Contribution;

        (kept.Is, kept.Due).ShouldBe((ContributionStage.Logged, null));
        _n.Town.Balance(_n.Ben).ShouldBe(0);
        _n.As(Neighbours.Holder(_n.Ben)).Confirm(id).ShouldHappen();
    }

    [Test]
    public void Nobody_else_says_that_silence_counts_and_no_app()
    {
        Let(Neighbours.Holder(_n.Ann), true).ShouldBeRefused(RefusalCode.NotPermitted);
        Let(Neighbours.OfApp with { WholeBank = true }, true, Yes.Paper).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Organiser()).Confirm(_n.As(Neighbours.Organiser()).Log(_n.ToBen()), Yes.Silence).ShouldBeRefused(RefusalCode.YesNeeded);
    }

    [Test]
    public void What_the_person_helped_logged_waits_for_the_helper()
    {
        Let(Neighbours.Holder(_n.Ben), true).ShouldHappen();

        _n[_n.As(Neighbours.Holder(_n.Ben)).Log(_n.ToBen())].Due.ShouldBeNull();
    }

    private Decision<Account> Let(Authority by, bool counts, Yes? yes = null) => _n.As(by).Town.Do(d => SilenceDecisions.LetCount(d, _n.Ben, counts, yes));
}
