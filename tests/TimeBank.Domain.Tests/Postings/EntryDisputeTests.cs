using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of the question about an entry against every command; and who may say it, and until when.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EntryDisputeTests
{
    private const string No = "refused", Same = "nothing happens";

    private static readonly (string Command, Dictionary<EntryDisputeStage, string> Leads)[] s_table =
    [
        ("dispute", Leads(Same, No, No)),
        ("let stand", Leads("Stands", Same, No)),
        ("take back", Leads("Reversed", No, Same)),
    ];

    private readonly FrontDesk _desk = new();

    private static Dictionary<EntryDisputeStage, string> Leads(params string[] to) => Enum.GetValues<EntryDisputeStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<EntryDisputeStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    [Test]
    public void Every_cell_of_the_table_is_filled() => s_table.ShouldAllBe(row => row.Leads.Count == Enum.GetValues<EntryDisputeStage>().Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, EntryDisputeStage stage, string leads)
    {
        var entry = Given();
        Say("dispute", entry).ShouldHappen();
        if (stage != EntryDisputeStage.Open)
            Say(stage == EntryDisputeStage.Stands ? "let stand" : "take back", entry).ShouldHappen();
        Stage(entry).ShouldBe(stage);

        var decision = Say(command, entry);

        if (leads == No)
            decision.ShouldBeRefused(RefusalCode.EntryDisputePast).Figure("stage").ShouldBe(stage);
        else if (leads == Same)
            decision.ShouldChangeNothing(_desk.Town);
        else
            decision.ShouldHappen();
        Stage(entry).ToString().ShouldBe(leads is No or Same ? stage.ToString() : leads);
        _desk.Town.Balances(_desk.Ann, _desk.Ben).ShouldBe(Stage(entry) == EntryDisputeStage.Reversed ? [300, 0] : [270, 30]);
    }

    [Test]
    public void What_an_organiser_an_app_or_a_desk_took_is_questioned_alike()
    {
        _desk.Link(30);
        var booked = _desk.Booked();
        TransferId[] entries =
        [
            Given(), _desk.As(FrontDesk.App).Do(d => Posting.Post(d, [new Leg(TransferKind.Exchange, _desk.Ann, _desk.Ben, new(10))], PostingMode.Normal)).ShouldHappen().Transfers[0].Id,
            _desk.As(FrontDesk.Holder(_desk.Clinic)).Take(booked).ShouldHappen().Posting!.Transfers[0].Id,
        ];

        foreach (var entry in entries)
        {
            Dispute(entry).ShouldHappen().Dispute.Payer.ShouldBe(_desk.Ann);
            Say("take back", entry).ShouldHappen();
        }
        _desk.Has(_desk.Ann).ShouldBe((300, 0));
    }

    [Test]
    public void Who_acts_by_permission_questions_it_too()
    {
        var entry = Given();
        var dora = new PersonId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d1"));

        Dispute(entry, Authority.None with { Deputy = new Deputy(dora, _desk.Ann) }).ShouldHappen();
    }

    [Test]
    public void Only_the_account_s_own_people_question_it_and_to_strangers_it_is_not_there()
    {
        var entry = Given();

        Dispute(entry, FrontDesk.Holder(_desk.Ben)).ShouldBeRefused(RefusalCode.NotPermitted);
        Dispute(entry, FrontDesk.Organiser).ShouldBeRefused(RefusalCode.NotPermitted);
        Dispute(entry, FrontDesk.App with { Accounts = [_desk.Ann] }).ShouldBeRefused(RefusalCode.NotPermitted);
        Dispute(entry, FrontDesk.Holder(_desk.Clinic)).ShouldBeRefused(RefusalCode.TransferUnknown);
        Dispute(Town.NoTransfer).ShouldBeRefused(RefusalCode.TransferUnknown);
    }

    [Test]
    public void An_entry_is_questioned_for_30_days_and_not_a_moment_longer()
    {
        var (first, second) = (Given(), Given());
        _desk.Town.Now += EntryDispute.Questionable - TimeSpan.FromMicroseconds(1);
        Dispute(first).ShouldHappen();

        _desk.Town.Now += TimeSpan.FromMicroseconds(1);

        Dispute(second).ShouldBeRefused(RefusalCode.EntryDisputeTooLate).Figure("until").ShouldBe(Uuid.InstantOf(second.Value) + EntryDispute.Questionable);
        Dispute(first).ShouldChangeNothing(_desk.Town);
    }

    [Test]
    public void Of_help_given_the_contribution_is_questioned()
    {
        var help = _desk.As(FrontDesk.Holder(_desk.Ben)).Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), new Claim(_desk.Ben, _desk.Ann, null, new(30), d.Today, null, null))).ShouldHappen().Contribution.Id;
        var entry = _desk.As(FrontDesk.Holder(_desk.Ann)).Do(d => ContributionDecisions.Confirm(d, help, null)).ShouldHappen().Posting!.Transfers[0].Id;

        Dispute(entry, cause: help).ShouldBeRefused(RefusalCode.EntryOfHelp).Figure("contribution").ShouldBe(help.Value);
    }

    [Test]
    public void Nobody_settles_it_for_themselves_or_their_household_or_without_organising_it()
    {
        var entry = Given();
        var id = Dispute(entry).ShouldHappen().Dispute.Id;

        foreach (var own in (Authority[])[Neighbours.Organiser(_desk.Ann), Neighbours.Organiser(_desk.Ben), FrontDesk.Organiser with { Household = [_desk.Ann] }, FrontDesk.Organiser with { Household = [_desk.Ben] }])
            Settle(id, EntryVerdict.Stands, own).ShouldBeRefused(RefusalCode.OwnHours);
        Settle(id, EntryVerdict.Stands, FrontDesk.Holder(_desk.Ann)).ShouldBeRefused(RefusalCode.NotPermitted);
        foreach (var stranger in (Authority[])[FrontDesk.Holder(_desk.Ben), FrontDesk.Holder(_desk.Clinic), FrontDesk.App])
            Settle(id, EntryVerdict.Stands, stranger).ShouldBeRefused(RefusalCode.EntryDisputeUnknown);
        Settle(Town.NoThing, EntryVerdict.Stands, FrontDesk.Organiser).ShouldBeRefused(RefusalCode.EntryDisputeUnknown);
    }

    [Test]
    public void Who_countersigns_takes_it_back_without_organising_it()
    {
        var id = Dispute(Given()).ShouldHappen().Dispute.Id;

        Settle(id, EntryVerdict.Reversed, Authority.None with { CounterSigns = true }).ShouldHappen().Posting!.Transfers.ShouldHaveSingleItem().Reverses.ShouldNotBeNull();

        _desk.Has(_desk.Ann).ShouldBe((300, 0));
    }

    [Test]
    public void What_was_taken_back_in_the_meantime_is_not_taken_back_twice()
    {
        var (part, all) = (Given(), Given());
        var (ofPart, ofAll) = (Dispute(part).ShouldHappen().Dispute.Id, Dispute(all).ShouldHappen().Dispute.Id);
        _desk.As(FrontDesk.Organiser).Town.Reverse(part, 10).ShouldHappen();
        _desk.Town.Reverse(all).ShouldHappen();

        Settle(ofPart, EntryVerdict.Reversed, FrontDesk.Organiser).ShouldHappen().Posting!.Transfers[0].Minutes.Value.ShouldBe(20);
        Settle(ofAll, EntryVerdict.Reversed, FrontDesk.Organiser).ShouldHappen().Posting.ShouldBeNull();

        _desk.Has(_desk.Ann).ShouldBe((300, 0));
    }

    [Test]
    public void What_was_taken_back_by_mistake_is_questioned_and_made_again_not_reversed()
    {
        var back = _desk.As(FrontDesk.Organiser).Town.Reverse(Given()).ShouldHappen().Transfers[0].Id;
        var id = Dispute(back, FrontDesk.Holder(_desk.Ben)).ShouldHappen().Dispute.Id;

        Settle(id, EntryVerdict.Reversed, FrontDesk.Organiser).ShouldBeRefused(RefusalCode.ReversalOfReversal);
        Settle(id, EntryVerdict.Stands, FrontDesk.Organiser).ShouldHappen();
    }

    /// <summary>An organiser wrote it down as Ann is said to have agreed.</summary>
    private TransferId Given() => _desk.As(FrontDesk.Organiser with { Person = new PersonId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d2")) })
        .Do(d => Posting.Post(d, [new Leg(TransferKind.Exchange, _desk.Ann, _desk.Ben, new(30), Yes: Yes.Telephone)], PostingMode.Normal)).ShouldHappen().Transfers[0].Id;

    private EntryDisputeStage Stage(TransferId entry) => _desk.Town.Thing<EntryDispute>(EntryDispute.IdOf(entry)).Is;

    private Decision<EntryDisputeChange> Dispute(TransferId entry, Authority? by = null, ThingId? cause = null) =>
        _desk.As(by ?? FrontDesk.Holder(_desk.Ann)).Town.Do(d => EntryDisputeDecisions.Dispute(d, entry, cause, FrontDesk.Text), [], EntryDispute.IdOf(entry));

    private Decision<EntryDisputeChange> Settle(ThingId id, EntryVerdict verdict, Authority by) =>
        _desk.As(by).Town.Do(d => EntryDisputeDecisions.Settle(d, id, verdict, Town.Mistake, false));

    private Decision<EntryDisputeChange> Say(string command, TransferId entry) => command switch
    {
        "dispute" => Dispute(entry),
        "let stand" => Settle(EntryDispute.IdOf(entry), EntryVerdict.Stands, FrontDesk.Organiser),
        _ => Settle(EntryDispute.IdOf(entry), EntryVerdict.Reversed, FrontDesk.Organiser),
    };
}
