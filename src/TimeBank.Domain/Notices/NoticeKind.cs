namespace TimeBank.Notices;

/// <summary>What people are told about. These words are stored in rows and settings: add, never rename.</summary>
public enum NoticeKind
{
    /// <summary>Help was logged, and waits for their yes.</summary>
    HelpWaits,
    /// <summary>Help that they gave was confirmed; the hours come later.</summary>
    HelpConfirmed,
    /// <summary>Help that they gave was confirmed, and the hours came.</summary>
    HelpCredited,
    HelpDeclined,
    /// <summary>Somebody questions help that concerns them.</summary>
    HelpQuestioned,
    HelpSettled,
    HoursReceived,
    /// <summary>Minutes left their account.</summary>
    HoursGiven,
    BookingMade,
    BookingCancelled,
    /// <summary>The service was given, and the provider took the minutes.</summary>
    BookingGiven,
    BookingMissed,
    BookingExpired,
    /// <summary>For a provider: somebody booked a service, or booked it no more.</summary>
    ServiceBooked,
    PaymentAsked,
    PaymentAnswered,
    ScheduleMissed,
    SessionSignedUp,
    SessionCancelled,
    MembershipChanged,
    ListingEnded,
    /// <summary>Help is proposed to them, or another day for it: it waits for their yes.</summary>
    MeetingProposed,
    MeetingAgreed,
    /// <summary>The day before.</summary>
    MeetingTomorrow,
    /// <summary>It was cancelled, or it did not happen.</summary>
    MeetingEnded,
    /// <summary>A pot granted or declined what it was asked for them.</summary>
    PotAnswered,
    /// <summary>For the safeguarding lead: a concern waits. Nothing of it is told.</summary>
    ConcernRaised,
    /// <summary>An organiser settled the question about an entry of theirs.</summary>
    EntrySettled,
    /// <summary>The day before an appointment.</summary>
    BookingTomorrow,
    /// <summary>The day before a session for which they signed up.</summary>
    SessionTomorrow,
}

/// <summary>What one account is to be told: ids, a code, a number and a date. Its words are looked up when it is shown.</summary>
/// <param name="Said">Which of the kind's sentences it is.</param>
/// <param name="Subject">The thing or the transfer that it is about.</param>
/// <param name="Other">The other side.</param>
/// <param name="Day">Of the help, the appointment, the date that was missed.</param>
public sealed record News(AccountId Account, NoticeKind Kind, string Said, Guid Subject, AccountId? Other = null, Minutes? Minutes = null, DateOnly? Day = null);
