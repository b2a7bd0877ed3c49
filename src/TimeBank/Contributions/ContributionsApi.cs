using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Contributions;

/// <summary>Routes of contributions: help that was given, from the first word about it until its hours moved.</summary>
public static class ContributionsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/contributions", Log).Takes<LogContributionRequest>().Gives<ContributionAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Log help given", "By the helper, the person helped, the project's coordinator, or an organiser. No hours move until the other side confirms it; where no person pays, it confirms itself after 14 days.");
        bank.MapPost("/contributions/batch", Credit).Takes<CreditBatchRequest>().Gives<BatchCreditAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Credit a list of volunteers", "One posting, all or none, up to 1,000 lines. The project's own hours first; what it lacks comes new from the community. With dryRun it is a preview.");
        bank.MapPost("/contributions/sheet", PreviewSheet).Accepts<string>(SheetFile.MediaType).Gives<SheetPreview>()
            .Describe("Read a sign-in sheet", "A CSV file of up to 1,000 lines, with commas, semicolons or tabs: who (a number, an e-mail address or a name; or columns of their own), minutes or from and until, memo. " +
                "Each line says whom it means: one member; several, of whom you choose one; or nobody, whom you may enrol. Nothing is credited by it: where every line means one member, credit is what to post to contributions/batch.");
        bank.MapGet("/contributions", List).Gives<Page<ContributionView>>().Paged()
            .Describe("List contributions", "In the order in which they were logged; account narrows to those that concern it, stage to those that stand there.");
        bank.MapGet("/contributions/{id}", Show).Gives<ContributionView>().Describe("Show a contribution", "With its texts, and with what the other side logged of the same help, if it seems so.");
        bank.MapPost("/contributions/{id}/correction", Correct).Takes<CorrectContributionRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Correct a contribution", "By the side that logged it, until it is confirmed. What was said before stays in its history.");
        bank.MapPost("/contributions/{id}/wish", Choose).Takes<WishRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Choose what you want for help given", "By the helper, until its hours moved: hours, no hours (it counts as given, and nothing moves), or that the hours go on to somebody else. An organiser writes down how the helper said so.");
        bank.MapPost("/contributions/{id}/confirmation", Confirm).Takes<ConfirmContributionRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Confirm a contribution", "By the other side, or by an organiser, who says how the person helped said yes. If both sides logged it, twin names the one that is taken back. The hours move; if the person helped cannot go so far below zero, it waits.");
        bank.MapPost("/contributions/{id}/decline", Decline).Takes<SayWhyRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Decline a contribution", "The other side says that it was not so.");
        bank.MapPost("/contributions/{id}/withdrawal", Withdraw).Takes<WithdrawContributionRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Withdraw a contribution", "By the side that logged it, as long as no hours moved.");
        bank.MapPost("/contributions/{id}/dispute", Dispute).Takes<SayWhyRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Question a contribution", "By anybody whom it concerns: before its hours move, and for 30 days afterwards. An organiser settles it.");
        bank.MapPost("/contributions/{id}/settlement", Settle).Takes<SettleContributionRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Settle a contribution", "As logged, with other minutes, or not at all (0). What had moved and is too much goes back as a reversal.");
        bank.MapPost("/contributions/{id}/payment", Pay).Takes<PayContributionRequest>().Gives<ContributionChangeAnswer>().KeyNeeded().DryRunnable()
            .Describe("Find who pays", "For one that is confirmed and waits: the person goes lower this once, a pot pays, or the community does.");
    }

    private static async Task Log(string bank, HttpContext http, ContributionCommands commands)
    {
        if (await Body.Read(http, LogContributionRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.LogAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/contributions/");
    }

    private static async Task Credit(string bank, HttpContext http, ContributionCommands commands)
    {
        if (await Body.Read(http, CreditBatchRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.CreditAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/postings/");
    }

    private static async Task PreviewSheet(string bank, string? project, string? date, HttpContext http, BankQueries banks, AccountQueries accounts, SheetQueries sheets)
    {
        var query = new Query(http);
        var account = query.Id("project");
        var occurred = query.Date("date");
        if (account is null)
            query.Wrong("project", "This is missing.");
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank) || await Sight.Refused(http, new BankId(bank), new AccountId(account!.Value), accounts)
            || await RefusesApp(http, new AccountId(account.Value)) || await IsNoProject(http, new BankId(bank), new AccountId(account.Value), accounts) || await SheetFile.ReadAsync(http) is not { } lines)
            return;
        var found = await sheets.FindAsync(new BankId(bank), [.. lines.SelectMany(l => l.Said).Distinct(StringComparer.Ordinal)], http.RequestAborted);
        await Answers.Write(http, SheetPreview.Of(account.Value, occurred, lines, found));
    }

    /// <summary>True if that was answered.</summary>
    private static async ValueTask<bool> IsNoProject(HttpContext http, BankId bank, AccountId account, AccountQueries accounts)
    {
        var kind = await accounts.KindAsync(bank, account, http.RequestAborted);
        if (kind == Accounts.AccountKind.Project)
            return false;
        await Problems.Write(http, kind is { } other
            ? new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "project"), new Figure("accountKind", other))
            : Refusal.Of(RefusalCode.AccountUnknown, account));
        return true;
    }

    /// <summary>A sheet tells whose an address is: an app that only reads accounts has no business with it. True if that was answered.</summary>
    private static async ValueTask<bool> RefusesApp(HttpContext http, AccountId project)
    {
        if (http.Caller().Authority is not { WholeBank: false, App: not null } app || app.Accounts.Contains(project))
            return false;
        await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, project));
        return true;
    }

    private static Task Correct(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, CorrectContributionRequestValidator.Instance, commands.CorrectAsync);

    private static Task Choose(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, WishRequestValidator.Instance, commands.ChooseAsync);

    private static Task Confirm(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, ConfirmContributionRequestValidator.Instance, commands.ConfirmAsync);

    private static Task Decline(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, SayWhyRequestValidator.Instance, commands.DeclineAsync);

    private static Task Withdraw(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, WithdrawContributionRequestValidator.Instance, commands.WithdrawAsync);

    private static Task Dispute(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, SayWhyRequestValidator.Instance, commands.DisputeAsync);

    private static Task Settle(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, SettleContributionRequestValidator.Instance, commands.SettleAsync);

    private static Task Pay(string bank, string id, HttpContext http, ContributionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, PayContributionRequestValidator.Instance, commands.PayAsync);

    private static async Task Show(string bank, string id, HttpContext http, ContributionQueries contributions, ThingRoutes things)
    {
        if (await things.FindAsync<Contribution>(bank, id, http, (RefusalCode.ContributionUnknown, "contribution"), http.Caller().Authority.CounterSigns) is not var (row, _))
            return;
        var alike = row.Thing.Is == ContributionStage.Logged ? await contributions.AlikeAsync(new BankId(bank), row.Thing, http.RequestAborted) : [];
        var history = await contributions.HistoryAsync(new BankId(bank), row.Thing.Id, http.RequestAborted);
        await Answers.Write(http, ContributionView.Of(row) with { Alike = [.. alike.Select(ContributionAnswer.Of)], History = [.. history.Select(ContributionStep.Of)] });
    }

    private static Task List(string bank, string? account, string? stage, HttpContext http, ThingRoutes things) =>
        things.ListAsync<Contribution, ContributionStage, ContributionView>(bank, http, ContributionView.Of);
}
