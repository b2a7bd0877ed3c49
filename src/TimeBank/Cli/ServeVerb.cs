using System.CommandLine;
using TimeBank.Store;
using TimeBank.Stories;
using TimeBank.Web;

namespace TimeBank.Cli;

/// <summary><c>timebank serve</c>: the server, without seeds.</summary>
public static class ServeVerb
{
    public const string DefaultUrl = "http://localhost:8080";

    public static Command Make()
    {
        var verb = new Command("serve", "Run the server.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        verb.SetAction((parsed, cancel) => RunAsync(Settings.Of(parsed), (_, _) => Task.CompletedTask, cancel));
        return verb;
    }

    /// <summary>Serves until it is told to stop. <paramref name="started"/> is called when requests are answered.</summary>
    public static async Task<int> RunAsync(string[] settings, Func<WebApplication, LedgerStore, Task> started, CancellationToken cancel)
    {
        var builder = Settings.Builder(settings);
        var urls = builder.Configuration["urls"] is { Length: > 0 } given ? given : DefaultUrl;
        builder.WebHost.UseUrls(urls);
        ListenAddress.Check(urls, builder.Configuration);
        await using var store = await LedgerStore.OpenAsync(builder.Configuration, owning: true, Console.WriteLine, cancel);
        await using var app = Server.Build(builder, store);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e) when (ListenAddress.IsInUse(e))
        {
            throw ListenAddress.InUse(urls);
        }
        Console.WriteLine($"TimeBank serves on {string.Join(", ", app.Urls)}{(ListenAddress.IsHereOnly(urls, builder.Configuration) ? " (this machine only)" : "")}. Ctrl-C stops it.");
        if (Cast.IsIn(store.DataFolder))
            Console.WriteLine($"This data folder was made by `timebank demo`, to try things out: passwords of its people lie in {Path.Combine(store.DataFolder, DataFolder.StoryFile)}.");
        await started(app, store);
        await app.WaitForShutdownAsync(cancel);
        Console.WriteLine("Stopping …");
        return 0;
    }
}
