using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Members;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a membership against every command.</summary>
public sealed class MemberStagesTests
{
    private const string No = "refused", Same = "nothing happens", Stays = "said anew";

    private static readonly (string Command, Dictionary<MemberStage, string> Leads)[] s_table =
    [
        ("apply", Leads(No, "Applied", No, No, "Applied")),
        ("invite", Leads(No, No, No, No, "Invited")),
        ("rewrite", Leads(Stays, Stays, Stays, Stays, No)),
        ("step", Leads(Stays, Stays, Stays, No, No)),
        ("admit", Leads("Active", "Active", Same, No, No)),
        ("pause", Leads(No, No, "Paused", Same, No)),
        ("return", Leads(No, No, Same, "Active", No)),
        ("leave", Leads("Left", "Left", "Left", "Left", Same)),
    ];

    /// <summary>What the safeguarding lead says, and what is said of whom the lead paused.</summary>
    private static readonly (string Command, Dictionary<MemberStage, string> Leads)[] s_lead =
    [
        ("lead pauses", Leads(No, No, "Paused", Stays, No)),
        ("lead lets return", Leads(No, No, Same, "Active", No)),
    ];

    private static readonly (string Command, string Leads)[] s_kept =
    [
        ("apply", No), ("invite", No), ("rewrite", Stays), ("step", No), ("admit", No), ("pause", Same), ("return", "not theirs"), ("leave", "Left"),
        ("lead pauses", Same), ("lead lets return", "Active"),
    ];

    private static Dictionary<MemberStage, string> Leads(params string[] to) =>
        Enum.GetValues<MemberStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table.Concat(s_lead)
        from stage in Enum.GetValues<MemberStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    [Test]
    public void Every_cell_of_the_table_is_filled() => s_table.Concat(s_lead).ShouldAllBe(row => row.Leads.Count == Enum.GetValues<MemberStage>().Length);

    [Test]
    public void What_is_said_of_whom_the_lead_paused_is_said_of_every_command() =>
        s_kept.Select(k => k.Command).ShouldBe(s_table.Concat(s_lead).Select(r => r.Command), ignoreOrder: true);

    private static IEnumerable<TestCaseData> Kept() => s_kept.Select(k => new TestCaseData(k.Command, k.Leads).SetArgDisplayNames(k.Command, k.Leads));

    [TestCaseSource(nameof(Kept))]
    public void Whom_the_lead_paused_the_lead_lets_return_and_nobody_else(string command, string leads)
    {
        var club = new Club();
        club.Bring(MemberStage.Active);
        club.Say("lead pauses").ShouldHappen();
        (club.Member.Is, club.Member.Kept).ShouldBe((MemberStage.Paused, true));

        var decision = club.Say(command);

        switch (leads)
        {
            case No:
                decision.ShouldBeRefused(RefusalCode.MemberPast);
                break;
            case "not theirs":
                decision.ShouldBeRefused(RefusalCode.NotPermitted);
                break;
            case Same:
                decision.ShouldChangeNothing(club.Town);
                break;
            default:
                decision.ShouldHappen();
                club.Member.Is.ToString().ShouldBe(leads == Stays ? nameof(MemberStage.Paused) : leads);
                break;
        }
        (club.Member.Kept == true).ShouldBe(leads != "Active");
    }

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, MemberStage stage, string leads)
    {
        var club = new Club();
        club.Bring(stage);
        club.Member.Is.ShouldBe(stage);

        var decision = club.Say(command);

        if (leads == No)
        {
            decision.ShouldBeRefused(RefusalCode.MemberPast).Figure("stage").ShouldBe(stage);
        }
        else if (leads == Same)
        {
            decision.ShouldChangeNothing(club.Town);
            club.Member.Is.ShouldBe(stage);
        }
        else
        {
            decision.ShouldHappen();
            club.Town.Last.ShouldNotBeEmpty();
            club.Member.Is.ToString().ShouldBe(leads == Stays ? stage.ToString() : leads);
        }
    }
}

/// <summary>A town that Ann joins.</summary>
internal sealed class Club
{
    public static readonly Profile Gardener = new(["gardening"], ["en"], [TimeOfWeek.MondayMorning], [Reach.Telephone], Willingness.HoursAWeek);
    public static readonly Profile Nothing = new([], [], [], [], null);

    public Club() => Ann = Town.Open(AccountKind.Member);

    public Town Town { get; } = new();
    public AccountId Ann { get; }
    public Member Member => Town.Thing<Member>(Member.IdOf(Ann));

    public Club As(Authority authority)
    {
        Town.Authority = authority;
        return this;
    }

    public Decision<Member> Apply(Approach how = Approach.Page) => Town.Do(d => MemberDecisions.Apply(d, Ann, how, Gardener, Neighbours.Why), [], Member.IdOf(Ann));

    public Decision<Member> Step(JoiningStep step, string? version = null, int daysAgo = 0) =>
        Town.Do(d => MemberDecisions.TakeStep(d, Ann, step, Town.Today.AddDays(-daysAgo), version));

    private static readonly Authority s_lead = Authority.None with { Safeguards = true };

    public Decision<Member> Say(string command)
    {
        if (!command.StartsWith("lead ", StringComparison.Ordinal))
            return Hear(command);
        var before = Town.Authority;
        As(s_lead);
        var said = command == "lead pauses" ? Town.Do(d => MemberDecisions.Pause(d, Ann)) : Town.Do(d => MemberDecisions.Return(d, Ann));
        As(before);
        return said;
    }

    private Decision<Member> Hear(string command) => command switch
    {
        "apply" => Apply(),
        "invite" => Apply(Approach.Invited),
        "rewrite" => Town.Do(d => MemberDecisions.Rewrite(d, Ann, Nothing, null, Member.Version)),
        "step" => Step(JoiningStep.Talked),
        "admit" => Town.Do(d => MemberDecisions.Admit(d, Ann)),
        "pause" => Town.Do(d => MemberDecisions.Pause(d, Ann)),
        "return" => Town.Do(d => MemberDecisions.Return(d, Ann)),
        _ => Town.Do(d => MemberDecisions.Leave(d, Ann)),
    };

    /// <summary>Where she has agreed, as far as she has come.</summary>
    public void Bring(MemberStage to)
    {
        Apply(to == MemberStage.Invited ? Approach.Invited : Approach.Page).ShouldHappen();
        Step(JoiningStep.Agreed, "2026-1").ShouldHappen();
        if (to is MemberStage.Active or MemberStage.Paused)
            Say("admit").ShouldHappen();
        if (to == MemberStage.Paused)
            Say("pause").ShouldHappen();
        if (to == MemberStage.Left)
            Say("leave").ShouldHappen();
    }
}
