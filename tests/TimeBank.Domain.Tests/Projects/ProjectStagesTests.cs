using Shouldly;
using TimeBank.Accounts;
using TimeBank.Projects;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a project, and that of one of which nobody has said anything, against every command.</summary>
public sealed class ProjectStagesTests
{
    private const string Past = "past", Unknown = "unknown", Same = "nothing happens", Stays = "said anew";
    private static readonly ProjectStage?[] s_stages = [null, .. Enum.GetValues<ProjectStage>().Cast<ProjectStage?>()];

    private static readonly (string Command, string[] Leads)[] s_table =
    [
        ("describe", ["Running", Past, Past, Past]),
        ("describe, from tomorrow on", ["Planned", Past, Past, Past]),
        ("rewrite", [Unknown, Stays, Stays, Past]),
        ("start", [Unknown, "Running", Same, Past]),
        ("end", [Unknown, "Ended", "Ended", Same]),
    ];

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from cell in s_stages.Zip(row.Leads)
        select new TestCaseData(row.Command, cell.First, cell.Second).SetArgDisplayNames(row.Command, cell.First?.ToString() ?? "not described", cell.Second);

    [Test]
    public void Every_cell_of_the_table_is_filled() => s_table.ShouldAllBe(row => row.Leads.Length == s_stages.Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, ProjectStage? stage, string leads)
    {
        var town = new Town();
        var garden = town.Open(AccountKind.Project);
        town.Asked.Add(Project.IdOf(garden));
        if (stage is not null)
            Say(town, garden, stage == ProjectStage.Planned ? "describe, from tomorrow on" : "describe").ShouldHappen();
        if (stage == ProjectStage.Ended)
            Say(town, garden, "end").ShouldHappen();

        var decision = Say(town, garden, command);

        if (leads == Past)
            decision.ShouldBeRefused(RefusalCode.ProjectPast).Figure("stage").ShouldBe(stage);
        else if (leads == Unknown)
            decision.ShouldBeRefused(RefusalCode.ProjectUnknown).Figure("account").ShouldBe(garden.Value);
        else if (leads == Same)
            decision.ShouldChangeNothing(town).Is.ShouldBe(stage!.Value);
        else
            (decision.ShouldHappen().Is.ToString(), town.Last.Count).ShouldBe((leads == Stays ? stage!.Value.ToString() : leads, 1));
    }

    private static Decision<Project> Say(Town town, AccountId garden, string command)
    {
        var terms = new ProjectTerms(command.EndsWith("tomorrow on", StringComparison.Ordinal) ? town.Today.AddDays(1) : town.Today, null, null);
        return command switch
        {
            "rewrite" => town.Do(d => ProjectDecisions.Rewrite(d, garden, terms, Neighbours.Why, town.Knows(Project.IdOf(garden)) ? town.Thing<Project>(Project.IdOf(garden)).Version : 1)),
            "start" => town.Do(d => ProjectDecisions.Start(d, garden)),
            "end" => town.Do(d => ProjectDecisions.End(d, garden)),
            _ => town.Do(d => ProjectDecisions.Describe(d, garden, terms, null)),
        };
    }

    [Test]
    public void Who_coordinates_a_project_says_what_it_is_for_and_nobody_else_of_the_bank()
    {
        var n = new Neighbours();
        n.Town.Asked.Add(Project.IdOf(n.Garden));
        n.As(Neighbours.Holder(n.Ann));
        Say(n.Town, n.Garden, "describe").ShouldBeRefused(RefusalCode.NotPermitted);

        n.As(Neighbours.Holder(n.Garden));
        Say(n.Town, n.Garden, "describe").ShouldHappen();
        Say(n.Town, n.Garden, "end").ShouldHappen();
    }

    [TestCase(Hands.Professionals, Hands.Professionals, CoProductionForm.TraditionalProvision)]
    [TestCase(Hands.ProfessionalsWithUsersAndCommunities, Hands.Professionals, CoProductionForm.UserInvolvementInPlanning)]
    [TestCase(Hands.UsersAndCommunities, Hands.Professionals, CoProductionForm.BespokeServicesCommissionedByUsers)]
    [TestCase(Hands.Professionals, Hands.ProfessionalsWithUsersAndCommunities, CoProductionForm.CommunityDeliveryOfProfessionallyDesignedServices)]
    [TestCase(Hands.ProfessionalsWithUsersAndCommunities, Hands.ProfessionalsWithUsersAndCommunities, CoProductionForm.FullCoProduction)]
    [TestCase(Hands.UsersAndCommunities, Hands.ProfessionalsWithUsersAndCommunities, CoProductionForm.TechnicallyAidedCommunityPlannedServices)]
    [TestCase(Hands.Professionals, Hands.UsersAndCommunities, CoProductionForm.Voluntarism)]
    [TestCase(Hands.ProfessionalsWithUsersAndCommunities, Hands.UsersAndCommunities, CoProductionForm.TechnicallyAidedCommunityDeliveredServices)]
    [TestCase(Hands.UsersAndCommunities, Hands.UsersAndCommunities, CoProductionForm.SelfHelp)]
    public void Who_planned_and_who_does_it_make_its_form(Hands plannedBy, Hands deliveredBy, CoProductionForm form) =>
        CoProduction.FormOf(plannedBy, deliveredBy).ShouldBe(form);
}
