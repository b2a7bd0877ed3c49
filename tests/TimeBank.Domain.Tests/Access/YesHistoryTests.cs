using FsCheck;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Postings;
using TimeBank.Redemptions;
using TimeBank.Texts;

namespace TimeBank.Domain.Tests;

/// <summary>Random people move hours in every way that there is and take them back again: whatever the order, nothing leaves a person's account
/// without that person's yes on record, but for what an organiser took back, and then with the reason.</summary>
public sealed class YesHistoryTests
{
    private const int Commands = 60;

    private static readonly Authority s_organiser = FrontDesk.Organiser with { Person = new PersonId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000d2")) };

    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void No_sequence_debits_a_person_without_a_recorded_yes_or_for_what_is_taken_back_a_reason(int seed) => Run(new Random(seed), _ => { });

    [Test]
    public void The_histories_debit_people_in_every_way()
    {
        var ways = new HashSet<string>();
        for (var seed = 0; seed < 20; seed++)
            Run(new Random(seed), way => ways.Add(way));
        ways.ShouldBe(["by themselves", "as an organiser heard it", "by a booking", "by saying it first", "by confirming", "taken back"], ignoreOrder: true);
    }

    private static void Run(Random dice, Action<string> debited)
    {
        var desk = new FrontDesk();
        var service = desk.Offer();
        var (claims, requests, bookings) = (new List<ThingId>(), new List<ThingId>(), new List<Booking>());
        for (var i = 0; i < Commands; i++)
        {
            desk.Town.Now += TimeSpan.FromHours(dice.Next(30));
            desk.Town.ExpireWhatIsDue();
            desk.As(dice.Next(6) switch
            {
                0 => FrontDesk.Holder(desk.Ann),
                1 => FrontDesk.Holder(desk.Ben),
                2 => FrontDesk.Holder(desk.Clinic),
                3 => FrontDesk.App,
                _ => s_organiser,
            });
            Say(desk, dice, service, claims, requests, bookings);
            foreach (var e in desk.Town.Last.Where(e => e.Happened is PassbookEvent.HoursDebited && desk.Town[new AccountId(e.Stream)].Kind == AccountKind.Member))
                debited(YesTo(desk, bookings, e) ?? throw new AssertionException($"Without a yes: {e.Happened}"));
        }
        desk.Town.Accounts.Sum(a => a.Balance.Value).ShouldBe(0);
    }

    /// <summary>Where the yes, or the reason, is on record; null: nowhere.</summary>
    private static string? YesTo(FrontDesk desk, List<Booking> bookings, Recorded e)
    {
        var (debit, account) = ((PassbookEvent.HoursDebited)e.Happened, new AccountId(e.Stream));
        if (debit.Reverses is not null)
            return debit is { Kind: TransferKind.Reversal, Text: not null } && desk.Town.Authority.WholeBank ? "taken back" : null;
        if (debit.Hold is { } hold)
            return bookings.Exists(b => b.Hold == hold) ? "by a booking" : null;
        if (e.Causation is { } cause && desk.Town.Knows(new ThingId(cause)))
        {
            return desk.Town.Thing<Thing>(new ThingId(cause)) switch
            {
                Contribution { LoggedBy: Side.Helped } => "by saying it first",
                Contribution { Confirmed: not null } => "by confirming",
                _ => null,
            };
        }
        return debit.Yes is Yes.InPerson or Yes.Telephone or Yes.Paper ? "as an organiser heard it"
            : desk.Town.Authority is { App: null } may && may.Accounts.Contains(account) ? "by themselves"
            : null;
    }

    private static void Say(FrontDesk desk, Random dice, ThingId service, List<ThingId> claims, List<ThingId> requests, List<Booking> bookings)
    {
        var town = desk.Town;
        var minutes = new Minutes(1 + dice.Next(90));
        var yes = dice.Next(2) == 0 ? (Yes?)null : Enum.GetValues<Yes>()[dice.Next(7)];
        var (payer, payee) = dice.Next(2) == 0 ? (desk.Ann, desk.Ben) : (desk.Ben, desk.Ann);
        TextRef? reason = dice.Next(2) == 0 ? null : Town.Mistake;
        var back = town.Transfers.Where(t => t.Rest > Minutes.Zero && t.Kind is not (TransferKind.Reversal or TransferKind.Adjust)).OrderBy(t => t.Id.Value).ToList();
        switch (dice.Next(12))
        {
            case 0 or 1:
                desk.Do(d => Posting.Post(d, [new Leg(TransferKind.Exchange, payer, payee, minutes, Yes: yes)], PostingMode.Normal));
                break;
            case 2:
                if (desk.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), new Claim(payee, payer, null, minutes, d.Today, null, null))).Answer is { } logged)
                    claims.Add(logged.Contribution.Id);
                break;
            case 3 when claims.Count > 0:
                desk.Do(d => ContributionDecisions.Confirm(d, claims[dice.Next(claims.Count)], yes));
                break;
            case 4 when claims.Count > 0:
                desk.Do(d => ContributionDecisions.Dispute(d, claims[dice.Next(claims.Count)], null));
                break;
            case 5 when claims.Count > 0:
                desk.Do(d => Settling.Settle(d, claims[dice.Next(claims.Count)], new(dice.Next(90)), yes, Town.Mistake, dice.Next(3) == 0));
                break;
            case 6:
                if (desk.Do(d => PaymentRequestDecisions.Ask(d, new ThingId(d.Mint()), new Asked(TransferKind.Exchange, payer, payee, minutes, null, null, d.Now.AddDays(3)))).Answer is { } asked)
                    requests.Add(asked.Request.Id);
                break;
            case 7 when requests.Count > 0:
                desk.Do(d => PaymentRequestDecisions.Pay(d, requests[dice.Next(requests.Count)], yes));
                break;
            case 8:
                if (desk.Book(service, yes: yes).Answer is { } booked)
                    bookings.Add(booked);
                break;
            case 9 when bookings.Count > 0:
                desk.Take(bookings[dice.Next(bookings.Count)]);
                break;
            case 10 when back.Count > 0:
                desk.Do(d => Reversal.Reverse(d, back[dice.Next(back.Count)].Id, dice.Next(2) == 0 ? null : new Minutes(1), reason, dice.Next(3) == 0));
                break;
            case 11 when back.Count > 0:
                desk.Do(d => Reversal.ReverseAll(d, back[dice.Next(back.Count)].Id.Posting, reason, dice.Next(3) == 0));
                break;
        }
    }
}
