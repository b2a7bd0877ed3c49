using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Pots;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a request to a pot against every command, each by somebody who may say it; and who may not.</summary>
public sealed class PotRequestStagesTests
{
    private const string No = "refused", Same = "nothing happens";

    private static readonly (string Command, Dictionary<PotRequestStage, string> Leads)[] s_table =
    [
        ("approve", Leads("Seconded", Same, Same, No, No)),
        ("approve by another", Leads("Seconded", "Granted", Same, No, No)),
        ("decline", Leads("Declined", "Declined", No, Same, No)),
        ("withdraw", Leads("Withdrawn", "Withdrawn", No, No, Same)),
    ];

    private Neighbours _n = null!;

    [SetUp]
    public void Ann_who_may_need_help() => _n = new Neighbours();

    private static Dictionary<PotRequestStage, string> Leads(params string[] to) => Enum.GetValues<PotRequestStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<PotRequestStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    [Test]
    public void Every_cell_of_the_table_is_filled() => s_table.ShouldAllBe(row => row.Leads.Count == Enum.GetValues<PotRequestStage>().Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, PotRequestStage stage, string leads)
    {
        var id = At(stage);
        Stage(id).ShouldBe(stage);

        var decision = Say(command, id);

        if (leads == No)
            decision.ShouldBeRefused(RefusalCode.PotRequestPast).Figure("stage").ShouldBe(stage);
        else if (leads == Same)
            decision.ShouldChangeNothing(_n.Town);
        else
            decision.ShouldHappen();
        Stage(id).ToString().ShouldBe(leads is No or Same ? stage.ToString() : leads);
        _n.Town.Balance(_n.Ann).ShouldBe(Stage(id) == PotRequestStage.Granted ? 120 : 0);
    }

    [Test]
    public void Two_people_grant_it_in_one_posting_that_carries_no_text()
    {
        var id = Ask();
        Say("approve", id).ShouldHappen().Posting.ShouldBeNull();

        var granted = Say("approve by another", id).ShouldHappen();

        var transfer = granted.Posting!.Transfers.ShouldHaveSingleItem();
        (transfer.Kind, transfer.Payer, transfer.Payee, transfer.Minutes.Value).ShouldBe((TransferKind.Grant, _n.Pot, _n.Ann, 120));
        _n.Town[transfer.Id].Text.ShouldBeNull();
        (granted.Request.First, granted.Request.Second).ShouldBe((PotKeeper.Person(1), PotKeeper.Person(2)));
        _n.Town.Balance(_n.Pot).ShouldBe(480);
    }

    [Test]
    public void Nobody_decides_for_themselves_for_their_household_or_as_a_program()
    {
        var id = Ask();

        foreach (var own in (Authority[])[PotKeeper.Of(1) with { Own = [_n.Ann] }, PotKeeper.Of(1) with { Household = [_n.Ann] }, PotKeeper.Of(1) with { Accounts = [_n.Ann] }])
        {
            _n.As(own).Town.Do(d => PotRequestDecisions.Approve(d, id)).ShouldBeRefused(RefusalCode.OwnHours);
            _n.Town.Do(d => PotRequestDecisions.Decline(d, id, null)).ShouldBeRefused(RefusalCode.OwnHours);
        }
        _n.As(Authority.Everything).Town.Do(d => PotRequestDecisions.Approve(d, id)).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Holder(_n.Ann)).Town.Do(d => PotRequestDecisions.Approve(d, id)).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void To_others_it_is_not_there()
    {
        var id = Ask();

        _n.As(Neighbours.Holder(_n.Ben)).Town.Do(d => PotRequestDecisions.Withdraw(d, id)).ShouldBeRefused(RefusalCode.PotRequestUnknown);
        _n.Town.Do(d => PotRequestDecisions.Ask(d, new ThingId(d.Mint()), _n.Pot, _n.Ann, new(1), null)).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void Who_keeps_the_pot_decides_with_an_organiser()
    {
        var id = Ask();
        var keeper = Neighbours.Holder(_n.Pot) with { Person = PotKeeper.Person(3) };

        _n.As(keeper).Town.Do(d => PotRequestDecisions.Approve(d, id)).ShouldHappen().Request.Is.ShouldBe(PotRequestStage.Seconded);
        _n.As(keeper).Town.Do(d => PotRequestDecisions.Approve(d, id)).ShouldChangeNothing(_n.Town);
        Say("approve by another", id).ShouldHappen().Request.Is.ShouldBe(PotRequestStage.Granted);
    }

    [Test]
    public void What_the_pot_does_not_have_stays_seconded()
    {
        var id = Ask(10_000);
        Say("approve", id).ShouldHappen();

        Say("approve by another", id).ShouldBeRefused(RefusalCode.BelowFloor);

        Stage(id).ShouldBe(PotRequestStage.Seconded);
    }

    [Test]
    public void A_member_gives_to_a_member_and_to_a_pot()
    {
        _n.As(Neighbours.Holder(_n.Ann));

        _n.Town.Post(TransferKind.Gift, _n.Ann, _n.Ben, 30).ShouldHappen();
        _n.Town.Post(TransferKind.Gift, _n.Ann, _n.Pot, 15).ShouldHappen();
        _n.Town.Post(TransferKind.Gift, _n.Ben, _n.Ann, 5).ShouldBeRefused(RefusalCode.NotPermitted);

        _n.Town.Balances(_n.Ann, _n.Ben, _n.Pot).ShouldBe([-45L, 30L, 615L]);
    }

    private PotRequestStage Stage(ThingId id) => _n.Town.Thing<PotRequest>(id).Is;

    private ThingId Ask(long minutes = 120) => _n.As(Neighbours.Holder(_n.Ann)).Town
        .Do(d => PotRequestDecisions.Ask(d, new ThingId(d.Mint()), _n.Pot, _n.Ann, new(minutes), Neighbours.Why)).ShouldHappen().Request.Id;

    private ThingId At(PotRequestStage stage)
    {
        var id = Ask();
        if (stage is PotRequestStage.Seconded or PotRequestStage.Granted)
            Say("approve", id).ShouldHappen();
        if (stage == PotRequestStage.Granted)
            Say("approve by another", id).ShouldHappen();
        if (stage == PotRequestStage.Declined)
            Say("decline", id).ShouldHappen();
        if (stage == PotRequestStage.Withdrawn)
            Say("withdraw", id).ShouldHappen();
        return id;
    }

    private Decision<PotRequestChange> Say(string command, ThingId id) => command switch
    {
        "approve" => _n.As(PotKeeper.Of(1)).Town.Do(d => PotRequestDecisions.Approve(d, id)),
        "approve by another" => _n.As(PotKeeper.Of(2)).Town.Do(d => PotRequestDecisions.Approve(d, id)),
        "decline" => _n.As(PotKeeper.Of(3)).Town.Do(d => PotRequestDecisions.Decline(d, id, Neighbours.Why)),
        _ => _n.As(Neighbours.Holder(_n.Ann)).Town.Do(d => PotRequestDecisions.Withdraw(d, id)),
    };
}
