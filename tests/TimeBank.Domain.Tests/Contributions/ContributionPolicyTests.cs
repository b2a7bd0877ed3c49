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
