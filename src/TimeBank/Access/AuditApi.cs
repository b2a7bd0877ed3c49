using System.Globalization;
using System.Text.Json;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A line of the audit trail: what happened, who did it, through which door, on whose behalf.</summary>
/// <param name="What">The event: role_granted, key_made, or for what changes no right the word that it was noted under, such as signedIn.</param>
/// <param name="Details">The event's own members: ids and codes.</param>
public sealed record AuditView(long Version, DateTimeOffset Posted, string What, Door? Door, Guid? By, AccountId? For, JsonElement Details)
{
    public static AuditView Of(AuditLine line) => new(
        line.Version, line.Posted, line.Happened is AccessEvent.AccessNoted noted ? noted.What.Word() : line.Type,
        line.By?.Door, line.By?.By, line.By?.For, Without(EventCodec.Encode(line.Happened)));

    /// <summary>The hashes of a key's secret and of its name are of no use to readers.</summary>
    private static JsonElement Without(byte[] body)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body, ApiJson.Options)!;
        members.Remove("hash");
        members.Remove("name");
        return JsonSerializer.SerializeToElement(members, ApiJson.Options);
    }
}

/// <summary>The route of the audit trail.</summary>
public static class AuditApi
{

    public static void Map(RouteGroupBuilder bank) => bank.MapGet("/audit", List).Gives<Page<AuditView>>().Paged()
        .Describe("Read the audit trail",
            "Newest first: who signed in or failed to, changed a role, a key, a policy or a limit, used an override, exported, or read as auditor. " +
            "As JSON, or by Accept as application/x-ndjson. `timebank verify` checks it with the rest of the ledger.");

    private static async Task List(string bank, HttpContext http, BankQueries banks, RightsQueries rights, ReadingNotes notes)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var before = long.MaxValue;
        if (query.Cursor(1) is [var version] && !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            query.WrongCursor();
        if (await query.RefusedAsync())
            return;
        if (await banks.FindAsync(new BankId(bank), http.RequestAborted) is not { } found)
        {
            await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
            return;
        }
        var isFile = http.Request.GetTypedHeaders().Accept.Any(a => a.MatchesMediaType(Answers.NdJson));
        if (isFile)
            await notes.ExportedAsync(found.Id, http.Caller());
        var rows = await rights.AuditAsync(found.Id, found.AuditStream, before, limit + 1, http.RequestAborted);
        var page = query.Page(rows, limit, r => Query.ToCursor(r.Version), AuditView.Of);
        if (!isFile)
        {
            await Answers.Write(http, page);
            return;
        }
        http.Response.ContentType = Answers.NdJson;
        await http.Response.WriteAsync(string.Concat(page.Items.Select(line => ApiJson.Write(line) + "\n")), http.RequestAborted);
    }
}
