using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Schedules;

/// <summary>Routes of schedules: transfers once on a day ahead, or again and again.</summary>
public static class SchedulesApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/schedules", Make).Takes<MakeScheduleRequest>().Gives<ScheduleAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Make a schedule", "Once, or every so many weeks or months, by the bank's own clock. A date on which the rules say no is missed and keeps its reason; none is skipped or doubled.");
        bank.MapGet("/schedules", List).Gives<Page<ScheduleView>>().Paged()
            .Describe("List schedules", "In the order in which they were made; account narrows to those that it pays or receives, stage to those that stand there.");
        bank.MapGet("/schedules/{id}", Show).Gives<ScheduleView>().Describe("Show a schedule", "With its next date, and why the last one was missed.");
        bank.MapPost("/schedules/{id}/pause", Pause).Takes<PauseScheduleRequest>().Gives<ScheduleAnswer>().KeyNeeded().DryRunnable()
            .Describe("Pause a schedule", "By the payer. Dates that pass meanwhile are left out.");
        bank.MapPost("/schedules/{id}/resumption", Resume).Takes<ResumeScheduleRequest>().Gives<ScheduleAnswer>().KeyNeeded().DryRunnable()
            .Describe("Go on with a schedule", "By the payer, from the first date that is ahead.");
        bank.MapPost("/schedules/{id}/end", End).Takes<EndScheduleRequest>().Gives<ScheduleAnswer>().KeyNeeded().DryRunnable()
            .Describe("End a schedule", "By the payer, for good.");
    }

    private static async Task Make(string bank, HttpContext http, ScheduleCommands commands)
    {
        if (await Body.Read(http, MakeScheduleRequestValidator.Instance) is not var (request, said))
            return;
        await Answers.Write(http, await commands.MakeAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/schedules/");
    }

    private static Task Pause(string bank, string id, HttpContext http, ScheduleCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, PauseScheduleRequestValidator.Instance, commands.PauseAsync);

    private static Task Resume(string bank, string id, HttpContext http, ScheduleCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, ResumeScheduleRequestValidator.Instance, commands.ResumeAsync);

    private static Task End(string bank, string id, HttpContext http, ScheduleCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, EndScheduleRequestValidator.Instance, commands.EndAsync);

    private static Task Show(string bank, string id, HttpContext http, ThingRoutes things) =>
        things.ShowAsync<Schedule, ScheduleView>(bank, id, http, (RefusalCode.ScheduleUnknown, "schedule"), ViewOf);

    private static Task List(string bank, string? account, string? stage, HttpContext http, ThingRoutes things) =>
        things.ListAsync<Schedule, ScheduleStage, ScheduleView>(bank, http, ViewOf);

    private static ScheduleView ViewOf(ThingRow<Schedule> row) => new(ScheduleAnswer.Of(row.Thing), row.Text?.Memo);
}
