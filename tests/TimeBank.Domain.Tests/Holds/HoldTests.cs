using Shouldly;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

public sealed class HoldTests
{
    private Town _town = null!;
    private AccountId _ann, _school;

    [SetUp]
    public void A_member_with_two_hours_and_a_law_school()
    {
        _town = new Town();
        (_ann, _school) = (_town.Open(AccountKind.Member, 120, floor: 0), _town.Open(AccountKind.Provider, ceiling: 1_000));
    }

    private HoldId Held(long minutes = 60) => _town.Place(TransferKind.Spend, _ann, _school, minutes).ShouldHappen().Id;

    [Test]
    public void A_hold_sets_minutes_aside_at_the_payer_and_keeps_room_at_the_payee()
    {
        Held();

        var (payer, payee) = (_town[_ann], _town[_school]);
        (payer.Balance.Value, payer.Held.Value, payer.Available.Value, payer.OpenHolds).ShouldBe((120L, 60L, 60L, 1));
        (payee.Balance.Value, payee.Room.Value, payee.Available.Value, payee.OpenHolds).ShouldBe((0L, 60L, 0L, 1));
        var held = _town.Last[0].Happened.ShouldBeOfType<PassbookEvent.HoursHeld>();
        var room = _town.Last[1].Happened.ShouldBeOfType<PassbookEvent.RoomReserved>();
        (held.Available.Value, held.OpenHolds, held.Room).ShouldBe((60L, 1, null));
        (room.Room!.Value.Value, room.OpenHolds).ShouldBe((60L, 1));
    }

    [Test]
    public void Each_reason_to_refuse_a_transfer_refuses_a_hold()
    {
        _town.Place(TransferKind.Reinvest, _ann, _school, 1).ShouldBeRefused(RefusalCode.KindBelongsToEngine);
        _town.Place(TransferKind.Spend, _ann, _school, 0).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        _town.Place(TransferKind.Spend, _ann, _ann, 1).ShouldBeRefused(RefusalCode.SameAccount);
        _town.Place(TransferKind.Spend, Town.Nobody, _school, 1).ShouldBeRefused(RefusalCode.AccountUnknown);
        _town.Place(TransferKind.Spend, _ann, Town.Nobody, 1).ShouldBeRefused(RefusalCode.AccountUnknown);
        _town.Place(TransferKind.Exchange, _ann, _school, 1).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        _town.Place(TransferKind.Spend, _ann, _school, 121).ShouldBeRefused(RefusalCode.BelowFloor);
        _town.Place(TransferKind.Spend, _town.Open(AccountKind.Member, 5_000), _school, 1_001).ShouldBeRefused(RefusalCode.AboveCeiling);
        _town.Change(p => p with { LongestTransfer = new(10) });
        _town.Place(TransferKind.Spend, _ann, _school, 11).ShouldBeRefused(RefusalCode.LongerThanAllowed);
        _town.Freeze(_school);
        _town.Place(TransferKind.Spend, _ann, _school, 1).ShouldBeRefused(RefusalCode.AccountFrozen);
        Town.WithoutBank().Place(TransferKind.Spend, Town.Nobody, Town.Nobody, 1).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void Holds_together_stay_above_the_floor_and_below_the_ceiling()
    {
        Held(100);
        _town.Place(TransferKind.Spend, _ann, _school, 21).ShouldBeRefused(RefusalCode.BelowFloor).Figure("available").ShouldBe(20L);

        var rich = _town.Open(AccountKind.Member, 5_000);
        _town.Place(TransferKind.Spend, rich, _school, 901).ShouldBeRefused(RefusalCode.AboveCeiling);
        _town.Place(TransferKind.Spend, rich, _school, 900).ShouldHappen();
    }

    [Test]
    public void A_hold_ends_later_than_now()
    {
        _town.Place(TransferKind.Spend, _ann, _school, 1, _town.Now).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        _town.Place(TransferKind.Spend, _ann, _school, 1, _town.Now.AddMicroseconds(1)).ShouldHappen();
    }

    [Test]
    public void What_is_held_and_what_is_awaited_can_be_counted()
    {
        var (rich, ann, poor) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Member), _town.Open(AccountKind.Member));
        foreach (var id in new[] { rich, ann, poor })
            _town.Change(id, a => a with { Floor = new(-Minutes.Limit) });
        _town.Change(rich, a => a with { Balance = new(Minutes.Limit) });
        _town.Change(poor, a => a with { Balance = new(-Minutes.Limit) });

        _town.Place(TransferKind.Exchange, rich, ann, Minutes.Limit).ShouldHappen();
        _town.Place(TransferKind.Exchange, rich, poor, Minutes.Limit).ShouldBeRefused(RefusalCode.MinutesBeyondRange).Figure("held").ShouldBe(Minutes.Limit);
        _town.Place(TransferKind.Exchange, ann, poor, Minutes.Limit).ShouldHappen();
        _town.Place(TransferKind.Exchange, _ann, poor, 1).ShouldBeRefused(RefusalCode.MinutesBeyondRange).Figure("room").ShouldBe(Minutes.Limit);
    }

    [Test]
    public void A_capture_takes_what_was_held_and_ends_the_hold()
    {
        var hold = Held();

        var capture = _town.Capture(hold).ShouldHappen();

        (capture.Hold.Status, capture.Hold.Taken.Value, capture.Hold.Transfer).ShouldBe((HoldStatus.Captured, 60L, capture.Posting!.Transfers[0].Id));
        _town.Balances(_ann, _school).ShouldBe([60, 60]);
        (_town[_ann].Held.Value, _town[_ann].OpenHolds, _town[_school].Room.Value, _town[_school].OpenHolds).ShouldBe((0L, 0, 0L, 0));
        _town.Last.Select(e => e.Happened.GetType().Name).ShouldBe(["HoldCaptured", "RoomFreed", "HoursDebited", "HoursCredited"]);
        _town[capture.Hold.Transfer!.Value].Hold.ShouldBe(hold);
    }

    [Test]
    public void A_capture_may_take_less_and_the_rest_is_free_again()
    {
        var hold = Held();

        _town.Capture(hold, 25).ShouldHappen();

        _town.Balances(_ann, _school).ShouldBe([95, 25]);
        _town[_ann].Available.Value.ShouldBe(95);
    }

    [Test]
    public void A_capture_takes_no_more_than_was_held_and_more_than_nothing()
    {
        var hold = Held();

        _town.Capture(hold, 61).ShouldBeRefused(RefusalCode.CaptureExceedsHold).Figure("held").ShouldBe(60L);
        _town.Capture(hold, 0).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        _town.Capture(Town.NoHold).ShouldBeRefused(RefusalCode.HoldUnknown);
        Town.WithoutBank().Capture(Town.NoHold).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void Capturing_the_same_twice_changes_nothing_and_other_minutes_come_too_late()
    {
        var hold = Held();
        _town.Capture(hold, 25).ShouldHappen();

        _town.Capture(hold, 25).ShouldChangeNothing(_town).Posting.ShouldBeNull();
        _town.Capture(hold).ShouldChangeNothing(_town);
        _town.Capture(hold, 26).ShouldBeRefused(RefusalCode.HoldNotOpen).Figure("holdStatus").ShouldBe(HoldStatus.Captured);
        _town.Release(hold).ShouldBeRefused(RefusalCode.HoldNotOpen);
    }

    [Test]
    public void A_release_frees_everything_and_releasing_twice_changes_nothing()
    {
        var hold = Held();

        _town.Release(hold).ShouldHappen().Status.ShouldBe(HoldStatus.Released);

        (_town[_ann].Held.Value, _town[_ann].OpenHolds, _town[_school].Room.Value, _town[_school].OpenHolds).ShouldBe((0L, 0, 0L, 0));
        _town.Release(hold).ShouldChangeNothing(_town);
        _town.Capture(hold).ShouldBeRefused(RefusalCode.HoldNotOpen);
        _town.Release(Town.NoHold).ShouldBeRefused(RefusalCode.HoldUnknown);
        Town.WithoutBank().Release(Town.NoHold).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void A_hold_is_dead_from_its_last_moment_on_whether_or_not_that_was_written_down()
    {
        var hold = Held();
        _town.Now = _town[hold].ExpiresAt.AddMicroseconds(-1);
        _town[hold].StatusAt(_town.Now).ShouldBe(HoldStatus.Open);
        _town.Now = _town[hold].ExpiresAt;

        _town.Capture(hold).ShouldBeRefused(RefusalCode.HoldNotOpen).Figure("holdStatus").ShouldBe(HoldStatus.Expired);
        _town.Release(hold).ShouldBeRefused(RefusalCode.HoldNotOpen).Figure("holdStatus").ShouldBe(HoldStatus.Expired);
        _town.ExpireWhatIsDue();

        _town[hold].Status.ShouldBe(HoldStatus.Expired);
        _town[_ann].Available.Value.ShouldBe(120);
        _town.Last.Select(e => e.Happened.GetType().Name).ShouldBe(["HoldReleased", "RoomFreed"]);
        ((PassbookEvent.HoldReleased)_town.Last[0].Happened).Reason.ShouldBe(ReleaseReason.Expired);
        _town.Capture(hold).ShouldBeRefused(RefusalCode.HoldNotOpen);
    }

    [Test]
    public void The_capture_of_an_open_hold_cannot_fail()
    {
        var hold = Held();
        _town.Freeze(_ann);
        _town.Freeze(_school);
        _town.Change(_ann, a => a with { Floor = new(1_000) });
        _town.Change(_school, a => a with { Ceiling = Minutes.Zero });
        _town.Change(p => p with { BooksClosedThrough = _town.Today.AddDays(1), LongestTransfer = new(1) });

        _town.Capture(hold).ShouldHappen();

        _town.Balances(_ann, _school).ShouldBe([60, 60]);
    }

    [Test]
    public void The_capture_of_an_open_hold_does_not_fail_by_what_its_rules_would_add()
    {
        var town = new Town();
        var (ann, school) = (town.Open(AccountKind.Member, floor: -100_000), town.Open(AccountKind.Provider));
        var projects = Enumerable.Range(0, 101).Select(_ => town.Open(AccountKind.Project)).ToArray();
        var pots = Enumerable.Range(0, 100).Select(_ => town.Open(AccountKind.Pot)).ToArray();
        town.PassOn(school, 10_000, projects);
        foreach (var project in projects)
            town.PassOn(project, 10_000, pots);
        var hold = town.Place(TransferKind.Spend, ann, school, 10_100).ShouldHappen().Id;

        town.Post(TransferKind.Spend, ann, school, 10_100).ShouldBeRefused(RefusalCode.TooManyLegs);
        var posting = town.Capture(hold).ShouldHappen().Posting!;

        posting.Transfers.Count.ShouldBe(Posting.MostTransfers);
        posting.Rules.SelectMany(r => r.Parts).Count(p => p.KeptBecause == RefusalCode.TooManyLegs).ShouldBe(1 + 101 + 101 * 100 - Posting.MostTransfers);
        town.Last.Count(e => e.Happened is PassbookEvent.ShareKept).ShouldBe(1 + 101 + 101 * 100 - Posting.MostTransfers);
        town.Accounts.Sum(a => a.Balance.Value).ShouldBe(0);
    }
}
