using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Every request passes here before it is counted and judged: who asks?</summary>
public sealed class Reception(RequestDelegate next, WhoAsks who, Quotas quotas)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is { } route && route.Metadata.GetMetadata<NobodyAsksNote>() is null)
        {
            // Looking up costs more than asking does: so whoever comes with what is not known here is first counted among the unknown.
            var shown = Shown.By(http);
            if (who.IsStranger(shown) && !quotas.TakesUnknown(http))
            {
                await Problems.Write(http, ProblemTable.TooManyRequests);
                return;
            }
            if (await who.FindAsync(http, shown, BankOf(http)) is { } caller)
                http.Let(caller);
        }
        await next(http);
    }

    /// <summary>The bank of the address; null if it names none.</summary>
    public static BankId? BankOf(HttpContext http) => http.Request.RouteValues["bank"] is string name ? new BankId(name) : null;
}

/// <summary>What a request shows in its header Authorization: a bearer's token, which may be a key, or what nobody here reads.</summary>
public readonly record struct Shown(bool Anything, string? Token, KeyText? Key)
{
    private const string Bearer = "Bearer ";

    public static Shown By(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return new Shown(authorization.Length > 0, null, null);
        var token = authorization[Bearer.Length..].Trim();
        return new Shown(true, token, KeyText.Parse(token));
    }

    /// <summary>Whether it looks like a key, whole or not.</summary>
    public bool IsKey => Token?.StartsWith(KeyText.Start, StringComparison.Ordinal) == true;
}

/// <summary>Finds out who asks: by a key, a token, or the session of a page. What it cannot believe is nobody.</summary>
public sealed class WhoAsks(Callers callers, Sessions sessions, OutsideTokens outside, KeyUses uses)
{
    /// <summary>Names the account for which somebody acts who has several.</summary>
    public const string ActingFor = "Acting-For";

    /// <summary>Whether a request comes with a key or a token of another provider that let nobody in here lately. Sessions are sealed by this program:
    /// nobody makes up one that would have to be looked up.</summary>
    public bool IsStranger(Shown shown) => shown switch
    {
        { Token: null } => false,
        { Key: { } key } => !callers.Knows(key),
        { Token: { } token } => outside.Reads(token) && !outside.Knows(token),
    };

    /// <summary>Looks once more who sends a request that lasts: what was taken from them since it began counts no more. Null if they may go on, as who they are now.</summary>
    public async ValueTask<Outcome?> AskAgainAsync(HttpContext http)
    {
        var caller = await FindAsync(http, Shown.By(http), Reception.BankOf(http)) ?? Caller.Nobody;
        if (Gate.Refuses(http, caller) is { } refused)
            return refused;
        http.Let(caller);
        return null;
    }

    /// <summary>The same, and what they hear is answered. False if they may go on.</summary>
    public async ValueTask<bool> RefusesNowAsync(HttpContext http)
    {
        if (await AskAgainAsync(http) is not { } refused)
            return false;
        if (refused.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        await Answers.Write(http, refused, dryRun: false);
        return true;
    }

    public async ValueTask<Caller?> FindAsync(HttpContext http, Shown shown, BankId? bank)
    {
        if (shown.IsKey)
            return shown.Key is { } key ? await FindKeyAsync(key) : null;
        if (shown.Token is { } token && outside.Reads(token))
            return await outside.ReadAsync(http, token, bank) is { } app ? Caller.Of(app, Door.Outside) with { Bank = bank } : null;
        if (shown is { Anything: true, Token: null })
            return null;
        if (await sessions.ReadAsync(http) is not { } session)
            return null;
        var standings = bank is { } here ? await callers.StandingsOfAsync(session.Person, here) : [];
        var actingFor = AccountActedFor(http);
        if (bank is { } of && actingFor is { } account && standings.All(s => s.Account != account)
            && new Deputy(session.Person, account) is var deputy && await callers.MayActForAsync(of, deputy))
            return Caller.OfDeputy(deputy, session.IsOperator, session.Door, standings);
        var household = bank is { } shared ? await callers.HouseholdOfAsync(session.Person, shared, standings) : [];
        return Caller.Of(session.Person, session.IsOperator, session.Door, standings, actingFor, household);
    }

    private async ValueTask<Caller?> FindKeyAsync(KeyText text)
    {
        if (await callers.KeyAsync(text) is not { } key)
            return null;
        uses.Note(text.Bank, key.Id);
        return Caller.Of(key, Door.Key) with { Bank = text.Bank };
    }

    private static AccountId? AccountActedFor(HttpContext http) =>
        http.Request.Headers[ActingFor].ToString() is { Length: > 0 } given ? new AccountId(Ids.OrUnknown(given)) : null;
}
