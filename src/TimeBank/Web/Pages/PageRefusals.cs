using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Why the ledger said no, in people's words.</summary>
public static class PageRefusals
{
    /// <summary>Those that a page tells by name; the others are told as one that the rules do not allow.</summary>
    public static readonly IReadOnlyList<RefusalCode> Known =
    [
        RefusalCode.NotPermitted, RefusalCode.OwnHours, RefusalCode.SameAccount, RefusalCode.OccurredInFuture, RefusalCode.BooksClosed, RefusalCode.LongerThanAllowed,
        RefusalCode.AccountFrozen, RefusalCode.AccountClosed, RefusalCode.ContributionPast, RefusalCode.CredentialNeeded, RefusalCode.BelowFloor, RefusalCode.MonthFull, RefusalCode.DateInPast, RefusalCode.ServiceEnded,
        RefusalCode.BookingPast, RefusalCode.CaptureExceedsHold, RefusalCode.RefundExceedsRest, RefusalCode.ListingPast, RefusalCode.ArrangementPast, RefusalCode.NumberTaken,
        RefusalCode.MinutesNotPositive, RefusalCode.AboveCeiling, RefusalCode.CategoryUnknown, RefusalCode.UnderAge, RefusalCode.NotAvailable, RefusalCode.MeetingNeeded,
        RefusalCode.YesNeeded, RefusalCode.GuardianNeeded, RefusalCode.ApplicationsFull, RefusalCode.SessionPast, RefusalCode.SessionFull, RefusalCode.CodeWrong, RefusalCode.NotCheckedIn,
        RefusalCode.CheckOutMissing, RefusalCode.NobodyCame, RefusalCode.SharesExceedWhole, RefusalCode.TargetNotAllowed, RefusalCode.VersionMismatch,
        RefusalCode.NothingScheduled, RefusalCode.SchedulePast,
    ];

    private const string Other = "refusal.other";

    /// <summary>The key of its words; null if the command was accepted.</summary>
    public static string? KeyOf(Outcome outcome) => outcome switch
    {
        { Failure: JournalFailure.KeyReused } => "refusal.sentBefore",
        { Failure: not JournalFailure.None } => "refusal.later",
        { Status: < 400 } => null,
        { Refusal.Code: var code } => KeyOf(code),
        _ => Other,
    };

    public static string KeyOf(RefusalCode code) => Known.Contains(code) ? $"refusal.{code}" : Other;
}
