using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.FairPlay;
using TimeBank.PaymentRequests;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Projects;
using TimeBank.Pots;
using TimeBank.Redemptions;
using TimeBank.Reinvestment;
using TimeBank.Safeguarding;
using TimeBank.Schedules;
using TimeBank.Workshops;
using TimeBank.WorkSessions;
using Activity = TimeBank.Projects.Activity;
using ActivityEvent = TimeBank.Projects.ActivityEvent;

namespace TimeBank.Domain.Tests;

/// <summary>C# does not see that a family of events is complete: these tests do.</summary>
public sealed class EvolveTests
{
    private static readonly Town s_town = new();
    private static readonly AccountId s_id = s_town.Open(AccountKind.Member);

    private static IEnumerable<Type> EventsOf(Type family) => family.GetNestedTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(family));

    private static T Blank<T>(Type type) where T : class => (T)RuntimeHelpers.GetUninitializedObject(type);

    private static IEnumerable<Type> PassbookEvents() => EventsOf(typeof(PassbookEvent));
    private static IEnumerable<Type> AccountEvents() => EventsOf(typeof(AccountEvent));
    private static IEnumerable<Type> RuleEvents() => EventsOf(typeof(RuleEvent));
    private static IEnumerable<Type> ContributionEvents() => EventsOf(typeof(ContributionEvent));
    private static IEnumerable<Type> PaymentRequestEvents() => EventsOf(typeof(PaymentRequestEvent));
    private static IEnumerable<Type> ScheduleEvents() => EventsOf(typeof(ScheduleEvent));
    private static IEnumerable<Type> WorkSessionEvents() => EventsOf(typeof(WorkSessionEvent));
    private static IEnumerable<Type> RedemptionEvents() => EventsOf(typeof(ServiceEvent)).Concat(EventsOf(typeof(BookingEvent))).Concat(EventsOf(typeof(VoucherEvent)));
    private static IEnumerable<Type> ListingEvents() => EventsOf(typeof(ListingEvent));
    private static IEnumerable<Type> AccountNumberEvents() => EventsOf(typeof(AccountNumberEvent));
    private static IEnumerable<Type> MemberEvents() => EventsOf(typeof(MemberEvent));
    private static IEnumerable<Type> ProjectEvents() => EventsOf(typeof(ProjectEvent)).Concat(EventsOf(typeof(ActivityEvent))).Concat(EventsOf(typeof(CredentialEvent)));
    private static IEnumerable<Type> ArrangementEvents() => EventsOf(typeof(ArrangementEvent));
    private static IEnumerable<Type> YouthEvents() => EventsOf(typeof(YouthEvent));
    private static IEnumerable<Type> ApartEvents() => EventsOf(typeof(ApartEvent));
    private static IEnumerable<Type> QuestionEvents() => EventsOf(typeof(QuestionEvent));
    private static IEnumerable<Type> EntryDisputeEvents() => EventsOf(typeof(EntryDisputeEvent));
    private static IEnumerable<Type> PotRequestEvents() => EventsOf(typeof(PotRequestEvent));
    private static IEnumerable<Type> BankEvents() => EventsOf(typeof(BankEvent));

    private sealed record Unheard() : PassbookEvent(default, default, default);

    [TestCaseSource(nameof(PassbookEvents))]
    public void Every_event_of_a_passbook_is_folded(Type type) =>
        Account.Evolve(s_town[s_id], Blank<PassbookEvent>(type)).Version.ShouldBe(s_town[s_id].Version + 1);

    [TestCaseSource(nameof(AccountEvents))]
    public void Every_event_of_an_account_is_folded(Type type)
    {
        var before = type == typeof(AccountEvent.AccountOpened) ? null : s_town[s_id];

        Account.Evolve(s_id, before, Blank<AccountEvent>(type)).SettingsVersion.ShouldBe((before?.SettingsVersion ?? 0) + 1);
    }

    [TestCaseSource(nameof(RuleEvents))]
    public void Every_event_of_a_rule_is_folded(Type type)
    {
        var rule = new Rule(Town.NoRule, 1, s_id, Town.Terms(1, s_id), true);
        var before = type == typeof(RuleEvent.RuleWritten) ? null : rule;

        Rule.Evolve(Town.NoRule, before, Blank<RuleEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(ContributionEvents))]
    public void Every_event_of_a_contribution_is_folded(Type type)
    {
        var claim = new Claim(s_id, null, s_id, new(60), s_town.Today, null, null);
        var before = type == typeof(ContributionEvent.ContributionLogged) ? null : new Contribution(Town.NoThing, claim, Side.Helper, null) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ContributionEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(PaymentRequestEvents))]
    public void Every_event_of_a_request_for_payment_is_folded(Type type)
    {
        var asked = new Asked(TransferKind.Exchange, s_id, s_id, new(60), null, null, Town.Noon);
        var before = type == typeof(PaymentRequestEvent.PaymentRequested) ? null : new PaymentRequest(Town.NoThing, asked) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<PaymentRequestEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(ScheduleEvents))]
    public void Every_event_of_a_schedule_is_folded(Type type)
    {
        var terms = new Scheduled(TransferKind.Exchange, s_id, s_id, new(60), null, null);
        var before = type == typeof(ScheduleEvent.ScheduleMade) ? null
            : new Schedule(Town.NoThing, terms, new CalendarRule(Every.Week, 1, s_town.Today, null, default), null, null) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ScheduleEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(WorkSessionEvents))]
    public void Every_event_of_a_session_is_folded(Type type)
    {
        var plan = new Plan(s_id, s_town.Today, Town.Noon, Town.Noon, null, null, null, "CODE");
        var before = type == typeof(WorkSessionEvent.WorkSessionPlanned) ? null : new WorkSession(Town.NoThing, plan, []) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<WorkSessionEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(RedemptionEvents))]
    public void Every_event_of_a_service_a_booking_and_a_voucher_is_folded(Type type)
    {
        Thing? before = type.Name is nameof(ServiceEvent.ServiceOffered) or nameof(BookingEvent.BookingMade) or nameof(VoucherEvent.VoucherMade) ? null
            : type.DeclaringType == typeof(ServiceEvent) ? new Service(Town.NoThing, s_id, FrontDesk.Terms(), FrontDesk.Text, null, 1) { Version = 1 }
            : new Booking(Town.NoThing, Town.NoThing, s_id, s_id, s_town.Today, new(60), "", Town.Noon, 0, Yes.Themselves, null) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ThingEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(ListingEvents))]
    public void Every_event_of_a_listing_is_folded(Type type)
    {
        var before = type == typeof(ListingEvent.ListingPosted) ? null : new Listing(Town.NoThing, s_id, null!, null!) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ListingEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(MemberEvents))]
    public void Every_event_of_a_membership_is_folded(Type type)
    {
        var none = ImmutableSortedDictionary<JoiningStep, StepTaken>.Empty;
        var before = type == typeof(MemberEvent.MemberApplied) ? null
            : new Member(Town.NoThing, s_id, Approach.Page, Club.Nothing, null, MemberStage.Applied, Town.Noon, none) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<MemberEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(ProjectEvents))]
    public void Every_event_of_a_project_an_activity_and_credentials_is_folded(Type type)
    {
        var seen = new Credential(Town.NoThing, "first-aid", s_town.Today, null, null);
        Thing? before = type.Name is nameof(ProjectEvent.ProjectDescribed) or nameof(ActivityEvent.ActivityAdded) ? null
            : type.DeclaringType == typeof(ProjectEvent) ? new Project(Town.NoThing, s_id, new ProjectTerms(null, null, null), null) { Version = 1 }
            : type.DeclaringType == typeof(ActivityEvent) ? new Activity(Town.NoThing, s_id, [], Neighbours.Why) { Version = 1 }
            : new MemberCredentials(Town.NoThing, s_id, [seen]) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ThingEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(ArrangementEvents))]
    public void Every_event_of_an_arrangement_is_folded(Type type)
    {
        var before = type == typeof(ArrangementEvent.ArrangementProposed) ? null
            : new Arrangement(Town.NoThing, s_id, s_id, null, null, null, null, [], []) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ArrangementEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [Test]
    public void The_one_event_of_a_workshop_is_folded() =>
        Thing.Evolve(Town.NoThing, null, new WorkshopEvent.WorkshopGiven(s_id, new(60), s_town.Today, null, null, null, [])).Version.ShouldBe(1);

    [TestCaseSource(nameof(AccountNumberEvents))]
    public void Every_event_of_a_number_is_folded(Type type)
    {
        var before = type == typeof(AccountNumberEvent.AccountNumberGiven) ? null : new AccountNumber(Town.NoThing, s_id, "17", [s_id]) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<AccountNumberEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(YouthEvents))]
    public void Every_event_of_somebody_under_18_is_folded(Type type)
    {
        var before = type == typeof(YouthEvent.YouthMarked) ? null : new Youth(Town.NoThing, s_id, s_town.Today) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<YouthEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(ApartEvents))]
    public void Every_event_of_two_who_are_kept_apart_is_folded(Type type)
    {
        var before = type == typeof(ApartEvent.PeopleKeptApart) ? null : new Apart(Town.NoThing, s_id, s_id) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<ApartEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(QuestionEvents))]
    public void Every_event_of_a_question_is_folded(Type type)
    {
        var before = type == typeof(QuestionEvent.QuestionRaised) ? null : new Question(Town.NoThing, new Facts(QuestionKind.ShareKept, [s_id], s_town.Today)) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<QuestionEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(PotRequestEvents))]
    public void Every_event_of_a_request_to_a_pot_is_folded(Type type)
    {
        var before = type == typeof(PotRequestEvent.PotAsked) ? null : new PotRequest(Town.NoThing, s_id, s_id, new(60), null, null) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<PotRequestEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(EntryDisputeEvents))]
    public void Every_event_of_a_questioned_entry_is_folded(Type type)
    {
        var before = type == typeof(EntryDisputeEvent.EntryDisputed) ? null : new EntryDispute(Town.NoThing, Town.NoTransfer, s_id, s_id, new(60), s_town.Today, null) { Version = 1 };

        Thing.Evolve(Town.NoThing, before, Blank<EntryDisputeEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [TestCaseSource(nameof(BankEvents))]
    public void Every_event_of_a_bank_is_folded(Type type)
    {
        var before = type == typeof(BankEvent.BankOpened) ? null : s_town.Bank;

        Bank.Evolve(Town.Id, Guid.Empty, before, Blank<BankEvent>(type)).Version.ShouldBe((before?.Version ?? 0) + 1);
    }

    [Test]
    public void What_nobody_has_heard_of_is_never_skipped()
    {
        Should.Throw<UnreachableException>(() => Account.Evolve(s_town[s_id], new Unheard()));
        Should.Throw<UnreachableException>(() => Account.Evolve(s_id, null, new AccountEvent.AccountFrozen(null)));
        Should.Throw<UnreachableException>(() => Rule.Evolve(Town.NoRule, null, new RuleEvent.RuleEnded(s_id)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ContributionEvent.ContributionWithdrawn(Side.Helper)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ServiceEvent.ServiceEnded()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new BookingEvent.BookingExpired()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new BookingEvent.BookingReminded(default)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new WorkSessionEvent.WorkSessionReminded(default)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, new Voucher(Town.NoThing, Town.NoThing, s_id, s_id), new VoucherEvent.VoucherMade(Town.NoThing, s_id, s_id)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ListingEvent.ListingWithdrawn()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new MemberEvent.MemberLeft()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ProjectEvent.ProjectEnded()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ActivityEvent.ActivityEnded(default)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new CredentialEvent.CredentialRevoked(default, default)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ArrangementEvent.ReminderLapsed()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(
            Town.NoThing, new Workshop(Town.NoThing, s_id, new(60), s_town.Today, null, null, null, []), new WorkshopEvent.WorkshopGiven(s_id, new(60), s_town.Today, null, null, null, [])));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new AccountNumberEvent.AccountNumberTakenBack()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new YouthEvent.ConsentWithdrawn()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new ApartEvent.PeopleKeptApartNoLonger()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new QuestionEvent.QuestionPutAside(FrontDesk.Text)));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new PotRequestEvent.PotRequestWithdrawn()));
        Should.Throw<UnreachableException>(() => Thing.Evolve(Town.NoThing, null, new EntryDisputeEvent.EntryDisputeSettled(EntryVerdict.Stands, null, FrontDesk.Text)));
        Should.Throw<UnreachableException>(() => AccessEvent.Evolve(null, new AccessEvent.KeyRevoked(new RightId(Guid.Empty))));
        Should.Throw<UnreachableException>(() => Bank.Evolve(Town.Id, Guid.Empty, null, new BankEvent.PolicyChanged(BankPolicy.Default)));
    }

    [Test]
    public void Every_family_of_events_is_among_these()
    {
        var families = typeof(Account).Assembly.GetTypes().Where(t => t.IsAbstract && !t.IsNested && t.Name.EndsWith("Event", StringComparison.Ordinal));

        families.ShouldBe(
        [
            typeof(PassbookEvent), typeof(AccountEvent), typeof(RuleEvent), typeof(BankEvent), typeof(AccessEvent), typeof(ThingEvent), typeof(ContributionEvent),
            typeof(PaymentRequestEvent), typeof(ScheduleEvent), typeof(WorkSessionEvent), typeof(ServiceEvent), typeof(BookingEvent), typeof(VoucherEvent),
            typeof(ListingEvent), typeof(MemberEvent), typeof(QuestionEvent), typeof(PotRequestEvent), typeof(EntryDisputeEvent), typeof(YouthEvent), typeof(ApartEvent), typeof(ProjectEvent), typeof(ActivityEvent), typeof(CredentialEvent), typeof(ArrangementEvent), typeof(WorkshopEvent), typeof(AccountNumberEvent),
        ], ignoreOrder: true);
    }

    [Test]
    public void A_state_that_nobody_loaded_is_a_defect()
    {
        var ledger = new Ledger(Town.Id, s_town.Bank, Town.Noon, default);

        Should.Throw<InvalidOperationException>(() => ledger.Find(s_id));
        ledger.Knows(s_id).ShouldBeFalse();
        ledger.Load(s_id, null);
        ledger.Find(s_id).ShouldBeNull();
    }
}
