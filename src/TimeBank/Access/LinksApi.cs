using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Routes of links: a member's own yes to an app.</summary>
public static class LinksApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/accounts/{id}/links", Make).Takes<MakeLinkRequest>().Gives<LinkView>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Link an app to your account", "It may then debit the account, up to so many minutes at a time, until you end the link. Nobody else can make it for you.");
        bank.MapGet("/accounts/{id}/links", List).Gives<Page<LinkView>>().Paged().Describe("List an account's links", "Apps that may debit it.");
        bank.MapDelete("/links/{id}", End).Gives<LinkView>().DryRunnable().Describe("End a link", "The app debits the account no more, from the next posting on.");
    }

    private static async Task Make(string bank, string id, HttpContext http, AccessCommands commands)
    {
        if (await Body.Read(http, MakeLinkRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.LinkAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task End(string bank, string id, HttpContext http, AccessCommands commands)
    {
        if (await Body.None(http) is not { } said)
            return;
        await Answers.Write(http, await commands.EndLinkAsync(new BankId(bank), new RightId(Ids.OrUnknown(id)), said), said.DryRun);
    }

    private static async Task List(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, RightsQueries rights)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        var account = new AccountId(Ids.OrUnknown(id));
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank) || await Sight.Refused(http, new BankId(bank), account, accounts))
            return;
        var rows = await rights.ListAsync(new BankId(bank), RightsTable.LinkKind, null, account, activeOnly: true, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Right.Id), r => LinkView.Of((Link)r.Right)));
    }
}
