using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.WorkSessions;

/// <summary>Routes of projects' sessions: names in advance, who came from when to when, and the list that is credited.</summary>
public static class WorkSessionsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/work-sessions", Plan).Takes<PlanSessionRequest>().Gives<WorkSessionAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Plan a session", "Of a project, by who coordinates it. The answer's code lets people check themselves in and out; who coordinates ticks names without it.");
        bank.MapPost("/work-sessions/series", PlanSeries).Takes<PlanSeriesRequest>().Gives<SeriesAnswer>().KeyNeeded().DryRunnable()
            .Describe("Plan a series of sessions", $"Every week or month, or every few of them, up to {WorkSession.MostInSeries}: all or none. Each is a session of its own, with its own code.");
        bank.MapGet("/work-sessions", List).Gives<Page<WorkSessionView>>().Paged()
            .Describe("List sessions", "In the order in which they were planned; account narrows to those of a project, or of a person. Names are for who coordinates; others see themselves.");
        bank.MapGet("/work-sessions/{id}", Show).Gives<WorkSessionView>().Describe("Show a session", "With names for who coordinates it; others see themselves.");
        bank.MapPost("/work-sessions/{id}/sign-ups", SignUp).Takes<NameRequest>().Gives<WorkSessionAnswer>().KeyNeeded().DryRunnable()
            .Describe("Sign up for a session", "After the last place one waits, and moves up when somebody signs off.");
        bank.MapPost("/work-sessions/{id}/sign-offs", SignOff).Takes<NameRequest>().Gives<WorkSessionAnswer>().KeyNeeded().DryRunnable()
            .Describe("Sign off from a session", "The place is the next one's.");
        bank.MapPost("/work-sessions/{id}/check-ins", CheckIn).Takes<CheckRequest>().Gives<WorkSessionAnswer>().KeyNeeded().DryRunnable()
            .Describe("Check in", "With the session's code, or by who coordinates. Nobody must have signed up before.");
        bank.MapPost("/work-sessions/{id}/check-outs", CheckOut).Takes<CheckRequest>().Gives<WorkSessionAnswer>().KeyNeeded().DryRunnable()
            .Describe("Check out", "With the session's code, or by who coordinates.");
        bank.MapPost("/work-sessions/{id}/credit", Credit).Takes<CreditSessionRequest>().Gives<WorkSessionCreditAnswer>().KeyNeeded().DryRunnable()
            .Describe("Credit a session", "Everybody who came, in one posting, times rounded as the bank says. Of whom it is not known when they left, minutes must say how long they worked.");
        bank.MapPost("/work-sessions/{id}/cancellation", Cancel).Takes<CancelSessionRequest>().Gives<WorkSessionAnswer>().KeyNeeded().DryRunnable()
            .Describe("Cancel a session", "Nobody is credited.");
    }

    private static async Task Plan(string bank, HttpContext http, WorkSessionCommands commands)
    {
        if (await Body.Read(http, PlanSessionRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.PlanAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/work-sessions/");
    }

    private static async Task PlanSeries(string bank, HttpContext http, WorkSessionCommands commands)
    {
        if (await Body.Read(http, PlanSeriesRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.PlanSeriesAsync(new BankId(bank), request, said), said.DryRun);
    }

    private static Task SignUp(string bank, string id, HttpContext http, WorkSessionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, NameRequestValidator.Instance, commands.SignUpAsync);

    private static Task SignOff(string bank, string id, HttpContext http, WorkSessionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, NameRequestValidator.Instance, commands.SignOffAsync);

    private static Task CheckIn(string bank, string id, HttpContext http, WorkSessionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, CheckRequestValidator.Instance, commands.CheckInAsync);

    private static Task CheckOut(string bank, string id, HttpContext http, WorkSessionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, CheckRequestValidator.Instance, commands.CheckOutAsync);

    private static Task Credit(string bank, string id, HttpContext http, WorkSessionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, CreditSessionRequestValidator.Instance, commands.CreditAsync);

    private static Task Cancel(string bank, string id, HttpContext http, WorkSessionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, CancelSessionRequestValidator.Instance, commands.CancelAsync);

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var session = new ThingId(Ids.OrUnknown(id));
        if (await things.FindAsync<WorkSession>(new BankId(bank), session, http.RequestAborted) is { } row)
            await Answers.Write(http, (await ViewOfAsync(http, new BankId(bank), accounts, [row]))(row));
        else
            await Problems.Write(http, new Refusal(RefusalCode.SessionUnknown, new Figure("session", session.Value)));
    }

    private static Task List(string bank, string? account, string? stage, HttpContext http, AccountQueries accounts, ThingRoutes things) =>
        things.ListAsync<WorkSession, WorkSessionStage, WorkSessionView>(
            bank, http, whose => RefusesListAsync(http, new BankId(bank), whose, accounts), rows => ViewOfAsync(http, new BankId(bank), accounts, rows));

    /// <summary>Where a person goes is theirs to know; what a project plans is everybody's.</summary>
    private static async ValueTask<bool> RefusesListAsync(HttpContext http, BankId bank, Guid? whose, AccountQueries accounts) =>
        whose is { } account && await accounts.KindAsync(bank, new AccountId(account), http.RequestAborted) != Accounts.AccountKind.Project
        && await Sight.Refused(http, bank, new AccountId(account), accounts);

    private static async ValueTask<Func<ThingRow<WorkSession>, WorkSessionView>> ViewOfAsync(
        HttpContext http, BankId bank, AccountQueries accounts, IReadOnlyList<ThingRow<WorkSession>> rows)
    {
        var own = http.Caller().Authority.Accounts;
        var coordinated = await Sight.SeenAsync(http, bank, accounts, [.. rows.Select(r => r.Thing.Plan.Project).Distinct()]);
        return row => new WorkSessionView(WorkSessionAnswer.Of(row.Thing, own.Contains, coordinated.Contains(row.Thing.Plan.Project)), row.Text?.Memo);
    }
}
