using TimeBank.Access;
using static TimeBank.Web.Who;

namespace TimeBank.Web;

/// <summary>Kinds of caller whom a route lets in.</summary>
[Flags]
public enum Who
{
    None = 0,
    /// <summary>Also who did not sign in.</summary>
    Anybody = 1,
    /// <summary>Any person who signed in.</summary>
    SignedIn = 2,
    Operator = 4,
    Organiser = 8,
    NeighbourhoodCoordinator = 16,
    SafeguardingLead = 32,
    Coordinator = 64,
    Staff = 128,
    Member = 256,
    Auditor = 512,
    CounterSigner = 1024,
    /// <summary>Those who act for an account.</summary>
    Holders = Coordinator | Staff | Member,
    Organisers = Organiser | NeighbourhoodCoordinator,
    /// <summary>Everybody with a standing in the bank.</summary>
    OfBank = Organisers | SafeguardingLead | Holders | Auditor | CounterSigner,
}

/// <summary>Whom a route lets in. Which of the bank's accounts they then may see or move is asked of each account.</summary>
/// <param name="Scope">What a partner app's key must have; null: no key opens this door.</param>
public sealed record Requirement(Who Who, Scope? Scope = null);

/// <summary>Every route with whom it lets in; what is not in it lets nobody in.</summary>
public static class DoorTable
{
    private static readonly Dictionary<string, Requirement> Table = new()
    {
        ["GET /"] = new(Anybody),
        ["GET /swagger/v1/swagger.json"] = new(Anybody),
        ["GET /health/live"] = new(Anybody),
        ["GET /health/ready"] = new(Anybody),
        ["GET /problems"] = new(Anybody),
        ["GET /problems/{code}"] = new(Anybody),
        ["GET /v1/transfer-kinds"] = new(Anybody),
        ["GET /v1/antiforgery"] = new(Anybody),

        ["POST /v1/sessions"] = new(Anybody),
        ["DELETE /v1/sessions/current"] = new(SignedIn),
        ["POST /v1/sessions/passkey-options"] = new(Anybody),
        ["POST /v1/sessions/passkey"] = new(Anybody),
        ["POST /v1/password-resets"] = new(Anybody),
        ["PUT /v1/password-resets"] = new(Anybody),
        ["POST /v1/invitations/acceptance"] = new(Anybody),
        ["POST /v1/codes/acceptance"] = new(Anybody),
        ["GET /v1/me"] = new(SignedIn),
        ["PUT /v1/me/password"] = new(SignedIn),
        ["POST /v1/me/authenticator"] = new(SignedIn),
        ["PUT /v1/me/authenticator"] = new(SignedIn),
        ["DELETE /v1/me/authenticator"] = new(SignedIn),
        ["POST /v1/me/recovery-codes"] = new(SignedIn),
        ["GET /v1/me/passkeys"] = new(SignedIn),
        ["POST /v1/me/passkeys/options"] = new(SignedIn),
        ["POST /v1/me/passkeys"] = new(SignedIn),
        ["DELETE /v1/me/passkeys/{id}"] = new(SignedIn),
        ["GET /v1/me/data"] = new(SignedIn),

        ["POST /v1/banks"] = new(Operator),
        ["GET /v1/banks"] = new(SignedIn),
        ["POST /v1/banks/{bank}/organisers"] = new(Operator),
        ["GET /v1/banks/{bank}"] = new(Operator | OfBank, Scope.AccountsRead),
        ["GET /v1/banks/{bank}/policy"] = new(OfBank, Scope.AccountsRead),
        ["PUT /v1/banks/{bank}/policy"] = new(Organiser),

        ["POST /v1/banks/{bank}/accounts"] = new(Organisers, Scope.AccountsWrite),
        ["GET /v1/banks/{bank}/accounts"] = new(OfBank, Scope.AccountsRead),
        ["GET /v1/banks/{bank}/accounts/{id}"] = new(OfBank, Scope.AccountsRead),
        ["GET /v1/banks/{bank}/accounts/{id}/balance"] = new(OfBank, Scope.AccountsRead),
        ["GET /v1/banks/{bank}/accounts/{id}/entries"] = new(Organisers | Holders | Auditor, Scope.AccountsRead),
        ["GET /v1/banks/{bank}/accounts/{id}/settings"] = new(Organisers | Holders | Auditor, Scope.AccountsRead),
        ["PUT /v1/banks/{bank}/accounts/{id}/settings"] = new(Organisers, Scope.AccountsWrite),
        ["PUT /v1/banks/{bank}/accounts/{id}/silence"] = new(Organisers | Member),
        ["PUT /v1/banks/{bank}/accounts/{id}/freeze"] = new(Organisers),
        ["DELETE /v1/banks/{bank}/accounts/{id}/freeze"] = new(Organisers),
        ["POST /v1/banks/{bank}/accounts/{id}/closure"] = new(Organisers),
        ["GET /v1/banks/{bank}/trial-balance"] = new(Organiser | Auditor, Scope.ReportsRead),

        ["POST /v1/banks/{bank}/transfers"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["GET /v1/banks/{bank}/transfers"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/transfers/{id}"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/transfers/{id}/reversal"] = new(Organisers),
        ["POST /v1/banks/{bank}/postings"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["GET /v1/banks/{bank}/postings/{id}"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/postings/bulk"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["GET /v1/banks/{bank}/postings/bulk/{id}/results"] = new(Organisers | Holders, Scope.TransfersWrite),

        ["POST /v1/banks/{bank}/holds"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["GET /v1/banks/{bank}/holds"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/holds/{id}"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/holds/{id}/capture"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["POST /v1/banks/{bank}/holds/{id}/release"] = new(Organisers | Holders, Scope.TransfersWrite),

        ["POST /v1/banks/{bank}/rules"] = new(Organisers | Coordinator | Staff),
        ["GET /v1/banks/{bank}/rules"] = new(Organisers | Coordinator | Staff | Auditor, Scope.RulesRead),
        ["GET /v1/banks/{bank}/rules/{id}"] = new(Organisers | Coordinator | Staff | Auditor, Scope.RulesRead),
        ["PUT /v1/banks/{bank}/rules/{id}"] = new(Organisers | Coordinator | Staff),
        ["DELETE /v1/banks/{bank}/rules/{id}"] = new(Organisers | Coordinator | Staff),

        ["POST /v1/banks/{bank}/contributions"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["GET /v1/banks/{bank}/contributions"] = new(Organisers | Coordinator | Member | Auditor, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/contributions/batch"] = new(Organisers | Coordinator, Scope.ContributionsWrite),
        ["GET /v1/banks/{bank}/contributions/{id}"] = new(Organisers | Coordinator | Member | Auditor | CounterSigner, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/contributions/{id}/correction"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/contributions/{id}/confirmation"] = new(Organisers | Coordinator | Member | CounterSigner, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/contributions/{id}/decline"] = new(Organisers | Coordinator | Member | CounterSigner, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/contributions/{id}/withdrawal"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/contributions/{id}/dispute"] = new(Organisers | Coordinator | Member | CounterSigner, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/contributions/{id}/settlement"] = new(Organisers | CounterSigner),
        ["POST /v1/banks/{bank}/contributions/{id}/payment"] = new(Organisers),

        ["GET /v1/banks/{bank}/waiting"] = new(Organisers | CounterSigner),
        ["GET /v1/banks/{bank}/questions/{id}"] = new(Organisers),
        ["POST /v1/banks/{bank}/questions/{id}/answer"] = new(Organisers),
        ["GET /v1/banks/{bank}/new-hours"] = new(Organiser | Auditor, Scope.ReportsRead),

        ["POST /v1/banks/{bank}/pot-requests"] = new(Organisers | Member),
        ["GET /v1/banks/{bank}/pot-requests"] = new(Organisers | Coordinator | Member),
        ["GET /v1/banks/{bank}/pot-requests/figures"] = new(OfBank),
        ["GET /v1/banks/{bank}/pot-requests/{id}"] = new(Organisers | Coordinator | Member),
        ["POST /v1/banks/{bank}/pot-requests/{id}/approval"] = new(Organisers | Coordinator),
        ["POST /v1/banks/{bank}/pot-requests/{id}/decline"] = new(Organisers | Coordinator),
        ["POST /v1/banks/{bank}/pot-requests/{id}/withdrawal"] = new(Organisers | Member),

        ["POST /v1/banks/{bank}/payment-requests"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["GET /v1/banks/{bank}/payment-requests"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/payment-requests/{id}"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/payment-requests/{id}/payment"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["POST /v1/banks/{bank}/payment-requests/{id}/decline"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["POST /v1/banks/{bank}/payment-requests/{id}/withdrawal"] = new(Organisers | Holders, Scope.TransfersWrite),

        ["POST /v1/banks/{bank}/schedules"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["GET /v1/banks/{bank}/schedules"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/schedules/{id}"] = new(Organisers | Holders | Auditor, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/schedules/{id}/pause"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["POST /v1/banks/{bank}/schedules/{id}/resumption"] = new(Organisers | Holders, Scope.TransfersWrite),
        ["POST /v1/banks/{bank}/schedules/{id}/end"] = new(Organisers | Holders, Scope.TransfersWrite),

        ["POST /v1/banks/{bank}/work-sessions"] = new(Organisers | Coordinator, Scope.ContributionsWrite),
        ["GET /v1/banks/{bank}/work-sessions"] = new(OfBank, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/work-sessions/{id}"] = new(OfBank, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/work-sessions/{id}/sign-ups"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/work-sessions/{id}/sign-offs"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/work-sessions/{id}/check-ins"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/work-sessions/{id}/check-outs"] = new(Organisers | Coordinator | Member, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/work-sessions/{id}/credit"] = new(Organisers | Coordinator, Scope.ContributionsWrite),
        ["POST /v1/banks/{bank}/work-sessions/{id}/cancellation"] = new(Organisers | Coordinator, Scope.ContributionsWrite),

        ["POST /v1/banks/{bank}/services"] = new(Organisers | Staff),
        ["GET /v1/banks/{bank}/services"] = new(OfBank, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/services/{id}"] = new(OfBank, Scope.TransfersRead),
        ["PUT /v1/banks/{bank}/services/{id}"] = new(Organisers | Staff),
        ["DELETE /v1/banks/{bank}/services/{id}"] = new(Organisers | Staff),
        ["GET /v1/banks/{bank}/services/{id}/quote"] = new(Organisers | Member, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/bookings"] = new(Organisers | Member, Scope.RedemptionsWrite),
        ["GET /v1/banks/{bank}/bookings"] = new(Organisers | Staff | Member | Auditor, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/bookings/{id}"] = new(Organisers | Staff | Member | Auditor, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/bookings/{id}/voucher.svg"] = new(Organisers | Member, Scope.TransfersRead),
        ["GET /v1/banks/{bank}/bookings/{id}/voucher.png"] = new(Organisers | Member, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/bookings/{id}/cancellation"] = new(Organisers | Staff | Member, Scope.RedemptionsWrite),
        ["POST /v1/banks/{bank}/bookings/{id}/no-show"] = new(Organisers | Staff, Scope.RedemptionsWrite),
        ["POST /v1/banks/{bank}/bookings/{id}/refund"] = new(Organisers | Staff, Scope.RedemptionsWrite),
        ["GET /v1/banks/{bank}/vouchers/{voucher}"] = new(Organisers | Staff | Member, Scope.TransfersRead),
        ["POST /v1/banks/{bank}/vouchers/{voucher}/capture"] = new(Organisers | Staff, Scope.RedemptionsWrite),

        ["POST /v1/banks/{bank}/listings"] = new(Organisers | Holders),
        ["GET /v1/banks/{bank}/listings"] = new(OfBank, Scope.AccountsRead),
        ["GET /v1/banks/{bank}/listings/{id}"] = new(OfBank, Scope.AccountsRead),
        ["PUT /v1/banks/{bank}/listings/{id}"] = new(Organisers | Holders),
        ["POST /v1/banks/{bank}/listings/{id}/fulfilment"] = new(Organisers | Holders),
        ["POST /v1/banks/{bank}/listings/{id}/withdrawal"] = new(Organisers | Holders),
        ["GET /v1/banks/{bank}/accounts/{id}/listings"] = new(Organisers | Holders | Auditor),

        ["POST /v1/banks/{bank}/members"] = new(Organisers | Member),
        ["GET /v1/banks/{bank}/members"] = new(Organisers | Auditor),
        ["GET /v1/banks/{bank}/members/{id}"] = new(Organisers | Member | Auditor),
        ["PUT /v1/banks/{bank}/members/{id}"] = new(Organisers | Member),
        ["POST /v1/banks/{bank}/members/{id}/steps"] = new(Organisers),
        ["POST /v1/banks/{bank}/members/{id}/admission"] = new(Organisers),
        ["POST /v1/banks/{bank}/members/{id}/pause"] = new(Organisers | Member),
        ["POST /v1/banks/{bank}/members/{id}/return"] = new(Organisers | Member),
        ["POST /v1/banks/{bank}/members/{id}/departure"] = new(Organisers | Member),
        ["GET /v1/banks/{bank}/members/{id}/matches"] = new(Organisers | Member),

        ["POST /v1/banks/{bank}/standings"] = new(Organisers),
        ["GET /v1/banks/{bank}/standings"] = new(Organiser | Auditor),
        ["DELETE /v1/banks/{bank}/standings/{id}"] = new(Organisers),
        ["POST /v1/banks/{bank}/keys"] = new(Organiser),
        ["GET /v1/banks/{bank}/keys"] = new(Organiser | Auditor),
        ["GET /v1/banks/{bank}/keys/{id}"] = new(Organiser | Auditor),
        ["POST /v1/banks/{bank}/keys/{id}/rotation"] = new(Organiser),
        ["DELETE /v1/banks/{bank}/keys/{id}"] = new(Organiser),
        ["POST /v1/banks/{bank}/accounts/{id}/links"] = new(Member),
        ["GET /v1/banks/{bank}/accounts/{id}/links"] = new(Organisers | Member | Auditor),
        ["DELETE /v1/banks/{bank}/links/{id}"] = new(Organisers | Member),
        ["GET /v1/banks/{bank}/audit"] = new(Organiser | Auditor),

        ["POST /v1/banks/{bank}/concerns"] = new(OfBank),
        ["GET /v1/banks/{bank}/concerns"] = new(SafeguardingLead),
        ["GET /v1/banks/{bank}/concerns/{id}"] = new(SafeguardingLead),
        ["POST /v1/banks/{bank}/concerns/{id}/closure"] = new(SafeguardingLead),

        ["GET /v1/banks/{bank}/people"] = new(Organiser | Auditor),
        ["POST /v1/banks/{bank}/invitations"] = new(Operator | Organisers),
        ["GET /v1/banks/{bank}/invitations"] = new(Organiser),
        ["DELETE /v1/banks/{bank}/invitations/{id}"] = new(Organiser),
        ["POST /v1/banks/{bank}/people/{person}/codes"] = new(Organiser),
        ["GET /v1/banks/{bank}/people/{person}/data"] = new(Organiser),
        ["POST /v1/banks/{bank}/people/{person}/erasure"] = new(Organiser),
    };

    /// <summary>Every operation, as "METHOD /path".</summary>
    public static IReadOnlyCollection<string> Operations => Table.Keys;

    /// <summary>Null: nobody.</summary>
    public static Requirement? Find(string operation) => Table.GetValueOrDefault(operation);

    public static Who Of(Role role) => role switch
    {
        Role.Organiser => Organiser,
        Role.NeighbourhoodCoordinator => NeighbourhoodCoordinator,
        Role.SafeguardingLead => SafeguardingLead,
        Role.Coordinator => Coordinator,
        Role.Staff => Staff,
        Role.Member => Member,
        Role.Auditor => Auditor,
        Role.CounterSigner => CounterSigner,
        _ => None,
    };
}
