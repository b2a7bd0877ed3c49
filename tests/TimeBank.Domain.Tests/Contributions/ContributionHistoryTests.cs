using FsCheck;
using Shouldly;
using TimeBank.Access;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Postings;

namespace TimeBank.Domain.Tests;

/// <summary>Random people say random things about contributions, again and again: whatever the order, minutes are neither lost nor moved twice,
/// and nobody's account falls without their yes.</summary>
public sealed class ContributionHistoryTests
{
    private const int Commands = 60;

    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void No_order_of_commands_moves_minutes_twice_loses_them_or_takes_them_without_a_yes(int seed)
    {
        var dice = new Random(seed);
        var n = new Neighbours();
        // Who pays for work on projects, and who confirms, is drawn once for each bank.
        var policy = n.Town.Bank!.Policy with { ProjectWork = Drawn<ProjectWork>(dice), ConfirmedBy = Drawn<Confirming>(dice) };
        n.Town.Change(_ => policy);
        AccountId[] earmarks = dice.Next(2) == 0 ? [] : [n.Earmark(dice.Next(100), "gardening"), n.Earmark(dice.Next(100), null), n.Earmark(100, "cooking")];
        long Garden() => n.Town.Balances([n.Garden, .. earmarks]).Sum();
        var had = Garden();
        var ids = new List<ThingId>();
        var said = new Dictionary<ThingId, bool>();
        for (var i = 0; i < Commands; i++)
        {
            var (who, isBen) = Somebody(n, dice);
            n.As(who);
            n.Town.Now += TimeSpan.FromDays(dice.Next(5));
            if (ids.Count == 0 || dice.Next(4) == 0)
            {
                var claim = dice.Next(2) == 0 ? n.ToBen(1 + dice.Next(200)) : n.InGarden(1 + dice.Next(200));
                var logged = n.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim with { Wish = dice.Next(6) == 0 ? Wish.Nothing : Wish.Hours }));
                if (logged.Refusal is null)
                    ids.Add(logged.Answer!.Contribution.Id);
                if (logged.Refusal is null && isBen)
                    said[logged.Answer!.Contribution.Id] = true;
                continue;
            }
            var id = ids[dice.Next(ids.Count)];
            var (yes, before) = (Any(dice), n.Town.Balance(n.Ben));
            var decision = Say(n, dice, id, yes);
            if (decision.Refusal is null && (isBen || yes is Yes.InPerson or Yes.Telephone or Yes.Paper))
                said[id] = true;
            if (n.Town.Balance(n.Ben) < before)
                (said.ContainsKey(id) || n[id].Confirmed is not null).ShouldBeTrue($"Ben's hours fell without his yes: {n[id]}");
        }

        var made = ids.Select(id => n[id]).ToList();
        n.Town.Accounts.Sum(a => a.Balance.Value).ShouldBe(0);
        var onwards = n.Town.Transfers.Where(t => t.Payer == n.Ann && t.Kind == TransferKind.Gift).ToList();
        (n.Town.Balance(n.Ann) + onwards.Sum(t => t.Minutes.Value - t.Reversed.Value)).ShouldBe(made.Sum(c => c.Credited.Value));
        foreach (var onward in onwards)
            made.Single(c => c.Posting == onward.Id.Posting).Wished.ShouldNotBeNull("What went on did so by the helper's word.");
        n.Town.Balance(n.Ben).ShouldBe(-made.Where(c => c.PaidBy == Side.Helped && c.Payer is null).Sum(c => c.Credited.Value));
        (had - Garden()).ShouldBe(made.Where(c => c.PaidBy == Side.Project && c.Payer is null).Sum(c => c.Credited.Value - c.New.Value));
        made.Where(c => c.Credited > Minutes.Zero && c.Is == ContributionStage.Credited && c.PaidBy == Side.Helped).ShouldAllBe(c => c.Confirmed != null);
        n.Town.Balances([n.Garden, .. earmarks]).ShouldAllBe(b => b >= 0);
        n.Town.Balance(n.Garden).ShouldBeInRange(0, policy.ProjectWork == ProjectWork.Community ? 60 : long.MaxValue);
        if (policy.ProjectWork == ProjectWork.ProjectOnly)
            made.Sum(c => c.New.Value).ShouldBe(0);
        if (policy.ConfirmedBy == Confirming.Organiser)
            n.Town.Events.Select(e => e.Happened).OfType<ContributionEvent.ContributionConfirmed>().ShouldAllBe(c => c.By == Side.Organiser);
        foreach (var posting in n.Town.Transfers.Where(t => t.Kind is TransferKind.Exchange or TransferKind.Earn).GroupBy(t => t.Id.Posting))
            made.Count(c => c.Posting == posting.Key).ShouldBe(1);
    }

    private static T? Drawn<T>(Random dice) where T : struct, Enum => dice.Next(4) is var drawn && drawn < 3 ? Enum.GetValues<T>()[drawn] : null;

    private static (Authority Who, bool IsBen) Somebody(Neighbours n, Random dice) => dice.Next(7) switch
    {
        0 => (Neighbours.Holder(n.Ann), false),
        1 => (Neighbours.Holder(n.Ben), true),
        2 => (Neighbours.Holder(n.Cora), false),
        3 => (Neighbours.Holder(n.Garden), false),
        4 => (Neighbours.OfApp, false),
        5 => (Neighbours.Organiser(n.Ann), false),
        _ => (Neighbours.Organiser(), false),
    };

    private static Yes? Any(Random dice) => dice.Next(3) == 0 ? null : Enum.GetValues<Yes>()[dice.Next(5)];

    private static Decision<ContributionChange> Say(Neighbours n, Random dice, ThingId id, Yes? yes) => dice.Next(10) switch
    {
        0 => n.Do(d => ContributionDecisions.Correct(d, id, new(1 + dice.Next(200)), n.Town.Today, null, null)),
        1 or 2 => n.Confirm(id, yes),
        3 => n.Do(d => ContributionDecisions.Decline(d, id, null)),
        4 => n.Do(d => ContributionDecisions.Withdraw(d, id)),
        5 => n.Dispute(id),
        6 => n.Settle(id, dice.Next(200), yes),
        8 => n.Do(d => ContributionDecisions.Choose(d, id, Wish.PassOn, n.Cora, yes)),
        7 => n.Do(d => Settling.PayAnyway(d, id, (PaidAnyway)dice.Next(3), n.Pot)),
        _ => n.As(Authority.Everything).Do(d => n[id].Is == ContributionStage.Waiting ? ContributionDecisions.TryAgain(d, id) : ContributionDecisions.ConfirmInTime(d, id)),
    };
}
