using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using TimeBank.Access;
using TimeBank.Cli;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Bench;

/// <summary>The server without its doors, to measure what they cost: whoever asks may do everything. It is no verb of the program.</summary>
public static class OpenServer
{
    public const string Name = "serve-open";

    public static Command Verb()
    {
        var verb = new Command(Name, "Serves without asking who comes; the bench starts it for itself.") { TreatUnmatchedTokensAsErrors = false, Hidden = true };
        verb.SetAction(async (parsed, cancel) =>
        {
            var builder = Settings.Builder([.. parsed.UnmatchedTokens]);
            builder.WebHost.UseUrls(builder.Configuration["urls"]!);
            await using var store = await LedgerStore.OpenAsync(builder.Configuration, owning: true, Console.WriteLine, cancel);
            await using var app = Server.Build(builder, store, doors: LetEverybodyIn);
            await app.StartAsync(cancel);
            Console.WriteLine($"TimeBank serves on {string.Join(", ", app.Urls)}, and asks nobody who they are.");
            await app.WaitForShutdownAsync(cancel);
        });
        return verb;
    }

    private static void LetEverybodyIn(WebApplication app)
    {
        var anybody = Caller.Nobody with { Actor = new Actor(Door.Key, Guid.CreateVersion7()), Authority = Authority.Everything };
        app.Use((http, next) =>
        {
            http.Let(anybody);
            return next(http);
        });
        // The pages' routes ask for it; what it does for the API is nothing.
        app.UseAntiforgery();
    }
}
