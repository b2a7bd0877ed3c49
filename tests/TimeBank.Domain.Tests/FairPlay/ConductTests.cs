using Shouldly;
using TimeBank.FairPlay;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

/// <summary>What is asked about somebody's year, and what is not.</summary>
public sealed class ConductTests
{
    private static readonly AccountId s_ann = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000a1"));
    private static readonly AccountId s_ben = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000a2"));
    private static readonly AccountId s_cora = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000a3"));
    private static readonly DateOnly s_today = new(2026, 3, 14);
    private static readonly Minutes s_mark = new(2_400);

    private static Exchanged Gave(long minutes, AccountId? to = null, int daysAgo = 0, TransferKind kind = TransferKind.Exchange) =>
        new(true, kind, to ?? s_ben, new(minutes), s_today.AddDays(-daysAgo));

    private static Exchanged Got(long minutes, AccountId? from = null, int daysAgo = 0, TransferKind kind = TransferKind.Exchange) =>
        new(false, kind, from ?? s_ben, new(minutes), s_today.AddDays(-daysAgo));

    private static List<Facts> Ask(Conduct conduct, params Conduct[] others) =>
        [.. conduct.Questions(s_today, s_mark, id => others.FirstOrDefault(o => o.Account == id))];

    private static Conduct Of(AccountId who, params Exchanged[] year) => new(who, false, year, []);

    [TestCase(960, false), TestCase(961, true)]
    public void More_than_sixteen_hours_of_one_day(int minutes, bool asked)
    {
        var facts = Ask(Of(s_ann, Gave(900, s_cora), Gave(minutes - 900, kind: TransferKind.Earn), Gave(500, daysAgo: 1)));

        facts.Select(f => (f.Kind, f.On, f.Minutes!.Value.Value)).ShouldBe(asked ? [(QuestionKind.TooManyHoursInADay, s_today, minutes)] : []);
    }

    [TestCase(2_400, true, false), TestCase(2_401, true, true), TestCase(5_000, false, false)]
    public void A_coordinator_above_the_monthly_mark(int minutes, bool coordinates, bool asked)
    {
        var year = Enumerable.Range(0, 10).Select(day => Gave(minutes / 10 + (day == 0 ? minutes % 10 : 0), kind: TransferKind.Earn, daysAgo: day)).ToArray();

        Ask(new Conduct(s_ann, coordinates, year, [])).Select(f => (f.Kind, f.On)).ShouldBe(asked ? [(QuestionKind.CoordinatorAboveMark, new DateOnly(2026, 3, 1))] : []);
    }

    [Test]
    public void Two_who_only_credit_each_other_and_not_those_who_know_others()
    {
        Exchanged[] each = [Gave(60), Got(60, daysAgo: 3), Gave(30, daysAgo: 9), Got(30, daysAgo: 20)];
        var ben = Of(s_ben, [.. each.Select(e => e with { Received = !e.Received, With = s_ann })]);

        Ask(Of(s_ann, each), ben).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            f => f.Kind.ShouldBe(QuestionKind.OnlyEachOther), f => f.Accounts.ShouldBe([s_ann, s_ben]), f => f.On.ShouldBe(new DateOnly(2026, 1, 1)));
        Ask(Of(s_ann, each), ben)[0].QuestionId().ShouldBe(Ask(ben, Of(s_ann, each))[0].QuestionId());
        Ask(Of(s_ann, each), ben with { Year = [.. ben.Year, Gave(5, s_cora)] }).ShouldBeEmpty();
        Ask(Of(s_ann, [.. each, Gave(5, s_cora)]), ben).ShouldBeEmpty();
        Ask(Of(s_ann, [.. each, Gave(5, kind: TransferKind.Earn)]), ben).ShouldBeEmpty();
        Ask(Of(s_ann, each[..3]), Of(s_ben, [.. ben.Year.Take(3)])).ShouldBeEmpty();
        Ask(Of(s_ann, [.. each.Where(e => e.Received), .. each.Where(e => e.Received)]), ben).ShouldBeEmpty();
    }

    [Test]
    public void Who_has_long_received_without_giving_is_asked_about_and_who_gave_is_not()
    {
        Exchanged[] received = [Got(200, daysAgo: 200), Got(200, s_cora, daysAgo: 50), Got(100, kind: TransferKind.Spend)];

        Ask(Of(s_ann, received)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Kind.ShouldBe(QuestionKind.ReceivesWithoutGiving), f => f.Minutes.ShouldBe(new Minutes(300)));
        Ask(Of(s_ann, [.. received, Gave(5, daysAgo: 30)])).ShouldBeEmpty();
        Ask(Of(s_ann, received[1..])).ShouldBeEmpty("They have not received for long.");
        Ask(Of(s_ann, received[..2])).ShouldBeEmpty("It was not much.");
    }

    [Test]
    public void Sessions_that_overlap_and_not_those_that_follow_each_other()
    {
        var (first, second, third) = (new ThingId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000b1")), new ThingId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000b2")), new ThingId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000b3")));
        Presence At(ThingId session, double from, double until) => new(session, Town.Noon.AddHours(from), Town.Noon.AddHours(until), s_today);

        var facts = Ask(new Conduct(s_ann, false, [], [At(third, 2, 4), At(first, 0, 1), At(second, 0.5, 2)]));

        facts.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Kind.ShouldBe(QuestionKind.OverlappingTimes), f => f.About!.Value.ShouldBe([first, second]));
    }
}
