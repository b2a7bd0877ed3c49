using System.CommandLine;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Cli;

/// <summary><c>timebank serve</c>: the server, without seeds.</summary>
public static class ServeVerb
{
    public const string DefaultUrl = "http://localhost:8080";

    public static Command Make()
    {
        var verb = new Command("serve", "Run the server. Settings: --data FOLDER, --urls URL, --ConnectionStrings:TimeBank …")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        verb.SetAction((parsed, cancel) => RunAsync([.. parsed.UnmatchedTokens], (_, _) => Task.CompletedTask, cancel));
        return verb;
    }

    /// <summary>Serves until it is told to stop. <paramref name="started"/> is called when requests are answered.</summary>
    public static async Task<int> RunAsync(string[] settings, Func<WebApplication, LedgerStore, Task> started, CancellationToken cancel)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        if (builder.Configuration["urls"] is null)
            builder.WebHost.UseUrls(DefaultUrl);
        RefuseOtherThanLoopback(builder.Configuration["urls"] ?? DefaultUrl);
        await using var store = await LedgerStore.OpenAsync(builder.Configuration, owning: true, Console.WriteLine, cancel);
        await using var app = Server.Build(builder, store);
        await app.StartAsync(cancel);
        Console.WriteLine($"TimeBank serves on {string.Join(", ", app.Urls)} (this machine only). Ctrl-C stops it.");
        await started(app, store);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    private static void RefuseOtherThanLoopback(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!LoopbackOnly.IsLocal(BindingAddress.Parse(url).Host))
                throw new CliException($"{url} is not on this machine. Nobody signs in yet, so TimeBank binds to loopback only: use http://localhost:PORT, http://127.0.0.1:PORT or http://[::1]:PORT.");
        }
    }
}
