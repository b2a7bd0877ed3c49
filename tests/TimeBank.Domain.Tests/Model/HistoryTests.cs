using FsCheck;
using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Postings;
using TimeBank.Reinvestment;

namespace TimeBank.Domain.Tests.Model;

/// <summary>Random histories of all commands, said to the real decisions and to the ledger on paper. A failure prints the seed
/// (put it into Replay to repeat it) and the shortest history that fails.</summary>
public sealed class HistoryTests
{
    private static readonly AccountKind[] s_start = [AccountKind.Member, AccountKind.Member, AccountKind.Member, AccountKind.Project,
        AccountKind.Project, AccountKind.Provider, AccountKind.Pot];

    [FsCheck.NUnit.Property(MaxTest = 100, StartSize = 10, EndSize = 120)]
    public void Real_and_plain_ledger_give_the_same_answers_and_figures(DoNotSize<int>[] history) => Run(history, (_, _, _) => { });

    [FsCheck.NUnit.Property(MaxTest = 20, StartSize = 20, EndSize = 120)]
    public void The_sum_over_all_accounts_is_zero_after_every_command(DoNotSize<int>[] history) =>
        Run(history, (town, _, _) => town.Accounts.Sum(a => a.Balance.Value).ShouldBe(0));

    [FsCheck.NUnit.Property(MaxTest = 20, StartSize = 20, EndSize = 120)]
    public void Nobody_goes_below_a_floor_by_a_transfer_that_no_override_let_pass_and_no_hold_foresaw(DoNotSize<int>[] history) => Run(history, (town, _, _) =>
    {
        foreach (var debit in town.Last.Select(e => e.Happened).OfType<PassbookEvent.HoursDebited>().Where(e => e.Override is null && e.Hold is null))
            (debit.Floor is not { } floor || debit.Available >= floor).ShouldBeTrue($"{debit}");
    });

    [FsCheck.NUnit.Property(MaxTest = 20, StartSize = 20, EndSize = 120)]
    public void Nobody_goes_above_a_ceiling_by_a_transfer_that_no_override_let_pass_and_no_hold_foresaw(DoNotSize<int>[] history) => Run(history, (town, command, _) =>
    {
        // Forgiving stops at zero, which is where an account with a ceiling below that may be closed.
        foreach (var e in town.Last.Where(e => command is not PlainCommand.Close && e.Happened is PassbookEvent.HoursCredited { Override: null, Hold: null }))
        {
            var credit = (PassbookEvent.HoursCredited)e.Happened;
            (town[new AccountId(e.Stream)].CeilingUnder(town.Bank!.Policy) is not { } ceiling || credit.Balance <= ceiling).ShouldBeTrue($"{credit}");
        }
    });

    [FsCheck.NUnit.Property(MaxTest = 20, StartSize = 20, EndSize = 120)]
    public void What_is_said_twice_is_done_once_where_the_decision_says_so(DoNotSize<int>[] history) => Run(history, (town, command, answer) =>
    {
        if (answer.Refused is not null || command is not (PlainCommand.Freeze or PlainCommand.Unfreeze or PlainCommand.Close
            or PlainCommand.Capture or PlainCommand.Release or PlainCommand.EndRule))
            return;
        var again = RealLedger.Do(town, command);
        again.Refused.ShouldBeNull($"{command}");
        town.Last.ShouldBeEmpty($"{command}");
    });

    [FsCheck.NUnit.Property(MaxTest = 20, StartSize = 20, EndSize = 120)]
    public void Events_replayed_give_the_state_and_carry_its_figures(DoNotSize<int>[] history)
    {
        var town = Run(history, (_, _, _) => { });
        var accounts = new Dictionary<Guid, Account>();
        var rules = new Dictionary<RuleId, Rule>();
        Bank? bank = null;
        var versions = new Dictionary<Guid, long>();

        foreach (var e in town.Events)
        {
            e.Version.ShouldBe(versions[e.Stream] = versions.GetValueOrDefault(e.Stream) + 1);
            switch (e.Happened)
            {
                case BankEvent happened:
                    bank = Bank.Evolve(Town.Id, e.Stream, bank, happened);
                    break;
                case AccountEvent happened:
                    var id = AccountId.OfSettings(e.Stream);
                    accounts[id.Value] = Account.Evolve(id, accounts.GetValueOrDefault(id.Value), happened);
                    break;
                case PassbookEvent happened:
                    var account = accounts[e.Stream] = Account.Evolve(accounts[e.Stream], happened);
                    (happened.Balance, happened.Available).ShouldBe((account.Balance, account.Available));
                    (happened.OpenHolds ?? 0, happened.Room ?? Minutes.Zero).ShouldBe((account.OpenHolds, account.Room));
                    break;
                case RuleEvent happened:
                    rules[new RuleId(e.Stream)] = Rule.Evolve(new RuleId(e.Stream), rules.GetValueOrDefault(new RuleId(e.Stream)), happened);
                    break;
                case AccessEvent happened:
                    bank = bank!.After(happened);
                    break;
                default:
                    Assert.Fail($"Nobody folds {e.Happened.GetType().Name}.");
                    break;
            }
        }

        bank.ShouldBe(town.Bank! with { Organisers = bank!.Organisers });
        foreach (var account in town.Accounts)
        {
            var inForce = rules.Values.Where(r => r.Owner == account.Id && r.Active).OrderBy(r => r.Id.Value.ToString(), StringComparer.Ordinal);
            account.Rules.ShouldBe(inForce);
            (accounts[account.Id.Value] with { Rules = account.Rules, Earmarks = account.Earmarks }).ShouldBe(account);
        }
        accounts.Count.ShouldBe(town.Accounts.Count());
    }

    [Test]
    public void The_histories_say_every_kind_of_command_and_most_of_them_both_yes_and_no()
    {
        var said = new HashSet<(Type, bool)>();
        var codes = new HashSet<RefusalCode>();
        for (var seed = 0; seed < 15; seed++)
        {
            var random = new Random(seed);
            Run([.. Enumerable.Range(0, 120).Select(_ => DoNotSize<int>.NewDoNotSize(random.Next()))], (_, command, answer) =>
            {
                said.Add((command.GetType(), answer.Refused is null));
                if (answer.Refused is { } code)
                    codes.Add(code);
            });
        }
        var never = typeof(PlainCommand).GetNestedTypes().SelectMany(t => new[] { (t, true), (t, false) }).Except(said);
        never.ShouldBeEmpty();
        // What only tables and huge figures reach has tests of its own, and so has who may do what.
        Enum.GetValues<RefusalCode>().Except(codes).Except(AccessCodes).Except(ThingCodes).Except(RedemptionCodes).Except(SafeguardingCodes).ShouldBe([RefusalCode.BankUnknown, RefusalCode.BankExists, RefusalCode.MinutesBeyondRange, RefusalCode.TooManyLegs]);
    }

    /// <summary>Refusals of rights, which these histories have nothing to do with.</summary>
    public static readonly RefusalCode[] AccessCodes =
    [
        RefusalCode.RightUnknown, RefusalCode.NotPermitted, RefusalCode.KeyEnded, RefusalCode.LastOrganiser, RefusalCode.OrganiserThere,
        RefusalCode.AccountStillOpen, RefusalCode.NeighbourhoodMisfits, RefusalCode.StandingMisfits,
    ];

    /// <summary>Refusals of things that have tests and histories of their own.</summary>
    public static readonly RefusalCode[] ThingCodes =
    [
        RefusalCode.ContributionUnknown, RefusalCode.OwnHours, RefusalCode.ContributionPast, RefusalCode.NotTheSameHelp, RefusalCode.YesNeeded, RefusalCode.SettlementExceedsCredit,
        RefusalCode.PaymentRequestUnknown, RefusalCode.PaymentRequestPast, RefusalCode.ScheduleUnknown, RefusalCode.SchedulePast, RefusalCode.NothingScheduled,
        RefusalCode.SessionUnknown, RefusalCode.SessionPast, RefusalCode.SessionFull, RefusalCode.CodeWrong, RefusalCode.NotCheckedIn, RefusalCode.CheckOutMissing, RefusalCode.NobodyCame,
        RefusalCode.ProjectUnknown, RefusalCode.ActivityUnknown, RefusalCode.ActivityNeeded, RefusalCode.CredentialUnknown, RefusalCode.ProjectPast, RefusalCode.ActivityPast,
        RefusalCode.CategoryUnknown, RefusalCode.CredentialNeeded, RefusalCode.TooManyCredentials,
        RefusalCode.ArrangementUnknown, RefusalCode.ArrangementPast, RefusalCode.MeetingNeeded, RefusalCode.WorkshopUnknown, RefusalCode.SeriesTooLong,
        RefusalCode.NumberUnknown, RefusalCode.NumberTaken,
        RefusalCode.EntryDisputeUnknown, RefusalCode.EntryOfHelp, RefusalCode.EntryDisputePast, RefusalCode.EntryDisputeTooLate,
    ];

    /// <summary>Refusals that keep people safe.</summary>
    private static readonly RefusalCode[] SafeguardingCodes =
    [
        RefusalCode.VisitUnknown, RefusalCode.PermissionUsedUp, RefusalCode.ApartUnknown, RefusalCode.ConcernPast, RefusalCode.GuardianNeeded, RefusalCode.ActivityNotNamed,
        RefusalCode.UnderAge, RefusalCode.NotAvailable,
        RefusalCode.QuestionUnknown, RefusalCode.PotRequestUnknown, RefusalCode.PotRequestPast, RefusalCode.MattersOpen,
    ];

    /// <summary>Refusals of services and bookings, whose histories are told by themselves.</summary>
    private static readonly RefusalCode[] RedemptionCodes =
    [
        RefusalCode.ServiceUnknown, RefusalCode.BookingUnknown, RefusalCode.VoucherUnknown, RefusalCode.HoldOfBooking, RefusalCode.ServiceEnded, RefusalCode.BookingPast,
        RefusalCode.AsksMoreThanGiven, RefusalCode.ReasonNeeded, RefusalCode.RefundExceedsRest, RefusalCode.DateInPast, RefusalCode.MonthFull,
        RefusalCode.ListingUnknown, RefusalCode.ListingPast, RefusalCode.MemberUnknown, RefusalCode.MemberPast, RefusalCode.AgreementNeeded,
        RefusalCode.ApplicationsFull,
    ];

    private static Town Run(DoNotSize<int>[] history, Action<Town, PlainCommand, PlainAnswer> afterEach)
    {
        var town = new Town();
        var plain = new PlainLedger(town.Issuer);
        var told = new List<(PlainCommand, PlainAnswer)>();
        foreach (var kind in s_start)
            Say(new PlainCommand.Open(new AccountId(Uuid.WithLow16(town.NextPosting.Value, 0x8000)), kind, null, null, null));
        foreach (var thrown in history)
        {
            var dice = new Dice(thrown.Item, plain, town.NextPosting);
            town.Now += dice.Waits();
            town.ExpireWhatIsDue();
            Say(new Dice(thrown.Item, plain, town.NextPosting).Command(town.Now));
        }
        return town;

        void Say(PlainCommand command)
        {
            var expected = plain.Do(command, town.NextPosting, town.Now);
            var answer = RealLedger.Do(town, command);
            told.Add((command, answer));
            var (was, should) = (answer.ToString(), expected.ToString());
            if (was != should)
                Assert.Fail($"It was {was}, and should be {should}, after{Story()}");
            foreach (var (id, a) in plain.Accounts)
            {
                var real = town[id];
                var (has, shouldHave) = ((real.Balance.Value, real.Held.Value, real.Room.Value, real.Status, real.SettingsVersion),
                    (a.Balance, plain.Held(id), plain.Room(id), a.Status, a.Version));
                if (has != shouldHave)
                    Assert.Fail($"{id} has {has}, and should have {shouldHave}, after{Story()}");
            }
            afterEach(town, command, answer);
        }

        string Story() => string.Concat(told.Select(t => $"\n{t.Item1} -> {t.Item2}"));
    }
}
