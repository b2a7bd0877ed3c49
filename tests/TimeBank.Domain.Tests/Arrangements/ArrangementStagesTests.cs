using Shouldly;
using TimeBank.Access;
using TimeBank.Arrangements;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of an arrangement against every command, each by somebody who may say it.</summary>
public sealed class ArrangementStagesTests
{
    private const string No = "refused", Same = "nothing happens";

    /// <summary>What follows in each stage: the next stage, nothing, or a refusal, since it is past that.</summary>
    private static readonly (string Command, Dictionary<ArrangementStage, string> Leads)[] s_table =
    [
        ("meet", Leads("Proposed", "Proposed", No, No, No)),
        ("agree", Leads("Agreed", Same, No, No, No)),
        ("ask", Leads("Proposed", No, No, No, No)),
        ("say no", Leads("Cancelled", No, No, No, No)),
        ("remind", Leads(Same, "Agreed", Same, Same, Same)),
        ("complete", Leads(No, "Done", Same, No, No)),
        ("cancel", Leads("Cancelled", "Cancelled", No, Same, No)),
        ("miss", Leads(No, "DidNotHappen", No, No, Same)),
    ];

    private static Dictionary<ArrangementStage, string> Leads(params string[] to) =>
        Enum.GetValues<ArrangementStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<ArrangementStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    [Test]
    public void Every_cell_of_the_table_is_filled() =>
        s_table.ShouldAllBe(row => row.Leads.Count == Enum.GetValues<ArrangementStage>().Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, ArrangementStage stage, string leads)
    {
        var b = new Broker();
        var id = At(b, stage);
        b[id].Is.ShouldBe(stage);

        var decision = Say(b, command, id);

        if (leads == No)
        {
            decision.ShouldBeRefused(RefusalCode.ArrangementPast).Figure("stage").ShouldBe(stage);
        }
        else if (leads == Same)
        {
            decision.ShouldChangeNothing(b.N.Town);
            b[id].Is.ShouldBe(stage);
        }
        else
        {
            decision.ShouldHappen();
            b.N.Town.Last.ShouldNotBeEmpty();
            b[id].Is.ToString().ShouldBe(leads);
        }
    }

    private static ThingId At(Broker b, ArrangementStage stage)
    {
        if (stage == ArrangementStage.Proposed)
            return b.Answered();
        var id = b.Agreed();
        switch (stage)
        {
            case ArrangementStage.Done:
                b.N.Town.Now += TimeSpan.FromDays(1);
                b.Complete(id).ShouldHappen();
                break;
            case ArrangementStage.Cancelled:
                b.Cancel(id).ShouldHappen();
                break;
            case ArrangementStage.DidNotHappen:
                b.N.Town.Now += TimeSpan.FromDays(1);
                b.Miss(id).ShouldHappen();
                break;
        }
        return id;
    }

    private static Decision<ArrangementChange> Say(Broker b, string command, ThingId id)
    {
        switch (command)
        {
            case "meet":
                return b.Meet(id, b.Tomorrow);
            case "agree":
                return b.As(Neighbours.Holder(b.Ben)).Agree(id, b.Ben);
            case "ask":
                return b.As(Neighbours.Organiser()).Ask(id, b.Ben, Reply.Later);
            case "say no":
                return b.As(Neighbours.Organiser()).Ask(id, b.Ben, Reply.No);
            case "remind":
                return b.As(Authority.Everything).Remind(id);
            case "complete":
                b.N.Town.Now += TimeSpan.FromDays(1);
                return b.Complete(id);
            case "cancel":
                return b.Cancel(id);
            default:
                b.N.Town.Now += TimeSpan.FromDays(1);
                return b.Miss(id);
        }
    }
}
