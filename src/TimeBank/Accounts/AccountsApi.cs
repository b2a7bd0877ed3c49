using TimeBank.Banks;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>An account as it stands. Floor and ceiling are those in force; null is none. Figures stand there for whom they are meant.</summary>
public sealed record AccountView(
    AccountId Id, AccountKind Kind, AccountStatus Status, string? Name, AccountId? Parent, string? Neighbourhood,
    Minutes? Balance, Minutes? Held, Minutes? Available, Minutes? Floor, Minutes? Ceiling, string? Purpose)
{
    public static AccountView Of(NamedAccount row, BankPolicy policy, Caller caller)
    {
        var a = row.Account;
        var named = new AccountView(a.Id, a.Kind, a.Status, row.Name ?? (a.Kind == AccountKind.Member ? Pseudonym.Of(a.Id) : null), a.Parent, a.Neighbourhood, null, null, null, null, null, a.Purpose);
        if (!caller.Reads(a.Id, a.CoordinatedIn))
            return policy.PublishesBalances == true ? named with { Balance = a.Balance } : named;
        var held = a.Held - row.DeadHolds;
        return named with { Balance = a.Balance, Held = held, Available = a.Balance - held, Floor = a.FloorUnder(policy), Ceiling = a.CeilingUnder(policy) };
    }
}

/// <summary>What was set for this account; null is the bank's policy.</summary>
public sealed record SettingsView(AccountId Id, string? Name, Minutes? Floor, Minutes? Ceiling, string? Neighbourhood, bool SilenceCounts);

/// <param name="Held">As what is available: for those who see the account's figures, not for who sees its balance because the bank publishes balances.</param>
public sealed record BalanceView(AccountId Account, Minutes Balance, Minutes? Held, Minutes? Available, DateTimeOffset AsOf);

/// <summary>Routes of accounts.</summary>
public static class AccountsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/accounts", Open).Takes<OpenAccountRequest>().Gives<AccountOpenedAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Open an account", "For a member, a project, a provider, a pot or an earmark.");
        bank.MapGet("/accounts", List).Gives<Page<AccountView>>().Paged()
            .Describe("List accounts", "In the order in which they were opened; text looks for a part of the name, number for the account that is known by it.");
        bank.MapGet("/accounts/{id}", Show).Gives<AccountView>().Describe("Show an account", "What it has, what is set aside, and its limits in force.");
        bank.MapGet("/accounts/{id}/balance", Balance).Gives<BalanceView>()
            .Describe("Show a balance", "Now, or as of a moment (?at=), by the time when the journal took each posting. Where the bank publishes balances, others see the present one.");
        bank.MapGet("/accounts/{id}/settings", Settings).Gives<SettingsView>().Describe("Show an account's settings", "Their ETag is what a change must match.");
        bank.MapPut("/accounts/{id}/settings", ChangeSettings).Takes<SettingsRequest>().Gives<SettingsChangedAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("Change an account's settings", "The whole of them: a limit that is left out is the bank's policy again. Raising a floor moves nothing.");
        bank.MapPost("/accounts/{id}/numbers", GiveNumber).Takes<AccountNumberRequest>().Gives<AccountNumberAnswer>().KeyNeeded().DryRunnable()
            .Describe("Give an account a number", "Its member's number, or its id in another program. A number stands for one account; an account may have several.");
        bank.MapPost("/accounts/{id}/numbers/withdrawal", TakeNumberBack).Takes<AccountNumberRequest>().Gives<AccountNumberAnswer>().KeyNeeded().DryRunnable()
            .Describe("Take a number back", "It may be given to another account then.");
        bank.MapPut("/accounts/{id}/freeze", Freeze).Takes<ReasonRequest>().Gives<SettingsChangedAnswer>().DryRunnable()
            .Describe("Freeze an account", "No new debit, credit or hold. What is held already can still be captured.");
        bank.MapDelete("/accounts/{id}/freeze", Unfreeze).Gives<SettingsChangedAnswer>().DryRunnable().Describe("Unfreeze an account", "It trades again.");
        bank.MapPut("/accounts/{id}/silence", LetSilenceCount).Takes<SilenceRequest>().Gives<SilenceAnswer>().DryRunnable()
            .Describe("Let silence count, or no more", "With it, claims against a member's account confirm themselves after 14 days without an objection. Said by who holds the account, or by an organiser who says how the holder said it. Off, as long as nobody switched it on.");
        bank.MapPost("/accounts/{id}/closure", Close).Takes<ClosureRequest>().Gives<ClosureAnswer>().KeyNeeded().DryRunnable()
            .Describe("Close an account", "For good. Say who takes what is left, or who forgives what is below zero.");
    }

    private static async Task Open(string bank, HttpContext http, AccountCommands commands)
    {
        if (await Body.Read(http, OpenAccountRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.OpenAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/accounts/");
    }

    private static async Task List(
        string bank, string? kind, string? status, string? text, string? number, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts)
    {
        var query = new Query(http);
        var ofKind = query.Word<AccountKind>("kind");
        var ofStatus = query.Word<AccountStatus>("status");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync())
            return;
        if (await banks.FindAsync(new BankId(bank), http.RequestAborted) is not { } found)
        {
            await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
            return;
        }
        var rows = await accounts.ListAsync(found.Id, ofKind, ofStatus, query.Text("text"), query.Text("number"), after, limit + 1, clock.GetUtcNow(), http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Account.Id), r => AccountView.Of(r, found.Policy, http.Caller())));
    }

    private static async Task Show(string bank, string id, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts)
    {
        if (await banks.FindAsync(new BankId(bank), http.RequestAborted) is not { } found)
        {
            await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
            return;
        }
        if (await Find(http, bank, id, clock, accounts) is { } row)
            await Answers.Write(http, AccountView.Of(row, found.Policy, http.Caller()));
    }

    private static async Task Settings(string bank, string id, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts)
    {
        if (await Missing.Bank(http, banks, bank) || await Find(http, bank, id, clock, accounts) is not { } row
            || await Sight.Refused(http, row.Account.Id, row.Account.CoordinatedIn))
            return;
        ETags.Set(http, row.Account.SettingsVersion);
        await Answers.Write(http, new SettingsView(row.Account.Id, row.Name, row.Account.Floor, row.Account.Ceiling, row.Account.Neighbourhood, row.Account.Silence is not null));
    }

    private static async Task Balance(string bank, string id, string? at, HttpContext http, TimeProvider clock, BankQueries banks, AccountQueries accounts)
    {
        var query = new Query(http);
        var now = clock.GetUtcNow();
        var moment = query.PastInstant("at", now);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var account = new AccountId(Ids.OrUnknown(id));
        // What is published is what everybody has now: not what they had, nor what they set aside.
        var sees = await Sight.SeesAsync(http, new BankId(bank), accounts, account);
        if (!sees && (moment is not null || (await banks.FindAsync(new BankId(bank), http.RequestAborted))?.Policy.PublishesBalances != true))
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, account));
            return;
        }
        if (await accounts.BalanceAsync(new BankId(bank), account, moment, now, http.RequestAborted) is not { } row)
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account), account.Value);
        else
            await Answers.Write(http, new BalanceView(account, row.Balance, sees ? row.Held : null, sees ? row.Balance - row.Held : null, moment ?? now));
    }

    private static async Task ChangeSettings(string bank, string id, HttpContext http, AccountCommands commands)
    {
        if (await Body.Read(http, SettingsRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.ChangeSettingsAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static Task GiveNumber(string bank, string id, HttpContext http, AccountCommands commands) => ChangeNumber(bank, id, http, commands.GiveNumberAsync);

    private static Task TakeNumberBack(string bank, string id, HttpContext http, AccountCommands commands) => ChangeNumber(bank, id, http, commands.TakeNumberBackAsync);

    private static async Task ChangeNumber(string bank, string id, HttpContext http, Func<BankId, AccountId, AccountNumberRequest, Said, Task<Outcome>> change)
    {
        if (await Body.Read(http, AccountNumberRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await change(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Freeze(string bank, string id, HttpContext http, AccountCommands commands)
    {
        if (await Body.Read(http, ReasonRequestValidator.Instance, keyNeeded: false) is not var (request, said))
            return;
        await WriteChanged(http, await commands.FreezeAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Unfreeze(string bank, string id, HttpContext http, AccountCommands commands)
    {
        if (await Body.None(http) is not { } said)
            return;
        await WriteChanged(http, await commands.UnfreezeAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), said), said.DryRun);
    }

    private static async Task LetSilenceCount(string bank, string id, HttpContext http, AccountCommands commands)
    {
        if (await Body.Read(http, SilenceRequestValidator.Instance, keyNeeded: false) is not var (request, said))
            return;
        await WriteChanged(http, await commands.LetSilenceCountAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Close(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, AccountCommands commands)
    {
        if (await Body.Read(http, ClosureRequestValidator.Instance) is not var (request, said))
            return;
        var restTo = await accounts.RestToAsync(new BankId(bank), banks, http.RequestAborted);
        await Answers.Write(http, await commands.CloseAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, restTo, said), said.DryRun);
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun) =>
        ETags.Write<Account>(http, outcome, changed => changed.SettingsVersion, dryRun);

    private static async ValueTask<NamedAccount?> Find(HttpContext http, string bank, string id, TimeProvider clock, AccountQueries accounts)
    {
        var account = new AccountId(Ids.OrUnknown(id));
        var row = await accounts.FindAsync(new BankId(bank), account, clock.GetUtcNow(), http.RequestAborted);
        if (row is null)
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account), account.Value);
        return row;
    }
}
