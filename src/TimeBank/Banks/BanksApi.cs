using System.Text.Json.Serialization;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.WorkSessions;

namespace TimeBank.Banks;

public sealed record BankView(string Id, string Name, AccountId Issuer, PolicyView Policy, long Version)
{
    public static BankView Of(Bank bank) => new(bank.Id.Value, bank.Name, bank.Issuer, PolicyView.Of(bank.Policy), bank.Version);
}

/// <summary>Limits in force for a kind of account; null is none, and is said.</summary>
public sealed record LimitsView(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Minutes? Floor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Minutes? Ceiling);

/// <summary>The policy with every default spelled out.</summary>
public sealed record PolicyView(SortedDictionary<AccountKind, LimitsView> Limits, Minutes? LongestTransfer, string TimeZone, DateOnly? BooksClosedThrough,
    bool PublishesBalances, AccountId? RestTo, string? Language, IReadOnlyList<string> Categories, bool OtherCategories, ProjectWork ProjectWork, Confirming ConfirmedBy,
    Minutes? NewHoursMark, Minutes CoordinatorMark, Minutes? WelcomeHours, Minutes CheckInStep, bool TakesApplications, IReadOnlyList<string> PageLanguages)
{
    public static PolicyView Of(BankPolicy policy) => new(
        new(Enum.GetValues<AccountKind>().ToDictionary(k => k, k => new LimitsView(policy.For(k).Floor, policy.For(k).Ceiling))), policy.LongestTransfer, policy.TimeZone, policy.BooksClosedThrough,
        policy.PublishesBalances == true, policy.RestTo, policy.Language,
        policy.Categories ?? BankPolicy.StarterCategories, policy.TakesOtherCategories(), policy.ProjectWork ?? default, policy.ConfirmedBy ?? default,
        policy.NewHoursMark, policy.CoordinatorMark ?? BankPolicy.DefaultCoordinatorMark, policy.WelcomeHours,
        policy.CheckInStep ?? WorkSession.Quarter, policy.IsOpenToStrangers(), policy.PageLanguages ?? Locale.Codes);
}

public sealed record TransferKindView(TransferKind Kind, IReadOnlyList<AccountKind> Payers, IReadOnlyList<AccountKind> Payees, bool EngineOnly);

/// <summary>Routes of banks.</summary>
public static class BanksApi
{
    public static void Map(RouteGroupBuilder api, RouteGroupBuilder bank)
    {
        api.MapPost("/banks", Open).Takes<OpenBankRequest>().Gives<BankView>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Open a bank", "A new time bank with its issuer, the account where hours come from when nobody else pays. Five answers are enough: name, language, how far below zero members may go, who pays for work on projects, who confirms; all else has a default.");
        api.MapGet("/banks", List).Gives<Page<BankView>>().Paged().Describe("List banks", "Those in which you have a standing, in the order of their ids; all of them for the operator.");
        api.MapGet("/transfer-kinds", (Delegate)Kinds).Gives<IReadOnlyList<TransferKindView>>()
            .Describe("List the kinds of transfer", "Which kinds of account pay and receive each; those of the engine cannot be asked for.");
        bank.MapGet("", Show).Gives<BankView>().Describe("Show a bank", "With its policy, defaults spelled out.");
        bank.MapGet("/policy", Policy).Gives<PolicyView>().Describe("Show a bank's policy", "Its ETag is what a change must match.");
        bank.MapPut("/policy", ChangePolicy).Takes<PolicyRequest>().Gives<BankView>().IfMatchNeeded().DryRunnable()
            .Describe("Change a bank's policy", "The whole of it: what is left out is the default again. It moves nothing.");
    }

    private static async Task Open(HttpContext http, BankCommands commands)
    {
        if (await Body.Read(http, OpenBankRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.OpenAsync(request, said), said.DryRun, "/v1/banks/");
    }

    private static async Task List(HttpContext http, BankQueries banks, Callers callers)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.Cursor(1);
        if (after is [var last] && !BankId.IsValid(last))
            query.Wrong("cursor", "The cursor of a former page, unchanged.");
        if (await query.RefusedAsync())
            return;
        var rows = await banks.ListAsync(await callers.BanksSeenByAsync(http.Caller()), after?[0], limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, b => Query.ToCursor(b.Id.Value), BankView.Of));
    }

    private static Task Kinds(HttpContext http) => Answers.Write(http, TransferRule.All.Select(r => new TransferKindView(
        r.Kind, Of(r.Payers), Of(r.Payees), r.EngineOnly)).ToList());

    private static async Task Show(string bank, HttpContext http, BankQueries banks)
    {
        if (await banks.FindAsync(new BankId(bank), http.RequestAborted) is not { } found)
        {
            await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
            return;
        }
        ETags.Set(http, found.Version);
        await Answers.Write(http, BankView.Of(found));
    }

    private static async Task Policy(string bank, HttpContext http, BankQueries banks)
    {
        if (await banks.FindAsync(new BankId(bank), http.RequestAborted) is not { } found)
        {
            await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
            return;
        }
        ETags.Set(http, found.Version);
        await Answers.Write(http, PolicyView.Of(found.Policy));
    }

    private static async Task ChangePolicy(string bank, HttpContext http, BankCommands commands)
    {
        if (await Body.Read(http, PolicyRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        var outcome = await commands.ChangePolicyAsync(new BankId(bank), request, version, said);
        if (outcome.Answer is Bank changed && !said.DryRun)
            ETags.Set(http, changed.Version);
        await Answers.Write(http, outcome, said.DryRun);
    }

    private static List<AccountKind> Of(AccountKinds kinds) =>
        [.. Enum.GetValues<AccountKind>().Where(k => kinds.HasFlag((AccountKinds)(1 << (int)k)))];
}
