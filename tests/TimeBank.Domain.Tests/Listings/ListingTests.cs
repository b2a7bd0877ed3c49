using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Listings;

namespace TimeBank.Domain.Tests;

/// <summary>Who may say what of an offer or a request, and what it then says.</summary>
public sealed class ListingTests
{
    private Board _board = null!;

    [SetUp]
    public void Draw() => _board = new Board();

    private static Authority North(params string[] neighbourhoods) => Authority.None with { Neighbourhoods = [.. neighbourhoods] };

    [Test]
    public void A_place_that_is_not_said_is_that_of_the_account()
    {
        _board[_board.Post()].Terms.Neighbourhood.ShouldBe("north");
        _board[_board.Post(_board.Shopping with { Neighbourhood = "south" })].Terms.Neighbourhood.ShouldBe("south");
        _board[_board.Post(of: _board.Ben)].Terms.Neighbourhood.ShouldBeNull();

        var id = _board.Post(_board.Shopping with { Neighbourhood = "south" });
        _board.Rewrite(id, _board.Shopping, 1).ShouldHappen().Terms.Neighbourhood.ShouldBe("north");
    }

    [Test]
    public void Its_holder_and_who_organises_it_speak_for_an_account_and_nobody_else()
    {
        var id = _board.Post();
        foreach (var may in (Authority[])[Neighbours.Holder(_board.Ann), North("north"), Neighbours.Organiser()])
        {
            _board.As(may).TryPost().ShouldHappen();
            _board.Rewrite(id, _board.Shopping, _board[id].Version).ShouldHappen();
        }
        foreach (var may in (Authority[])[Neighbours.Holder(_board.Ben), North("south"), Neighbours.OfApp, Authority.None])
        {
            _board.As(may).TryPost().ShouldBeRefused(RefusalCode.NotPermitted);
            _board.Rewrite(id, _board.Shopping, _board[id].Version).ShouldBeRefused(RefusalCode.NotPermitted);
            _board.Town.Do(d => ListingDecisions.Fulfil(d, id)).ShouldBeRefused(RefusalCode.NotPermitted);
            _board.Town.Do(d => ListingDecisions.Withdraw(d, id)).ShouldBeRefused(RefusalCode.NotPermitted);
        }
    }

    [TestCase(AccountKind.Member, true), TestCase(AccountKind.Project, true), TestCase(AccountKind.Provider, true)]
    [TestCase(AccountKind.Pot, false), TestCase(AccountKind.Earmark, false)]
    public void Who_helps_or_is_helped_has_listings(AccountKind kind, bool has)
    {
        var posted = _board.TryPost(of: _board.Town.Open(kind));

        (posted.Refusal?.Code).ShouldBe(has ? null : RefusalCode.WrongKindOfAccount);
    }

    [Test]
    public void Who_is_frozen_may_still_ask_and_who_has_left_may_not()
    {
        _board.Town.Freeze(_board.Ann);
        _board.TryPost().ShouldHappen();

        _board.Town.Change(_board.Ann, a => a with { Status = AccountStatus.Closed });
        _board.TryPost().ShouldBeRefused(RefusalCode.AccountClosed);
    }

    [Test]
    public void It_ends_later_than_now_and_is_renewed_by_saying_it_anew()
    {
        _board.TryPost(_board.Shopping with { Expires = _board.Town.Now }).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        var id = _board.Post(_board.Shopping with { Expires = _board.Town.Now.AddDays(1) });
        _board.Rewrite(id, _board.Shopping, 1).ShouldHappen();
        _board.Town.Now += TimeSpan.FromDays(2);

        _board.Town.Do(d => ListingDecisions.Expire(d, id)).ShouldChangeNothing(_board.Town).Is.ShouldBe(ListingStage.Open);
    }

    [Test]
    public void What_it_takes_is_more_than_nothing_if_it_is_said()
    {
        _board.TryPost(_board.Shopping with { About = Minutes.Zero }).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        _board.TryPost(_board.Shopping with { About = null }).ShouldHappen();
    }

    [Test]
    public void Whoever_changes_it_has_read_what_it_says_now()
    {
        var id = _board.Post();
        _board.Rewrite(id, _board.Shopping, 1).ShouldHappen();

        _board.Rewrite(id, _board.Shopping, 1).ShouldBeRefused(RefusalCode.VersionMismatch).Figure("version").ShouldBe(2L);
    }

    [Test]
    public void What_is_not_there_and_what_is_something_else_is_unknown()
    {
        var help = new Claim(_board.Ann, _board.Ben, null, new(5), _board.Town.Today, null, null);
        var other = _board.Town.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), help)).ShouldHappen().Contribution.Id;

        foreach (var id in (ThingId[])[Town.NoThing, other])
            _board.Town.Do(d => ListingDecisions.Withdraw(d, id)).ShouldBeRefused(RefusalCode.ListingUnknown).Figure("listing").ShouldBe(id.Value);
    }

    [TestCase(TimeOfWeek.MondayMorning, DayOfWeek.Monday), TestCase(TimeOfWeek.WednesdayEvening, DayOfWeek.Wednesday)]
    [TestCase(TimeOfWeek.SaturdayAfternoon, DayOfWeek.Saturday), TestCase(TimeOfWeek.SundayEvening, DayOfWeek.Sunday)]
    public void A_time_of_the_week_is_on_its_day(TimeOfWeek time, DayOfWeek day)
    {
        time.Day().ShouldBe(day);
        time.ToString().ShouldStartWith(day.ToString());
    }
}
