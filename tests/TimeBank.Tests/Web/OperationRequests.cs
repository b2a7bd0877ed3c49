using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using TimeBank.Safeguarding;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>A request as a test sends it.</summary>
public sealed record AskedRequest(string Path, object? Body = null, string? IfMatch = null, string? ContentType = null)
{
    public async Task<Answer> SendAsync(HttpClient http, HttpMethod method, bool key = true)
    {
        using var request = new HttpRequestMessage(method, Path);
        if (Body is not null)
            request.Content = new StringContent(Body as string ?? ApiJson.Write(Body), Encoding.UTF8, new MediaTypeHeaderValue(ContentType ?? "application/json"));
        if (key)
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (IfMatch is not null)
            request.Headers.Add("If-Match", IfMatch);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer(response.StatusCode, isJson ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers.ContentType);
    }
}

/// <summary>A bank with something of everything in it, and for every operation of the API a request about it that an organiser may make.
/// Ann and the garden are in the north; Ann pays Ben; the clinic is for all.</summary>
public sealed class OperationRequests
{
    public required HttpClient Http { get; init; }
    public required string Bank { get; init; }
    public Guid Ann { get; private set; }
    public Guid Ben { get; private set; }
    public Guid Clinic { get; private set; }
    public Guid Garden { get; private set; }
    public Guid Transfer { get; private set; }
    public Guid Posting { get; private set; }
    /// <summary>A gift of the newcomer's to Ben.</summary>
    public Guid Undone { get; private set; }
    /// <summary>Ann questions that a minute of hers went to Ben.</summary>
    public Guid Dispute { get; private set; }
    public Guid Hold { get; private set; }
    public Guid Rule { get; private set; }
    /// <summary>Ben helped Ann: logged, and three more of them that are declined, withdrawn, and wait.</summary>
    public Guid Contribution { get; private set; }
    public Guid Declined { get; private set; }
    public Guid Withdrawn { get; private set; }
    public Guid Waiting { get; private set; }
    /// <summary>Ben asks Ann, three times.</summary>
    public Guid Asked { get; private set; }
    public Guid AskedAgain { get; private set; }
    public Guid AskedInVain { get; private set; }
    /// <summary>Ann works in the garden today; the second one is cancelled.</summary>
    public Guid WorkSession { get; private set; }
    public Guid CancelledSession { get; private set; }
    /// <summary>Ann pays Ben every week.</summary>
    public Guid Schedule { get; private set; }
    /// <summary>What the clinic offers to who books it, and a service that ends.</summary>
    public Guid Service { get; private set; }
    public Guid OldService { get; private set; }
    /// <summary>Ann booked for today: one to be taken, and others that are cancelled, missed and refunded.</summary>
    public Guid Booking { get; private set; }
    public Guid Cancelled { get; private set; }
    public Guid Missed { get; private set; }
    public Guid Given { get; private set; }
    public string Voucher { get; private set; } = "";
    /// <summary>Of Ann, and one more that is fulfilled and one that is withdrawn.</summary>
    public Guid Listing { get; private set; }
    public Guid Fulfilled { get; private set; }
    public Guid TakenBack { get; private set; }
    /// <summary>Ben is to help Ann: one ahead, and others of today that are done, cancelled, and did not happen.</summary>
    public Guid Arranged { get; private set; }
    public Guid Done { get; private set; }
    public Guid CalledOff { get; private set; }
    public Guid NotHappened { get; private set; }
    /// <summary>Ben showed Ann.</summary>
    public Guid Workshop { get; private set; }
    /// <summary>In the north, and no member yet.</summary>
    public Guid Newcomer { get; private set; }
    /// <summary>In the north, and on the way in, until she thinks better of it.</summary>
    public Guid Leaver { get; private set; }
    /// <summary>A project of the north that nobody has described yet; the garden is described.</summary>
    public Guid Meadow { get; private set; }
    /// <summary>Of the garden; the second one ends.</summary>
    public Guid Activity { get; private set; }
    public Guid OldActivity { get; private set; }
    /// <summary>Of Ann.</summary>
    public Guid Credential { get; private set; }
    /// <summary>What the newcomer is to be told.</summary>
    public Guid ToTell { get; private set; }
    /// <summary>A pot that is for all, and what it is asked for Ann: to be seconded, declined and withdrawn.</summary>
    public Guid Chest { get; private set; }
    public Guid Fare { get; private set; }
    public Guid Coat { get; private set; }
    public Guid Feast { get; private set; }
    public Guid Bulk { get; private set; }
    public Guid Key { get; private set; }
    public Guid Link { get; private set; }
    public Guid Standing { get; private set; }
    public Guid Invitation { get; private set; }
    public Guid Concern { get; private set; }
    public Guid Permission { get; private set; }
    /// <summary>In the north, and under 18.</summary>
    public Guid Young { get; private set; }
    public Guid AnnPerson { get; private set; }
    public HttpClient AnnHttp { get; private set; } = null!;

    public static async Task<OperationRequests> OpenAsync(HttpClient http)
    {
        var made = new OperationRequests { Http = http, Bank = await http.OpenBankAsync() };
        await made.FillAsync();
        return made;
    }

    /// <summary>By method and path of the document. What takes something away comes last.</summary>
    public IReadOnlyDictionary<string, AskedRequest> All() => new Dictionary<string, AskedRequest>
    {
        ["GET /health/live"] = new("/health/live"),
        ["GET /health/ready"] = new("/health/ready"),
        ["GET /problems"] = new("/problems"),
        ["GET /problems/{code}"] = new("/problems/BelowFloor"),
        ["GET /v1/transfer-kinds"] = new("/v1/transfer-kinds"),
        ["GET /v1/antiforgery"] = new("/v1/antiforgery"),
        ["POST /v1/sessions"] = new("/v1/sessions", new { login = "nobody-of-that-name", password = "a wrong password", door = "app" }),
        ["POST /v1/sessions/passkey-options"] = new("/v1/sessions/passkey-options"),
        ["POST /v1/sessions/passkey"] = new("/v1/sessions/passkey", new { state = "none", credential = new { id = "x" }, door = "app" }),
        ["POST /v1/password-resets"] = new("/v1/password-resets", new { email = "nobody@example.org" }),
        ["PUT /v1/password-resets"] = new("/v1/password-resets", new { person = Guid.Empty, token = "none", password = "long enough it is" }),
        ["POST /v1/invitations/acceptance"] = new("/v1/invitations/acceptance", new { code = "none" }),
        ["POST /v1/codes/acceptance"] = new("/v1/codes/acceptance", new { code = "none", password = "long enough it is" }),
        ["GET /v1/me"] = new("/v1/me"),
        ["GET /v1/me/data"] = new("/v1/me/data"),
        ["PUT /v1/me/password"] = new("/v1/me/password", new { old = "not the old one", @new = "long enough it is" }),
        ["POST /v1/me/authenticator"] = new("/v1/me/authenticator", new { password = Logins.Password }),
        ["PUT /v1/me/authenticator"] = new("/v1/me/authenticator", new { code = "000000" }),
        ["DELETE /v1/me/authenticator"] = new("/v1/me/authenticator", new { password = "not the password" }),
        ["POST /v1/me/recovery-codes"] = new("/v1/me/recovery-codes", new { password = "not the password" }),
        ["GET /v1/me/passkeys"] = new("/v1/me/passkeys"),
        ["POST /v1/me/passkeys/options"] = new("/v1/me/passkeys/options", new { password = Logins.Password }),
        ["POST /v1/me/passkeys"] = new("/v1/me/passkeys", new { name = "phone", state = "none", credential = new { id = "x" } }),
        ["DELETE /v1/me/passkeys/{id}"] = new($"/v1/me/passkeys/{Guid.Empty}"),
        ["GET /v1/banks"] = new("/v1/banks?limit=1"),
        ["POST /v1/banks"] = new("/v1/banks", new { id = $"op-{Guid.NewGuid():N}"[..20], name = "n" }),
        ["POST /v1/banks/{bank}/organisers"] = new($"{Bank}/organisers", new { person = AnnPerson }),
        ["GET /v1/banks/{bank}"] = new(Bank),
        ["GET /v1/banks/{bank}/policy"] = new($"{Bank}/policy"),
        ["PUT /v1/banks/{bank}/policy"] = new($"{Bank}/policy", new { timeZone = "Europe/London" }, "\"1\""),
        ["POST /v1/banks/{bank}/accounts"] = new($"{Bank}/accounts", new { kind = "member", name = "n" }),
        ["GET /v1/banks/{bank}/accounts"] = new($"{Bank}/accounts"),
        ["GET /v1/banks/{bank}/accounts/{id}"] = new($"{Bank}/accounts/{Ann}"),
        ["GET /v1/banks/{bank}/accounts/{id}/balance"] = new($"{Bank}/accounts/{Ann}/balance"),
        ["GET /v1/banks/{bank}/accounts/{id}/entries"] = new($"{Bank}/accounts/{Ann}/entries"),
        ["GET /v1/banks/{bank}/accounts/{id}/settings"] = new($"{Bank}/accounts/{Ann}/settings"),
        ["PUT /v1/banks/{bank}/accounts/{id}/settings"] = new($"{Bank}/accounts/{Ann}/settings", new { name = "Anna", neighbourhood = "north" }, "\"1\""),
        ["POST /v1/banks/{bank}/accounts/{id}/numbers"] = new($"{Bank}/accounts/{Ann}/numbers", new { number = "A-17" }),
        ["POST /v1/banks/{bank}/accounts/{id}/numbers/withdrawal"] = new($"{Bank}/accounts/{Ann}/numbers/withdrawal", new { number = "a-17" }),
        ["PUT /v1/banks/{bank}/accounts/{id}/freeze"] = new($"{Bank}/accounts/{Garden}/freeze", new { }),
        ["PUT /v1/banks/{bank}/accounts/{id}/silence"] = new($"{Bank}/accounts/{Ann}/silence", new { counts = true, yes = "telephone" }),
        ["GET /v1/banks/{bank}/trial-balance"] = new($"{Bank}/trial-balance"),
        ["POST /v1/banks/{bank}/transfers"] = new($"{Bank}/transfers", new { kind = "exchange", yes = "paper", payer = Ann, payee = Ben, minutes = 1 }),
        ["GET /v1/banks/{bank}/transfers"] = new($"{Bank}/transfers"),
        ["GET /v1/banks/{bank}/transfers/{id}"] = new($"{Bank}/transfers/{Transfer}"),
        ["POST /v1/banks/{bank}/transfers/{id}/reversal"] = new($"{Bank}/transfers/{Transfer}/reversal", new { reason = "By mistake." }),
        ["POST /v1/banks/{bank}/postings/{id}/reversal"] = new($"{Bank}/postings/{Undone}/reversal", new { reason = "By mistake." }),
        ["POST /v1/banks/{bank}/postings"] = new($"{Bank}/postings", new { legs = new[] { new { kind = "exchange", yes = "paper", payer = Ann, payee = Ben, minutes = 1 } } }),
        ["GET /v1/banks/{bank}/postings/{id}"] = new($"{Bank}/postings/{Posting}"),
        ["POST /v1/banks/{bank}/postings/bulk"] = new($"{Bank}/postings/bulk?mode=independent&id={Bulk}",
            $$"""{"key":"{{Guid.NewGuid()}}","kind":"exchange","yes":"paper","payer":"{{Ann}}","payee":"{{Ben}}","minutes":1}""", ContentType: "application/x-ndjson"),
        ["GET /v1/banks/{bank}/postings/bulk/{id}/results"] = new($"{Bank}/postings/bulk/{Bulk}/results"),
        ["POST /v1/banks/{bank}/holds"] = new($"{Bank}/holds", new { yes = "paper", payer = Ann, payee = Clinic, minutes = 1, expiresAt = "2999-01-01T00:00:00Z" }),
        ["GET /v1/banks/{bank}/holds"] = new($"{Bank}/holds"),
        ["GET /v1/banks/{bank}/holds/{id}"] = new($"{Bank}/holds/{Hold}"),
        ["POST /v1/banks/{bank}/transfers/{id}/dispute"] = new($"{Bank}/transfers/{Transfer}/dispute", new { reason = "So many?" }),
        ["GET /v1/banks/{bank}/disputes"] = new($"{Bank}/disputes"),
        ["GET /v1/banks/{bank}/disputes/{id}"] = new($"{Bank}/disputes/{Dispute}"),
        ["POST /v1/banks/{bank}/disputes/{id}/settlement"] = new($"{Bank}/disputes/{Dispute}/settlement", new { verdict = "stands", reason = "It was so." }),
        ["POST /v1/banks/{bank}/contributions"] = new($"{Bank}/contributions", Help(1)),
        ["POST /v1/banks/{bank}/contributions/batch"] = new($"{Bank}/contributions/batch", new { project = Garden, lines = new[] { new { helper = Ben, minutes = 1 } } }),
        ["POST /v1/banks/{bank}/contributions/sheet"] = new($"{Bank}/contributions/sheet?project={Garden}", "who,minutes\nAnn,60\n", ContentType: "text/csv"),
        ["GET /v1/banks/{bank}/contributions"] = new($"{Bank}/contributions"),
        ["GET /v1/banks/{bank}/contributions/{id}"] = new($"{Bank}/contributions/{Contribution}"),
        ["POST /v1/banks/{bank}/contributions/{id}/correction"] = new($"{Bank}/contributions/{Contribution}/correction", new { minutes = 6 }),
        ["POST /v1/banks/{bank}/contributions/{id}/wish"] = new($"{Bank}/contributions/{Contribution}/wish", new { wish = "hours", yes = "telephone" }),
        ["POST /v1/banks/{bank}/contributions/{id}/confirmation"] = new($"{Bank}/contributions/{Contribution}/confirmation", new { yes = "telephone" }),
        ["POST /v1/banks/{bank}/contributions/{id}/decline"] = new($"{Bank}/contributions/{Declined}/decline", new { reason = "It was not so." }),
        ["POST /v1/banks/{bank}/contributions/{id}/withdrawal"] = new($"{Bank}/contributions/{Withdrawn}/withdrawal", new { }),
        ["POST /v1/banks/{bank}/contributions/{id}/dispute"] = new($"{Bank}/contributions/{Contribution}/dispute", new { reason = "So long?" }),
        ["POST /v1/banks/{bank}/contributions/{id}/settlement"] = new($"{Bank}/contributions/{Contribution}/settlement", new { minutes = 1, reason = "Not quite." }),
        ["POST /v1/banks/{bank}/contributions/{id}/payment"] = new($"{Bank}/contributions/{Waiting}/payment", new { by = "community" }),
        ["GET /v1/banks/{bank}/waiting"] = new($"{Bank}/waiting"),
        ["GET /v1/banks/{bank}/questions/{id}"] = new($"{Bank}/questions/{Guid.Empty}"),
        ["POST /v1/banks/{bank}/questions/{id}/answer"] = new($"{Bank}/questions/{Guid.Empty}/answer", new { note = "It was a long day." }),
        ["GET /v1/banks/{bank}/participation"] = new($"{Bank}/participation"),
        ["GET /v1/banks/{bank}/new-hours"] = new($"{Bank}/new-hours"),
        ["GET /v1/banks/{bank}/report"] = new($"{Bank}/report"),
        ["POST /v1/banks/{bank}/pot-requests"] = new($"{Bank}/pot-requests", Plea()),
        ["GET /v1/banks/{bank}/pot-requests"] = new($"{Bank}/pot-requests"),
        ["GET /v1/banks/{bank}/pot-requests/figures"] = new($"{Bank}/pot-requests/figures?pot={Chest}"),
        ["GET /v1/banks/{bank}/pot-requests/{id}"] = new($"{Bank}/pot-requests/{Fare}"),
        ["POST /v1/banks/{bank}/pot-requests/{id}/approval"] = new($"{Bank}/pot-requests/{Fare}/approval", new { }),
        ["POST /v1/banks/{bank}/pot-requests/{id}/decline"] = new($"{Bank}/pot-requests/{Coat}/decline", new { reason = "The chest is for fares." }),
        ["POST /v1/banks/{bank}/pot-requests/{id}/withdrawal"] = new($"{Bank}/pot-requests/{Feast}/withdrawal", new { }),
        ["POST /v1/banks/{bank}/payment-requests"] = new($"{Bank}/payment-requests", Request()),
        ["GET /v1/banks/{bank}/payment-requests"] = new($"{Bank}/payment-requests"),
        ["GET /v1/banks/{bank}/payment-requests/{id}"] = new($"{Bank}/payment-requests/{Asked}"),
        ["POST /v1/banks/{bank}/payment-requests/{id}/payment"] = new($"{Bank}/payment-requests/{Asked}/payment", new { yes = "telephone" }),
        ["POST /v1/banks/{bank}/payment-requests/{id}/decline"] = new($"{Bank}/payment-requests/{AskedAgain}/decline", new { reason = "No." }),
        ["POST /v1/banks/{bank}/payment-requests/{id}/withdrawal"] = new($"{Bank}/payment-requests/{AskedInVain}/withdrawal", new { }),
        ["POST /v1/banks/{bank}/schedules"] = new($"{Bank}/schedules", EveryWeek()),
        ["GET /v1/banks/{bank}/schedules"] = new($"{Bank}/schedules"),
        ["GET /v1/banks/{bank}/schedules/{id}"] = new($"{Bank}/schedules/{Schedule}"),
        ["POST /v1/banks/{bank}/schedules/{id}/pause"] = new($"{Bank}/schedules/{Schedule}/pause", new { }),
        ["POST /v1/banks/{bank}/schedules/{id}/resumption"] = new($"{Bank}/schedules/{Schedule}/resumption", new { }),
        ["POST /v1/banks/{bank}/schedules/{id}/end"] = new($"{Bank}/schedules/{Schedule}/end", new { }),
        ["POST /v1/banks/{bank}/work-sessions"] = new($"{Bank}/work-sessions", Saturday()),
        ["POST /v1/banks/{bank}/work-sessions/series"] = new($"{Bank}/work-sessions/series",
            new { project = Garden, date = "2020-02-29", from = "09:00", until = "12:00", every = "month", last = "2020-04-30" }),
        ["GET /v1/banks/{bank}/work-sessions"] = new($"{Bank}/work-sessions"),
        ["GET /v1/banks/{bank}/work-sessions/{id}"] = new($"{Bank}/work-sessions/{WorkSession}"),
        ["POST /v1/banks/{bank}/work-sessions/{id}/sign-ups"] = new($"{Bank}/work-sessions/{WorkSession}/sign-ups", new { account = Ann }),
        ["POST /v1/banks/{bank}/work-sessions/{id}/sign-offs"] = new($"{Bank}/work-sessions/{WorkSession}/sign-offs", new { account = Ann }),
        ["POST /v1/banks/{bank}/work-sessions/{id}/check-ins"] = new($"{Bank}/work-sessions/{WorkSession}/check-ins", new { account = Ann }),
        ["POST /v1/banks/{bank}/work-sessions/{id}/check-outs"] = new($"{Bank}/work-sessions/{WorkSession}/check-outs", new { account = Ann }),
        ["POST /v1/banks/{bank}/work-sessions/{id}/credit"] = new($"{Bank}/work-sessions/{WorkSession}/credit", new { minutes = new[] { new { helper = Ann, minutes = 15 } } }),
        ["POST /v1/banks/{bank}/work-sessions/{id}/cancellation"] = new($"{Bank}/work-sessions/{CancelledSession}/cancellation", new { }),
        ["POST /v1/banks/{bank}/services"] = new($"{Bank}/services", Offer(withProvider: true)),
        ["GET /v1/banks/{bank}/services"] = new($"{Bank}/services"),
        ["GET /v1/banks/{bank}/services/{id}"] = new($"{Bank}/services/{Service}"),
        ["PUT /v1/banks/{bank}/services/{id}"] = new($"{Bank}/services/{OldService}", Offer(withProvider: false), "\"1\""),
        ["GET /v1/banks/{bank}/services/{id}/quote"] = new($"{Bank}/services/{Service}/quote?account={Ann}"),
        ["POST /v1/banks/{bank}/bookings"] = new($"{Bank}/bookings", Appointment()),
        ["GET /v1/banks/{bank}/bookings"] = new($"{Bank}/bookings"),
        ["GET /v1/banks/{bank}/bookings/{id}"] = new($"{Bank}/bookings/{Booking}"),
        ["GET /v1/banks/{bank}/bookings/{id}/voucher.svg"] = new($"{Bank}/bookings/{Booking}/voucher.svg"),
        ["GET /v1/banks/{bank}/bookings/{id}/voucher.png"] = new($"{Bank}/bookings/{Booking}/voucher.png"),
        ["GET /v1/banks/{bank}/vouchers/{voucher}"] = new($"{Bank}/vouchers/{Voucher}"),
        ["POST /v1/banks/{bank}/bookings/{id}/cancellation"] = new($"{Bank}/bookings/{Cancelled}/cancellation", new { }),
        ["POST /v1/banks/{bank}/bookings/{id}/no-show"] = new($"{Bank}/bookings/{Missed}/no-show", new { }),
        ["POST /v1/banks/{bank}/bookings/{id}/refund"] = new($"{Bank}/bookings/{Given}/refund", new { minutes = 1 }),
        ["POST /v1/banks/{bank}/vouchers/{voucher}/capture"] = new($"{Bank}/vouchers/{Voucher}/capture", new { }),
        ["POST /v1/banks/{bank}/listings"] = new($"{Bank}/listings", Posted(withAccount: true)),
        ["GET /v1/banks/{bank}/listings"] = new($"{Bank}/listings?text=soup"),
        ["GET /v1/banks/{bank}/listings/{id}"] = new($"{Bank}/listings/{Listing}"),
        ["GET /v1/banks/{bank}/listings/{id}/helpers"] = new($"{Bank}/listings/{Listing}/helpers"),
        ["PUT /v1/banks/{bank}/listings/{id}"] = new($"{Bank}/listings/{Listing}", Posted(withAccount: false), "\"1\""),
        ["POST /v1/banks/{bank}/listings/{id}/fulfilment"] = new($"{Bank}/listings/{Fulfilled}/fulfilment", new { }),
        ["POST /v1/banks/{bank}/listings/{id}/withdrawal"] = new($"{Bank}/listings/{TakenBack}/withdrawal", new { }),
        ["GET /v1/banks/{bank}/accounts/{id}/listings"] = new($"{Bank}/accounts/{Ann}/listings"),
        ["POST /v1/banks/{bank}/arrangements"] = new($"{Bank}/arrangements", new { listing = Listing, account = Ben, date = "2999-01-01", about = 30 }),
        ["GET /v1/banks/{bank}/arrangements"] = new($"{Bank}/arrangements"),
        ["GET /v1/banks/{bank}/arrangements/{id}"] = new($"{Bank}/arrangements/{Arranged}"),
        ["POST /v1/banks/{bank}/arrangements/{id}/meeting"] = new($"{Bank}/arrangements/{Arranged}/meeting", new { date = "2999-01-02", about = 45, place = "At home" }),
        ["POST /v1/banks/{bank}/arrangements/{id}/askings"] = new($"{Bank}/arrangements/{Arranged}/askings", new { account = Ann, how = "telephone", said = "later" }),
        ["POST /v1/banks/{bank}/arrangements/{id}/agreement"] = new($"{Bank}/arrangements/{Arranged}/agreement", new { account = Ann, yes = "telephone" }),
        ["POST /v1/banks/{bank}/arrangements/{id}/completion"] = new($"{Bank}/arrangements/{Done}/completion", new { minutes = 1 }),
        ["POST /v1/banks/{bank}/arrangements/{id}/cancellation"] = new($"{Bank}/arrangements/{CalledOff}/cancellation", new { reason = "The shop is shut." }),
        ["POST /v1/banks/{bank}/arrangements/{id}/no-show"] = new($"{Bank}/arrangements/{NotHappened}/no-show", new { }),
        ["GET /v1/banks/{bank}/listings/{id}/arrangements"] = new($"{Bank}/listings/{Listing}/arrangements"),
        ["GET /v1/banks/{bank}/diary"] = new($"{Bank}/diary"),
        ["POST /v1/banks/{bank}/workshops"] = new($"{Bank}/workshops", Lesson()),
        ["GET /v1/banks/{bank}/workshops"] = new($"{Bank}/workshops"),
        ["GET /v1/banks/{bank}/workshops/{id}"] = new($"{Bank}/workshops/{Workshop}"),
        ["POST /v1/banks/{bank}/applications"] = new($"{Bank}/applications", new { name = "Noor", telephone = "555 0177", about = "I can sew." }),
        ["POST /v1/banks/{bank}/members"] = new($"{Bank}/members", new { account = Newcomer, how = "page", skills = (string[])["cooking"] }),
        ["POST /v1/banks/{bank}/members/enrolments"] = new($"{Bank}/members/enrolments", new { name = "Sami", neighbourhood = "north", agreement = "2026-1" }),
        ["GET /v1/banks/{bank}/members"] = new($"{Bank}/members"),
        ["GET /v1/banks/{bank}/members/{id}"] = new($"{Bank}/members/{Ann}"),
        ["PUT /v1/banks/{bank}/members/{id}"] = new($"{Bank}/members/{Ann}", new { skills = (string[])["cooking"] }, "\"1\""),
        ["POST /v1/banks/{bank}/members/{id}/steps"] = new($"{Bank}/members/{Ann}/steps", new { step = "agreed", version = "1" }),
        ["POST /v1/banks/{bank}/members/{id}/admission"] = new($"{Bank}/members/{Ann}/admission", new { }),
        ["POST /v1/banks/{bank}/members/{id}/own-accounts"] = new($"{Bank}/members/{Ann}/own-accounts", new { name = "Aled" }),
        ["GET /v1/banks/{bank}/members/{id}/matches"] = new($"{Bank}/members/{Ann}/matches"),
        ["POST /v1/banks/{bank}/members/{id}/youth"] = new($"{Bank}/members/{Young}/youth", new { until = "2999-01-01" }),
        ["GET /v1/banks/{bank}/members/{id}/youth"] = new($"{Bank}/members/{Young}/youth"),
        ["POST /v1/banks/{bank}/members/{id}/youth/consent"] = new($"{Bank}/members/{Young}/youth/consent", new { guardian = "Mo", yes = "paper", until = "2998-01-01", projects = (Guid[])[Garden] }),
        ["POST /v1/banks/{bank}/members/{id}/youth/withdrawal"] = new($"{Bank}/members/{Young}/youth/withdrawal", new { }),
        ["POST /v1/banks/{bank}/members/{id}/pause"] = new($"{Bank}/members/{Ann}/pause", new { }),
        ["POST /v1/banks/{bank}/members/{id}/return"] = new($"{Bank}/members/{Ann}/return", new { }),
        ["POST /v1/banks/{bank}/members/{id}/departure"] = new($"{Bank}/members/{Leaver}/departure", new { }),
        ["POST /v1/banks/{bank}/members/{id}/credentials"] = new($"{Bank}/members/{Ann}/credentials", new { kind = "first-aid" }),
        ["GET /v1/banks/{bank}/members/{id}/credentials"] = new($"{Bank}/members/{Ann}/credentials"),
        ["POST /v1/banks/{bank}/members/{id}/credentials/{credential}/revocation"] = new($"{Bank}/members/{Ann}/credentials/{Credential}/revocation", new { }),
        ["GET /v1/banks/{bank}/credentials"] = new($"{Bank}/credentials?until=2999-01-01"),
        ["POST /v1/banks/{bank}/projects"] = new($"{Bank}/projects", new { account = Meadow, purpose = "Hay." }),
        ["GET /v1/banks/{bank}/projects"] = new($"{Bank}/projects"),
        ["GET /v1/banks/{bank}/projects/{id}"] = new($"{Bank}/projects/{Garden}"),
        ["PUT /v1/banks/{bank}/projects/{id}"] = new($"{Bank}/projects/{Garden}", new { purpose = "Beans." }, "\"1\""),
        ["POST /v1/banks/{bank}/projects/{id}/start"] = new($"{Bank}/projects/{Garden}/start", new { }),
        ["POST /v1/banks/{bank}/projects/{id}/activities"] = new($"{Bank}/projects/{Garden}/activities", Digging()),
        ["GET /v1/banks/{bank}/projects/{id}/activities"] = new($"{Bank}/projects/{Garden}/activities"),
        ["POST /v1/banks/{bank}/projects/{id}/end"] = new($"{Bank}/projects/{Garden}/end", new { }),
        ["GET /v1/banks/{bank}/activities/{id}"] = new($"{Bank}/activities/{Activity}"),
        ["PUT /v1/banks/{bank}/activities/{id}"] = new($"{Bank}/activities/{Activity}", Digging(), "\"1\""),
        ["POST /v1/banks/{bank}/activities/{id}/end"] = new($"{Bank}/activities/{OldActivity}/end", new { }),
        ["POST /v1/banks/{bank}/rules"] = new($"{Bank}/rules", Terms(withOwner: true)),
        ["GET /v1/banks/{bank}/rules"] = new($"{Bank}/rules"),
        ["GET /v1/banks/{bank}/rules/{id}"] = new($"{Bank}/rules/{Rule}"),
        ["PUT /v1/banks/{bank}/rules/{id}"] = new($"{Bank}/rules/{Rule}", Terms(withOwner: false), "\"1\""),
        ["POST /v1/banks/{bank}/standings"] = new($"{Bank}/standings", new { person = AnnPerson, role = "member", account = Ann }),
        ["GET /v1/banks/{bank}/standings"] = new($"{Bank}/standings"),
        ["POST /v1/banks/{bank}/keys"] = new($"{Bank}/keys", new { name = "n", scopes = (string[])["accountsRead"] }),
        ["GET /v1/banks/{bank}/keys"] = new($"{Bank}/keys"),
        ["GET /v1/banks/{bank}/keys/{id}"] = new($"{Bank}/keys/{Key}"),
        ["POST /v1/banks/{bank}/keys/{id}/rotation"] = new($"{Bank}/keys/{Key}/rotation", new { }),
        ["POST /v1/banks/{bank}/accounts/{id}/links"] = new($"{Bank}/accounts/{Ann}/links", new { key = Key, most = 60 }),
        ["GET /v1/banks/{bank}/accounts/{id}/links"] = new($"{Bank}/accounts/{Ann}/links"),
        ["POST /v1/banks/{bank}/accounts/{id}/permissions"] = new($"{Bank}/accounts/{Ann}/permissions", new { deputy = AnnPerson, minutes = 60, expiresAt = "2999-01-01T00:00:00Z", yes = "paper" }),
        ["GET /v1/banks/{bank}/accounts/{id}/permissions"] = new($"{Bank}/accounts/{Ann}/permissions"),
        ["DELETE /v1/banks/{bank}/permissions/{id}"] = new($"{Bank}/permissions/{Permission}"),
        ["GET /v1/banks/{bank}/audit"] = new($"{Bank}/audit"),
        ["POST /v1/banks/{bank}/concerns"] = new($"{Bank}/concerns", new { account = Ann, text = "She was not herself." }),
        ["GET /v1/banks/{bank}/concerns"] = new($"{Bank}/concerns"),
        ["GET /v1/banks/{bank}/concerns/{id}"] = new($"{Bank}/concerns/{Concern}"),
        ["POST /v1/banks/{bank}/concerns/{id}/inquiry"] = new($"{Bank}/concerns/{Concern}/inquiry", new { }),
        ["POST /v1/banks/{bank}/concerns/{id}/notes"] = new($"{Bank}/concerns/{Concern}/notes", new { text = "He is well." }),
        ["POST /v1/banks/{bank}/concerns/{id}/closure"] = new($"{Bank}/concerns/{Concern}/closure", new { }),
        ["GET /v1/banks/{bank}/notices"] = new($"{Bank}/notices"),
        ["POST /v1/banks/{bank}/notices/readings"] = new($"{Bank}/notices/readings", new { upTo = Ann }),
        ["GET /v1/banks/{bank}/notice-settings"] = new($"{Bank}/notice-settings"),
        ["PUT /v1/banks/{bank}/notice-settings"] = new($"{Bank}/notice-settings", new { language = "en" }, "\"1\""),
        ["GET /v1/banks/{bank}/accounts/{id}/notice-settings"] = new($"{Bank}/accounts/{Garden}/notice-settings"),
        ["PUT /v1/banks/{bank}/accounts/{id}/notice-settings"] = new($"{Bank}/accounts/{Garden}/notice-settings", new { language = "en" }, "\"1\""),
        ["GET /v1/banks/{bank}/tellings"] = new($"{Bank}/tellings"),
        ["POST /v1/banks/{bank}/tellings"] = new($"{Bank}/tellings", new { account = Newcomer, notices = (Guid[])[ToTell], how = "telephone" }),
        ["POST /v1/banks/{bank}/apart"] = new($"{Bank}/apart", new { first = Ann, second = Ben }),
        ["GET /v1/banks/{bank}/apart"] = new($"{Bank}/apart"),
        ["POST /v1/banks/{bank}/apart/{id}/end"] = new($"{Bank}/apart/{Apart.IdOf(new(Ann), new(Ben))}/end", new { }),
        ["GET /v1/banks/{bank}/people"] = new($"{Bank}/people"),
        ["POST /v1/banks/{bank}/invitations"] = new($"{Bank}/invitations", new { name = "n", standing = new { role = "member", account = Ann } }),
        ["GET /v1/banks/{bank}/invitations"] = new($"{Bank}/invitations"),
        ["POST /v1/banks/{bank}/people/{person}/codes"] = new($"{Bank}/people/{AnnPerson}/codes", new { }),
        ["GET /v1/banks/{bank}/people/{person}/data"] = new($"{Bank}/people/{AnnPerson}/data"),
        ["POST /v1/banks/{bank}/people/{person}/erasure"] = new($"{Bank}/people/{AnnPerson}/erasure", new { }),
        ["DELETE /v1/banks/{bank}/accounts/{id}/freeze"] = new($"{Bank}/accounts/{Garden}/freeze"),
        ["DELETE /v1/banks/{bank}/services/{id}"] = new($"{Bank}/services/{OldService}", IfMatch: "\"2\""),
        ["DELETE /v1/banks/{bank}/rules/{id}"] = new($"{Bank}/rules/{Rule}", IfMatch: "\"2\""),
        ["DELETE /v1/banks/{bank}/invitations/{id}"] = new($"{Bank}/invitations/{Invitation}"),
        ["DELETE /v1/banks/{bank}/links/{id}"] = new($"{Bank}/links/{Link}"),
        ["DELETE /v1/banks/{bank}/keys/{id}"] = new($"{Bank}/keys/{Key}"),
        ["POST /v1/banks/{bank}/holds/{id}/capture"] = new($"{Bank}/holds/{Hold}/capture", new { }),
        ["POST /v1/banks/{bank}/holds/{id}/release"] = new($"{Bank}/holds/{Hold}/release", new { }),
        ["POST /v1/banks/{bank}/accounts/{id}/closure"] = new($"{Bank}/accounts/{Garden}/closure", new { }),
        ["DELETE /v1/banks/{bank}/standings/{id}"] = new($"{Bank}/standings/{Standing}"),
        ["DELETE /v1/sessions/current"] = new("/v1/sessions/current"),
    };

    public object Terms(bool withOwner) => withOwner
        ? new { owner = Clinic, kinds = (string[])["spend"], share = 100, targets = new[] { new { account = Garden } } }
        : new { kinds = (string[])["spend"], share = 100, targets = new[] { new { account = Garden } } };

    private object Offer(bool withProvider) => withProvider
        ? new { provider = Clinic, name = "Advice", lasts = 10 }
        : new { name = "Advice", lasts = 10 };

    private object Appointment() => new { service = Service, member = Ann, date = Today, yes = "telephone" };

    private object Plea() => new { pot = Chest, member = Ann, minutes = 5, memo = "A fare." };

    private async Task<Guid> AskPotAsync() => (await Http.PostAsync($"{Bank}/pot-requests", Plea())).Id;

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    private async Task<(Guid Booking, string Voucher)> BookAsync()
    {
        var booked = await Http.PostAsync($"{Bank}/bookings", Appointment());
        return (booked.Id, (string)booked["voucher"]!);
    }
    private object Posted(bool withAccount) => withAccount
        ? new { account = Ann, kind = "offer", category = "cooking", title = "Soup for neighbours", isPublic = true }
        : new { kind = "offer", category = "cooking", title = "Soup for all", isPublic = true };

    private async Task<Guid> PostListingAsync() => (await Http.PostAsync($"{Bank}/listings", Posted(withAccount: true))).Id;

    private object Help(int minutes) => new { helper = Ben, helped = Ann, minutes, category = "shopping" };

    private async Task<Guid> LogAsync(int minutes) => (await Http.PostAsync($"{Bank}/contributions", Help(minutes))).Id;

    private object Lesson() => new { helper = Ben, minutes = 2, receivers = new[] { new { account = Ann } } };

    private async Task<Guid> ArrangeAsync(bool agreed)
    {
        var id = (await Http.PostAsync($"{Bank}/arrangements", new { helper = Ben, helped = Ann, category = "shopping", date = Today, about = 30 })).Id;
        foreach (var side in agreed ? (Guid[])[Ann, Ben] : [])
            await Http.PostAsync($"{Bank}/arrangements/{id}/agreement", new { account = side, yes = "paper" });
        return id;
    }

    private object Saturday() => new { project = Garden, date = "2020-02-29", from = "09:00", until = "12:00" };

    private async Task<Guid> AskAsync() => (await Http.PostAsync($"{Bank}/payment-requests", Request())).Id;

    private static object Digging() => new { name = "Digging", risk = "Backs.", requires = (string[])["first-aid"] };

    private async Task<Guid> AddActivityAsync() => (await Http.PostAsync($"{Bank}/projects/{Garden}/activities", Digging())).Id;

    private object Request() => new { kind = "exchange", payer = Ann, payee = Ben, minutes = 1, expiresAt = "2999-01-01T00:00:00Z" };

    private object EveryWeek() => new { kind = "exchange", payer = Ann, payee = Ben, minutes = 1, every = "week", from = "2999-01-01", yes = "telephone" };

    private async Task FillAsync()
    {
        Ann = await InTheNorthAsync("member", "Ann");
        Garden = await InTheNorthAsync("project", "Garden");
        Ben = await Http.OpenAccountAsync(Bank, "member", "Ben");
        Clinic = await Http.OpenAccountAsync(Bank, "provider", "Clinic");
        var made = await Http.TransferAsync(Bank, "exchange", Ann, Ben, 5);
        (Transfer, Posting, Bulk) = (made.Id, Guid.Parse((string)made["posting"]!), Guid.CreateVersion7());
        Hold = (await Http.PostAsync($"{Bank}/holds", new { yes = "paper", payer = Ann, payee = Clinic, minutes = 1, expiresAt = "2999-01-01T00:00:00Z" })).Id;
        Chest = await Http.OpenAccountAsync(Bank, "pot", "Chest");
        (Fare, Coat, Feast) = (await AskPotAsync(), await AskPotAsync(), await AskPotAsync());
        Rule = (await Http.PostAsync($"{Bank}/rules", Terms(withOwner: true))).Id;
        (Contribution, Declined, Withdrawn, Waiting) = (await LogAsync(5), await LogAsync(5), await LogAsync(5), await LogAsync(10_000));
        Newcomer = await InTheNorthAsync("member", "Nell");
        Leaver = await InTheNorthAsync("member", "Lea");
        await Http.PostAsync($"{Bank}/members", new { account = Leaver, how = "paper" });
        Meadow = await InTheNorthAsync("project", "Meadow");
        await Http.PostAsync($"{Bank}/projects", new { account = Garden });
        (Activity, OldActivity) = (await AddActivityAsync(), await AddActivityAsync());
        Credential = (await Http.PostAsync($"{Bank}/members/{Ann}/credentials", new { kind = "background-check", until = "2998-12-31" })).Id;
        Undone = Guid.Parse((string)(await Http.TransferAsync(Bank, "gift", Newcomer, Ben, 1))["posting"]!);
        await Http.PostAsync($"{Bank}/members", new { account = Ann, how = "page" });
        (Listing, Fulfilled, TakenBack) = (await PostListingAsync(), await PostListingAsync(), await PostListingAsync());
        await Http.PostAsync($"{Bank}/contributions/{Waiting}/confirmation", new { yes = "paper" });
        (Asked, AskedAgain, AskedInVain) = (await AskAsync(), await AskAsync(), await AskAsync());
        (WorkSession, CancelledSession) = ((await Http.PostAsync($"{Bank}/work-sessions", Saturday())).Id, (await Http.PostAsync($"{Bank}/work-sessions", Saturday())).Id);
        (Arranged, Done, CalledOff, NotHappened) = (await ArrangeAsync(agreed: false), await ArrangeAsync(agreed: true), await ArrangeAsync(agreed: false), await ArrangeAsync(agreed: true));
        Workshop = (await Http.PostAsync($"{Bank}/workshops", Lesson())).Id;
        Schedule = (await Http.PostAsync($"{Bank}/schedules", EveryWeek())).Id;
        (Service, OldService) = ((await Http.PostAsync($"{Bank}/services", Offer(withProvider: true))).Id, (await Http.PostAsync($"{Bank}/services", Offer(withProvider: true))).Id);
        (Booking, Voucher) = await BookAsync();
        (Cancelled, Missed) = ((await BookAsync()).Booking, (await BookAsync()).Booking);
        (Given, var given) = await BookAsync();
        await Http.PostAsync($"{Bank}/vouchers/{given}/capture", new { });
        Key = (await Http.KeyAsync(Bank, ofBank: false, "transfersWrite")).Key;
        (AnnHttp, AnnPerson) = await Http.JoinAsync(Bank, new { role = "member", account = Ann });
        Standing = (await Http.PostAsync($"{Bank}/standings", new { person = AnnPerson, role = "member", account = Ann })).Id;
        Dispute = (await AnnHttp.PostAsync($"{Bank}/transfers/{(await Http.TransferAsync(Bank, "exchange", Ann, Ben, 1)).Id}/dispute", new { reason = "I was not there." })).Id;
        Link = (await AnnHttp.PostAsync($"{Bank}/accounts/{Ann}/links", new { key = Key })).Id;
        Invitation = (await Http.PostAsync($"{Bank}/invitations", new { name = "Somebody", standing = new { role = "auditor" } })).Id;
        ToTell = await ToTellAsync();
        Permission = (await Http.PostAsync($"{Bank}/accounts/{Ben}/permissions", new { deputy = AnnPerson, minutes = 60, expiresAt = "2999-01-01T00:00:00Z", yes = "paper" })).Id;
        Young = await InTheNorthAsync("member", "Yve");
        await Http.PostAsync($"{Bank}/members/{Young}/youth", new { until = "2999-01-01" });
        Concern = (await AnnHttp.PostAsync($"{Bank}/concerns", new { account = Ben, text = "He looked tired." })).Id;
    }

    /// <summary>Whoever follows the journal comes later, and much later while other banks are written to.</summary>
    private async Task<Guid> ToTellAsync()
    {
        for (var since = Stopwatch.GetTimestamp(); ; )
        {
            var members = (await Http.GetAnswerAsync($"{Bank}/tellings"))["items"].AsArray();
            if (members.FirstOrDefault(m => (string)m!["account"]! == Newcomer.ToString()) is { } nell)
                return Guid.Parse((string)nell["notices"]![0]!["id"]!);
            Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromMinutes(5)), "Nobody is to be told anything.");
            await Task.Delay(200);
        }
    }

    private async Task<Guid> InTheNorthAsync(string kind, string name) =>
        (await Http.PostAsync($"{Bank}/accounts", new { kind, name, neighbourhood = "north" })).Id;
}
