using System.CommandLine;
using System.Globalization;
using TimeBank.Stories;
using TimeBank.Web;

namespace TimeBank.Cli;

/// <summary><c>timebank demo</c>: the server, with a worked community in it and hints what to try.</summary>
public static class DemoVerb
{
    private const string DefaultStory = "law-school";

    public static Command Make()
    {
        var story = new Option<string>("--story") { Description = $"Which one: {string.Join(", ", Story.Names)}", DefaultValueFactory = _ => DefaultStory, HelpName = "NAME" };
        var verb = new Command("demo", "Run the server with a worked community to look at.")
        {
            story,
        };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction((parsed, cancel) => RunAsync(Story.Load(parsed.GetValue(story)!), Settings.Of(parsed), cancel));
        return verb;
    }

    private static Task<int> RunAsync(Story story, string[] settings, CancellationToken cancel) => ServeVerb.RunAsync(settings, async (app, _) =>
    {
        var url = app.Urls.First();
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, app.Lifetime.ApplicationStopping);
        var told = await TellAsync(story, http, stopping.Token);
        app.Services.GetRequiredService<ExampleIds>().Know(told.Names.Ids);
        ShowWhatToTry(told, url);
    }, cancel);

    private static async Task<ToldStory> TellAsync(Story story, HttpClient http, CancellationToken cancel)
    {
        Console.WriteLine();
        Console.WriteLine($"{story.Name}: {story.Title}");
        var told = await new StoryTeller(http).TellAsync(story, done => ShowProgress(done, story.Steps.Count), cancel);
        if (told.NewSteps == 0)
        {
            Console.WriteLine($"  {story.Steps.Count} steps: all done before, nothing changed.");
            return told;
        }
        Console.WriteLine($"  {story.Steps.Count} steps done, {told.NewSteps} of them new.");
        var wrong = await new StoryAudit(http).CheckAsync(told, cancel);
        // Somebody may have moved hours between the steps of an interrupted telling: that is no reason not to serve.
        Console.WriteLine(wrong.Count == 0
            ? $"  Checked: {story.End.Balances.Count} balances are as the story says, each is the sum of its entries, and all together are 0."
            : $"  Not as the story says:\n    {string.Join("\n    ", wrong)}");
        return told;
    }

    private static void ShowProgress(int done, int steps)
    {
        if (Console.IsOutputRedirected)
            return;
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"\r  {done} of {steps} steps"));
        if (done == steps)
            Console.Write("\r\e[K");
    }

    private static void ShowWhatToTry(ToldStory told, string url)
    {
        var bank = $"{url}/v1/banks/{told.Story.Bank}";
        // Any story has a member; the first one who has something can spend it or give it.
        Console.WriteLine($"""

            Look:  {url}/swagger  every request, with an example that works here
                   {url}/v1/banks/{told.Story.Bank}/accounts?limit=50  all accounts
            """);
        var names = told.Names.Ids;
        if (names.TryGetValue("rosa", out var rosa) && names.TryGetValue("school", out var school))
        {
            Console.WriteLine($$"""
                Try:   What Rosa has, in minutes:
                         curl -sw '\n' {{bank}}/accounts/{{rosa}}/balance
                       Why she has it, line by line:
                         curl -sw '\n' '{{bank}}/accounts/{{rosa}}/entries?order=oldest' -H 'Accept: text/csv'
                       The whole bank, which sums to 0:
                         curl -sw '\n' {{bank}}/trial-balance
                       Rosa pays the school 30 minutes for advice, and the school's rule passes them on:
                         curl -sw '\n' {{bank}}/transfers -H 'Content-Type: application/json' -H 'Idempotency-Key: first-try' \
                           -d '{"kind":"spend","payer":"{{rosa}}","payee":"{{school}}","minutes":30}'
                       Send it again: nothing moves twice. Only a new key makes a new transfer.
                """);
        }
        Console.WriteLine("Ctrl-C stops everything; the data stays for the next time.");
    }
}
