using TimeBank.Store;

namespace TimeBank.Web;

public sealed record ProblemView(string Type, string Code, int Status, string Title, string Mend);

public sealed record HealthView(string Status);

/// <summary>Routes about the server itself.</summary>
public static class ServerApi
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", (Delegate)Live)
            .Gives<HealthView>().Describe("Is the process alive?", "Always yes, if it answers.");
        app.MapGet("/health/ready", Ready).Gives<HealthView>().Describe("Can it serve?", "Yes, if its database answers and no bank stands still.");
        app.MapGet("/problems", (Delegate)ListProblems)
            .Gives<IReadOnlyList<ProblemView>>().Describe("List all problems", "Every code that the API answers, in order of precedence.");
        app.MapGet("/problems/{code}", (string code, HttpContext http) => ProblemTable.Find(code) is { } problem
                ? Answers.Write(http, View(problem))
                : Problems.Write(http, ProblemTable.NotFound))
            .Gives<ProblemView>().Describe("Explain a problem", "What a code means, and how to mend the request.");
    }

    private static Task Live(HttpContext http) => Answers.Write(http, new HealthView("live"));

    private static Task ListProblems(HttpContext http) => Answers.Write(http, ProblemTable.All.Select(View).ToList());

    private static async Task Ready(HttpContext http, Database database, Journal journal)
    {
        if (journal.Stopped.Any())
        {
            await Problems.Write(http, ProblemTable.BankStopped);
            return;
        }
        try
        {
            await database.PingAsync(http.RequestAborted);
            await Answers.Write(http, new HealthView("ready"));
        }
        catch (Exception e) when (StoreFaults.IsUnavailable(e))
        {
            await Problems.Write(http, ProblemTable.StoreUnavailable);
        }
    }

    private static ProblemView View(Problem p) => new(p.Type, p.Code, p.Status, p.Title, p.Mend);
}
