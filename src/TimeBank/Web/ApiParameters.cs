using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.PaymentRequests;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Notices;
using TimeBank.Postings;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Pots;
using TimeBank.Projections;
using TimeBank.Reports;
using TimeBank.Schedules;
using TimeBank.Workshops;
using TimeBank.WorkSessions;
using TimeBank.Redemptions;

namespace TimeBank.Web;

/// <summary>A parameter in words, with the type that it stands for.</summary>
/// <param name="Words">The words that it may be; the first is taken if it is left out, unless it is <see cref="Needed"/>.</param>
public sealed record ParameterWords(string Description, Type Type, params string[] Words)
{
    public bool Needed { get; init; }
}

/// <summary>What each parameter in a path or query means. One name means one thing, but after some last words of a path.</summary>
public static class ApiParameters
{
    private static readonly Dictionary<string, ParameterWords> s_all = new()
    {
        ["bank"] = new("The bank's id.", typeof(string)),
        ["code"] = new("The code of a problem.", typeof(string)),
        ["person"] = new("The person's id.", typeof(Guid)),
        ["standings person"] = new("Only standings of this person.", typeof(Guid)),
        ["standings account"] = new("Only standings for this account.", typeof(Guid)),
        ["concerns account"] = new("Only concerns about the holder of this account.", typeof(Guid)),
        ["concerns stage"] = new("Only those that stand here.", typeof(ConcernStage)),
        ["apart stage"] = new("Only those that stand here.", typeof(ApartStage)),
        ["concerns open"] = new("Only those that were not closed.", typeof(bool)),
        ["active"] = new("Only what was not revoked.", typeof(bool)),
        ["id"] = new("Its id, as the answer that made it says.", typeof(Guid)),
        ["kind"] = new("Only of this kind.", typeof(TransferKind)),
        ["accounts kind"] = new("Only of this kind.", typeof(AccountKind)),
        ["bulk id"] = new("A UUID of your own, under which the results are found again; one is made if left out.", typeof(Guid)),
        ["results id"] = new("The bulk request's id: its answer's Bulk-Id.", typeof(Guid)),
        ["mode"] = new("All lines or none under one key, or each line by itself under a key of its own.", typeof(string), "independent", "atomic") { Needed = true },
        ["after"] = new("Only the results after this line.", typeof(long)),
        ["waiting kind"] = new("Only what waits of this kind; all kinds if left out.", typeof(WaitingKind)),
        ["pot-requests account"] = new("Only those that ask this pot, or ask for this member.", typeof(Guid)),
        ["disputes stage"] = new("Only those that stand here.", typeof(EntryDisputeStage)),
        ["pot-requests stage"] = new("Only those that stand here.", typeof(PotRequestStage)),
        ["pot"] = new("The pot.", typeof(Guid)) { Needed = true },
        ["participation from"] = new("The first month, such as 2026-01; eleven months before the last if left out.", typeof(string)),
        ["participation to"] = new("The last month, such as 2026-11; this month if left out.", typeof(string)),
        ["new-hours from"] = new("The first month, such as 2026-01; eleven months before the last if left out.", typeof(string)),
        ["new-hours to"] = new("The last month, such as 2026-11; this month if left out.", typeof(string)),
        ["report from"] = new("The first month, such as 2026-01; eleven months before the last if left out.", typeof(string)),
        ["report to"] = new("The last month, such as 2026-11; this month if left out.", typeof(string)),
        ["by"] = new("What hours are added up by; by month if left out.", typeof(ReportBy)),
        ["status"] = new("Only with this status.", typeof(AccountStatus)),
        ["payment-requests stage"] = new("Only those that stand here.", typeof(PaymentRequestStage)),
        ["schedules stage"] = new("Only those that stand here.", typeof(ScheduleStage)),
        ["work-sessions stage"] = new("Only those that stand here.", typeof(WorkSessionStage)),
        ["work-sessions account"] = new("Only those of this project, or of this person.", typeof(Guid)),
        ["stage"] = new("Only those that stand here.", typeof(ContributionStage)),
        ["disputes account"] = new("Only those of entries by which minutes left this account.", typeof(Guid)),
        ["services stage"] = new("Only those that stand here.", typeof(ServiceStage)),
        ["services account"] = new("Only those of this provider.", typeof(Guid)),
        ["bookings stage"] = new("Only those that were written down here.", typeof(BookingStage)),
        ["bookings account"] = new("Only those of this member or provider.", typeof(Guid)),
        ["quote account"] = new("The member's account that would give the minutes.", typeof(Guid)) { Needed = true },
        ["date"] = new("Of the appointment; today if left out.", typeof(DateOnly)),
        ["diary date"] = new("By the bank's calendar; tomorrow if left out.", typeof(DateOnly)),
        ["diary account"] = new("Only what concerns this account.", typeof(Guid)),
        ["arrangements stage"] = new("Only those that stand here.", typeof(ArrangementStage)),
        ["arrangements account"] = new("Only those in which this account helps or is helped.", typeof(Guid)),
        ["workshops stage"] = new("Only those that were given so.", typeof(WorkshopStage)),
        ["workshops account"] = new("Only those of this helper or receiver.", typeof(Guid)),
        ["sheet date"] = new("When the help was given; today if left out.", typeof(DateOnly)),
        ["project"] = new("The project that was worked for.", typeof(Guid)) { Needed = true },
        ["voucher"] = new("The code, such as K7QF-3M2P-B.", typeof(string)),
        ["contributions account"] = new("Only those that concern this account.", typeof(Guid)),
        ["text"] = new("Only with this text in the name.", typeof(string)),
        ["number"] = new("Only the account that is known by this number.", typeof(string)),
        ["account"] = new("Only what this account pays or receives.", typeof(Guid)),
        ["listings text"] = new("Words to look for, in the bank's language.", typeof(string)),
        ["listings kind"] = new("Only offers, or only requests.", typeof(ListingKind)),
        ["neighbourhood"] = new("Only of this part of the bank's area.", typeof(string)),
        ["day"] = new("Only for this day of the week, or by arrangement.", typeof(DayOfWeek)),
        ["part"] = new("Only for this part of that day, or of any day, or by arrangement.", typeof(PartOfDay)),
        ["members stage"] = new("Only those that stand here.", typeof(MemberStage)),
        ["projects stage"] = new("Only those that stand here.", typeof(ProjectStage)),
        ["activities stage"] = new("Only those that stand here.", typeof(ActivityStage)),
        ["credential"] = new("The credential's id.", typeof(Guid)),
        ["until"] = new("Only those that end by this day; 30 days ahead if left out.", typeof(DateOnly)),
        ["waiting"] = new("Only those on whose way in nothing has happened for seven days.", typeof(bool)),
        ["owner"] = new("Only rules of this account.", typeof(Guid)),
        ["open"] = new("Only what can still be captured.", typeof(bool)),
        ["category"] = new("Only of this category.", typeof(string)),
        ["clientReference"] = new("Only with this reference of the caller's own.", typeof(string)),
        ["postedFrom"] = new("Only what was posted at this instant or later.", typeof(DateTimeOffset)),
        ["postedTo"] = new("Only what was posted at this instant or earlier.", typeof(DateTimeOffset)),
        ["occurredFrom"] = new("Only help given on this date or later.", typeof(DateOnly)),
        ["occurredTo"] = new("Only help given on this date or earlier.", typeof(DateOnly)),
        ["at"] = new("As of this instant; now if left out.", typeof(DateTimeOffset)),
        ["by"] = new("By the time of posting, or by the date on which the help was given.", typeof(string), "posted", "occurred"),
        ["notices order"] = new("Which comes first.", typeof(NoticeOrder)),
        ["told"] = new("What was told already, in place of what is to be told.", typeof(bool)),
        ["order"] = new("Which comes first.", typeof(string), "newest", "oldest"),
        ["from"] = new("From here on: an instant, or a date with by=occurred.", typeof(string)),
        ["to"] = new("Up to here: an instant, or a date with by=occurred.", typeof(string)),
    };

    public static ParameterWords? Find(string path, string name) =>
        s_all.GetValueOrDefault($"{path.Split('/')[^1]} {name}") ?? s_all.GetValueOrDefault(name);
}
