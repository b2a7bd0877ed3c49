using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.WorkSessions;

/// <summary>Tells who coordinates a session that somebody came or left.</summary>
internal static class LiveSession
{
    private const string Path = "/banks/{bank}/sessions/{id}/changes";

    public static string Address(string bank, ThingId session) => $"/banks/{bank}/sessions/{session}/changes";

    public static void Map(WebApplication app) => app.MapGet(Path, Tell).ExcludeFromDescription();

    private static async Task Tell(string bank, string id, HttpContext http, ThingQueries things, AccountQueries accounts)
    {
        var (of, session) = (new BankId(bank), new ThingId(Ids.OrUnknown(id)));
        if (await things.FindAsync<WorkSession>(of, session, http.RequestAborted) is not { } row || !await Sight.SeesAsync(http, of, accounts, row.Thing.Plan.Project))
            await Problems.Write(http, new Refusal(RefusalCode.SessionUnknown, new Figure("session", session.Value)));
        else
            await LiveChanges.TellAsync(http, Said(row.Thing), async cancel => (await things.FindAsync<WorkSession>(of, session, cancel))?.Thing is { } now ? Said(now) : null);
    }

    /// <summary>All that a page says of it.</summary>
    private static string Said(WorkSession session) => $"{session.Is} {string.Join(' ', session.People)}";
}
