namespace TimeBank;

/// <summary>Every "no" that the rules of the bank can say, in their order of precedence: of several, the first is answered.</summary>
/// <remarks>First what the request is about (is it there, is it still as it was read), then what the request itself says, then the
/// accounts, then their figures. The names are part of the API: add, never rename. The web's table of problems lists them in the same order.</remarks>
public enum RefusalCode
{
    /// <summary>The path or the account names a bank that is not there.</summary>
    BankUnknown,
    /// <summary>A bank of that name is there already.</summary>
    BankExists,
    /// <summary>No such transfer in this bank.</summary>
    TransferUnknown,
    /// <summary>No such hold in this bank.</summary>
    HoldUnknown,
    /// <summary>No such rule in this bank.</summary>
    RuleUnknown,
    /// <summary>No such standing, key or link in this bank.</summary>
    RightUnknown,
    /// <summary>No such contribution in this bank.</summary>
    ContributionUnknown,
    /// <summary>No such request for payment in this bank.</summary>
    PaymentRequestUnknown,
    /// <summary>No such schedule in this bank.</summary>
    ScheduleUnknown,
    /// <summary>No such session in this bank.</summary>
    SessionUnknown,
    /// <summary>No such service in this bank.</summary>
    ServiceUnknown,
    /// <summary>No such booking in this bank.</summary>
    BookingUnknown,
    /// <summary>No voucher of this bank has that code.</summary>
    VoucherUnknown,
    /// <summary>The hold belongs to a booking, and ends with it.</summary>
    HoldOfBooking,
    /// <summary>No such listing in this bank.</summary>
    ListingUnknown,
    /// <summary>No such session, booking, contribution or other meeting, or not one of theirs.</summary>
    VisitUnknown,
    /// <summary>Nobody has applied or was invited with that account.</summary>
    MemberUnknown,
    /// <summary>Nobody has said yet what that project is for.</summary>
    ProjectUnknown,
    /// <summary>The project has no such activity.</summary>
    ActivityUnknown,
    /// <summary>The member has no such credential.</summary>
    CredentialUnknown,
    /// <summary>No such arrangement in this bank.</summary>
    ArrangementUnknown,
    /// <summary>No such workshop in this bank.</summary>
    WorkshopUnknown,
    /// <summary>The account does not have that number.</summary>
    NumberUnknown,
    /// <summary>No such question in this bank.</summary>
    QuestionUnknown,
    /// <summary>Nobody asked a pot for that in this bank.</summary>
    PotRequestUnknown,
    /// <summary>Nobody questioned an entry under that id in this bank.</summary>
    EntryDisputeUnknown,
    /// <summary>Whoever asks may not do this, or not with this account.</summary>
    NotPermitted,
    /// <summary>More minutes than are left of the permission to act for a member.</summary>
    PermissionUsedUp,
    /// <summary>Nobody keeps these two apart.</summary>
    ApartUnknown,
    /// <summary>Nobody confirms, credits or settles hours of their own.</summary>
    OwnHours,
    /// <summary>The settings were changed since they were read.</summary>
    VersionMismatch,
    /// <summary>The rule has ended.</summary>
    RuleEnded,
    /// <summary>The key was revoked, or is past its time.</summary>
    KeyEnded,
    /// <summary>The contribution is past that: its stage does not allow it.</summary>
    ContributionPast,
    /// <summary>Two contributions are not the same help, as both sides logged it: helper, person or project, and about the day must agree.</summary>
    NotTheSameHelp,
    /// <summary>The entry is of help given: the contribution is questioned.</summary>
    EntryOfHelp,
    /// <summary>The question about the entry was settled.</summary>
    EntryDisputePast,
    /// <summary>An entry is questioned within 30 days.</summary>
    EntryDisputeTooLate,
    /// <summary>The request for payment was paid, declined, withdrawn, or is past its time.</summary>
    PaymentRequestPast,
    /// <summary>The schedule has ended.</summary>
    SchedulePast,
    /// <summary>The session was credited or cancelled.</summary>
    SessionPast,
    /// <summary>The service is no longer offered.</summary>
    ServiceEnded,
    /// <summary>The booking is past that: its stage does not allow it.</summary>
    BookingPast,
    /// <summary>The listing has ended: it was fulfilled or withdrawn, or is past its time.</summary>
    ListingPast,
    /// <summary>The membership is past that, or not there yet: its stage does not allow it.</summary>
    MemberPast,
    /// <summary>The project is described already, or has ended.</summary>
    ProjectPast,
    /// <summary>Help on that project is credited in one of its activities.</summary>
    ActivityNeeded,
    /// <summary>The activity has ended before that day.</summary>
    ActivityPast,
    /// <summary>The arrangement is past that, or not agreed yet: its stage does not allow it.</summary>
    ArrangementPast,
    /// <summary>The concern was closed.</summary>
    ConcernPast,
    /// <summary>The pot has granted or declined it, or it was withdrawn.</summary>
    PotRequestPast,
    /// <summary>A bank keeps at least one organiser.</summary>
    LastOrganiser,
    /// <summary>The operator appoints the first organiser only.</summary>
    OrganiserThere,
    /// <summary>A person is erased once their accounts are closed.</summary>
    AccountStillOpen,
    /// <summary>A bank has one issuer, made with it.</summary>
    OneIssuerOnly,
    /// <summary>Something that concerns who leaves has not come to its end: help that waits to be confirmed, credited or settled, a booking, a session.</summary>
    MattersOpen,
    /// <summary>The account is a party to an open hold.</summary>
    HoldsOpen,
    /// <summary>The kind of transfer is made by the engine only (reinvest, levy, expire, reversal).</summary>
    KindBelongsToEngine,
    /// <summary>An organiser who says yes for a person says how that person said it.</summary>
    YesNeeded,
    /// <summary>Nobody becomes a member who has not agreed to what the bank asks of its members, in a version that is written down.</summary>
    AgreementNeeded,
    /// <summary>Nobody says yes to an arrangement without a date.</summary>
    MeetingNeeded,
    /// <summary>Somebody under 18 takes part with a guardian's recorded consent, and as long as it lasts.</summary>
    GuardianNeeded,
    /// <summary>Somebody under 18 does what their guardian agreed to, and nothing else.</summary>
    ActivityNotNamed,
    /// <summary>Somebody under 18 has no listing, and nobody is given their address.</summary>
    UnderAge,
    /// <summary>Somebody whom it needs is not available for this.</summary>
    NotAvailable,
    /// <summary>Zero or negative minutes.</summary>
    MinutesNotPositive,
    /// <summary>One hour is one hour: nobody asks more than they give.</summary>
    AsksMoreThanGiven,
    /// <summary>Who asks less than a service lasts, or a fixed number, says why; and who takes hours back from a person.</summary>
    ReasonNeeded,
    /// <summary>More than is left of what the provider took.</summary>
    RefundExceedsRest,
    /// <summary>The date on which the help was given lies ahead, by the bank's time zone.</summary>
    OccurredInFuture,
    /// <summary>The date of the appointment has passed, by the bank's time zone.</summary>
    DateInPast,
    /// <summary>The books are closed through that date.</summary>
    BooksClosed,
    /// <summary>Payer and payee are one.</summary>
    SameAccount,
    /// <summary>The bank has a list of categories, and that one is not on it.</summary>
    CategoryUnknown,
    /// <summary>No such account in this bank.</summary>
    AccountUnknown,
    /// <summary>Another account of this bank has that number.</summary>
    NumberTaken,
    /// <summary>That kind of account does not pay or receive that kind of transfer.</summary>
    WrongKindOfAccount,
    /// <summary>A reversal is not reversed: make the transfer again.</summary>
    ReversalOfReversal,
    /// <summary>More than is left of the transfer.</summary>
    ReversalExceedsRest,
    /// <summary>The account is closed.</summary>
    AccountClosed,
    /// <summary>The account is frozen: no new debit, credit or hold.</summary>
    AccountFrozen,
    /// <summary>The activity requires a credential that the helper did not have on the day of the help.</summary>
    CredentialNeeded,
    /// <summary>More credentials than are kept of one member.</summary>
    TooManyCredentials,
    /// <summary>More minutes than the bank's policy allows for one transfer.</summary>
    LongerThanAllowed,
    /// <summary>Minutes, or a balance they would lead to, beyond ±(2⁵³ − 1).</summary>
    MinutesBeyondRange,
    /// <summary>What would be available afterwards lies below the floor.</summary>
    BelowFloor,
    /// <summary>The balance afterwards, with the room that holds keep, lies above the ceiling.</summary>
    AboveCeiling,
    /// <summary>The service accepts no more minutes in that month.</summary>
    MonthFull,
    /// <summary>More transfers than one posting takes, with what rules add.</summary>
    TooManyLegs,
    /// <summary>Somebody does not have what the reversal takes back.</summary>
    ReversalFallsShort,
    /// <summary>More minutes than were credited.</summary>
    SettlementExceedsCredit,
    /// <summary>The hold was captured, released, or is past its time.</summary>
    HoldNotOpen,
    /// <summary>More than was held.</summary>
    CaptureExceedsHold,
    /// <summary>A hold, a listing, a permission, a guardian's consent ends later than now.</summary>
    ExpiryNotAhead,
    /// <summary>No date of the schedule is ahead.</summary>
    NothingScheduled,
    /// <summary>More sessions than one series plans.</summary>
    SeriesTooLong,
    /// <summary>More people than one session takes.</summary>
    SessionFull,
    /// <summary>So many strangers wait for an answer that the bank takes no more of them now.</summary>
    ApplicationsFull,
    /// <summary>It is not the session's code.</summary>
    CodeWrong,
    /// <summary>Who never came cannot leave, nor before they came.</summary>
    NotCheckedIn,
    /// <summary>Somebody came, and it is not known when they left.</summary>
    CheckOutMissing,
    /// <summary>There is nobody to be credited.</summary>
    NobodyCame,
    /// <summary>The account still holds minutes, and nothing says where they go.</summary>
    BalanceNotZero,
    /// <summary>An earmark belongs to a project.</summary>
    ParentNotProject,
    /// <summary>Members, projects and earmarks belong to a neighbourhood; other accounts are for all.</summary>
    NeighbourhoodMisfits,
    /// <summary>The role does not go with that kind of account, with a neighbourhood, or with what the person is already.</summary>
    StandingMisfits,
    /// <summary>The floor lies above the ceiling.</summary>
    FloorAboveCeiling,
    /// <summary>A rule's shares of one account's receipts come to more than all.</summary>
    SharesExceedWhole,
    /// <summary>A rule's target is its own owner, or named twice.</summary>
    TargetNotAllowed,
}

/// <summary>One figure behind a refusal, so that the caller can mend the request.</summary>
public readonly record struct Figure(string Name, object Value);

/// <summary>Who lacks how much for a reversal.</summary>
/// <param name="Available">Null, as the floor, where whoever asked does not see the account's figures.</param>
public sealed record Shortfall(AccountId Account, Minutes? Available, Minutes? Floor, Minutes Needed)
{
    public Minutes? Short => Needed - (Available - Floor);
}

/// <summary>A "no" of the rules: a value, not an exception.</summary>
public sealed record Refusal(RefusalCode Code, params Figure[] Figures)
{
    /// <summary>The leg of the posting that was refused, counted from 1; null where there is only one or none.</summary>
    public int? Leg { get; init; }

    public IReadOnlyList<Shortfall> Shortfalls { get; init; } = [];

    public static Refusal Of(RefusalCode code, AccountId account, params Figure[] figures) =>
        new(code, [new Figure("account", account.Value), .. figures]);
}
