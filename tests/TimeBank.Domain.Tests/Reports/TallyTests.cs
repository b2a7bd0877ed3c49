using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Reports;

namespace TimeBank.Domain.Tests.Reports;

public sealed class TallyTests
{
    private static readonly TallyParty s_ann = Party(1, AccountKind.Member, "north"), s_ben = Party(2, AccountKind.Member, null);
    private static readonly TallyParty s_garden = Party(3, AccountKind.Project, "south"), s_school = Party(4, AccountKind.Provider, null);
    private static readonly DateOnly s_march = new(2026, 3, 1);

    private static TallyParty Party(byte id, AccountKind kind, string? neighbourhood) => new(new AccountId(new Guid(id, 0, 0, new byte[8])), kind, neighbourhood);

    private static Tallied Moved(TransferKind? kind, TallyParty payer, TallyParty payee, long minutes = 60, long times = 1) =>
        new(kind, new DateOnly(2026, 3, 31), "cooking", s_garden.Account, payer, payee, minutes, times);

    private static Tally Of(params Tallied[] all)
    {
        var tally = new Tally();
        foreach (var one in all)
            tally.Add(one);
        return tally;
    }

    [Test]
    public void Help_between_members_counts_for_both_and_where_each_of_them_lives()
    {
        var tally = Of(Moved(TransferKind.Exchange, s_ben, s_ann));

        tally.Sums.Keys.ShouldBe(
        [
            new TallyKey(TallyOf.Flow, s_march, TransferKind.Exchange, "", AccountKind.Member, AccountKind.Member), new TallyKey(TallyOf.Category, s_march, TransferKind.Exchange, "cooking"),
            new TallyKey(TallyOf.Project, s_march, TransferKind.Exchange, s_garden.Account.ToString()), new TallyKey(TallyOf.Giver, s_march, TransferKind.Exchange, "north"),
            new TallyKey(TallyOf.Receiver, s_march, TransferKind.Exchange, ""),
        ], ignoreOrder: true);
        tally.Sums.Values.ShouldAllBe(s => s == new TallySum(60, 1));
        tally.Members[(s_ann.Account, s_march)].ShouldBe(new MemberSum(new TallySum(60, 1), default));
        tally.Members[(s_ben.Account, s_march)].ShouldBe(new MemberSum(default, new TallySum(60, 1)));
    }

    [Test]
    public void Work_on_a_project_counts_for_who_gave_it_and_a_service_for_who_received_it()
    {
        var tally = Of(Moved(TransferKind.Earn, s_garden, s_ann), Moved(TransferKind.Spend, s_ben, s_school));

        tally.Members.Keys.ShouldBe([(s_ann.Account, s_march), (s_ben.Account, s_march)], ignoreOrder: true);
        tally.Sums.Keys.Where(k => k.Of is TallyOf.Giver or TallyOf.Receiver).Select(k => (k.Of, k.What)).ShouldBe([(TallyOf.Giver, "north"), (TallyOf.Receiver, "")], ignoreOrder: true);
    }

    [Test]
    public void Hours_that_are_given_away_or_granted_are_no_help_and_still_a_flow([ValueSource(nameof(NoHelp))] TransferKind kind)
    {
        var tally = Of(Moved(kind, s_ben, s_ann));

        tally.Sums.Keys.ShouldHaveSingleItem().Of.ShouldBe(TallyOf.Flow);
        tally.Members.ShouldBeEmpty();
    }

    [Test]
    public void Help_without_hours_counts_under_no_kind_of_transfer()
    {
        var tally = Of(Moved(null, s_ben, s_ann));

        tally.Sums.Keys.ShouldAllBe(k => k.Kind == null);
        tally.Members.Count.ShouldBe(2);
    }

    [Test]
    public void What_is_taken_back_leaves_nothing_of_what_it_was()
    {
        var tally = Of(Moved(TransferKind.Exchange, s_ben, s_ann), Moved(TransferKind.Exchange, s_ben, s_ann, -60, -1));

        tally.Sums.Values.ShouldAllBe(s => s == default);
        tally.Members.Values.ShouldAllBe(m => m == default);
    }

    private static IEnumerable<TransferKind> NoHelp => Enum.GetValues<TransferKind>().Except([TransferKind.Exchange, TransferKind.Earn, TransferKind.Spend]);
}
