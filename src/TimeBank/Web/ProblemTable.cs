using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>A "no" over HTTP: its code, status, what it means, and how to mend the request.</summary>
public sealed record Problem(string Code, int Status, string Title, string Mend)
{
    public string Type => "/problems/" + Code;
}

/// <summary>Every problem that the API answers, in order of precedence: first what HTTP itself refuses, then the rules of the bank.</summary>
public static class ProblemTable
{
    public static readonly Problem HostNotAllowed = new("HostNotAllowed", 421, "This server does not answer to that name.", "Call it by one of its own: those in the setting Site:Hosts, the one in Site:Url, or else localhost, 127.0.0.1 and [::1].");
    public static readonly Problem OriginNotAllowed = new("OriginNotAllowed", 403, "Pages of other sites may not call this server.", "Call it from a page that it served itself, or from a program; the setting Site:Origins names others, which come with keys or tokens.");
    public static readonly Problem TooManyRequests = new("TooManyRequests", 429, "Too many requests in a short time.", "Try again after the seconds in Retry-After; RateLimit-Policy and RateLimit say how many there are.");
    public static readonly Problem AntiforgeryMissing = new("AntiforgeryMissing", 403, "A change by cookie needs a token that only a page of this server can read.", "GET /v1/antiforgery after signing in, and send its token as X-Antiforgery.");
    public static readonly Problem SignInNeeded = new("SignInNeeded", 401, "This needs somebody who signed in, or a key.", "Send Authorization: Bearer with a key or a token that counts, or sign in.");
    public static readonly Problem NotFound = new("NotFound", 404, "There is nothing at this address.", "See /swagger for the addresses that there are.");
    public static readonly Problem MethodNotAllowed = new("MethodNotAllowed", 405, "This address does not take that method.", "See /swagger for the methods that it takes.");
    public static readonly Problem NotAcceptable = new("NotAcceptable", 406, "The answer does not come in that form.", "Ask for application/json, or for one of the types named at /swagger.");
    public static readonly Problem UnsupportedMediaType = new("UnsupportedMediaType", 415, "The body is not of a type that this address reads.", "Send Content-Type: application/json (application/x-ndjson for bulk).");
    public static readonly Problem BodyTooLarge = new("BodyTooLarge", 413, "The body is too large.", "Send less at once, or use postings/bulk.");
    public static readonly Problem BodyTooSlow = new("BodyTooSlow", 408, "The body came too slowly.", "Send it faster; for bulk, send the rest again with the same keys.");
    public static readonly Problem MalformedRequest = new("MalformedRequest", 400, "The request cannot be read.", "Mend the fields that are named.");
    public static readonly Problem Invalid = new("Invalid", 400, "Some fields are missing or wrong.", "Mend the fields that are named.");
    public static readonly Problem IdempotencyKeyMissing = new("IdempotencyKeyMissing", 400, "The request has no Idempotency-Key.", "Send a header Idempotency-Key with 1 to 255 characters, new for each thing you want done, the same when you repeat it.");
    public static readonly Problem IfMatchMissing = new("IfMatchMissing", 428, "The request does not say which version it changes.", "Send If-Match with the ETag that you read.");
    public static readonly Problem IdempotencyKeyReused = new("IdempotencyKeyReused", 422, "This Idempotency-Key was used for another request.", "Use a new key for a new request.");
    public static readonly Problem Overloaded = new("Overloaded", 503, "Too much is waiting.", "Try again after the seconds in Retry-After, with the same key.");
    public static readonly Problem StoreUnavailable = new("StoreUnavailable", 503, "The ledger cannot write just now.", "Try again after the seconds in Retry-After, with the same key. Nothing is done twice.");
    public static readonly Problem BankStopped = new("BankStopped", 503, "This bank stands still on this server: it holds events that a newer program wrote.", "Tell the operator to start the newer program.");
    public static readonly Problem Defect = new("Defect", 500, "This is a defect of the program.", "Nothing was posted. Tell the operator the time and the address.");

    private static readonly Problem[] OfHttp =
    [
        HostNotAllowed, OriginNotAllowed, TooManyRequests, AntiforgeryMissing, SignInNeeded, NotFound, MethodNotAllowed, NotAcceptable, UnsupportedMediaType, BodyTooLarge, BodyTooSlow,
        MalformedRequest, Invalid, IdempotencyKeyMissing, IfMatchMissing, IdempotencyKeyReused, Overloaded, StoreUnavailable, BankStopped, Defect,
        .. PeopleProblems.All, .. BulkProblems.All,
    ];

    private static readonly Problem[] OfRules =
    [
        new(nameof(RefusalCode.BankUnknown), 404, "There is no such bank.", "Check the bank's name in the address."),
        new(nameof(RefusalCode.BankExists), 409, "There is a bank of that name already.", "Choose another id."),
        new(nameof(RefusalCode.TransferUnknown), 404, "There is no such transfer in this bank.", "Check the id."),
        new(nameof(RefusalCode.HoldUnknown), 404, "There is no such hold in this bank.", "Check the id."),
        new(nameof(RefusalCode.RuleUnknown), 404, "There is no such rule in this bank.", "Check the id."),
        new(nameof(RefusalCode.RightUnknown), 404, "There is no such standing, key, link or permission in this bank, or the person has none.", "Check the id. Who is not in this bank yet comes by an invitation that they accept."),
        new(nameof(RefusalCode.ContributionUnknown), 404, "There is no such contribution in this bank.", "Check the id."),
        new(nameof(RefusalCode.PaymentRequestUnknown), 404, "There is no such request for payment in this bank.", "Check the id."),
        new(nameof(RefusalCode.ScheduleUnknown), 404, "There is no such schedule in this bank.", "Check the id."),
        new(nameof(RefusalCode.SessionUnknown), 404, "There is no such session in this bank.", "Check the id."),
        new(nameof(RefusalCode.ServiceUnknown), 422, "There is no such service in this bank.", "Check the id."),
        new(nameof(RefusalCode.BookingUnknown), 404, "There is no such booking in this bank.", "Check the id."),
        new(nameof(RefusalCode.VoucherUnknown), 404, "No voucher has this code.", "Have it read out once more, sign by sign: nine of them, such as K7QF-3M2P-B, with 0 and 1 for what looks like O, I or L."),
        new(nameof(RefusalCode.HoldOfBooking), 409, "The hold belongs to a booking.", "Take it by the voucher's code, or cancel the booking."),
        new(nameof(RefusalCode.ListingUnknown), 404, "There is no such listing in this bank.", "Check the id."),
        new(nameof(RefusalCode.VisitUnknown), 422, "There is no such visit in this bank, or it is not one of yours.", "Give the id of a session, a booking or a contribution that you have part in, or leave it out."),
        new(nameof(RefusalCode.MemberUnknown), 404, "Nobody has applied or was invited with this account.", "Check the account's id, or apply for it."),
        new(nameof(RefusalCode.ProjectUnknown), 404, "Nobody has said yet what this project is for.", "Check the account's id, or describe the project."),
        new(nameof(RefusalCode.ActivityUnknown), 422, "The project has no such activity.", "Check the id, and that the project is the activity's."),
        new(nameof(RefusalCode.CredentialUnknown), 404, "The member has no such credential.", "Check the id."),
        new(nameof(RefusalCode.ArrangementUnknown), 404, "There is no such arrangement in this bank.", "Check the id."),
        new(nameof(RefusalCode.WorkshopUnknown), 404, "There is no such workshop in this bank.", "Check the id."),
        new(nameof(RefusalCode.NumberUnknown), 422, "The account does not have this number.", "Look at its numbers."),
        new(nameof(RefusalCode.QuestionUnknown), 404, "There is no such question in this bank.", "Check the id: GET waiting lists them."),
        new(nameof(RefusalCode.PotRequestUnknown), 404, "Nobody asked a pot for that in this bank.", "Check the id."),
        new(nameof(RefusalCode.EntryDisputeUnknown), 404, "Nobody questioned an entry under this id.", "Check the id: GET disputes lists them."),
        new(nameof(RefusalCode.NotPermitted), 403, "You may not do this, or not with this account.", "Ask an organiser of the bank for the standing or the scope that it needs."),
        new(nameof(RefusalCode.PermissionUsedUp), 422, "More than is left of the permission to act for this member.", "Ask for less, or ask the member for a new permission."),
        new(nameof(RefusalCode.ApartUnknown), 404, "Nobody is kept apart under this id.", "Check the id."),
        new(nameof(RefusalCode.OwnHours), 403, "Nobody confirms, credits or settles hours of their own.", "Ask another organiser or coordinator to do it."),
        new(nameof(RefusalCode.VersionMismatch), 412, "Somebody changed it since you read it.", "Read it again and decide again."),
        new(nameof(RefusalCode.RuleEnded), 409, "The rule has ended.", "Write a new one."),
        new(nameof(RefusalCode.KeyEnded), 409, "The key was revoked, or is past its time.", "Make a new one."),
        new(nameof(RefusalCode.ContributionPast), 409, "The contribution is past that.", "Look at its stage: what was credited can be questioned for 30 days; what was declined or withdrawn is logged anew."),
        new(nameof(RefusalCode.NotTheSameHelp), 422, "These two are not the same help, logged by both sides.", "Name one that waits, too, by the other side: with the same helper, the same person or project, and about the same day. The contribution's alike lists them."),
        new(nameof(RefusalCode.EntryOfHelp), 409, "The entry is of help given.", "Question the contribution that the figures name: POST contributions/{id}/dispute."),
        new(nameof(RefusalCode.EntryDisputePast), 409, "The question about this entry was settled.", "Look at its stage and its reason. If new facts came up, talk to an organiser."),
        new(nameof(RefusalCode.EntryDisputeTooLate), 409, "An entry is questioned within 30 days, and they have passed.", "Talk to an organiser: a mistake can still be taken back."),
        new(nameof(RefusalCode.PaymentRequestPast), 409, "The request for payment is past that.", "Look at its stage; ask again if need be."),
        new(nameof(RefusalCode.SchedulePast), 409, "The schedule has ended.", "Make a new one."),
        new(nameof(RefusalCode.SessionPast), 409, "The session was credited or cancelled.", "Plan a new one; what was forgotten is credited as a list of its own."),
        new(nameof(RefusalCode.ServiceEnded), 409, "The service is no longer offered.", "Choose another: GET services lists them."),
        new(nameof(RefusalCode.BookingPast), 409, "The booking is past that.", "Look at its stage: what was given can be refunded; what was cancelled or has expired is booked anew."),
        new(nameof(RefusalCode.ListingPast), 409, "The listing has ended.", "Post a new one."),
        new(nameof(RefusalCode.MemberPast), 409, "The membership is past that, or not there yet.", "Look at its stage: who has left applies anew, who pauses returns first."),
        new(nameof(RefusalCode.ProjectPast), 409, "The project is described already, or has ended.", "The stage says where it stands. A project that is described is changed by PUT."),
        new(nameof(RefusalCode.ActivityNeeded), 422, "Help on that project is credited in one of its activities.", "Name the activity; GET …/projects/{id}/activities lists them."),
        new(nameof(RefusalCode.ActivityPast), 409, "The activity had ended by then.", "Name another activity, or a day up to that on which it ended."),
        new(nameof(RefusalCode.ArrangementPast), 409, "The arrangement is past that, or not agreed yet.", "Look at its stage: both say yes to a date before it can be done; what was cancelled is proposed anew."),
        new(nameof(RefusalCode.ConcernPast), 409, "The concern was closed.", "Raise a new one."),
        new(nameof(RefusalCode.PotRequestPast), 409, "It was granted, declined or withdrawn.", "Look at its stage; ask again if need be."),
        new(nameof(RefusalCode.LastOrganiser), 409, "A bank keeps at least one organiser.", "Give the standing to somebody else first."),
        new(nameof(RefusalCode.OrganiserThere), 409, "The bank has an organiser.", "Let that organiser invite others."),
        new(nameof(RefusalCode.AccountStillOpen), 409, "The person's account is open.", "Close it first: then it is settled where the hours go."),
        new(nameof(RefusalCode.OneIssuerOnly), 422, "A bank has one issuer, from its first day to its last.", "Use the issuer that there is."),
        new(nameof(RefusalCode.MattersOpen), 409, "Something that concerns who leaves has not come to its end.", "Confirm, decline, withdraw or settle their contributions, cancel their bookings, credit or cancel the sessions at which they were: first names one of open."),
        new(nameof(RefusalCode.HoldsOpen), 409, "Open holds name this account.", "Capture or release them first."),
        new(nameof(RefusalCode.KindBelongsToEngine), 422, "Only the engine makes transfers of this kind, or a rule cannot act on it.", "Choose another kind."),
        new(nameof(RefusalCode.YesNeeded), 422, "Nobody's hours leave their account without their yes.", "Ask the person, and say in yes how they said it: inPerson, telephone or paper."),
        new(nameof(RefusalCode.AgreementNeeded), 422, "They have not agreed to what the bank asks of its members.", "Write down the step agreed, with the version to which they agreed."),
        new(nameof(RefusalCode.MeetingNeeded), 422, "Nobody says yes to an arrangement without a date.", "Set a date and about how long it takes first."),
        new(nameof(RefusalCode.GuardianNeeded), 422, "Somebody under 18 takes part with a guardian's consent, and none is recorded that counts.", "Record who agreed, how they said it, until when and to what."),
        new(nameof(RefusalCode.ActivityNotNamed), 422, "The guardian of somebody under 18 did not agree to this.", "Ask the guardian, and record what they agreed to: the project, or the category."),
        new(nameof(RefusalCode.UnderAge), 422, "Somebody under 18 has no listing, and nobody is given their address.", "Let an organiser bring them together with a project that their guardian agreed to."),
        new(nameof(RefusalCode.NotAvailable), 422, "Somebody whom it needs is not available for this.", "Choose somebody else."),
        new(nameof(RefusalCode.MinutesNotPositive), 422, "Minutes must be more than zero.", "Swap payer and payee if the hours go the other way."),
        new(nameof(RefusalCode.AsksMoreThanGiven), 422, "One hour is one hour: a service asks no more minutes than it lasts.", "Ask for at most as many minutes as it lasts."),
        new(nameof(RefusalCode.ReasonNeeded), 422, "Who takes hours back from a person says why; so does a service that asks less than it lasts, or a fixed number.", "Give a reason: the person, or for a service everybody, reads it."),
        new(nameof(RefusalCode.RefundExceedsRest), 422, "More than is left of what was taken.", "Refund at most what was taken, less what went back before."),
        new(nameof(RefusalCode.OccurredInFuture), 422, "The date lies ahead.", "Give a date up to today, by the bank's time zone."),
        new(nameof(RefusalCode.DateInPast), 422, "The date has passed.", "Book from today on, by the bank's time zone; after the appointment's day ask the provider to cancel."),
        new(nameof(RefusalCode.BooksClosed), 422, "The books are closed through that date.", "Give a later date, or override with a reason."),
        new(nameof(RefusalCode.SameAccount), 422, "Payer and payee are the same account.", "Name two accounts."),
        new(nameof(RefusalCode.CategoryUnknown), 422, "The bank's list of categories has no such one.", "Take one from the bank's policy, or ask an organiser to add it there."),
        new(nameof(RefusalCode.AccountUnknown), 422, "There is no such account in this bank.", "Check the id."),
        new(nameof(RefusalCode.NumberTaken), 422, "Another account of this bank has this number.", "Look it up (GET accounts with number), or give another one."),
        new(nameof(RefusalCode.WrongKindOfAccount), 422, "These kinds of account do not pay and receive this kind of transfer.", "Choose the kind that fits: GET /v1/transfer-kinds lists them."),
        new(nameof(RefusalCode.ReversalOfReversal), 422, "A reversal is not reversed.", "Make the transfer again."),
        new(nameof(RefusalCode.ReversalExceedsRest), 422, "More than is left of this transfer.", "Reverse at most what is left."),
        new(nameof(RefusalCode.AccountClosed), 422, "The account is closed.", "Use another account."),
        new(nameof(RefusalCode.AccountFrozen), 422, "The account is frozen.", "Ask the organiser to unfreeze it."),
        new(nameof(RefusalCode.CredentialNeeded), 422, "The activity requires a credential that the helper did not have on that day.", "The figures say which one and whose. An organiser who has seen it records it; then send this again with a new key."),
        new(nameof(RefusalCode.TooManyCredentials), 422, "More credentials than are kept of one member.", "Revoking does not make room: tell the operator."),
        new(nameof(RefusalCode.LongerThanAllowed), 422, "More minutes than this bank allows in one transfer.", "Split it, or change the bank's policy."),
        new(nameof(RefusalCode.MinutesBeyondRange), 422, "More minutes than the ledger counts.", "Stay within ±(2^53 − 1), balances included."),
        new(nameof(RefusalCode.BelowFloor), 422, "This would go further below zero than the account may.", "Take fewer minutes, or lower the account's floor."),
        new(nameof(RefusalCode.AboveCeiling), 422, "This would go above the most that the account may keep.", "Give fewer minutes, or raise the account's ceiling."),
        new(nameof(RefusalCode.MonthFull), 422, "The service accepts no more minutes in that month.", "Choose a date in another month, or ask the provider."),
        new(nameof(RefusalCode.TooManyLegs), 422, "Too many transfers for one posting, with what rules add.", "Make several postings."),
        new(nameof(RefusalCode.ReversalFallsShort), 422, "Somebody does not have what would go back.", "Wait until they do, reverse a part, or override with a reason."),
        new(nameof(RefusalCode.SettlementExceedsCredit), 422, "More minutes than were credited.", "Settle at most what was credited; log what more was given by itself."),
        new(nameof(RefusalCode.HoldNotOpen), 409, "The hold has ended.", "Look at its status; place a new one if need be."),
        new(nameof(RefusalCode.CaptureExceedsHold), 422, "More than was set aside.", "Capture at most what is held."),
        new(nameof(RefusalCode.ExpiryNotAhead), 422, "It would end at once.", "Give a time that lies ahead."),
        new(nameof(RefusalCode.NothingScheduled), 422, "No date of the schedule is ahead.", "Give a first date from today on, or a later end."),
        new(nameof(RefusalCode.SeriesTooLong), 422, "More sessions than one series plans.", "End it at lastDate or before, and plan the rest as another series."),
        new(nameof(RefusalCode.SessionFull), 422, "More people than one session takes.", "Plan a second one."),
        new(nameof(RefusalCode.ApplicationsFull), 422, "So many applications wait to be answered that this bank takes no more now.", "Try again in some days, or ask somebody of the bank: an organiser can write you down."),
        new(nameof(RefusalCode.CodeWrong), 422, "It is not the session's code.", "Read it off the wall again, or ask the coordinator to tick the name."),
        new(nameof(RefusalCode.NotCheckedIn), 422, "Nobody leaves who did not come, nor before they came.", "Check them in first, with the time when they came."),
        new(nameof(RefusalCode.CheckOutMissing), 422, "It is not known when somebody left.", "Check them out with the time, or say in minutes how long they worked."),
        new(nameof(RefusalCode.NobodyCame), 422, "There is nobody to be credited.", "Check people in, name them in minutes, or cancel the session."),
        new(nameof(RefusalCode.BalanceNotZero), 409, "The account is not at zero.", "Say who takes the rest (sweepTo), or who forgives what is below zero (forgiveFrom)."),
        new(nameof(RefusalCode.ParentNotProject), 422, "An earmark names the project it belongs to; other accounts have no parent.", "Give or leave out the parent."),
        new(nameof(RefusalCode.NeighbourhoodMisfits), 422, "That kind of account belongs to no neighbourhood.", "Leave the neighbourhood out: members, projects and earmarks have one, other accounts are for all."),
        new(nameof(RefusalCode.StandingMisfits), 422, "The role does not go with that account or neighbourhood, or with what the person is already.", "Coordinators stand for a project, staff for a provider, members for a member's account, neighbourhood coordinators for a neighbourhood; the others for the bank. Nobody is organiser and safeguarding lead of one bank: choose another person."),
        new(nameof(RefusalCode.FloorAboveCeiling), 422, "The floor lies above the ceiling.", "Give a floor up to the ceiling."),
        new(nameof(RefusalCode.SharesExceedWhole), 422, "This account's rules would pass on more than all.", "Lower the shares to 10000 hundredths of a per cent together."),
        new(nameof(RefusalCode.TargetNotAllowed), 422, "A rule's target is its owner, or named twice.", "Name each other account once."),
    ];

    private static readonly Dictionary<RefusalCode, Problem> ByRefusal = OfRules.ToDictionary(p => Enum.Parse<RefusalCode>(p.Code));
    private static readonly Dictionary<string, Problem> ByCode = OfHttp.Concat(OfRules).ToDictionary(p => p.Code);

    /// <summary>In order of precedence.</summary>
    public static IEnumerable<Problem> All => OfHttp.Concat(OfRules);

    public static Problem? Find(string code) => ByCode.GetValueOrDefault(code);

    public static Problem For(RefusalCode code) => ByRefusal[code];

    public static Problem For(JournalFailure failure) => failure switch
    {
        JournalFailure.KeyReused => IdempotencyKeyReused,
        JournalFailure.Overloaded => Overloaded,
        JournalFailure.StoreUnavailable => StoreUnavailable,
        JournalFailure.BankStopped => BankStopped,
        _ => Defect,
    };
}
