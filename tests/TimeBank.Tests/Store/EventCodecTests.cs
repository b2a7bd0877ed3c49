using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.FairPlay;
using TimeBank.Holds;
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
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Tests.Store;

/// <summary>The shapes of events are a contract: <c>Golden/events.txt</c> holds a row of every shape that was ever written.
/// Lines are added there, never changed.</summary>
public sealed class EventCodecTests
{
    private static readonly Guid s_id = Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000a1");
    private static readonly AccountId s_ann = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000080a1"));
    private static readonly AccountId s_school = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000080a2"));
    private static readonly TransferId s_transfer = TransferId.Of(new PostingId(Guid.Parse("0199f2d4-7a10-7c3e-8b00-000000000000")), 1);
    private static readonly TextRef s_text = new(new TextId(s_id), "ab12");
    private static readonly RuleRef s_rule = new(new RuleId(s_id), 2);
    private static readonly HoldId s_hold = new(s_id);
    private static readonly DateOnly s_day = new(2026, 3, 14);
    private static readonly DateTimeOffset s_moment = new DateTimeOffset(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero).AddMicroseconds(793);
    private static readonly RightId s_right = new(s_id);
    private static readonly PersonId s_person = new(s_id);
    private static readonly Claim s_claim = new(s_ann, null, s_school, new(90), s_day, null, null);
    private static readonly DueDate s_next = new(s_day.AddDays(7), s_moment);
    private static readonly ThingId s_thing = new(s_id);
    private static readonly ServiceTerms s_asked = new(null, null, new(20), null, 0);
    private static readonly ListingTerms s_offer = new(ListingKind.Offer, "moving", null, [], null, false, s_moment);
    private static readonly Profile s_profile = new([], [], [], [], null);
    private static readonly Meeting s_meeting = new(s_day, new(10, 30), new(45));
    private static readonly RuleTerms s_terms = new([TransferKind.Spend, TransferKind.Gift], 3_000, [new(s_school, 2), new(s_ann, 1)]);

    /// <summary>One of each shape, first with all members, then with those only that must be there.</summary>
    private static readonly object[] s_examples =
    [
        new BankEvent.BankOpened("Town", s_ann, new BankPolicy(
            BankPolicy.Default.Limits.Add(AccountKind.Member, new(new(-720), new(6_000))).Add(AccountKind.Pot, new(null, null)), new(480), "Europe/London", s_day)),
        new BankEvent.BankOpened("Town", s_ann, BankPolicy.Default),
        new BankEvent.PolicyChanged(BankPolicy.Default with { LongestTransfer = new(480) }),
        new AccountEvent.AccountOpened(AccountKind.Earmark, s_school, s_text, new(-60), new(600)),
        new AccountEvent.AccountOpened(AccountKind.Member, null, null, null, null),
        new AccountEvent.SettingsChanged(s_text, new(-60), new(600)),
        new AccountEvent.SettingsChanged(null, null, null),
        new AccountEvent.AccountFrozen(s_text),
        new AccountEvent.AccountFrozen(null),
        new AccountEvent.AccountUnfrozen(s_text),
        new AccountEvent.AccountUnfrozen(null),
        new AccountEvent.AccountClosed(s_text),
        new AccountEvent.AccountClosed(null),
        new PassbookEvent.HoursDebited(s_transfer, TransferKind.Spend, s_school, new(90), new(-90), new(-150), new(-720),
            s_day, "legal-advice", s_text, s_hold, s_rule, s_transfer, OverrideKind.Organiser) { OpenHolds = 1, Room = new(60) },
        new PassbookEvent.HoursDebited(s_transfer, TransferKind.Spend, s_school, new(90), new(-90), new(-90), null, s_day, null, null, null, null, null, null),
        new PassbookEvent.HoursCredited(s_transfer, TransferKind.Spend, s_ann, new(90), new(90), new(30), Minutes.Zero,
            s_day, "legal-advice", s_text, s_hold, s_rule, s_transfer, OverrideKind.History) { OpenHolds = 1, Room = new(60) },
        new PassbookEvent.HoursCredited(s_transfer, TransferKind.Spend, s_ann, new(90), new(90), new(90), null, s_day, null, null, null, null, null, null),
        new PassbookEvent.HoursHeld(s_hold, TransferKind.Spend, s_school, new(60), s_moment, "legal-advice", s_text, new(90), new(30), Minutes.Zero) { OpenHolds = 2, Room = new(5) },
        new PassbookEvent.HoursHeld(s_hold, TransferKind.Spend, s_school, new(60), s_moment, null, null, new(90), new(30), null),
        new PassbookEvent.HoldCaptured(s_hold, new(60), new(45), s_transfer, new(90), new(90), Minutes.Zero) { OpenHolds = 2, Room = new(5) },
        new PassbookEvent.HoldCaptured(s_hold, new(60), new(45), s_transfer, new(90), new(90), null),
        new PassbookEvent.HoldReleased(s_hold, new(60), ReleaseReason.Expired, new(90), new(90), Minutes.Zero) { OpenHolds = 2, Room = new(5) },
        new PassbookEvent.HoldReleased(s_hold, new(60), ReleaseReason.Released, new(90), new(90), null),
        new PassbookEvent.RoomReserved(s_hold, s_ann, new(60), Minutes.Zero, Minutes.Zero, Minutes.Zero) { OpenHolds = 1, Room = new(60) },
        new PassbookEvent.RoomReserved(s_hold, s_ann, new(60), Minutes.Zero, Minutes.Zero, null),
        new PassbookEvent.RoomFreed(s_hold, new(60), Minutes.Zero, Minutes.Zero, Minutes.Zero) { OpenHolds = 1, Room = new(60) },
        new PassbookEvent.RoomFreed(s_hold, new(60), Minutes.Zero, Minutes.Zero, null),
        new PassbookEvent.ShareKept(s_rule, s_school, new(18), RefusalCode.AboveCeiling, new(90), new(30), Minutes.Zero) { OpenHolds = 2, Room = new(5) },
        new PassbookEvent.ShareKept(s_rule, s_school, new(18), RefusalCode.AccountFrozen, new(90), new(90), null),
        new RuleEvent.RuleWritten(s_school, s_terms),
        new RuleEvent.RuleRewritten(s_school, s_terms),
        new RuleEvent.RuleEnded(s_school),
        new AccountEvent.AccountOpened(AccountKind.Member, null, null, null, null, "north"),
        new AccountEvent.SettingsChanged(null, null, null, "north"),
        new BankEvent.PolicyChanged(BankPolicy.Default with { PublishesBalances = true, RestTo = s_ann }),
        new AccessEvent.RoleGranted(s_right, s_person, Role.Coordinator, s_ann, null),
        new AccessEvent.RoleGranted(s_right, s_person, Role.NeighbourhoodCoordinator, null, "north"),
        new AccessEvent.RoleEnded(s_right, s_person, Role.Auditor),
        new AccessEvent.KeyMade(s_right, s_text, [Scope.AccountsRead, Scope.TransfersWrite], s_ann, true, s_moment, "hash"),
        new AccessEvent.KeyMade(s_right, null, [Scope.RulesRead], null, false, null, "hash"),
        new AccessEvent.KeyRotated(s_right, "hash", s_moment),
        new AccessEvent.KeyRevoked(s_right),
        new AccessEvent.LinkMade(s_right, s_right, s_ann, new(60), s_moment),
        new AccessEvent.LinkMade(s_right, s_right, s_ann, null, null),
        new AccessEvent.LinkEnded(s_right, s_right, s_ann),
        new AccessEvent.AccessNoted(Noted.ReadAsAuditor, s_id),
        new AccessEvent.AccessNoted(Noted.PolicyChanged, null),
        new ContributionEvent.ContributionLogged(
            new Claim(s_ann, s_school, s_school, new(90), s_day, "gardening", s_text, Wish.PassOn, s_school), Side.Helper, s_moment),
        new ContributionEvent.ContributionLogged(s_claim, Side.App, null),
        new ContributionEvent.ContributionCorrected(s_claim, Side.Helper, s_moment),
        new ContributionEvent.ContributionCorrected(s_claim, Side.Project, null),
        new ContributionEvent.ContributionConfirmed(Side.Organiser, Yes.Telephone),
        new ContributionEvent.ContributionConfirmed(Side.Time, null),
        new ContributionEvent.ContributionCredited(s_transfer.Posting, new(90), new(30), s_moment, s_school),
        new ContributionEvent.ContributionCredited(null, Minutes.Zero, Minutes.Zero, s_moment, null),
        new ContributionEvent.ContributionDeclined(Side.Helped, s_text),
        new ContributionEvent.ContributionDeclined(Side.Helped, null),
        new ContributionEvent.ContributionWithdrawn(Side.Helper),
        new ContributionEvent.ContributionDisputed(Side.Helped, s_text),
        new ContributionEvent.ContributionDisputed(Side.Helped, null),
        new ContributionEvent.ContributionSettled(new(45), Yes.InPerson, s_text),
        new ContributionEvent.ContributionSettled(Minutes.Zero, null, s_text),
        new PaymentRequestEvent.PaymentRequested(new Asked(TransferKind.Exchange, s_ann, s_school, new(60), "childcare", s_text, s_moment)),
        new PaymentRequestEvent.PaymentRequested(new Asked(TransferKind.Spend, s_ann, s_school, new(60), null, null, s_moment)),
        new PaymentRequestEvent.PaymentRequestPaid(s_transfer.Posting, Yes.Themselves),
        new PaymentRequestEvent.PaymentRequestPaid(s_transfer.Posting, null),
        new PaymentRequestEvent.PaymentRequestDeclined(s_text),
        new PaymentRequestEvent.PaymentRequestDeclined(null),
        new PaymentRequestEvent.PaymentRequestWithdrawn(),
        new PaymentRequestEvent.PaymentRequestExpired(),
        new ScheduleEvent.ScheduleMade(
            new Scheduled(TransferKind.Gift, s_ann, s_school, new(10), "thanks", s_text), new CalendarRule(Every.Month, 1, s_day, s_day.AddYears(1), new(8, 30)), Yes.Paper, s_next),
        new ScheduleEvent.ScheduleMade(new Scheduled(TransferKind.Gift, s_ann, s_school, new(10), null, null), new CalendarRule(Every.Once, 1, s_day, null, new(8, 0)), null, s_next),
        new ScheduleEvent.ScheduleCarriedOut(s_day, s_transfer.Posting, s_next),
        new ScheduleEvent.ScheduleCarriedOut(s_day, s_transfer.Posting, null),
        new ScheduleEvent.ScheduleMissed(s_day, RefusalCode.BelowFloor, s_next),
        new ScheduleEvent.ScheduleMissed(s_day, RefusalCode.AccountFrozen, null),
        new ScheduleEvent.SchedulePaused(),
        new ScheduleEvent.ScheduleResumed(s_next),
        new ScheduleEvent.ScheduleEnded(),
        new WorkSessionEvent.WorkSessionPlanned(new Plan(s_school, s_day, s_moment, s_moment.AddHours(3), 20, "gardening", s_text, "GREEN")),
        new WorkSessionEvent.WorkSessionPlanned(new Plan(s_school, s_day, s_moment, s_moment.AddHours(3), null, null, null, "GREEN")),
        new WorkSessionEvent.PersonSignedUp(s_ann),
        new WorkSessionEvent.PersonSignedOff(s_ann),
        new WorkSessionEvent.PersonCheckedIn(s_ann, s_moment),
        new WorkSessionEvent.PersonCheckedOut(s_ann, s_moment),
        new WorkSessionEvent.WorkSessionCredited(s_transfer.Posting),
        new WorkSessionEvent.WorkSessionCancelled(),
        new ServiceEvent.ServiceOffered(s_school, new ServiceTerms("legal-advice", new(60), new(45), new(1_200), 2_500), s_text, s_text),
        new ServiceEvent.ServiceOffered(s_school, s_asked, s_text, null),
        new ServiceEvent.ServiceRewritten(new ServiceTerms("legal-advice", new(60), new(45), new(1_200), 2_500), s_text, s_text),
        new ServiceEvent.ServiceRewritten(s_asked, s_text, null),
        new ServiceEvent.ServiceEnded(),
        new ServiceEvent.ServiceBooked(s_thing, new(2026, 3, 1), new(45)),
        new ServiceEvent.ServiceFreed(s_thing, new(2026, 3, 1), new(45)),
        new BookingEvent.BookingMade(s_thing, s_ann, s_school, s_day, new(45), "K7QF-3M2P-B", s_moment, 2_500, Yes.Telephone, s_text),
        new BookingEvent.BookingMade(s_thing, s_ann, s_school, s_day, new(45), "K7QF-3M2P-B", s_moment, 0, Yes.Themselves, null),
        new BookingEvent.BookingGiven(new(45), s_transfer),
        new BookingEvent.BookingCancelled(BookingSide.Member),
        new BookingEvent.BookingMissed(new(11), s_transfer),
        new BookingEvent.BookingMissed(Minutes.Zero, null),
        new BookingEvent.BookingExpired(),
        new BookingEvent.BookingRefunded(new(15), s_transfer),
        new VoucherEvent.VoucherMade(s_thing, s_ann, s_school),
        new BankEvent.PolicyChanged(BankPolicy.Default with { Language = "en" }),
        new ListingEvent.ListingPosted(s_ann, new ListingTerms(
            ListingKind.Request, "moving", "north", [TimeOfWeek.MondayMorning, TimeOfWeek.SundayEvening], new(60), true, s_moment), s_text),
        new ListingEvent.ListingPosted(s_ann, s_offer, s_text),
        new ListingEvent.ListingRewritten(s_offer, s_text),
        new ListingEvent.ListingFulfilled(),
        new ListingEvent.ListingWithdrawn(),
        new ListingEvent.ListingExpired(),
        new MemberEvent.MemberApplied(s_ann, Approach.Telephone, new Profile(
            ["gardening", "moving"], ["en", "cy"], [TimeOfWeek.MondayMorning], [Reach.Telephone, Reach.Paper], Willingness.HoursAMonth), s_text, s_moment),
        new MemberEvent.MemberApplied(s_ann, Approach.Invited, s_profile, null, s_moment),
        new MemberEvent.ProfileRewritten(s_profile, s_text),
        new MemberEvent.ProfileRewritten(s_profile, null),
        new MemberEvent.JoiningStepTaken(JoiningStep.Agreed, new StepTaken(s_day, "2026-1"), s_moment),
        new MemberEvent.JoiningStepTaken(JoiningStep.Talked, new StepTaken(s_day, null), s_moment),
        new MemberEvent.MemberAdmitted(),
        new MemberEvent.MemberPaused(),
        new MemberEvent.MemberReturned(),
        new MemberEvent.MemberLeft(),
        new ProjectEvent.ProjectDescribed(s_ann, new ProjectTerms(s_day, s_day.AddDays(7), new CoProduction(
            CoProductionKind.CoDesign, Hands.ProfessionalsWithUsersAndCommunities, Hands.Professionals, Togetherness.Collective, InputEffect.Additive,
            [InputOf.Citizen, InputOf.PublicAgency])), s_text, ProjectStage.Planned),
        new ProjectEvent.ProjectDescribed(s_ann, new ProjectTerms(null, null, null), null, ProjectStage.Running),
        new ProjectEvent.ProjectRewritten(new ProjectTerms(null, null, null), s_text),
        new ProjectEvent.ProjectRewritten(new ProjectTerms(null, null, null), null),
        new ProjectEvent.ProjectStarted(),
        new ProjectEvent.ProjectEnded(),
        new ActivityEvent.ActivityAdded(s_school, ["first-aid", "training-saw"], s_text),
        new ActivityEvent.ActivityRewritten([], s_text),
        new ActivityEvent.ActivityEnded(s_day),
        new CredentialEvent.CredentialRecorded(s_ann, new Credential(s_thing, "first-aid", s_day, s_person, s_day.AddDays(7))),
        new CredentialEvent.CredentialRecorded(s_ann, new Credential(s_thing, "first-aid", s_day, null, null)),
        new CredentialEvent.CredentialRevoked(s_thing, s_day),
        new BankEvent.PolicyChanged(BankPolicy.Default with
        {
            Categories = ["gardening", "moving"], OtherCategories = false, ProjectWork = ProjectWork.ProjectOnly, ConfirmedBy = Confirming.Coordinator,
        }),
        new ContributionEvent.ContributionLogged(s_claim with { Activity = s_thing }, Side.Helper, null, Side.Organiser),
        new WorkSessionEvent.WorkSessionPlanned(new Plan(s_school, s_day, s_moment, s_moment, null, null, null, "GREEN", s_thing)),
        new ArrangementEvent.ArrangementProposed(s_ann, s_school, s_thing, "moving", s_meeting, s_text, new SideYes(s_ann, Yes.Themselves)),
        new ArrangementEvent.ArrangementProposed(s_ann, s_school, null, null, null, null, null),
        new ArrangementEvent.MeetingSet(s_meeting, s_text, new SideYes(s_ann, Yes.Themselves)),
        new ArrangementEvent.MeetingSet(s_meeting with { At = null }, null, null),
        new ArrangementEvent.ArrangementAgreed(s_ann, Yes.Telephone, s_moment),
        new ArrangementEvent.ArrangementAgreed(s_ann, Yes.Telephone, null),
        new ArrangementEvent.SideAsked(s_ann, Means.Paper, Reply.Later, s_day, s_text),
        new ArrangementEvent.SideAsked(s_ann, Means.Paper, Reply.NoAnswer, s_day, null),
        new ArrangementEvent.ArrangementReminded(s_day),
        new ArrangementEvent.ReminderLapsed(),
        new ArrangementEvent.ArrangementDone(s_thing),
        new ArrangementEvent.ArrangementCancelled(s_ann, s_text),
        new ArrangementEvent.ArrangementCancelled(null, null),
        new ArrangementEvent.ArrangementDidNotHappen(s_text),
        new ArrangementEvent.ArrangementDidNotHappen(null),
        new WorkshopEvent.WorkshopGiven(s_ann, new(61), s_day, "gardening", s_school, s_text, [new WorkshopShare(s_school, new(61), s_thing)]),
        new WorkshopEvent.WorkshopGiven(s_ann, new(61), s_day, null, null, null, [new WorkshopShare(s_school, new(61), s_thing)]),
        new AccountNumberEvent.AccountNumberGiven(s_ann, "A-17"),
        new AccountNumberEvent.AccountNumberTakenBack(),
        new MemberEvent.MemberKept(),
        new YouthEvent.YouthMarked(s_ann, s_day),
        new YouthEvent.GuardianConsented(new GuardianConsent(Yes.Paper, s_day, s_day, ["gardening"], [s_school], s_text)),
        new YouthEvent.GuardianConsented(new GuardianConsent(Yes.InPerson, s_day, s_day, [], [], s_text)),
        new YouthEvent.ConsentWithdrawn(),
        new ApartEvent.PeopleKeptApart(s_ann, s_school),
        new ApartEvent.PeopleKeptApartNoLonger(),
        new AccessEvent.PermissionGiven(s_right, s_person, s_ann, new PermissionTerms(new(240), [TransferKind.Spend], [s_school], ["legal-advice"], s_moment), Yes.Paper),
        new AccessEvent.PermissionGiven(s_right, s_person, s_ann, new PermissionTerms(new(240), [], [], [], s_moment), Yes.Themselves),
        new AccessEvent.PermissionUsed(s_right, s_ann, new(60)),
        new AccessEvent.PermissionEnded(s_right, s_person, s_ann),
        new AccountEvent.SilenceLetCount(Yes.Telephone),
        new AccountEvent.SilenceEnded(Yes.Themselves),
        new ContributionEvent.ContributionKeptOpen(),
        new ContributionEvent.ContributionConfirmed(Side.CounterSigner, Yes.Silence),
        new BankEvent.PolicyChanged(BankPolicy.Default with { NewHoursMark = new(600), CoordinatorMark = new(2_400) }),
        new QuestionEvent.QuestionRaised(new Facts(QuestionKind.ShareKept, [s_school, s_ann], s_day, new(30), [s_thing], s_rule.Id, RefusalCode.AboveCeiling)),
        new QuestionEvent.QuestionRaised(new Facts(QuestionKind.OnlyEachOther, [s_school, s_ann], s_day)),
        new QuestionEvent.QuestionPutAside(s_text),
        new PotRequestEvent.PotAsked(s_school, s_ann, new(60), s_text, s_person),
        new PotRequestEvent.PotAsked(s_school, s_ann, new(60), null, null),
        new PotRequestEvent.PotRequestSeconded(s_person),
        new PotRequestEvent.PotRequestGranted(s_person, s_transfer.Posting),
        new PotRequestEvent.PotRequestDeclined(s_person, s_text),
        new PotRequestEvent.PotRequestDeclined(s_person, null),
        new PotRequestEvent.PotRequestWithdrawn(),
        new BankEvent.PolicyChanged(BankPolicy.Default with { WelcomeHours = new(120) }),
        new PassbookEvent.HoursDebited(s_transfer, TransferKind.Spend, s_school, new(90), new(-90), new(-90), null, s_day, null, null, null, null, null, null) { Yes = Yes.Telephone },
        new PassbookEvent.HoursHeld(s_hold, TransferKind.Spend, s_school, new(60), s_moment, null, null, new(90), new(30), null) { Yes = Yes.Paper },
        new BankEvent.PolicyChanged(BankPolicy.Default with { CheckInStep = new(5) }),
        new WorkSessionEvent.WorkSessionPlanned(new Plan(s_school, s_day, s_moment, s_moment, null, null, null, "GREEN", CountsIn: new(5))),
        new WorkSessionEvent.PersonSignedOff(s_ann, s_school),
        new AccountEvent.AccountOpened(AccountKind.Earmark, s_school, null, null, null, null, "gardening"),
        new ContributionEvent.ContributionLogged(new Claim(s_ann, s_school, null, new(60), s_day, null, null, Wish.Nothing), Side.Organiser, null, null, Yes.Telephone),
        new ContributionEvent.ContributionWished(Wish.PassOn, s_school, Yes.Themselves),
        new ContributionEvent.ContributionWished(Wish.Hours, null, Yes.Paper),
        new ProjectEvent.ProjectDescribed(s_ann, new ProjectTerms(null, null, null, NamesActivity: true), null, ProjectStage.Running),
        new BankEvent.PolicyChanged(BankPolicy.Default with { TakesApplications = false }),
        new BankEvent.PolicyChanged(BankPolicy.Default with { PageLanguages = ["cy", "en"] }),
        new MemberEvent.MemberApplied(s_ann, Approach.Page, s_profile, s_text, s_moment, true),
        new MemberEvent.JoiningStepTaken(JoiningStep.FirstHelpProposed, new StepTaken(s_day, null), s_moment, true),
        new ContributionEvent.ContributionLogged(
            new Claim(s_ann, null, s_school, new(90), s_day, null, null, Activity: s_thing, From: new TimeOnly(14, 30)), Side.Organiser, null),
        new ArrangementEvent.ArrangementProposed(s_ann, s_school, null, null, null, null, null, s_thing),
        new EntryDisputeEvent.EntryDisputed(s_transfer, s_ann, s_school, new(60), s_day, s_text),
        new EntryDisputeEvent.EntryDisputed(s_transfer, s_ann, s_school, new(60), s_day, null),
        new EntryDisputeEvent.EntryDisputeSettled(EntryVerdict.Reversed, s_transfer.Posting, s_text),
        new EntryDisputeEvent.EntryDisputeSettled(EntryVerdict.Stands, null, s_text),
        new BookingEvent.BookingMade(s_thing, s_ann, s_school, s_day, new(45), "K7QF-3M2P-B", s_moment, 0, Yes.Themselves, null, s_moment),
        new BookingEvent.BookingReminded(s_day),
        new WorkSessionEvent.WorkSessionPlanned(new Plan(s_school, s_day, s_moment, s_moment, null, null, null, "GREEN"), s_moment),
        new WorkSessionEvent.WorkSessionReminded(s_day),
    ];

    private static IEnumerable<object> Examples() => s_examples.Select(e => new TestCaseData(e).SetArgDisplayNames(EventCodec.TypeOf(e)));

    private static string Row(object happened) => $"{EventCodec.TypeOf(happened)}\t{Encoding.UTF8.GetString(EventCodec.Encode(happened))}";

    private static string[] Golden() => File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Store", "Golden", "events.txt"));

    /// <summary>Records compare their collections by reference: as JSON they compare by what they hold.</summary>
    private static void ShouldBeSame(object decoded, object original)
    {
        decoded.GetType().ShouldBe(original.GetType());
        Row(decoded).ShouldBe(Row(original));
    }

    [Test]
    public void Every_event_is_written_as_it_was_ever_written() => s_examples.Select(Row).ShouldBe(Golden());

    [Test]
    public void Every_row_ever_written_is_read_and_every_type_has_one()
    {
        var rows = Golden().Select(line => line.Split('\t')).ToList();

        foreach (var row in rows)
            Encoding.UTF8.GetString(EventCodec.Encode(EventCodec.Decode(row[0], Encoding.UTF8.GetBytes(row[1])))).ShouldBe(row[1]);
        rows.Select(r => r[0]).Distinct().ShouldBe(EventCodec.All.Select(EventCodec.Alias), ignoreOrder: true);
    }

    [TestCaseSource(nameof(Examples))]
    public void What_is_written_is_read_again(object happened) =>
        ShouldBeSame(EventCodec.Decode(EventCodec.TypeOf(happened), EventCodec.Encode(happened)), happened);

    [TestCaseSource(nameof(Examples))]
    public void The_order_of_members_that_jsonb_gives_does_not_matter(object happened)
    {
        var reversed = new JsonObject(Members(happened).Reverse().Select(m => new KeyValuePair<string, JsonNode?>(m.Key, m.Value?.DeepClone())));

        ShouldBeSame(Decode(happened, reversed), happened);
    }

    [TestCaseSource(nameof(Examples))]
    public void A_member_that_is_missing_is_an_error_and_never_0(object happened)
    {
        // The second example of a shape leaves out whatever may be left out.
        var needed = s_examples.Where(e => e.GetType() == happened.GetType()).Select(e => Members(e).Select(m => m.Key)).Aggregate((a, b) => a.Intersect(b)).ToHashSet();
        foreach (var member in Members(happened).Select(m => m.Key))
        {
            var without = Members(happened);
            without.Remove(member);
            if (needed.Contains(member))
                Should.Throw<UnknownEventException>(() => Decode(happened, without), member);
            else
                Members(Decode(happened, without)).ContainsKey(member).ShouldBeFalse();
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void A_member_that_nobody_knows_or_that_stands_twice_is_an_error(object happened)
    {
        var more = Members(happened);
        more["surprise"] = 1;
        Should.Throw<UnknownEventException>(() => Decode(happened, more));

        var text = Encoding.UTF8.GetString(EventCodec.Encode(happened));
        if (Members(happened).Count == 0)
            return;
        var first = Members(happened).First();
        Should.Throw<UnknownEventException>(() => EventCodec.Decode(EventCodec.TypeOf(happened),
            Encoding.UTF8.GetBytes($"{{\"{first.Key}\":{first.Value!.ToJsonString()},{text[1..]}")));
    }

    [TestCaseSource(nameof(Examples))]
    public void Nulls_are_left_out(object happened) => Row(happened).ShouldNotContain("null");

    [Test]
    public void A_type_that_nobody_knows_is_an_error_which_says_what_to_do() =>
        Should.Throw<UnknownEventException>(() => EventCodec.Decode("hours_doubled", "{}"u8)).Message.ShouldContain("newer TimeBank");

    [TestCase("{\"minutes\":1.5}")]
    [TestCase("{\"minutes\":\"90\"}")]
    [TestCase("{\"minutes\":1e1}")]
    [TestCase("{\"minutes\":9007199254740992}")]
    [TestCase("{\"minutes\":null}")]
    [TestCase("{\"kind\":3}")]
    [TestCase("{\"kind\":\"theft\"}")]
    [TestCase("{\"transfer\":\"1\"}")]
    [TestCase("{\"occurred\":\"14.3.2026\"}")]
    public void A_value_of_another_shape_is_an_error(string other)
    {
        var debit = s_examples.OfType<PassbookEvent.HoursDebited>().First();
        var changed = Members(debit);
        foreach (var (name, value) in JsonNode.Parse(other)!.AsObject().ToList())
            changed[name] = value?.DeepClone();

        Should.Throw<UnknownEventException>(() => Decode(debit, changed));
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("1")]
    [TestCase("")]
    public void A_body_that_is_no_object_is_an_error(string body) =>
        Should.Throw<UnknownEventException>(() => EventCodec.Decode("account_frozen", Encoding.UTF8.GetBytes(body)));

    // The table of marten-layout: what Marten itself called such types.
    [TestCase(typeof(AccountOpened), "account_opened")]
    [TestCase(typeof(HTTPCallV2), "http_call_v2")]
    [TestCase(typeof(Order_Placed), "order___placed")]
    [TestCase(typeof(Lower2case), "lower_2case")]
    [TestCase(typeof(PassbookEvent.HoursCredited), "hours_credited")]
    public void Types_are_named_as_marten_names_them(Type type, string alias) => EventCodec.Alias(type).ShouldBe(alias);

    [Test]
    public void Marten_s_name_of_every_event_is_its_name_in_snake_case() => EventCodec.All.Select(EventCodec.Alias).ShouldBe(
    [
        "bank_opened", "policy_changed", "account_opened", "settings_changed", "account_frozen", "account_unfrozen", "account_closed",
        "hours_debited", "hours_credited", "hours_held", "hold_captured", "hold_released", "room_reserved", "room_freed", "share_kept",
        "rule_written", "rule_rewritten", "rule_ended",
        "role_granted", "role_ended", "key_made", "key_rotated", "key_revoked", "link_made", "link_ended", "access_noted",
        "contribution_logged", "contribution_corrected", "contribution_wished", "contribution_confirmed", "contribution_credited", "contribution_declined",
        "contribution_withdrawn", "contribution_disputed", "contribution_settled",
        "payment_requested", "payment_request_paid", "payment_request_declined", "payment_request_withdrawn", "payment_request_expired",
        "schedule_made", "schedule_carried_out", "schedule_missed", "schedule_paused", "schedule_resumed", "schedule_ended",
        "work_session_planned", "person_signed_up", "person_signed_off", "person_checked_in", "person_checked_out", "work_session_credited", "work_session_cancelled", "work_session_reminded",
        "service_offered", "service_rewritten", "service_ended", "service_booked", "service_freed",
        "booking_made", "booking_given", "booking_cancelled", "booking_missed", "booking_expired", "booking_refunded", "booking_reminded", "voucher_made",
        "member_applied", "profile_rewritten", "joining_step_taken", "member_admitted", "member_paused", "member_returned", "member_left", "member_kept",
        "youth_marked", "guardian_consented", "consent_withdrawn", "people_kept_apart", "people_kept_apart_no_longer", "permission_given", "permission_used", "permission_ended",
        "project_described", "project_rewritten", "project_started", "project_ended", "activity_added", "activity_rewritten", "activity_ended",
        "credential_recorded", "credential_revoked",
        "silence_let_count", "silence_ended", "contribution_kept_open", "question_raised", "question_put_aside",
        "pot_asked", "pot_request_seconded", "pot_request_granted", "pot_request_declined", "pot_request_withdrawn", "entry_disputed", "entry_dispute_settled",
        "listing_posted", "listing_rewritten", "listing_fulfilled", "listing_withdrawn", "listing_expired",
        "arrangement_proposed", "meeting_set", "arrangement_agreed", "side_asked", "arrangement_reminded", "reminder_lapsed",
        "arrangement_done", "arrangement_cancelled", "arrangement_did_not_happen", "workshop_given", "account_number_given", "account_number_taken_back",
    ], ignoreOrder: true);

    private static JsonObject Members(object happened) => JsonNode.Parse(EventCodec.Encode(happened))!.AsObject();

    private static object Decode(object shape, JsonObject body) => EventCodec.Decode(EventCodec.TypeOf(shape), Encoding.UTF8.GetBytes(body.ToJsonString()));

    private sealed class AccountOpened;
    private sealed class HTTPCallV2;
    private sealed class Order_Placed;
    private sealed class Lower2case;
}
