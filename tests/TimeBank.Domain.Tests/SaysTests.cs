using Shouldly;

namespace TimeBank.Domain.Tests;

public sealed class SaysTests
{
    private static readonly Decision<string> s_yes = "yes";
    private static readonly Decision<string> s_no = RefusalCode.BelowFloor;

    [Test]
    public void What_happened_is_not_taken_for_a_refusal()
    {
        s_yes.ShouldHappen().ShouldBe("yes");
        Should.Throw<AssertionException>(() => s_yes.ShouldBeRefused(RefusalCode.BelowFloor));
    }

    [Test]
    public void A_refusal_is_not_taken_for_what_happened_nor_for_another_refusal()
    {
        s_no.ShouldBeRefused(RefusalCode.BelowFloor).Code.ShouldBe(RefusalCode.BelowFloor);
        Should.Throw<AssertionException>(() => s_no.ShouldHappen());
        Should.Throw<AssertionException>(() => s_no.ShouldBeRefused(RefusalCode.AboveCeiling));
    }

    [Test]
    public void A_decision_that_was_never_made_is_neither() =>
        Should.Throw<AssertionException>(() => default(Decision<string>).ShouldHappen());

    [Test]
    public void A_change_is_not_taken_for_nothing()
    {
        var town = new Town();
        var opened = town.Do(d => Accounts.AccountDecisions.Open(d, new AccountId(d.Mint()), Accounts.AccountKind.Member, null, null, null, null));

        Should.Throw<AssertionException>(() => opened.ShouldChangeNothing(town));
    }

    [Test]
    public void A_figure_that_is_not_there_is_missed() =>
        Should.Throw<AssertionException>(() => s_no.ShouldBeRefused(RefusalCode.BelowFloor).Figure("floor"));

    [Test]
    public void A_town_keeps_nothing_of_what_was_refused()
    {
        var town = new Town();
        var (ann, ben) = (town.Open(Accounts.AccountKind.Member), town.Open(Accounts.AccountKind.Member));
        var events = town.Events.Count;

        town.Post([new(Postings.TransferKind.Exchange, ann, ben, new(1)), new(Postings.TransferKind.Exchange, ann, ben, new(5_000))])
            .ShouldBeRefused(RefusalCode.BelowFloor);

        town.Balances(ann, ben).ShouldBe([0, 0]);
        town.Events.Count.ShouldBe(events);
    }
}
