using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A person who signed in, and through which of their two doors they came: <see cref="Door.Page"/> or <see cref="Door.App"/>.</summary>
public sealed record Session(PersonId Person, bool IsOperator, Door Door)
{
    /// <summary>Which of their sessions.</summary>
    public Guid Id { get; init; }
}

/// <summary>Reads sessions from cookies and tokens. What changed of a login counts at once on the server that changed it, and within
/// five seconds on every other.</summary>
/// <remarks>A login that rests after failures does not end the sessions that its owner has: else anybody could end them.</remarks>
public sealed class Sessions(IDbContextFactory<PeopleContext> contexts, SessionTickets tickets, TimeProvider clock)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(4);
    private const int Most = 20_000;

    /// <summary>How every token of ours begins. Anything else is not even tried.</summary>
    private const string StartOfTokens = "CfDJ8";

    private readonly KeptBriefly<PersonId, Known?> _known = new(s_longest, Most, clock);

    /// <summary>Who signed in; null: nobody. Where there is a header Authorization, the cookie does not count.</summary>
    public async ValueTask<Session?> ReadAsync(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count > 0 && !authorization.ToString().StartsWith("Bearer " + StartOfTokens, StringComparison.Ordinal))
            return null;
        var door = authorization.Count > 0 ? Door.App : Door.Page;
        var read = await http.AuthenticateAsync(SessionTickets.SchemeOf(door));
        if (read.Principal is null || SessionTicket.Of(read.Principal, door) is not { } ticket)
            return null;
        // Within one request it is not opened anew, though its time may end meanwhile.
        if (read.Properties?.ExpiresUtc <= clock.GetUtcNow())
            return null;
        if (await _known.GetAsync(ticket.Person, LookUpAsync) is not { } known || known.Stamp != ticket.Stamp || known.Ended.Contains(ticket.Session))
            return null;
        http.Features.Set(new Device(ticket.OwnDevice));
        // Once a request: who is looked up again while it lasts has their new cookie, or an answer that has begun.
        if (http.Features.Get<Caller>() is null)
            await tickets.SlideAsync(http, ticket, read.Properties);
        return new Session(ticket.Person, known.IsOperator, door) { Id = ticket.Session };
    }

    /// <summary>Something of this person's login was changed.</summary>
    public void Forget(PersonId person) => _known.Forget(person);

    private async Task<Known?> LookUpAsync(PersonId person)
    {
        try
        {
            return await LookUpOnceAsync(person);
        }
        catch (Exception e) when (StoreFaults.IsUnavailable(e))
        {
            // The pool kept a connection that died with the last PostgreSQL. A new one may do; if not, the caller is told.
            return await LookUpOnceAsync(person);
        }
    }

    private async Task<Known?> LookUpOnceAsync(PersonId person)
    {
        await using var people = await contexts.CreateDbContextAsync();
        var found = await people.Living.Where(p => p.Id == person.Value)
            .Select(p => new { p.SecurityStamp, p.IsOperator, Ended = people.EndedSessions.Where(s => s.Person == p.Id).Select(s => s.Session).ToList() })
            .SingleOrDefaultAsync();
        return found is null ? null : new Known(found.SecurityStamp!, found.IsOperator, [.. found.Ended]);
    }

    private sealed record Known(string Stamp, bool IsOperator, HashSet<Guid> Ended);
}
