using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Routes of partner apps' keys.</summary>
public static class KeysApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/keys", Make).Takes<MakeKeyRequest>().Gives<KeyMadeAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Make a key", "For a partner app, or with ofBank for a system of the bank's own. The answer shows the secret, this one time. " +
                "No key debits a member without that member's own act, unless it is of the bank.");
        bank.MapGet("/keys", List).Gives<Page<KeyView>>().Paged().Describe("List keys", "What each may do and when it was last used; never a secret.");
        bank.MapGet("/keys/{id}", Show).Gives<KeyView>().Describe("Show a key", "Without its secret, which nobody can show any more.");
        bank.MapPost("/keys/{id}/rotation", Rotate).Takes<RotateKeyRequest>().Gives<KeyMadeAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Give a key a new secret", "The former one still counts for a while (graceMinutes, a day if left out), so that the app can change over.");
        bank.MapDelete("/keys/{id}", Revoke).Gives<KeyMadeAnswer>().DryRunnable()
            .Describe("Revoke a key", "It opens no door any more: at once on this server, within five seconds on others.");
    }

    private static async Task Make(string bank, HttpContext http, AccessCommands commands)
    {
        if (await Body.Read(http, MakeKeyRequestValidator.Instance) is not var (request, said))
            return;
        var (outcome, secret) = await commands.MakeKeyAsync(new BankId(bank), request, said);
        await WriteWithSecret(http, outcome, secret, said.DryRun, $"/v1/banks/{bank}/keys/");
    }

    private static async Task Rotate(string bank, string id, HttpContext http, AccessCommands commands)
    {
        if (await Body.Read(http, RotateKeyRequestValidator.Instance) is not var (request, said))
            return;
        var (outcome, secret) = await commands.RotateKeyAsync(new BankId(bank), new RightId(Ids.OrUnknown(id)), request, said);
        await WriteWithSecret(http, outcome, secret, said.DryRun, null);
    }

    private static async Task Revoke(string bank, string id, HttpContext http, AccessCommands commands)
    {
        if (await Body.None(http) is not { } said)
            return;
        await Answers.Write(http, await commands.RevokeKeyAsync(new BankId(bank), new RightId(Ids.OrUnknown(id)), said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, RightsQueries rights, KeyUses uses)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var right = new RightId(Ids.OrUnknown(id));
        if (await rights.FindNamedAsync(new BankId(bank), right, http.RequestAborted) is { Right: Key } found)
            await Answers.Write(http, View(new BankId(bank), found, await uses.LastAsync(new BankId(bank), [right], http.RequestAborted)));
        else
            await Problems.Write(http, new Refusal(RefusalCode.RightUnknown, new Figure("right", right.Value)));
    }

    private static async Task List(string bank, string? active, HttpContext http, BankQueries banks, RightsQueries rights, KeyUses uses)
    {
        var query = new Query(http);
        var activeOnly = query.Flag("active");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var rows = await rights.ListAsync(new BankId(bank), RightsTable.KeyKind, null, null, activeOnly, after, limit + 1, http.RequestAborted);
        var last = await uses.LastAsync(new BankId(bank), [.. rows.Select(r => r.Right.Id)], http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Right.Id), r => View(new BankId(bank), r, last)));
    }

    /// <summary>The secret goes into this answer and into nothing that is kept: who repeats the request hears of the key, not of its secret.</summary>
    private static Task WriteWithSecret(HttpContext http, Outcome outcome, KeyText secret, bool dryRun, string? location) =>
        outcome.Answer is Key key && !outcome.Replayed && !dryRun
            ? Answers.Write(http, Answers.Made(201, KeyMadeAnswer.Of(key, secret.ToString()), key), location: location)
            : Answers.Write(http, outcome, dryRun, location);

    private static KeyView View(BankId bank, NamedRight row, IReadOnlyDictionary<RightId, DateTimeOffset> uses)
    {
        var key = (Key)row.Right;
        return new KeyView(key.Id, row.Name, $"{KeyText.Start}{bank}_{key.Id.Value:N}_", key.Scopes, key.For, key.OfBank, key.ExpiresAt,
            key.Halves.Length > 1 ? key.Halves[1].Until : null, uses.TryGetValue(key.Id, out var used) ? used : null, key.Active);
    }
}
