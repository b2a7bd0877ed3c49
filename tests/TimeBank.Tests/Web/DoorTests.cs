using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using TimeBank.Access;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>Walks the running server's own API document: every operation is asked by every kind of caller, and whom it lets in is
/// held against the table of doors.</summary>
[Category("Database")]
public sealed class DoorTests
{
    private const string AllScopes = "accountsRead accountsWrite transfersRead transfersWrite contributionsWrite redemptionsWrite rulesRead reportsRead";

    /// <summary>How a door answered.</summary>
    private enum Door { LetIn, SignInNeeded, BankUnknown, NotPermitted, NothingThere }

    private sealed record Somebody(string Name, HttpClient Http, Who Who, bool InBank, Scope[]? Scopes = null, bool Counts = true);

    private OperationRequests _bank = null!;
    private List<Somebody> _callers = [];
    private List<string> _operations = [];

    [OneTimeSetUp]
    public async Task Open()
    {
        _bank = await OperationRequests.OpenAsync(RunningServer.Http);
        var http = _bank.Http;
        var scopes = AllScopes.Split(' ');
        async Task<HttpClient> Joined(object standing) => (await http.JoinAsync(_bank.Bank, standing)).Http;
        var elsewhere = await http.OpenBankAsync();
        var revoked = await http.KeyAsync(_bank.Bank, ofBank: true, scopes);
        await http.SayAsync(HttpMethod.Delete, $"{_bank.Bank}/keys/{revoked.Key}");
        var all = Enum.GetValues<Scope>();
        _callers =
        [
            new("nobody", new HttpClient { BaseAddress = http.BaseAddress }, Who.Anybody, false, Counts: false),
            new("operator", await OperatorWithoutStandingAsync(), Who.Operator | Who.SignedIn, false),
            new("organiser", await Joined(new { role = "organiser" }), Who.Organiser | Who.SignedIn, true),
            new("north", await Joined(new { role = "neighbourhoodCoordinator", neighbourhood = "north" }), Who.NeighbourhoodCoordinator | Who.SignedIn, true),
            new("south", await Joined(new { role = "neighbourhoodCoordinator", neighbourhood = "south" }), Who.NeighbourhoodCoordinator | Who.SignedIn, true),
            new("lead", await Joined(new { role = "safeguardingLead" }), Who.SafeguardingLead | Who.SignedIn, true),
            new("gardener", await Joined(new { role = "coordinator", account = _bank.Garden }), Who.Coordinator | Who.SignedIn, true),
            new("desk", await Joined(new { role = "staff", account = _bank.Clinic }), Who.Staff | Who.SignedIn, true),
            new("ann", _bank.AnnHttp, Who.Member | Who.SignedIn, true),
            new("ben", await Joined(new { role = "member", account = _bank.Ben }), Who.Member | Who.SignedIn, true),
            new("countersigner", await Joined(new { role = "counterSigner" }), Who.CounterSigner | Who.SignedIn, true),
            new("auditor", await Joined(new { role = "auditor" }), Who.Auditor | Who.SignedIn, true),
            new("organiser of another bank", (await http.JoinAsync(elsewhere, new { role = "organiser" })).Http, Who.SignedIn, false),
            new("app", (await http.KeyAsync(_bank.Bank, ofBank: false, scopes)).Http, Who.None, true, all),
            new("app with one scope", (await http.KeyAsync(_bank.Bank, ofBank: false, "rulesRead")).Http, Who.None, true, [Scope.RulesRead]),
            new("system of the bank", (await http.KeyAsync(_bank.Bank, ofBank: true, scopes)).Http, Who.None, true, all),
            new("app of another bank", (await http.KeyAsync(elsewhere, ofBank: true, scopes)).Http, Who.None, false, all),
            new("revoked key", revoked.Http, Who.None, false, all, Counts: false),
        ];
        var document = (await http.GetAnswerAsync("/swagger/v1/swagger.json")).Body!;
        _operations = [.. document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}"))];
    }

    [Test]
    public void Every_operation_of_the_document_is_in_the_table_and_in_the_walk()
    {
        _operations.Except(DoorTable.Operations).ShouldBeEmpty("Add these to DoorTable: until then nobody is let in.");
        _operations.Except(_bank.All().Keys).ShouldBeEmpty("Add a request to OperationRequests.");
        DoorTable.Operations.Except(_operations).ShouldBe(["GET /language/{code}", "POST /sign-out", "GET /worker.js", "GET /banks/{bank}/accounts/{id}/passbook.csv", "GET /banks/{bank}/report.csv", "GET /banks/{bank}/accounts/{id}/calendar.ics", "GET /banks/{bank}/accounts/{id}/changes", "GET /banks/{bank}/sessions/{id}/changes", "GET /swagger/v1/swagger.json", "GET /v1/unsubscriptions", "POST /v1/unsubscriptions"], ignoreOrder: true);
    }

    [Test]
    public async Task Every_operation_lets_in_whom_the_table_names_and_nobody_else()
    {
        var offenders = new List<string>();
        var order = _bank.All().Keys.ToList();
        foreach (var operation in _operations.OrderBy(order.IndexOf))
        {
            foreach (var caller in _callers)
            {
                var request = Harmless(operation);
                var answer = await request.SendAsync(caller.Http, new HttpMethod(operation.Split(' ')[0]));
                var (expected, found) = (Expected(operation, caller), Found(answer));
                if (expected != found)
                    offenders.Add($"{operation} by {caller.Name}: {expected} was expected, {found} found: {answer}");
            }
        }
        offenders.ShouldBeEmpty();
    }

    /// <summary>What an operation would take away from the callers after this one, or give them, is not for real.</summary>
    private AskedRequest Harmless(string operation)
    {
        var request = _bank.All()[operation];
        return operation switch
        {
            // Whom the safeguarding lead paused, nobody else lets return.
            "POST /v1/banks/{bank}/members/{id}/pause" => request with { Path = request.Path + "?dryRun=true" },
            "DELETE /v1/banks/{bank}/standings/{id}" => request with { Path = request.Path + "?dryRun=true" },
            "POST /v1/banks/{bank}/postings/bulk" => request with { Path = request.Path.Replace(_bank.Bulk.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal) },
            _ => request,
        };
    }

    private Door Expected(string operation, Somebody caller)
    {
        var requirement = DoorTable.Find(operation)!;
        if (requirement.Who.HasFlag(Who.Anybody))
            return Door.LetIn;
        if (!caller.Counts)
            return Door.SignInNeeded;
        var ofBank = operation.Contains("{bank}", StringComparison.Ordinal);
        if (caller.Scopes is { } scopes)
        {
            if (ofBank && !caller.InBank)
                return Door.BankUnknown;
            return !ofBank || requirement.Scope is not { } scope || !scopes.Contains(scope) ? Door.NotPermitted : Elsewhere(operation, caller.Name);
        }
        if ((caller.Who & requirement.Who) == 0)
            return ofBank && !caller.InBank && !caller.Who.HasFlag(Who.Operator) ? Door.BankUnknown : Door.NotPermitted;
        return Elsewhere(operation, caller.Name);
    }

    /// <summary>Whom the table lets in and who nevertheless has nothing to do with what the request is about.</summary>
    private static Door Elsewhere(string operation, string caller)
    {
        static Door Refuse(string caller, string who, Door how) => who.Split(' ').Contains(caller.Replace(' ', '-')) ? how : Door.LetIn;
        return operation["GET".Length..].TrimStart() switch
        {
            _ when operation == "GET /v1/banks/{bank}/accounts/{id}/balance" => Refuse(caller, "south lead gardener desk ben countersigner", Door.NotPermitted),
            _ when operation is "GET /v1/banks/{bank}/accounts/{id}/entries" or "GET /v1/banks/{bank}/accounts/{id}/settings" => Refuse(caller, "south gardener desk ben", Door.NotPermitted),
            _ when operation is "PUT /v1/banks/{bank}/accounts/{id}/settings" => Refuse(caller, "south app", Door.NotPermitted),
            _ when operation.EndsWith("/silence", StringComparison.Ordinal) => Refuse(caller, "south ben", Door.NotPermitted),
            _ when operation.Contains("/questions/{id}", StringComparison.Ordinal) => Door.NothingThere,
            _ when operation == "POST /v1/banks/{bank}/pot-requests" => Refuse(caller, "south ben", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/pot-requests" => Refuse(caller, "north south gardener ann ben", Door.NotPermitted),
            _ when operation.EndsWith("/pot-requests/{id}/approval", StringComparison.Ordinal) || operation.EndsWith("/pot-requests/{id}/decline", StringComparison.Ordinal) =>
                caller == "north" ? Door.NotPermitted : Refuse(caller, "south gardener", Door.NothingThere),
            _ when operation.Contains("/pot-requests/{id}", StringComparison.Ordinal) => Refuse(caller, "south gardener ben", Door.NothingThere),
            _ when operation.EndsWith("/departure", StringComparison.Ordinal) => Refuse(caller, "south ann ben", Door.NotPermitted),
            _ when operation.EndsWith("/freeze", StringComparison.Ordinal) || operation.EndsWith("accounts/{id}/closure", StringComparison.Ordinal) => Refuse(caller, "south", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/accounts" => Refuse(caller, "north south app", Door.NotPermitted),
            _ when operation is "POST /v1/banks/{bank}/transfers" or "POST /v1/banks/{bank}/postings" or "POST /v1/banks/{bank}/postings/bulk" =>
                Refuse(caller, "north south gardener desk ben app", Door.NotPermitted),
            _ when operation is "GET /v1/banks/{bank}/transfers" or "GET /v1/banks/{bank}/holds" => Refuse(caller, "north south gardener desk ann ben", Door.NotPermitted),
            _ when operation is "GET /v1/banks/{bank}/transfers/{id}" or "GET /v1/banks/{bank}/postings/{id}" => Refuse(caller, "south gardener desk", Door.NothingThere),
            _ when operation is "POST /v1/banks/{bank}/transfers/{id}/reversal" or "POST /v1/banks/{bank}/postings/{id}/reversal" => caller == "south" ? Door.NothingThere : Refuse(caller, "north", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/transfers/{id}/dispute" => caller == "ben" ? Door.NotPermitted : Refuse(caller, "gardener desk", Door.NothingThere),
            _ when operation == "GET /v1/banks/{bank}/disputes" => Refuse(caller, "north south gardener desk ann ben", Door.NotPermitted),
            _ when operation.Contains("/disputes/{id}", StringComparison.Ordinal) => Refuse(caller, "south gardener desk ben", Door.NothingThere),
            _ when operation == "GET /v1/banks/{bank}/postings/bulk/{id}/results" => Door.NothingThere,
            _ when operation == "POST /v1/banks/{bank}/holds" => Refuse(caller, "south gardener desk ben app", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/holds/{id}" => Refuse(caller, "south gardener ben", Door.NothingThere),
            _ when operation == "POST /v1/banks/{bank}/holds/{id}/capture" => caller is "ann" or "north" ? Door.NotPermitted : Refuse(caller, "south gardener ben app", Door.NothingThere),
            _ when operation == "POST /v1/banks/{bank}/holds/{id}/release" => Refuse(caller, "south gardener ben app", Door.NothingThere),
            _ when operation is "POST /v1/banks/{bank}/contributions" => Refuse(caller, "south gardener", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/members/{id}/own-accounts" => Refuse(caller, "south", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/members/enrolments" => Refuse(caller, "south", Door.NotPermitted),
            _ when operation.Contains("/numbers", StringComparison.Ordinal) => Refuse(caller, "south app", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/contributions/sheet" => Refuse(caller, "south app", Door.NotPermitted),
            _ when operation is "POST /v1/banks/{bank}/contributions/batch" => Refuse(caller, "south app", Door.NotPermitted),
            _ when operation is "GET /v1/banks/{bank}/contributions" => Refuse(caller, "north south gardener ann ben", Door.NotPermitted),
            _ when operation.Contains("/contributions/{id}/", StringComparison.Ordinal) && caller is "ann" or "ben" or "app" =>
                operation.Split('/')[^1] switch
                {
                    "correction" or "withdrawal" => Door.NotPermitted,
                    "wish" => Refuse(caller, "ann", Door.NotPermitted),
                    "decline" or "dispute" => Refuse(caller, "app", Door.NotPermitted),
                    _ => Door.LetIn,
                },
            _ when operation.Contains("/contributions/{id}", StringComparison.Ordinal) => Refuse(caller, "south gardener", Door.NothingThere),
            _ when operation is "POST /v1/banks/{bank}/work-sessions" or "POST /v1/banks/{bank}/work-sessions/series" || operation.EndsWith("/work-sessions/{id}/credit", StringComparison.Ordinal)
                || operation.EndsWith("/work-sessions/{id}/cancellation", StringComparison.Ordinal) => Refuse(caller, "south app", Door.NotPermitted),
            _ when operation.StartsWith("POST", StringComparison.Ordinal) && operation.Contains("/work-sessions/{id}/", StringComparison.Ordinal) => Refuse(caller, "south ben app", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/payment-requests" => Refuse(caller, "north south gardener desk ann app", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/schedules" => Refuse(caller, "north south gardener desk ben app", Door.NotPermitted),
            _ when operation is "GET /v1/banks/{bank}/payment-requests" or "GET /v1/banks/{bank}/schedules" => Refuse(caller, "north south gardener desk ann ben", Door.NotPermitted),
            _ when operation.StartsWith("GET", StringComparison.Ordinal) && (operation.EndsWith("payment-requests/{id}", StringComparison.Ordinal) || operation.EndsWith("schedules/{id}", StringComparison.Ordinal)) =>
                Refuse(caller, "south gardener desk", Door.NothingThere),
            _ when operation.EndsWith("payment-requests/{id}/payment", StringComparison.Ordinal) && caller is "north" or "ben" => Door.NotPermitted,
            _ when operation.EndsWith("payment-requests/{id}/withdrawal", StringComparison.Ordinal) && caller is "north" or "ann" => Door.NotPermitted,
            _ when (operation.EndsWith("payment-requests/{id}/decline", StringComparison.Ordinal) || operation.Contains("/schedules/{id}/", StringComparison.Ordinal)) && caller == "ben" => Door.NotPermitted,
            _ when operation.Contains("/payment-requests/{id}/", StringComparison.Ordinal) || operation.Contains("/schedules/{id}/", StringComparison.Ordinal) =>
                Refuse(caller, "south gardener desk app", Door.NothingThere),
            _ when operation is "POST /v1/banks/{bank}/services" or "PUT /v1/banks/{bank}/services/{id}" or "DELETE /v1/banks/{bank}/services/{id}" =>
                Refuse(caller, "north south", Door.NotPermitted),
            _ when operation is "POST /v1/banks/{bank}/bookings" or "GET /v1/banks/{bank}/services/{id}/quote" => Refuse(caller, "south ben app", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/bookings" => Refuse(caller, "north south desk ann ben", Door.NotPermitted),
            _ when operation is "POST /v1/banks/{bank}/bookings/{id}/no-show" or "POST /v1/banks/{bank}/bookings/{id}/refund" or "POST /v1/banks/{bank}/vouchers/{voucher}/capture" =>
                caller == "north" ? Door.NotPermitted : Refuse(caller, "south app", Door.NothingThere),
            _ when operation == "POST /v1/banks/{bank}/bookings/{id}/cancellation" => Refuse(caller, "south ben app", Door.NothingThere),
            _ when operation.StartsWith("GET /v1/banks/{bank}/bookings/{id}", StringComparison.Ordinal) || operation == "GET /v1/banks/{bank}/vouchers/{voucher}" =>
                Refuse(caller, "south ben", Door.NothingThere),
            _ when operation == "POST /v1/banks/{bank}/listings" || operation is "PUT /v1/banks/{bank}/listings/{id}" || (operation.StartsWith("POST", StringComparison.Ordinal) && operation.Contains("/listings/{id}/", StringComparison.Ordinal)) =>
                Refuse(caller, "south gardener desk ben", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/accounts/{id}/listings" => Refuse(caller, "south gardener desk ben", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/arrangements" => Refuse(caller, "south gardener ann", Door.NotPermitted),
            _ when operation is "GET /v1/banks/{bank}/arrangements" or "GET /v1/banks/{bank}/workshops" => Refuse(caller, "north south gardener ann ben", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/diary" => Refuse(caller, "north south gardener desk ann ben", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/listings/{id}/helpers" => Refuse(caller, "south gardener desk ben", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/listings/{id}/arrangements" => Refuse(caller, "south gardener desk ben", Door.NotPermitted),
            _ when operation.EndsWith("/arrangements/{id}/agreement", StringComparison.Ordinal) && caller == "ben" => Door.NotPermitted,
            _ when operation.Contains("/arrangements/{id}", StringComparison.Ordinal) || operation == "GET /v1/banks/{bank}/workshops/{id}" => Refuse(caller, "south gardener", Door.NothingThere),
            _ when operation == "POST /v1/banks/{bank}/workshops" => Refuse(caller, "south", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/members" => Refuse(caller, "south ann ben", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/members/{id}/youth" => Refuse(caller, "south ann ben", Door.NothingThere),
            _ when operation.Contains("/members/{id}", StringComparison.Ordinal) => Refuse(caller, "south ben", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/projects" => Refuse(caller, "south gardener", Door.NotPermitted),
            _ when !operation.StartsWith("GET", StringComparison.Ordinal) && (operation.Contains("/projects/{id}", StringComparison.Ordinal) || operation.Contains("/activities/{id}", StringComparison.Ordinal)) =>
                Refuse(caller, "south", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/tellings" => Refuse(caller, "south", Door.NothingThere),
            _ when operation.EndsWith("/accounts/{id}/notice-settings", StringComparison.Ordinal) => Refuse(caller, "south", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/rules" => Refuse(caller, "north south gardener", Door.NotPermitted),
            _ when operation == "GET /v1/banks/{bank}/rules" => Refuse(caller, "north south gardener desk", Door.NotPermitted),
            _ when operation.EndsWith("/rules/{id}", StringComparison.Ordinal) => Refuse(caller, "north south gardener", Door.NothingThere),
            _ when operation is "POST /v1/banks/{bank}/standings" or "DELETE /v1/banks/{bank}/standings/{id}" => Refuse(caller, "south", Door.NotPermitted),
            _ when operation == "POST /v1/banks/{bank}/invitations" => Refuse(caller, "operator south", Door.NotPermitted),
            _ when operation.EndsWith("/accounts/{id}/links", StringComparison.Ordinal) => Refuse(caller, "south ben", Door.NotPermitted),
            _ when operation.EndsWith("/accounts/{id}/permissions", StringComparison.Ordinal) => Refuse(caller, operation.StartsWith("POST", StringComparison.Ordinal) ? "south ann ben" : "south ben", Door.NotPermitted),
            _ when operation == "DELETE /v1/banks/{bank}/permissions/{id}" => Refuse(caller, "north south lead gardener desk auditor countersigner", Door.NothingThere),
            _ when operation == "DELETE /v1/banks/{bank}/links/{id}" => Refuse(caller, "south ben", Door.NothingThere),
            _ => Door.LetIn,
        };
    }

    private static Door Found(Answer answer) => (answer.Code ?? CodeOfLine(answer)) switch
    {
        "SignInNeeded" => Door.SignInNeeded,
        "BankUnknown" => Door.BankUnknown,
        "NotPermitted" => Door.NotPermitted,
        "TransferUnknown" or "HoldUnknown" or "RuleUnknown" or "ContributionUnknown" or "PaymentRequestUnknown" or "ScheduleUnknown" or "SessionUnknown"
            or "ServiceUnknown" or "BookingUnknown" or "VoucherUnknown" or "ListingUnknown" or "MemberUnknown" or "ProjectUnknown" or "ActivityUnknown" or "CredentialUnknown" or "ArrangementUnknown" or "WorkshopUnknown" or "QuestionUnknown" or "PotRequestUnknown" or "EntryDisputeUnknown" or "NotFound" or "RightUnknown" or "ApartUnknown" => Door.NothingThere,
        _ => Door.LetIn,
    };

    private static string? CodeOfLine(Answer answer) =>
        answer.ContentType?.MediaType == "application/x-ndjson" ? (string?)JsonNode.Parse(answer.Text.Split('\n')[0])?["answer"]?["code"] : null;

    private static async Task<HttpClient> OperatorWithoutStandingAsync()
    {
        var login = await Logins.OperatorAsync(RunningServer.Store, $"operator-{Guid.NewGuid():N}");
        var http = new HttpClient { BaseAddress = RunningServer.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = await Logins.SignInAsync(http.BaseAddress!, login, Logins.Password);
        return http;
    }
}
