using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Contributions;

namespace TimeBank.Domain.Tests;

/// <summary>Who pays for work on projects, who confirms, and which categories are taken, as the bank's policy says.</summary>
public sealed class ContributionPolicyTests
{
    private Neighbours _n = null!;

    [SetUp]
    public void A_garden_that_has_an_hour() => _n = new Neighbours();

    private void Policy(Func<BankPolicy, BankPolicy> change) => _n.Town.Change(change);

    private ContributionChange WorkInGarden(long minutes)
    {
        _n.As(Neighbours.Holder(_n.Ann));
        var id = _n.Log(_n.InGarden(minutes));
        _n.As(Neighbours.Holder(_n.Garden));
        return _n.Confirm(id).ShouldHappen();
    }

    [TestCase(null, 60, 30, ContributionStage.Credited)]
    [TestCase(ProjectWork.ProjectThenCommunity, 60, 30, ContributionStage.Credited)]
    [TestCase(ProjectWork.ProjectOnly, 0, 0, ContributionStage.Waiting)]
    [TestCase(ProjectWork.Community, 0, 90, ContributionStage.Credited)]
    public void Ninety_minutes_in_a_garden_that_has_sixty_are_paid_for_as_the_bank_says(ProjectWork? who, long fromGarden, long isNew, ContributionStage stage)
    {
        Policy(p => p with { ProjectWork = who });

        var c = WorkInGarden(90).Contribution;

        (c.Is, c.New.Value, 60 - _n.Town.Balance(_n.Garden), -_n.Town.Balance(_n.Town.Issuer)).ShouldBe((stage, isNew, fromGarden, 660 + isNew));
    }

    [TestCase(null, 90, 60, 30, 0, 0)]
    [TestCase(null, 300, 60, 50, 60, 130)]
    [TestCase(ProjectWork.ProjectOnly, 120, 60, 50, 10, 0)]
    [TestCase(ProjectWork.ProjectOnly, 170, 60, 50, 60, 0)]
    [TestCase(ProjectWork.Community, 90, 0, 0, 0, 90)]
    public void What_a_project_set_apart_for_such_work_goes_before_what_is_free_and_that_before_new_hours(
        ProjectWork? who, long minutes, long fromGardening, long fromAnything, long fromGarden, long isNew)
    {
        Policy(p => p with { ProjectWork = who });
        var (gardening, cooking, anything) = (_n.Earmark(60, "gardening"), _n.Earmark(200, "cooking"), _n.Earmark(50, null));

        WorkInGarden(minutes).Contribution.Is.ShouldBe(ContributionStage.Credited);

        _n.Town.Balances(gardening, cooking, anything, _n.Garden).ShouldBe([60 - fromGardening, 200L, 50 - fromAnything, 60 - fromGarden]);
        _n.Town.Transfers.Where(t => t.Payer == _n.Town.Issuer && t.Kind == Postings.TransferKind.Earn).Sum(t => t.Minutes.Value).ShouldBe(isNew);
        _n.Town.Balance(_n.Ann).ShouldBe(minutes);
    }

    [Test]
    public void Who_lacks_a_minute_of_the_project_s_own_and_of_what_it_set_apart_waits_and_takes_nothing()
    {
        Policy(p => p with { ProjectWork = ProjectWork.ProjectOnly });
        var gardening = _n.Earmark(60, "gardening");

        var waits = WorkInGarden(121).Contribution;

        waits.Is.ShouldBe(ContributionStage.Waiting);
        _n.Town.Balances(gardening, _n.Garden, _n.Ann).ShouldBe([60L, 60L, 0L]);
        _n.As(Neighbours.Organiser());
        _n.Town.Post(Postings.TransferKind.Grant, _n.Pot, gardening, 1).ShouldHappen();
        _n.Do(d => ContributionDecisions.TryAgain(d, waits.Id)).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
        _n.Town.Balances(gardening, _n.Garden, _n.Ann).ShouldBe([0L, 0L, 121L]);
    }

    [TestCase(AccountStatus.Frozen), TestCase(AccountStatus.Closed)]
    public void An_earmark_that_does_not_trade_is_passed_over(AccountStatus status)
    {
        var gardening = _n.Earmark(status == AccountStatus.Frozen ? 60 : 0, "gardening");
        if (status == AccountStatus.Frozen)
            _n.Town.Do(d => AccountDecisions.Freeze(d, gardening, null)).ShouldHappen();
        else
            _n.Town.Do(d => AccountDecisions.Close(d, gardening, null, null, null)).ShouldHappen();

        WorkInGarden(90);

        _n.Town.Balances(_n.Ann, _n.Garden).ShouldBe([90L, 0L]);
        _n.Town[gardening].Balance.Value.ShouldBe(status == AccountStatus.Frozen ? 60 : 0);
    }

    [Test]
    public void Each_line_of_a_list_takes_what_the_lines_before_it_left_of_an_earmark()
    {
        var gardening = _n.Earmark(60, "gardening");
        _n.As(Neighbours.Holder(_n.Garden));

        var credited = _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, _n.Town.Today, "gardening", [new(_n.Ann, new(45)), new(_n.Ben, new(45)), new(_n.Cora, new(45))])).ShouldHappen();

        credited.New.ShouldBe(new Minutes(15));
        credited.Posting.Transfers.Select(t => (t.Payer, t.Minutes.Value)).ShouldBe(
            [(gardening, 45), (gardening, 15), (_n.Garden, 30), (_n.Garden, 30), (_n.Town.Issuer, 15)]);
    }

    [Test]
    public void An_earmark_is_for_a_category_of_the_bank()
    {
        Policy(p => p with { Categories = ["gardening"] });
        _n.Town.Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), AccountKind.Earmark, _n.Garden, null, null, null, null, "juggling"))
            .ShouldBeRefused(RefusalCode.CategoryUnknown).Figure("category").ShouldBe("juggling");
    }

    [Test]
    public void What_waits_for_a_project_is_tried_again_and_an_organiser_may_find_who_pays_instead()
    {
        Policy(p => p with { ProjectWork = ProjectWork.ProjectOnly });
        var (first, second) = (WorkInGarden(90).Contribution.Id, WorkInGarden(200).Contribution.Id);
        _n.As(Neighbours.Organiser());
        _n.Do(d => ContributionDecisions.TryAgain(d, first)).ShouldChangeNothing(_n.Town);

        _n.Town.Post(Postings.TransferKind.Grant, _n.Pot, _n.Garden, 30).ShouldHappen();
        _n.Do(d => ContributionDecisions.TryAgain(d, first)).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
        _n.Do(d => Settling.PayAnyway(d, second, PaidAnyway.Pot, _n.Pot)).ShouldHappen().Contribution.Payer.ShouldBe(_n.Pot);

        _n.Town.Balances(_n.Ann, _n.Garden, _n.Pot).ShouldBe([290L, 0L, 370L]);
    }

    [Test]
    public void Of_a_list_those_lines_wait_for_which_only_the_project_pays_and_cannot()
    {
        Policy(p => p with { ProjectWork = ProjectWork.ProjectOnly });
        _n.As(Neighbours.Holder(_n.Garden));

        var credited = _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, _n.Town.Today, null, [new(_n.Ann, new(45)), new(_n.Ben, new(45)), new(_n.Cora, new(15))])).ShouldHappen();

        credited.Contributions.Select(c => c.Is).ShouldBe([ContributionStage.Credited, ContributionStage.Waiting, ContributionStage.Credited]);
        (credited.New, credited.Posting.Transfers.Count).ShouldBe((Minutes.Zero, 2));
        _n.Town.Balances(_n.Ann, _n.Ben, _n.Cora, _n.Garden).ShouldBe([45L, 0L, 15L, 0L]);
        var waits = _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, _n.Town.Today, null, [new(_n.Ann, new(45))])).ShouldHappen();
        (waits.Contributions[0].Is, waits.Posting.Transfers.Count).ShouldBe((ContributionStage.Waiting, 0));
    }

    [Test]
    public void Where_the_coordinator_confirms_neither_time_does_nor_the_person_helped()
    {
        Policy(p => p with { ConfirmedBy = Confirming.Coordinator });
        _n.As(Neighbours.Holder(_n.Ann));
        var (work, help) = (_n.Log(_n.InGarden()), _n.Log(_n.ToBen()));
        (_n[work].Awaits, _n[help].Awaits, _n[work].ConfirmsItself).ShouldBe((Side.Project, Side.Organiser, null));

        _n.As(Neighbours.Holder(_n.Ben));
        _n.Confirm(help).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Holder(_n.Garden));
        _n.Confirm(work).ShouldHappen();
        _n.As(Neighbours.Organiser());
        _n.Confirm(help).ShouldBeRefused(RefusalCode.YesNeeded);
        _n.Confirm(help, Yes.Telephone).ShouldHappen().Contribution.Is.ShouldBe(ContributionStage.Credited);
    }

    [Test]
    public void Where_an_organiser_confirms_a_coordinator_neither_does_nor_credits_a_list()
    {
        Policy(p => p with { ConfirmedBy = Confirming.Organiser });
        _n.As(Neighbours.Holder(_n.Ann));
        var work = _n.Log(_n.InGarden());

        _n.As(Neighbours.Holder(_n.Garden));
        _n.Confirm(work).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.Town.Do(d => BatchCredit.Credit(d, _n.Garden, _n.Town.Today, null, [new(_n.Ann, new(45))])).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Organiser(_n.Ann));
        _n.Confirm(work).ShouldBeRefused(RefusalCode.OwnHours);
        _n.As(Neighbours.Organiser());
        _n.Confirm(work).ShouldHappen();
    }

    [Test]
    public void Who_confirms_is_settled_when_it_is_logged()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        var work = _n.Log(_n.InGarden());
        Policy(p => p with { ConfirmedBy = Confirming.Organiser });

        _n.As(Neighbours.Holder(_n.Garden));
        _n.Confirm(work).ShouldHappen();
    }

    [Test]
    public void Categories_are_free_until_the_bank_has_a_list_of_its_own()
    {
        var odd = _n.ToBen() with { Category = "juggling" };
        _n.As(Neighbours.Holder(_n.Ann));
        _n.Log(odd);
        Policy(p => p with { Categories = ["gardening"] });
        _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), odd)).ShouldBeRefused(RefusalCode.CategoryUnknown).Figure("category").ShouldBe("juggling");
        _n.Log(odd with { Category = null });
        Policy(p => p with { OtherCategories = true });
        _n.Log(odd);
        Policy(p => p with { Categories = null, OtherCategories = false });
        _n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), odd)).ShouldBeRefused(RefusalCode.CategoryUnknown);
        _n.Log(odd with { Category = BankPolicy.StarterCategories[0] });
    }

    [Test]
    public void The_starter_list_holds_the_activities_of_the_survey() => BankPolicy.StarterCategories.Distinct().Count().ShouldBe(18);
}
