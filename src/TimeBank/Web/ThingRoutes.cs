using FluentValidation;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>What the routes of all things have alike: a command about one of them, one shown, and many listed, to those whom they concern.</summary>
public sealed class ThingRoutes(BankQueries banks, AccountQueries accounts, ThingQueries things)
{
    /// <summary>Reads the request, lets it be decided, and writes what was answered.</summary>
    public static async Task ChangeAsync<TRequest>(
        string bank, string id, HttpContext http, IValidator<TRequest> validator, Func<BankId, ThingId, TRequest, Said, Task<Outcome>> decide) where TRequest : class
    {
        if (await Body.Read(http, validator) is not var (request, said))
            return;
        await Answers.Write(http, await decide(new BankId(bank), new ThingId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    /// <summary>Shows one to those whom it concerns; for everybody else it is not there.</summary>
    /// <param name="unknown">The refusal where it is not there, and the name of its figure.</param>
    /// <param name="isTheirs">Whether all of these are their business, whomever they concern.</param>
    public async Task ShowAsync<TThing, TView>(
        string bank, string id, HttpContext http, (RefusalCode Code, string Figure) unknown, Func<ThingRow<TThing>, TView> view, bool isTheirs = false) where TThing : Thing
    {
        if (await FindAsync<TThing>(bank, id, http, unknown, isTheirs) is var (row, _))
            await Answers.Write(http, view(row));
    }

    /// <summary>One that is theirs to see, and those of its parties that are; null if that was answered.</summary>
    public async ValueTask<(ThingRow<TThing> Row, IReadOnlySet<AccountId> Seen)?> FindAsync<TThing>(
        string bank, string id, HttpContext http, (RefusalCode Code, string Figure) unknown, bool isTheirs = false) where TThing : Thing
    {
        if (await Missing.Bank(http, banks, bank))
            return null;
        var thing = new ThingId(Ids.OrUnknown(id));
        if (await things.FindAsync<TThing>(new BankId(bank), thing, http.RequestAborted) is { } row
            && await Sight.SeenAsync(http, new BankId(bank), accounts, [.. row.Thing.Parties]) is var seen && (seen.Count > 0 || isTheirs))
            return (row, seen);
        await Problems.Write(http, new Refusal(unknown.Code, new Figure(unknown.Figure, thing.Value)));
        return null;
    }

    /// <summary>A page of those that concern an account, or of all to who reads everything; <c>stage</c> narrows it to those that stand there.</summary>
    public Task ListAsync<TThing, TStage, TView>(string bank, HttpContext http, Func<ThingRow<TThing>, TView> view) where TThing : Thing where TStage : struct, Enum =>
        ListAsync<TThing, TStage, TView>(
            bank, http, account => Sight.RefusedList(http, new BankId(bank), "account", account, accounts), _ => ValueTask.FromResult(view));

    /// <summary>The same, where it depends on other things who sees the list, and what of each.</summary>
    /// <param name="refuses">True if the list of that account, or of all, is not theirs to see and that was answered.</param>
    /// <param name="viewOf">What the rows of the page have in common is read for all of them together.</param>
    public async Task ListAsync<TThing, TStage, TView>(
        string bank, HttpContext http, Func<Guid?, ValueTask<bool>> refuses, Func<IReadOnlyList<ThingRow<TThing>>, ValueTask<Func<ThingRow<TThing>, TView>>> viewOf)
        where TThing : Thing where TStage : struct, Enum
    {
        var query = new Query(http);
        var account = query.Id("account");
        var stage = query.Word<TStage>("stage");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank) || await refuses(account))
            return;
        var rows = await things.ListAsync<TThing>(
            new BankId(bank), account is { } party ? new AccountId(party) : null, stage?.Word(), after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), await viewOf(rows)));
    }
}
