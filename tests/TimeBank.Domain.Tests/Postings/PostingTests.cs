using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

public sealed class PostingTests
{
    private readonly Town _town = new();
    private readonly AccountId _ann;
    private readonly AccountId _ben;
    private readonly AccountId _school;

    public PostingTests() => (_ann, _ben, _school) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Member), _town.Open(AccountKind.Provider));

    [Test]
    public void A_transfer_moves_minutes_from_one_passbook_to_another()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));

        var made = town.Post(TransferKind.Exchange, ann, ben, 90).ShouldHappen().Transfers.ShouldHaveSingleItem();

        town.Balances(ann, ben).ShouldBe([-90, 90]);
        (made.PayerBalance.Value, made.PayeeBalance.Value, made.Occurred).ShouldBe((-90L, 90L, town.Today));
        var debit = town.Last[0].Happened.ShouldBeOfType<PassbookEvent.HoursDebited>();
        var credit = town.Last[1].Happened.ShouldBeOfType<PassbookEvent.HoursCredited>();
        (debit.Balance.Value, debit.Available.Value, debit.Floor!.Value.Value, debit.Counterparty).ShouldBe((-90L, -90L, -720L, ben));
        (credit.Balance.Value, credit.Available.Value, credit.Counterparty, credit.Transfer).ShouldBe((90L, 90L, ann, debit.Transfer));
        town.Last.Select(e => (e.Stream, e.Version)).ShouldBe([(ann.Value, 1L), (ben.Value, 1L)]);
    }

    [Test]
    public void Twice_said_is_twice_done_for_only_the_key_tells_a_repetition()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));

        town.Post(TransferKind.Exchange, ann, ben, 90).ShouldHappen();
        town.Post(TransferKind.Exchange, ann, ben, 90).ShouldHappen();

        town.Balance(ben).ShouldBe(180);
    }

    [Test]
    public void Legs_count_each_against_what_the_former_left_and_all_or_none_happen()
    {
        var town = new Town();
        var (ann, ben, cem) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member, floor: 0), town.Open(AccountKind.Member, floor: 0));

        town.Post([new(TransferKind.Exchange, ann, ben, new(60)), new(TransferKind.Exchange, ben, cem, new(60))]).ShouldHappen();
        town.Balances(ann, ben, cem).ShouldBe([-60, 0, 60]);

        town.Post([new(TransferKind.Exchange, ann, cem, new(60)), new(TransferKind.Exchange, ben, cem, new(1))])
            .ShouldBeRefused(RefusalCode.BelowFloor).Leg.ShouldBe(2);
        town.Balances(ann, ben, cem).ShouldBe([-60, 0, 60]);
    }

    [Test]
    public void A_refusal_of_a_single_leg_names_no_leg() =>
        _town.Post(TransferKind.Exchange, _ann, _ben, 721).ShouldBeRefused(RefusalCode.BelowFloor).Leg.ShouldBeNull();

    [Test]
    public void The_floor_may_be_reached_and_not_passed()
    {
        var refusal = _town.Post(TransferKind.Exchange, _ann, _ben, 721).ShouldBeRefused(RefusalCode.BelowFloor);
        (refusal.Figure("account"), refusal.Figure("available"), refusal.Figure("floor"), refusal.Figure("minutes")).ShouldBe((_ann.Value, 0L, -720L, 721L));

        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));
        town.Post(TransferKind.Exchange, ann, ben, 720).ShouldHappen();
        town.Post(TransferKind.Exchange, ann, ben, 1).ShouldBeRefused(RefusalCode.BelowFloor);
    }

    [Test]
    public void The_floor_counts_what_is_available_not_the_balance()
    {
        var town = new Town();
        var (ann, school) = (town.Open(AccountKind.Member, 100, floor: 0), town.Open(AccountKind.Provider));
        town.Place(TransferKind.Spend, ann, school, 60).ShouldHappen();

        town.Post(TransferKind.Spend, ann, school, 41).ShouldBeRefused(RefusalCode.BelowFloor).Figure("available").ShouldBe(40L);
        town.Post(TransferKind.Spend, ann, school, 40).ShouldHappen();
    }

    [Test]
    public void The_ceiling_may_be_reached_and_not_passed_and_room_for_holds_counts_as_taken()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member, ceiling: 100));
        town.Place(TransferKind.Exchange, ann, ben, 60).ShouldHappen();

        town.Post(TransferKind.Exchange, ann, ben, 41).ShouldBeRefused(RefusalCode.AboveCeiling).Figure("ceiling").ShouldBe(100L);
        town.Post(TransferKind.Exchange, ann, ben, 40).ShouldHappen();
    }

    [Test]
    public void The_issuer_has_neither_floor_nor_ceiling()
    {
        var town = new Town();
        var ann = town.Open(AccountKind.Member);
        town.Change(p => p with { Limits = p.Limits.SetItem(AccountKind.Issuer, new(Minutes.Zero, Minutes.Zero)) });

        town.Post(TransferKind.Earn, town.Issuer, ann, 1_000_000).ShouldHappen();
        town.Balance(town.Issuer).ShouldBe(-1_000_000);
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(-Minutes.Limit)]
    public void Minutes_are_more_than_zero(long minutes) =>
        _town.Post(TransferKind.Exchange, _ann, _ben, minutes).ShouldBeRefused(RefusalCode.MinutesNotPositive).Figure("minutes").ShouldBe(minutes);

    [Test]
    public void Nobody_pays_themselves() => _town.Post(TransferKind.Exchange, _ann, _ann, 1).ShouldBeRefused(RefusalCode.SameAccount);

    [Test]
    public void Both_accounts_must_be_there()
    {
        _town.Post(TransferKind.Exchange, Town.Nobody, _ben, 1).ShouldBeRefused(RefusalCode.AccountUnknown).Figure("account").ShouldBe(Town.Nobody.Value);
        _town.Post(TransferKind.Exchange, _ann, Town.Nobody, 1).ShouldBeRefused(RefusalCode.AccountUnknown);
        Town.WithoutBank().Post(TransferKind.Exchange, Town.Nobody, Town.Nobody, 1).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void Kinds_of_account_must_fit_the_kind_of_transfer() =>
        _town.Post(TransferKind.Exchange, _ann, _school, 1).ShouldBeRefused(RefusalCode.WrongKindOfAccount).Figure("payeeKind").ShouldBe(AccountKind.Provider);

    [TestCase(TransferKind.Reinvest)]
    [TestCase(TransferKind.Levy)]
    [TestCase(TransferKind.Expire)]
    [TestCase(TransferKind.Reversal)]
    public void Kinds_of_the_engine_cannot_be_asked_for(TransferKind kind) =>
        _town.Post(kind, _ann, _ben, 1).ShouldBeRefused(RefusalCode.KindBelongsToEngine);

    [Test]
    public void A_frozen_account_neither_pays_nor_receives_and_a_closed_one_neither()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));
        foreach (var (status, code) in new[] { (AccountStatus.Frozen, RefusalCode.AccountFrozen), (AccountStatus.Closed, RefusalCode.AccountClosed) })
        {
            town.Change(ben, a => a with { Status = status });
            town.Post(TransferKind.Exchange, ann, ben, 1).ShouldBeRefused(code).Figure("account").ShouldBe(ben.Value);
            town.Post(TransferKind.Exchange, ben, ann, 1).ShouldBeRefused(code).Figure("account").ShouldBe(ben.Value);
        }
    }

    [Test]
    public void A_bank_may_say_how_long_a_transfer_is_at_most()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));
        town.Change(p => p with { LongestTransfer = new(60) });

        town.Post(TransferKind.Exchange, ann, ben, 61).ShouldBeRefused(RefusalCode.LongerThanAllowed);
        town.Post(TransferKind.Exchange, ann, ben, 60).ShouldHappen();
    }

    [Test]
    public void Help_that_was_not_given_yet_is_not_posted() =>
        _town.Post([new(TransferKind.Exchange, _ann, _ben, new(1), _town.Today.AddDays(1))]).ShouldBeRefused(RefusalCode.OccurredInFuture);

    [Test]
    public void Closed_books_take_a_transfer_only_by_an_override_which_is_recorded_where_it_was_used()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));
        var through = town.Today.AddDays(-10);
        town.Change(p => p with { BooksClosedThrough = through });
        Leg Dated(DateOnly day) => new(TransferKind.Exchange, ann, ben, new(1), day);

        town.Post([Dated(through)]).ShouldBeRefused(RefusalCode.BooksClosed).Figure("booksClosedThrough").ShouldBe(through);
        town.Post([Dated(through.AddDays(1))]).ShouldHappen();
        town.Post([Dated(through), Dated(through.AddDays(1))], PostingMode.IntoClosedBooks).ShouldHappen();
        town.Last.Select(e => e.Happened).OfType<PassbookEvent.HoursMoved>().Select(e => e.Override).ShouldBe([OverrideKind.Organiser, OverrideKind.Organiser, null, null]);
        town.Post([Dated(through) with { Minutes = new(5_000) }], PostingMode.IntoClosedBooks).ShouldBeRefused(RefusalCode.BelowFloor);
    }

    [Test]
    public void History_knows_neither_floors_nor_ceilings_nor_freezes_nor_closed_books_and_says_so_in_every_entry()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member, floor: 0), town.Open(AccountKind.Member, ceiling: 0));
        town.PassOn(ben, 10_000, ann);
        town.Freeze(ann);
        town.Change(p => p with { BooksClosedThrough = town.Today, LongestTransfer = new(1) });

        town.Post(TransferKind.Gift, ann, ben, 500, PostingMode.History).ShouldHappen().Rules.ShouldBeEmpty();

        town.Balances(ann, ben).ShouldBe([-500, 500]);
        town.Last.ShouldAllBe(e => ((PassbookEvent.HoursMoved)e.Happened).Override == OverrideKind.History);
    }

    [Test]
    public void History_still_needs_accounts_that_are_not_closed_and_figures_that_can_be_counted()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member, Minutes.Limit));

        town.Post(TransferKind.Exchange, ann, ben, 1, PostingMode.History).ShouldBeRefused(RefusalCode.MinutesBeyondRange);
        town.Change(ann, a => a with { Status = AccountStatus.Closed });
        town.Post(TransferKind.Exchange, ann, ben, 1, PostingMode.History).ShouldBeRefused(RefusalCode.AccountClosed);
        town.Post(TransferKind.Exchange, ben, ann, 1, PostingMode.History).ShouldBeRefused(RefusalCode.AccountClosed);
        town.Post([new(TransferKind.Exchange, ben, ann, new(1), town.Today.AddDays(1))], PostingMode.History).ShouldBeRefused(RefusalCode.OccurredInFuture);
    }

    [Test]
    public void No_balance_goes_beyond_what_can_be_counted()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member, Minutes.Limit));

        town.Post(TransferKind.Exchange, ann, ben, 1).ShouldBeRefused(RefusalCode.MinutesBeyondRange).Figure("account").ShouldBe(ben.Value);
        // The issuer stands at the other end of the range, by what was given to Ben.
        town.Post(TransferKind.Earn, town.Issuer, ann, 1).ShouldBeRefused(RefusalCode.MinutesBeyondRange).Figure("account").ShouldBe(town.Issuer.Value);
    }

    [Test]
    public void Receipts_that_together_cannot_be_counted_are_refused_before_a_rule_acts_on_them()
    {
        var town = new Town();
        var (pot, project, other) = (town.Open(AccountKind.Pot, Minutes.Limit), town.Open(AccountKind.Project), town.Open(AccountKind.Project));
        town.PassOn(project, 1, other);
        Leg To(AccountId payer, AccountId payee) => new(TransferKind.Gift, payer, payee, new(Minutes.Limit));

        town.Post([To(pot, project), To(project, pot), To(pot, project)]).ShouldBeRefused(RefusalCode.MinutesBeyondRange);
    }

    [Test]
    public void A_posting_takes_ten_thousand_transfers_and_not_one_more()
    {
        var town = new Town();
        var ann = town.Open(AccountKind.Member);
        var leg = new Leg(TransferKind.Earn, town.Issuer, ann, new(1));

        town.Post([.. Enumerable.Repeat(leg, 10_001)]).ShouldBeRefused(RefusalCode.TooManyLegs).Figure("most").ShouldBe(10_000);
        town.Post([.. Enumerable.Repeat(leg, 10_000)]).ShouldHappen().Transfers.Count.ShouldBe(10_000);
    }

    [Test]
    public void All_that_a_caller_says_of_a_transfer_is_kept_on_both_sides()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(AccountKind.Member), town.Open(AccountKind.Member));
        var text = new Texts.TextRef(new TextId(Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057")), "hash");
        var day = town.Today.AddDays(-3);

        var id = town.Post([new(TransferKind.Exchange, ann, ben, new(5), day, "garden", text)]).ShouldHappen().Transfers[0].Id;

        town.Last.ShouldAllBe(e => ((PassbookEvent.HoursMoved)e.Happened).Category == "garden" && ((PassbookEvent.HoursMoved)e.Happened).Text == text
            && ((PassbookEvent.HoursMoved)e.Happened).Occurred == day);
        town[id].ShouldBe(new Transfer(id, TransferKind.Exchange, ann, ben, new(5), Minutes.Zero, day, "garden", text.Id, null, null, null, null));
    }
}
