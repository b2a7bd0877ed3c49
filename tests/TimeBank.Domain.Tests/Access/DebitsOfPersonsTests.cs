using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Postings;
using TimeBank.Redemptions;

namespace TimeBank.Domain.Tests;

/// <summary>Nobody's balance falls without their yes: every way in by which a person's account may fall, and everybody who has none.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DebitsOfPersonsTests
{
    private readonly FrontDesk _desk = new();
    private static readonly PersonId s_dora = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d1"));

    private static readonly Authority s_organiser = FrontDesk.Organiser with { Person = new PersonId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d2")) };

    private Town Town => _desk.Town;
    private Authority Dora => Authority.None with { Deputy = new Deputy(s_dora, _desk.Ann) };

    private Claim Helped => new(_desk.Ben, _desk.Ann, null, new(30), Town.Today, null, null);

    [Test]
    public void By_an_act_of_their_own()
    {
        _desk.As(FrontDesk.Holder(_desk.Ann)).Town.Post(TransferKind.Exchange, _desk.Ann, _desk.Ben, 30).ShouldHappen();
        Town.Balance(_desk.Ann).ShouldBe(270);
    }

    [Test]
    public void By_their_acceptance_of_a_claim_or_of_a_request()
    {
        var (claim, request) = (Log(), Ask());

        _desk.As(FrontDesk.Holder(_desk.Ann)).Do(d => ContributionDecisions.Confirm(d, claim, null)).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Themselves);
        _desk.Do(d => PaymentRequestDecisions.Pay(d, request, null)).ShouldHappen().Request.Confirmed.ShouldBe(Yes.Themselves);
        Town.Balance(_desk.Ann).ShouldBe(240);
    }

    [Test]
    public void By_a_voucher_that_they_show_or_read_out()
    {
        var booked = _desk.Booked();

        _desk.As(FrontDesk.Holder(_desk.Clinic)).Take(booked).ShouldHappen();
        (booked.Yes, Town.Balance(_desk.Ann)).ShouldBe((Yes.Themselves, 240));
    }

    [Test]
    public void By_a_standing_permission_limited_in_minutes()
    {
        Permit(90);
        var (claim, request) = (Log(), Ask());

        _desk.As(Dora).Do(d => ContributionDecisions.Confirm(d, claim, null)).ShouldHappen().Contribution.Confirmed.ShouldBe(Yes.Permission);
        _desk.As(Dora).Do(d => PaymentRequestDecisions.Pay(d, request, null)).ShouldHappen().Request.Confirmed.ShouldBe(Yes.Permission);
        _desk.As(Dora).Town.Post(TransferKind.Exchange, _desk.Ann, _desk.Ben, 31).ShouldBeRefused(RefusalCode.PermissionUsedUp);
        _desk.As(Dora).Town.Post(TransferKind.Exchange, _desk.Ann, _desk.Ben, 30).ShouldHappen();
        Town.Balance(_desk.Ann).ShouldBe(210);
    }

    [Test]
    public void By_a_booking_of_who_acts_for_them()
    {
        Permit(60);
        var service = _desk.Offer(FrontDesk.Terms());

        _desk.As(Dora).Book(service).ShouldHappen().Yes.ShouldBe(Yes.Permission);
        _desk.As(Dora).Book(service).ShouldBeRefused(RefusalCode.PermissionUsedUp);
    }

    [Test]
    public void By_an_organiser_who_records_how_the_yes_was_given()
    {
        foreach (var yes in (Yes[])[Yes.InPerson, Yes.Telephone, Yes.Paper])
        {
            var (claim, request) = (Log(), Ask());
            _desk.As(s_organiser).Do(d => ContributionDecisions.Confirm(d, claim, yes)).ShouldHappen().Contribution.Confirmed.ShouldBe(yes);
            _desk.Do(d => PaymentRequestDecisions.Pay(d, request, yes)).ShouldHappen().Request.Confirmed.ShouldBe(yes);
            Give(yes).ShouldHappen();
            Town.Last.Select(e => e.Happened).OfType<PassbookEvent.HoursDebited>().Single().Yes.ShouldBe(yes, "It stands in the passbook.");
            SetAside(yes).ShouldHappen();
            Town.Last.Select(e => e.Happened).OfType<PassbookEvent.HoursHeld>().Single().Yes.ShouldBe(yes);
        }
        _desk.As(s_organiser).Book(_desk.Offer(), yes: Yes.Paper).Refusal?.Code.ShouldNotBe(RefusalCode.YesNeeded);
    }

    /// <summary>Yeses that nobody says for another.</summary>
    private static readonly Yes?[] s_no = [null, Yes.Themselves, Yes.Link, Yes.Permission];

    [TestCaseSource(nameof(s_no))]
    public void Not_by_an_organiser_who_does_not_say_how_they_said_it(Yes? yes)
    {
        var (claim, request, service) = (Log(), Ask(), _desk.Offer());
        _desk.As(s_organiser);

        _desk.Do(d => ContributionDecisions.Confirm(d, claim, yes)).ShouldBeRefused(RefusalCode.YesNeeded);
        _desk.Do(d => PaymentRequestDecisions.Pay(d, request, yes)).ShouldBeRefused(RefusalCode.YesNeeded);
        _desk.Book(service, yes: yes).ShouldBeRefused(RefusalCode.YesNeeded);
        Give(yes).ShouldBeRefused(RefusalCode.YesNeeded);
        SetAside(yes).ShouldBeRefused(RefusalCode.YesNeeded);
        Town.Do(d => AccountDecisions.Close(d, _desk.Ann, _desk.Ben, null, null, yes: yes)).ShouldBeRefused(RefusalCode.YesNeeded);
        Has300();
    }

    private static readonly string[] s_others = ["partner's key", "key of the desk", "staff", "coordinator", "another member", "safeguarding lead", "deputy without a permission"];

    [TestCaseSource(nameof(s_others))]
    public void Not_by_anybody_else_whatever_they_say(string who)
    {
        var (garden, cora) = (Town.Open(AccountKind.Project), Town.Open(AccountKind.Member));
        var (claim, request, service) = (Log(), Ask(), _desk.Offer());
        var other = who switch
        {
            "partner's key" => FrontDesk.App,
            "key of the desk" => FrontDesk.App with { Accounts = [_desk.Clinic] },
            "staff" => Authority.None with { Accounts = [_desk.Clinic] },
            "coordinator" => Authority.None with { Accounts = [garden] },
            "another member" => FrontDesk.Holder(cora),
            "safeguarding lead" => Authority.None with { Safeguards = true },
            _ => Dora,
        };
        _desk.As(other);

        foreach (var yes in (Yes?[])[null, Yes.Themselves, Yes.InPerson, Yes.Telephone, Yes.Paper, Yes.Link, Yes.Permission])
        {
            Refused(_desk.Town.Do(d => Posting.Post(d, [new Leg(TransferKind.Exchange, _desk.Ann, _desk.Ben, new(30))], PostingMode.Normal), Asked));
            Refused(_desk.Town.Do(d => ContributionDecisions.Confirm(d, claim, yes), Asked));
            Refused(_desk.Town.Do(d => PaymentRequestDecisions.Pay(d, request, yes), Asked));
            var codes = _desk.Codes();
            Refused(_desk.Town.Do(d => BookingDecisions.Book(d, new ThingId(d.Mint()), service, _desk.Ann, d.Today, yes, null, codes, Broker.At), Asked));
            Refused(_desk.Town.Do(d => Holds.Hold.Place(d, new HoldId(d.Mint()), TransferKind.Spend, _desk.Ann, _desk.Clinic, new(30), d.Now.AddHours(1), null, null), Asked));
        }
        Has300();
    }

    [Test]
    public void What_is_no_persons_is_moved_without_a_yes()
    {
        _desk.As(s_organiser);
        Town.Do(d => Posting.Post(d, [new Leg(TransferKind.Refund, _desk.Clinic, _desk.Ann, new(5))], PostingMode.Normal)).Refusal?.Code.ShouldNotBe(RefusalCode.YesNeeded);
        // By the bank's policy nobody is asked.
        Town.Do(d => AccountDecisions.Close(d, _desk.Ann, null, null, null, restTo: _desk.Ben)).ShouldHappen();
    }

    private Decision<PostingMade> Give(Yes? yes) =>
        Town.Do(d => Posting.Post(d, [new Leg(TransferKind.Exchange, _desk.Ann, _desk.Ben, new(5), Yes: yes)], PostingMode.Normal));

    private Decision<Holds.Hold> SetAside(Yes? yes) => Town.Do(
        d => Holds.Hold.Place(d, new HoldId(d.Mint()), TransferKind.Spend, _desk.Ann, _desk.Clinic, new(5), d.Now.AddHours(1), null, null, yes));

    /// <summary>Rights that may be asked for and are not there.</summary>
    private RightId[] Asked =>
        [RightId.OfLink(Neighbours.App, _desk.Ann), RightId.OfLink(Neighbours.App, _desk.Ben), RightId.OfLink(Neighbours.App, _desk.Clinic), RightId.OfPermission(s_dora, _desk.Ann)];

    private static void Refused<T>(Decision<T> decision) where T : class => new[]
    {
        RefusalCode.NotPermitted, RefusalCode.ContributionUnknown, RefusalCode.PaymentRequestUnknown,
    }.ShouldContain(decision.Refusal?.Code ?? throw new AssertionException("It happened."));

    private void Permit(long minutes) => _desk.As(FrontDesk.Holder(_desk.Ann)).Town.Do(
        d => PermissionDecisions.Give(d, s_dora, _desk.Ann, new PermissionTerms(new(minutes), [], [], [], d.Now.AddDays(1)), null, null), RightId.OfPermission(s_dora, _desk.Ann)).ShouldHappen();

    private ThingId Log() => _desk.As(FrontDesk.Holder(_desk.Ben)).Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), Helped)).ShouldHappen().Contribution.Id;

    private ThingId Ask() => _desk.As(FrontDesk.Holder(_desk.Ben)).Do(d => PaymentRequestDecisions.Ask(
        d, new ThingId(d.Mint()), new Asked(TransferKind.Exchange, _desk.Ann, _desk.Ben, new(30), null, null, d.Now.AddDays(1)))).ShouldHappen().Request.Id;

    private void Has300() => _desk.Has(_desk.Ann).ShouldBe((300, 0));
}
