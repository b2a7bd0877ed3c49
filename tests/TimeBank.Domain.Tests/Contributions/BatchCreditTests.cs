using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;

namespace TimeBank.Domain.Tests;

public sealed class BatchCreditTests
{
    private Neighbours _n = null!;

    [SetUp]
    public void A_garden_that_has_an_hour() => _n = new Neighbours();

    private Decision<BatchCredited> Credit(params (AccountId Helper, long Minutes)[] lines) => _n.Town.Do(d => BatchCredit.Credit(
        d, _n.Garden, _n.Town.Today, "gardening", [.. lines.Select(l => new CreditLine(l.Helper, new(l.Minutes)))]));

    [Test]
    public void A_list_is_one_posting_with_a_contribution_for_each_line()
    {
        _n.As(Neighbours.Holder(_n.Garden));

        var credited = Credit((_n.Ann, 45), (_n.Ben, 45), (_n.Cora, 30)).ShouldHappen();

        credited.New.Value.ShouldBe(60);
        credited.Contributions.Select(c => (c.Claim.Helper, c.Is, c.Credited.Value, c.New.Value)).ShouldBe(
            [(_n.Ann, ContributionStage.Credited, 45L, 0L), (_n.Ben, ContributionStage.Credited, 45L, 30L), (_n.Cora, ContributionStage.Credited, 30L, 30L)]);
        credited.Contributions.ShouldAllBe(c => c.Posting == credited.Posting.Id);
        credited.Posting.Transfers.Count.ShouldBe(4);
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Garden).ShouldBe([45L, 45L, 30L, 0L]);
    }

    [Test]
    public void One_line_that_is_refused_refuses_all_and_is_named()
    {
        _n.As(Neighbours.Holder(_n.Garden));

        Credit((_n.Ann, 45), (_n.Ben, 0)).ShouldBeRefused(RefusalCode.MinutesNotPositive).Leg.ShouldBe(2);
        Credit((_n.Ann, 45), (Town.Nobody, 10)).ShouldBeRefused(RefusalCode.AccountUnknown).Leg.ShouldBe(2);
        Credit((_n.Pot, 10)).ShouldBeRefused(RefusalCode.WrongKindOfAccount).Leg.ShouldBe(1);

        _n.Town.Balances(_n.Ann, _n.Garden).ShouldBe([0L, 60L]);
    }

    [Test]
    public void Nobody_puts_themselves_on_the_list()
    {
        _n.As(Authority.None with { Accounts = [_n.Garden], Own = [_n.Ann] });

        Credit((_n.Ben, 10), (_n.Ann, 45)).ShouldBeRefused(RefusalCode.OwnHours).Leg.ShouldBe(2);
    }

    [Test]
    public void Only_who_coordinates_the_project_or_organises_credits_a_list()
    {
        _n.As(Neighbours.Holder(_n.Cora));
        Credit((_n.Ann, 10)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.OfApp);
        Credit((_n.Ann, 10)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Organiser());
        Credit((_n.Ann, 10)).ShouldHappen();
    }

    [Test]
    public void The_same_person_may_stand_on_the_list_twice()
    {
        _n.As(Neighbours.Organiser());

        Credit((_n.Ann, 30), (_n.Ann, 15)).ShouldHappen().Contributions.Select(c => c.Id).Distinct().Count().ShouldBe(2);

        _n.Town.Balance(_n.Ann).ShouldBe(45);
    }
}
