using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Reinvestment;

/// <summary>Routes of reinvestment rules.</summary>
public static class RulesApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/rules", Write).Takes<WriteRuleRequest>().Gives<RuleView>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Write a rule", "Of what the owner receives by these kinds of transfer, a share goes on to these accounts, in the same posting.");
        bank.MapGet("/rules", List).Gives<Page<RuleView>>().Paged().Describe("List rules", "In the order in which they were written; owner narrows to one account.");
        bank.MapGet("/rules/{id}", Show).Gives<RuleView>().Describe("Show a rule", "Its ETag is what a change must match.");
        bank.MapPut("/rules/{id}", Rewrite).Takes<RuleTermsRequest>().Gives<RuleView>().IfMatchNeeded().DryRunnable()
            .Describe("Change a rule", "From the next posting on. What was posted before keeps the version by which it was posted.");
        bank.MapDelete("/rules/{id}", End).Gives<RuleView>().IfMatchNeeded().DryRunnable().Describe("End a rule", "It acts no more.");
    }

    private static async Task Write(string bank, HttpContext http, RuleCommands commands)
    {
        if (await Body.Read(http, WriteRuleRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.WriteAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/rules/");
    }

    private static async Task Rewrite(string bank, string id, HttpContext http, RuleCommands commands)
    {
        if (await Body.Read(http, RuleTermsRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.RewriteAsync(new BankId(bank), new RuleId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static async Task End(string bank, string id, HttpContext http, RuleCommands commands)
    {
        if (await Body.None(http) is not { } said || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.EndAsync(new BankId(bank), new RuleId(Ids.OrUnknown(id)), version, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, RuleQueries rules)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var rule = new RuleId(Ids.OrUnknown(id));
        if (await rules.FindAsync(new BankId(bank), rule, http.RequestAborted) is not { } found
            || !await Sight.SeesAsync(http, new BankId(bank), accounts, found.Owner))
        {
            await Problems.Write(http, new Refusal(RefusalCode.RuleUnknown, new Figure("rule", rule.Value)));
            return;
        }
        ETags.Set(http, found.Version);
        await Answers.Write(http, RuleView.Of(found));
    }

    private static async Task List(string bank, string? owner, HttpContext http, BankQueries banks, AccountQueries accounts, RuleQueries rules)
    {
        var query = new Query(http);
        var of = query.Id("owner");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank)
            || await Sight.RefusedList(http, new BankId(bank), "owner", of, accounts))
            return;
        var rows = await rules.ListAsync(new BankId(bank), of is { } o ? new AccountId(o) : null, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Id), RuleView.Of));
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun) =>
        ETags.Write<Rule>(http, outcome, changed => changed.Version, dryRun);
}
