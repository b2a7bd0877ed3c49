using Shouldly;
using TimeBank.Safeguarding;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a concern against every command.</summary>
public sealed class ConcernStagesTests
{
    private static readonly (string Command, string Raised, string LookedInto, string Closed)[] s_table =
    [
        ("look into", "LookedInto", "same", "refused"),
        ("note", "LookedInto", "same", "refused"),
        ("close", "Closed", "Closed", "same"),
    ];

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from cell in new[] { (ConcernStage.Raised, row.Raised), (ConcernStage.LookedInto, row.LookedInto), (ConcernStage.Closed, row.Closed) }
        select new TestCaseData(row.Command, cell.Item1, cell.Item2).SetArgDisplayNames(row.Command, cell.Item1.ToString(), cell.Item2);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, ConcernStage stage, string leads)
    {
        var concern = new Concern(Guid.Empty, Town.Nobody, null, ConcernWay.Telephone, Town.Noon, Guid.Empty, stage, stage == ConcernStage.Closed ? Town.Noon : null);

        var decision = command switch
        {
            "look into" => concern.LookInto(),
            "note" => concern.Note(),
            _ => concern.Close(Town.Noon.AddDays(1)),
        };

        if (leads == "refused")
            decision.ShouldBeRefused(RefusalCode.ConcernPast).Figure("stage").ShouldBe(stage);
        else if (leads == "same")
            decision.ShouldHappen().ShouldBe(concern);
        else
            decision.ShouldHappen().Is.ToString().ShouldBe(leads);
    }

    [Test]
    public void Closing_says_when_and_nothing_before_it_does()
    {
        var concern = new Concern(Guid.Empty, null, Town.NoThing, ConcernWay.Paper, Town.Noon, Guid.Empty);

        concern.LookInto().ShouldHappen().Closed.ShouldBeNull();
        concern.Close(Town.Noon).ShouldHappen().Closed.ShouldBe(Town.Noon);
    }
}
