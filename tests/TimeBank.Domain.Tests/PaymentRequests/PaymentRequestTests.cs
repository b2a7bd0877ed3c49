using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

public sealed class PaymentRequestTests
{
    private const string No = "refused", Same = "nothing happens";

    private Neighbours _n = null!;

    [SetUp]
    public void Ann_who_asks_Ben() => _n = new Neighbours();

    private Asked ForAnHour => new(TransferKind.Exchange, _n.Ben, _n.Ann, new(60), "shopping", null, _n.Town.Now.AddDays(7));

    private Decision<PaymentRequestChange> Do(Func<Draft, Decision<PaymentRequestChange>> decide) => _n.Town.Do(decide, RightId.OfLink(Neighbours.App, _n.Ben));

    private ThingId Ask() => _n.As(Neighbours.Holder(_n.Ann)).Town.Do(d => PaymentRequestDecisions.Ask(d, new ThingId(d.Mint()), ForAnHour)).ShouldHappen().Request.Id;

    private Decision<PaymentRequestChange> Pay(ThingId id, Yes? yes = null) => Do(d => PaymentRequestDecisions.Pay(d, id, yes));

    [Test]
    public void What_is_asked_for_moves_when_the_payer_says_yes_and_once()
    {
        var id = Ask();
        Pay(id).ShouldBeRefused(RefusalCode.NotPermitted);
        _n.Town.Balance(_n.Ben).ShouldBe(0);

        _n.As(Neighbours.Holder(_n.Ben));
        Pay(id).ShouldHappen().Request.Confirmed.ShouldBe(Yes.Themselves);
        Pay(id).ShouldChangeNothing(_n.Town);

        _n.Town.Balances(_n.Ann, _n.Ben).ShouldBe([60L, -60L]);
    }

    [Test]
    public void An_organiser_pays_for_a_person_only_as_that_person_said_yes()
    {
        var id = Ask();
        _n.As(Neighbours.Organiser());

        Pay(id).ShouldBeRefused(RefusalCode.YesNeeded);
        Pay(id, Yes.Telephone).ShouldHappen().Request.Confirmed.ShouldBe(Yes.Telephone);
    }

    [Test]
    public void Who_cannot_go_so_far_below_zero_stays_asked()
    {
        var id = Ask();
        _n.As(Authority.Everything).Town.Change(_n.Ben, a => a with { Floor = Minutes.Zero });

        _n.As(Neighbours.Holder(_n.Ben));
        Pay(id).ShouldBeRefused(RefusalCode.BelowFloor);

        _n.Town.Thing<PaymentRequest>(id).Is.ShouldBe(PaymentRequestStage.Asked);
    }

    [Test]
    public void From_its_last_moment_on_it_cannot_be_paid_whether_or_not_anybody_wrote_that_down()
    {
        var id = Ask();
        _n.Town.Now = ForAnHour.ExpiresAt;

        _n.As(Neighbours.Holder(_n.Ben));
        Pay(id).ShouldBeRefused(RefusalCode.PaymentRequestPast).Figure("stage").ShouldBe(PaymentRequestStage.Expired);
        _n.As(Authority.Everything);
        Do(d => PaymentRequestDecisions.Expire(d, id)).ShouldHappen().Request.Is.ShouldBe(PaymentRequestStage.Expired);
    }

    [Test]
    public void Only_who_acts_for_an_account_asks_for_it()
    {
        _n.As(Neighbours.Holder(_n.Cora));
        Do(d => PaymentRequestDecisions.Ask(d, new ThingId(d.Mint()), ForAnHour)).ShouldBeRefused(RefusalCode.NotPermitted);
        var id = Ask();
        _n.As(Neighbours.Holder(_n.Cora));
        Do(d => PaymentRequestDecisions.Decline(d, id, null)).ShouldBeRefused(RefusalCode.PaymentRequestUnknown);
    }

    [Test]
    public void Each_reason_to_refuse_what_is_asked()
    {
        _n.As(Authority.Everything);
        Decision<PaymentRequestChange> Ask(Asked asked) => Do(d => PaymentRequestDecisions.Ask(d, new ThingId(d.Mint()), asked));

        Ask(ForAnHour with { Kind = TransferKind.Levy }).ShouldBeRefused(RefusalCode.KindBelongsToEngine);
        Ask(ForAnHour with { Minutes = Minutes.Zero }).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        Ask(ForAnHour with { Payer = _n.Ann }).ShouldBeRefused(RefusalCode.SameAccount);
        Ask(ForAnHour with { Payer = Town.Nobody }).ShouldBeRefused(RefusalCode.AccountUnknown);
        Ask(ForAnHour with { Kind = TransferKind.Spend }).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Ask(ForAnHour with { ExpiresAt = _n.Town.Now }).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        _n.Town.Change(p => p with { LongestTransfer = new(59) });
        Ask(ForAnHour).ShouldBeRefused(RefusalCode.LongerThanAllowed);
        _n.Town.Freeze(_n.Ben);
        Ask(ForAnHour).ShouldBeRefused(RefusalCode.AccountFrozen);
    }

    private static readonly (string Command, string[] Leads)[] s_table =
    [
        // Asked, Paid, Declined, Withdrawn, Expired
        ("pay", ["Paid", Same, No, No, No]),
        ("decline", ["Declined", No, Same, No, No]),
        ("withdraw", ["Withdrawn", No, No, Same, No]),
        ("expire", ["Expired", Same, Same, Same, Same]),
    ];

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<PaymentRequestStage>()
        select new TestCaseData(row.Command, stage, row.Leads[(int)stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[(int)stage]);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, PaymentRequestStage stage, string leads)
    {
        var id = Ask();
        _n.As(Authority.Everything);
        if (stage != PaymentRequestStage.Asked)
            Say(stage switch { PaymentRequestStage.Paid => "pay", PaymentRequestStage.Declined => "decline", PaymentRequestStage.Withdrawn => "withdraw", _ => "expire" }, id).ShouldHappen();

        var decision = Say(command, id);

        if (leads == No)
            decision.ShouldBeRefused(RefusalCode.PaymentRequestPast);
        else if (leads == Same)
            decision.ShouldChangeNothing(_n.Town);
        else
            decision.ShouldHappen();
        _n.Town.Thing<PaymentRequest>(id).Is.ToString().ShouldBe(leads is No or Same ? stage.ToString() : leads);
    }

    private Decision<PaymentRequestChange> Say(string command, ThingId id)
    {
        switch (command)
        {
            case "pay":
                return Pay(id, Yes.Paper);
            case "decline":
                return Do(d => PaymentRequestDecisions.Decline(d, id, Neighbours.Why));
            case "withdraw":
                return Do(d => PaymentRequestDecisions.Withdraw(d, id));
            default:
                _n.Town.Now = _n.Town.Now.AddDays(7);
                return Do(d => PaymentRequestDecisions.Expire(d, id));
        }
    }
}
