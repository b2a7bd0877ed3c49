using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Credentials;

/// <summary>Routes of members' credentials: for the member, and for who organises them. Auditors have no part in them.</summary>
public static class CredentialsApi
{
    private const int UsuallyAhead = 30;

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/members/{id}/credentials", Record).Takes<RecordCredentialRequest>().Gives<RecordedCredentialAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Record a credential", "You saw it: which kind, when, and until when it counts. What stands in it is never kept.");
        bank.MapGet("/members/{id}/credentials", Show).Gives<MemberCredentialsAnswer>()
            .Describe("Show a member's credentials", "For the member, for who organises them, and for the auditor. Those that ended or were revoked stay in the list: help that was given before counts by them.");
        bank.MapPost("/members/{id}/credentials/{credential}/revocation", Revoke).Takes<RevokeCredentialRequest>().Gives<MemberCredentialsAnswer>().KeyNeeded().DryRunnable()
            .Describe("Revoke a credential", "From today or an earlier day on it counts no more.");
        bank.MapGet("/credentials", List).Gives<Page<EndingCredentialsView>>().Paged()
            .Describe("List credentials that end", "For who organises the members, and for the auditor: those that end by a day, or have ended, and were not renewed.");
    }

    private static async Task Record(string bank, string id, HttpContext http, CredentialCommands commands)
    {
        if (await Body.Read(http, RecordCredentialRequestValidator.Instance) is not var (request, said))
            return;
        var account = Ids.OrUnknown(id);
        await Answers.Write(
            http, await commands.RecordAsync(new BankId(bank), new AccountId(account), request, said), said.DryRun, $"/v1/banks/{bank}/members/{account}/credentials/");
    }

    private static async Task Revoke(string bank, string id, string credential, HttpContext http, CredentialCommands commands)
    {
        if (await Body.Read(http, RevokeCredentialRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(
            http, await commands.RevokeAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), new ThingId(Ids.OrUnknown(credential)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, AccountThingQueries credentials)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var account = new AccountId(Ids.OrUnknown(id));
        var may = http.Caller().Authority;
        if (!http.Caller().ReadsWholeBank && !may.Accounts.Contains(account)
            && !((await accounts.NeighbourhoodsAsync(new BankId(bank), [account], http.RequestAborted)).TryGetValue(account, out var lives) && may.Neighbourhoods.Contains(lives)))
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, account));
            return;
        }
        if (await accounts.KindAsync(new BankId(bank), account, http.RequestAborted) != Accounts.AccountKind.Member)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account), account.Value);
            return;
        }
        var row = await credentials.FindAsync<MemberCredentials>(new BankId(bank), MemberCredentials.IdOf(account), http.RequestAborted);
        await Answers.Write(http, row is null ? new MemberCredentialsAnswer(account, []) : MemberCredentialsAnswer.Of(row.Thing));
    }

    private static async Task List(string bank, string? until, HttpContext http, BankQueries banks, AccountThingQueries credentials, TimeProvider clock)
    {
        var query = new Query(http);
        var by = query.Date("until") ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(UsuallyAhead);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var caller = http.Caller();
        string[]? among = caller.ReadsWholeBank ? null : [.. caller.Authority.Neighbourhoods];
        var rows = await credentials.ListAsync<MemberCredentials>(
            new BankId(bank), null, new DateTimeOffset(by, TimeOnly.MinValue, TimeSpan.Zero), among, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), r => EndingCredentialsView.Of(r, by)));
    }
}
