namespace TimeBank.Web;

/// <summary>Tells a page that is open that what it shows has changed elsewhere, as server-sent events. A page is right without it, too: it is as it was when it was loaded.</summary>
/// <remarks>It looks twice a second: so a change by another server of the same database is seen as soon as one by this.</remarks>
internal static class LiveChanges
{
    /// <summary>Pages that are told at a time. More are told nothing.</summary>
    private const int Most = 1_000;

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(400);

    /// <summary>After that the browser asks anew, and whether it may is looked at again.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private static int s_open;

    /// <param name="known">What the page shows.</param>
    /// <param name="look">What it would show now; null: it is not there at the moment.</param>
    public static async Task TellAsync<T>(HttpContext http, T known, Func<CancellationToken, Task<T?>> look) where T : class
    {
        var stops = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stops);
        try
        {
            if (Interlocked.Increment(ref s_open) > Most)
                await Problems.Write(http, ProblemTable.Overloaded);
            else
                await TellAsync(http, known, look, gone.Token);
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

    private static async Task TellAsync<T>(HttpContext http, T known, Func<CancellationToken, Task<T?>> look, CancellationToken gone) where T : class
    {
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync("retry: 2000\n\n", gone);
        await http.Response.Body.FlushAsync(gone);
        var end = clock.GetUtcNow() + s_longest;
        while (clock.GetUtcNow() < end)
        {
            await Task.Delay(s_between, clock, gone);
            if (await look(gone) is not { } now || now.Equals(known))
                continue;
            known = now;
            await http.Response.WriteAsync("data: changed\n\n", gone);
            await http.Response.Body.FlushAsync(gone);
        }
    }
}
