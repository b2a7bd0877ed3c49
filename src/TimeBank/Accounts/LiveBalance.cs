using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>Tells a page that is open that the hours it shows have changed elsewhere, as server-sent events. A page is right without it, too: it is as it was when it was loaded.</summary>
/// <remarks>It looks twice a second, for all who wait in one query: so a change by another server of the same database is seen as soon as one by this.</remarks>
internal static class LiveBalance
{
    public const string Path = "/banks/{bank}/accounts/{id}/changes";

    /// <summary>Pages that are told at a time. More are told nothing.</summary>
    private const int Most = 1_000;

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(400);

    /// <summary>After that the browser asks anew, and whether it may is looked at again.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private static int s_open;

    public static string Address(string bank, AccountId account) => $"/banks/{bank}/accounts/{account}/changes";

    public static void Map(WebApplication app) => app.MapGet(Path, Tell).ExcludeFromDescription();

    private static async Task Tell(string bank, string id, HttpContext http, AccountQueries accounts, TimeProvider clock, IHostApplicationLifetime program)
    {
        var (of, account) = (new BankId(bank), new AccountId(Ids.OrUnknown(id)));
        if (!await Sight.SeesAsync(http, of, accounts, account) || await accounts.BalanceAsync(of, account, null, clock.GetUtcNow(), http.RequestAborted) is not { } known)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, account));
            return;
        }
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, program.ApplicationStopping);
        try
        {
            if (Interlocked.Increment(ref s_open) > Most)
                await Problems.Write(http, ProblemTable.Overloaded);
            else
                await TellAsync(http, of, account, known, accounts, clock, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was closed, or the server stops.
        }
        finally
        {
            Interlocked.Decrement(ref s_open);
        }
    }

    private static async Task TellAsync(HttpContext http, BankId bank, AccountId account, BalanceRow known, AccountQueries accounts, TimeProvider clock, CancellationToken gone)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync("retry: 2000\n\n", gone);
        await http.Response.Body.FlushAsync(gone);
        var end = clock.GetUtcNow() + s_longest;
        while (clock.GetUtcNow() < end)
        {
            await Task.Delay(s_between, clock, gone);
            if (await accounts.BalanceAsync(bank, account, null, clock.GetUtcNow(), gone) is not { } now || now == known)
                continue;
            known = now;
            await http.Response.WriteAsync("data: changed\n\n", gone);
            await http.Response.Body.FlushAsync(gone);
        }
    }
}
