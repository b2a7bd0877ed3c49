using Shouldly;
using TimeBank.Access;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Postings;
using TimeBank.Workshops;

namespace TimeBank.Domain.Tests;

/// <summary>Random people arrange help, hold workshops, and say random things about both and about what was logged: whatever the order and however
/// often, an arrangement moves nothing and makes one contribution, minutes are neither lost nor moved twice, and nobody's account falls without their yes.</summary>
public sealed class ArrangementHistoryTests
{
    private const int Commands = 80;

    [FsCheck.NUnit.Property(MaxTest = 120)]
    public void No_order_of_commands_moves_minutes_twice_loses_them_or_takes_them_without_a_yes(int seed)
    {
        var dice = new Random(seed);
        var b = new Broker();
        var (n, arrangements, contributions) = (b.N, new List<ThingId>(), new List<ThingId>());
        AccountId[] people = [n.Ann, n.Ben, n.Cora];
        for (var i = 0; i < Commands; i++)
        {
            n.As(Somebody(n, dice));
            n.Town.Now += TimeSpan.FromHours(dice.Next(40));
            var before = people.Select(n.Town.Balance).ToList();
            switch (dice.Next(4))
            {
                case 0 when dice.Next(2) == 0:
                    var proposed = dice.Next(2) == 0 ? b.Answer(One(people, dice), AnyMeeting(n, dice)) : b.Propose(One(people, dice), One([.. people, n.Garden], dice), AnyMeeting(n, dice));
                    if (proposed.Answer is { } begun)
                        arrangements.Add(begun.Arrangement.Id);
                    people.Select(n.Town.Balance).ShouldBe(before);
                    break;
                case 0:
                    var given = Give(n, dice, out var heard);
                    contributions.AddRange(given.Answer?.Contributions.Select(c => c.Id) ?? []);
                    foreach (var (person, had) in people.Zip(before).Where(p => n.Town.Balance(p.First) < p.Second))
                        heard.ShouldContain(person, $"the hours of {person} fell by a workshop without their yes");
                    break;
                case 1 or 2 when arrangements.Count > 0:
                    var id = One(arrangements, dice);
                    var said = Say(b, id, dice, people);
                    if (said.Answer?.Logged is { } logged && !contributions.Contains(logged.Id))
                        contributions.Add(logged.Id);
                    people.Select(n.Town.Balance).ShouldBe(before, $"an arrangement moved minutes: {b[id]}");
                    break;
                case 3 when contributions.Count > 0:
                    SayOf(n, One(contributions, dice), dice);
                    break;
            }
        }

        var made = contributions.Select(id => n[id]).ToList();
        n.Town.Accounts.Sum(a => a.Balance.Value).ShouldBe(0);
        arrangements.Select(id => b[id]).Where(a => a.Contribution is not null).Select(a => a.Contribution!.Value).ShouldBeUnique();
        arrangements.Select(id => b[id]).ShouldAllBe(a => (a.Contribution != null) == (a.Is == ArrangementStage.Done));
        foreach (var person in people)
        {
            var (earned, gave) = (made.Where(c => c.Claim.Helper == person), made.Where(c => c.Claim.Helped == person && c.PaidBy == Side.Helped && c.Payer is null).ToList());
            n.Town.Balance(person).ShouldBe(earned.Sum(c => c.Credited.Value) - gave.Sum(c => c.Credited.Value));
            gave.Where(c => c.Credited > Minutes.Zero).ShouldAllBe(c => c.Confirmed != null || c.LoggedBy == Side.Helped);
        }
        (60 - n.Town.Balance(n.Garden)).ShouldBe(made.Where(c => c.PaidBy == Side.Project && c.Payer is null).Sum(c => c.Credited.Value - c.New.Value));
        (600 - n.Town.Balance(n.Pot)).ShouldBe(made.Where(c => c.Payer == n.Pot).Sum(c => c.Credited.Value));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Shares_are_equal_to_the_minute_and_nothing_is_lost(FsCheck.PositiveInt minutes, FsCheck.PositiveInt receivers)
    {
        var shares = Workshop.Split(new(minutes.Get), receivers.Get);

        shares.Sum(s => s.Value).ShouldBe(minutes.Get);
        (shares.Max(s => s.Value) - shares.Min(s => s.Value)).ShouldBeLessThanOrEqualTo(1);
        shares.ShouldBe(shares.OrderByDescending(s => s.Value));
    }

    private static Authority Somebody(Neighbours n, Random dice) => dice.Next(7) switch
    {
        0 => Neighbours.Holder(n.Ann),
        1 => Neighbours.Holder(n.Ben),
        2 => Neighbours.Holder(n.Cora),
        3 => Neighbours.Holder(n.Garden),
        4 => Neighbours.OfApp,
        5 => Neighbours.Organiser(n.Ann),
        _ => Neighbours.Organiser(),
    };

    private static T One<T>(IReadOnlyList<T> of, Random dice) => of[dice.Next(of.Count)];

    private static Yes? AnyYes(Random dice) => dice.Next(3) == 0 ? null : Enum.GetValues<Yes>()[dice.Next(5)];

    private static Meeting? AnyMeeting(Neighbours n, Random dice) =>
        dice.Next(4) == 0 ? null : new Meeting(n.Town.Today.AddDays(dice.Next(4) - 1), null, new(dice.Next(150)));

    /// <param name="heard">Whose yes whoever asks could have heard.</param>
    private static Decision<WorkshopChange> Give(Neighbours n, Random dice, out List<AccountId> heard)
    {
        var receivers = ((AccountId[])[n.Ben, n.Cora, n.Garden]).Where(_ => dice.Next(4) > 0).Select(a => new Receiver(a, AnyYes(dice))).Append(new Receiver(n.Ben, null)).DistinctBy(r => r.Account).ToList();
        heard = [.. receivers.Where(r => r.Yes is Yes.InPerson or Yes.Telephone or Yes.Paper).Select(r => r.Account)];
        return n.Town.Do(d => WorkshopDecisions.Give(d, new ThingId(d.Mint()), new Given(n.Ann, new(dice.Next(200)), n.Town.Today, null, null, dice.Next(3) == 0 ? n.Pot : null), receivers));
    }

    private static Decision<ArrangementChange> Say(Broker b, ThingId id, Random dice, AccountId[] people) => dice.Next(9) switch
    {
        0 => b.Meet(id, AnyMeeting(b.N, dice) ?? b.Tomorrow),
        1 or 2 => b.Agree(id, One([.. b[id].Parties], dice), AnyYes(dice)),
        3 => b.Agree(id, One(people, dice), AnyYes(dice)),
        4 => b.Ask(id, One(people, dice), Enum.GetValues<Reply>()[dice.Next(4)]),
        5 when dice.Next(3) == 0 => b.Cancel(id),
        6 when dice.Next(3) == 0 => b.Miss(id),
        7 => b.Remind(id),
        _ => b.Complete(id, dice.Next(3) == 0 ? dice.Next(200) : null),
    };

    private static void SayOf(Neighbours n, ThingId id, Random dice)
    {
        _ = dice.Next(7) switch
        {
            0 or 1 or 2 => n.Confirm(id, AnyYes(dice)),
            3 => n.Dispute(id),
            4 => n.Settle(id, dice.Next(200), AnyYes(dice)),
            5 => n.Do(d => ContributionDecisions.Withdraw(d, id)),
            _ => n.Do(d => Settling.PayAnyway(d, id, (PaidAnyway)dice.Next(2), n.Pot)),
        };
    }
}
