using Shouldly;
using TimeBank.Access;
using TimeBank.Contributions;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a contribution against every command, each by somebody who may say it.</summary>
public sealed class ContributionStagesTests
{
    private const string No = "refused", Same = "nothing happens";

    /// <summary>What follows in each stage: the next stage, nothing, or a refusal, since it is past that.</summary>
    private static readonly (string Command, Dictionary<ContributionStage, string> Leads)[] s_table =
    [
        ("correct", Leads("Logged", No, No, No, No, No, No)),
        ("choose", Leads("Logged", "Credited", No, No, No, No, No)),
        ("confirm", Leads("Credited", Same, Same, No, No, No, No)),
        ("time", Leads("Credited", Same, Same, Same, Same, Same, Same)),
        ("try again", Leads(Same, "Credited", Same, Same, Same, Same, Same)),
        ("pay anyway", Leads(No, "Credited", No, No, No, No, No)),
        ("decline", Leads("Declined", No, No, Same, No, No, No)),
        ("withdraw", Leads("Withdrawn", "Withdrawn", No, No, Same, No, No)),
        ("dispute", Leads("Disputed", "Disputed", "Disputed", No, No, Same, No)),
        ("settle", Leads(No, No, No, No, No, "Settled", No)),
    ];

    private static Dictionary<ContributionStage, string> Leads(params string[] to) =>
        Enum.GetValues<ContributionStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<ContributionStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    [Test]
    public void Every_cell_of_the_table_is_filled() =>
        s_table.ShouldAllBe(row => row.Leads.Count == Enum.GetValues<ContributionStage>().Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, ContributionStage stage, string leads)
    {
        var n = new Neighbours();
        var id = At(n, stage);
        n[id].Is.ShouldBe(stage);

        var decision = Say(n, command, id);

        if (leads == No)
        {
            decision.ShouldBeRefused(RefusalCode.ContributionPast).Figure("stage").ShouldBe(stage);
        }
        else if (leads == Same)
        {
            decision.ShouldChangeNothing(n.Town);
            n[id].Is.ShouldBe(stage);
        }
        else
        {
            decision.ShouldHappen();
            n[id].Is.ToString().ShouldBe(leads);
        }
    }

    /// <summary>Ben was helped, or, where time alone must move it, the garden.</summary>
    private static ThingId At(Neighbours n, ContributionStage stage)
    {
        var id = n.As(Neighbours.Holder(n.Ann)).Log(n.InGarden(30) with { Helped = n.Ben });
        switch (stage)
        {
            case ContributionStage.Waiting:
                n.As(Authority.Everything).Town.Change(n.Ben, a => a with { Floor = Minutes.Zero });
                id = n.As(Neighbours.Holder(n.Ann)).Log(n.ToBen());
                n.As(Neighbours.Holder(n.Ben)).Confirm(id).ShouldHappen();
                n.As(Authority.Everything).Town.Change(n.Ben, a => a with { Floor = null });
                break;
            case ContributionStage.Credited:
                n.As(Neighbours.Organiser()).Confirm(id).ShouldHappen();
                break;
            case ContributionStage.Declined:
                n.As(Neighbours.Holder(n.Garden)).Do(d => ContributionDecisions.Decline(d, id, null)).ShouldHappen();
                break;
            case ContributionStage.Withdrawn:
                n.Do(d => ContributionDecisions.Withdraw(d, id)).ShouldHappen();
                break;
            case ContributionStage.Disputed:
                n.Dispute(id).ShouldHappen();
                break;
            case ContributionStage.Settled:
                n.Dispute(id).ShouldHappen();
                n.As(Neighbours.Organiser()).Settle(id, 30).ShouldHappen();
                break;
        }
        return id;
    }

    private static Decision<ContributionChange> Say(Neighbours n, string command, ThingId id)
    {
        switch (command)
        {
            case "correct":
                return n.As(Neighbours.Holder(n.Ann)).Do(d => ContributionDecisions.Correct(d, id, new(45), n.Town.Today, null, null));
            case "choose":
                return n.As(Neighbours.Holder(n.Ann)).Do(d => ContributionDecisions.Choose(d, id, Wish.Nothing, null, null));
            case "confirm":
                return n.As(Neighbours.Organiser()).Confirm(id, Yes.Telephone);
            case "time":
                n.Town.Now += ContributionDecisions.Silence;
                return n.As(Authority.Everything).Do(d => ContributionDecisions.ConfirmInTime(d, id));
            case "try again":
                return n.As(Authority.Everything).Do(d => ContributionDecisions.TryAgain(d, id));
            case "pay anyway":
                return n.As(Neighbours.Organiser()).Do(d => Settling.PayAnyway(d, id, PaidAnyway.Community, null));
            case "decline":
                return n.As(Neighbours.Organiser()).Do(d => ContributionDecisions.Decline(d, id, Neighbours.Why));
            case "withdraw":
                return n.As(Neighbours.Holder(n.Ann)).Do(d => ContributionDecisions.Withdraw(d, id));
            case "dispute":
                return n.As(Neighbours.Organiser()).Dispute(id);
            default:
                return n.As(Neighbours.Organiser()).Settle(id, 30);
        }
    }
}
