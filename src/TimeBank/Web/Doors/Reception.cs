using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>Finds out who asks: by a key, a token, or the session of a page. What it cannot believe is nobody.</summary>
public sealed class Reception(RequestDelegate next, Callers callers, Sessions sessions, OutsideTokens outside, KeyUses uses)
{
    /// <summary>Names the account for which somebody acts who has several.</summary>
    public const string ActingFor = "Acting-For";

    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not null && await FindAsync(http, BankOf(http)) is { } caller)
            http.Let(caller);
        await next(http);
    }

    /// <summary>The bank of the address; null if it names none.</summary>
    public static BankId? BankOf(HttpContext http) => http.Request.RouteValues["bank"] is string name ? new BankId(name) : null;

    private async ValueTask<Caller?> FindAsync(HttpContext http, BankId? bank)
    {
        if (http.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
                return null;
            var token = authorization[Bearer.Length..].Trim();
            if (token.StartsWith(KeyText.Start, StringComparison.Ordinal))
                return await FindKeyAsync(token);
            if (outside.Reads(token))
                return await outside.ReadAsync(http, bank) is { } app ? Caller.Of(app, Door.Outside) with { Bank = bank } : null;
        }
        if (await sessions.ReadAsync(http) is not { } session)
            return null;
        var standings = bank is { } here ? await callers.StandingsOfAsync(session.Person, here) : [];
        return Caller.Of(session.Person, session.IsOperator, session.Door, standings, AccountActedFor(http));
    }

    private async ValueTask<Caller?> FindKeyAsync(string token)
    {
        if (KeyText.Parse(token) is not { } text || await callers.KeyAsync(text) is not { } key)
            return null;
        uses.Note(text.Bank, key.Id);
        return Caller.Of(key, Door.Key) with { Bank = text.Bank };
    }

    private static AccountId? AccountActedFor(HttpContext http) =>
        http.Request.Headers[ActingFor].ToString() is { Length: > 0 } given ? new AccountId(Ids.OrUnknown(given)) : null;
}
