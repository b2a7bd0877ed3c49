using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TimeBank.Store;
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

    /// <summary>The story's people sign in before any bank knows them: that is no news here, which the log would tell of each.</summary>
    private const string Quietly = "--Logging:LogLevel:TimeBank.Access.PersonNotes=Warning";

    private static Task<int> RunAsync(Story story, string[] settings, CancellationToken cancel) => ServeVerb.RunAsync([Quietly, .. settings], async (app, store) =>
    {
        var url = app.Urls.First();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, app.Lifetime.ApplicationStopping);
        using var cast = await Cast.GatherAsync(story, app.Services, store.DataFolder, new Uri(url), stopping.Token);
        var told = await TellAsync(story, cast, stopping.Token);
        var key = await KeyAsync(story, cast, stopping.Token);
        told.Names.Add("dashboard", KeyText.Parse(key)!.Value.Id.ToString());
        app.Services.GetRequiredService<ExampleIds>().Know(told.Names.Ids);
        ShowWhatToTry(told, cast, key, url);
    }, cancel);

    /// <summary>One key of a partner app of the story's bank, made the first time.</summary>
    private static async Task<string> KeyAsync(Story story, Cast cast, CancellationToken cancel)
    {
        if (cast.Key is { } made && KeyText.Parse(made)?.Bank == new BankId(story.Bank))
            return made;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/banks/{story.Bank}/keys")
        {
            Content = JsonContent.Create(new { name = "A dashboard to try things with", scopes = (string[])["accountsRead", "transfersRead", "transfersWrite", "rulesRead", "reportsRead"] }),
        };
        request.Headers.Add(Keys.Header, Guid.NewGuid().ToString());
        using var answer = await cast[story.As].Http.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        var secret = (await answer.Content.ReadFromJsonAsync<JsonObject>(cancel))!["secret"]!.GetValue<string>();
        cast.Remember(secret);
        return secret;
    }

    private static async Task<ToldStory> TellAsync(Story story, Cast cast, CancellationToken cancel)
    {
        Console.WriteLine();
        Console.WriteLine($"{story.Name}: {story.Title}");
        var told = await new StoryTeller(cast).TellAsync(story, done => ShowProgress(done, story.Steps.Count), cancel);
        if (told.NewSteps == 0)
        {
            Console.WriteLine($"  {story.Steps.Count} steps: all done before, nothing changed.");
            return told;
        }
        Console.WriteLine($"  {story.Steps.Count} steps done, {told.NewSteps} of them new.");
        var wrong = await new StoryAudit(cast[story.As].Http).CheckAsync(told, cancel);
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

    private static void ShowWhatToTry(ToldStory told, Cast cast, string key, string url)
    {
        var bank = $"{url}/v1/banks/{told.Story.Bank}";
        Console.WriteLine($"""

            Look:  {url}  the pages; one click signs you in as somebody of the story
                   {url}/swagger  every request, with an example that works here
            Sign in (the passwords were made for this data folder, and lie in its file {DataFolder.StoryFile}):
            """);
        foreach (var member in cast.Members)
            Console.WriteLine($"         {member.Login,-14} {member.Password}   {member.Person.Name}, {member.Person.What}");
        Console.WriteLine($"       A token for half an hour, as {cast[told.Story.As].Person.Name}:");
        Console.WriteLine($$"""
                     curl -sw '\n' {{url}}/v1/sessions -H 'Content-Type: application/json' -d '{"login":"{{cast[told.Story.As].Login}}","password":"{{cast[told.Story.As].Password}}","door":"app"}'
            """);
        Console.WriteLine($$"""
            Try, with a partner app's key:
                   KEY={{key}}
                   The whole bank, which sums to 0:
                     curl -sw '\n' {{bank}}/trial-balance -H "Authorization: Bearer $KEY"
                   Its accounts:
                     curl -sw '\n' {{bank}}/accounts -H "Authorization: Bearer $KEY"
            """);
        var names = told.Names.Ids;
        if (names.TryGetValue("rosa", out var rosa) && names.TryGetValue("garden", out var garden))
        {
            Console.WriteLine($$"""
                       What Rosa has, in minutes:
                         curl -sw '\n' {{bank}}/accounts/{{rosa}}/balance -H "Authorization: Bearer $KEY"
                       Why she has it, line by line:
                         curl -sw '\n' '{{bank}}/accounts/{{rosa}}/entries?order=oldest' -H 'Accept: text/csv' -H "Authorization: Bearer $KEY"
                       The garden credits Rosa with half an hour:
                         curl -sw '\n' {{bank}}/transfers -H "Authorization: Bearer $KEY" -H 'Idempotency-Key: first-try' -H 'Content-Type: application/json' \
                           -d '{"kind":"earn","payer":"{{garden}}","payee":"{{rosa}}","minutes":30}'
                       Send it again: nothing moves twice. Only a new key makes a new transfer.
                """);
        }
        Console.WriteLine("Ctrl-C stops everything; the data stays for the next time.");
    }
}
