using System.Collections.Concurrent;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Every request passes here, between the routing and the route: does the table let in who asks?</summary>
/// <remarks>Who has no standing in a bank hears what they would hear if there were no such bank.</remarks>
public sealed class Gate(RequestDelegate next, BankQueries banks, ReadingNotes reading)
{
    private readonly ConcurrentDictionary<Endpoint, Requirement?> _requirements = new();

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint route)
        {
            await next(http);
            return;
        }
        var bank = Reception.BankOf(http);
        var caller = http.Caller();
        var requirement = _requirements.GetOrAdd(route, RequirementOf);
        if (requirement?.Who.HasFlag(Who.Anybody) != true)
        {
            if (caller.Id is null)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                await Problems.Write(http, ProblemTable.SignInNeeded);
                return;
            }
            if (Refuses(requirement ?? new Requirement(Who.None), caller, bank) is { } refusal)
            {
                // The operator knows which banks there are.
                var isNothing = bank is { } named && caller.IsOperator && !await banks.ExistsAsync(named, http.RequestAborted);
                await Problems.Write(http, isNothing ? new Refusal(RefusalCode.BankUnknown) : refusal);
                return;
            }
        }
        if (bank is { } read && caller.IsAuditorOnly && HttpMethods.IsGet(http.Request.Method))
            await reading.AuditorAsync(read, caller);
        await next(http);
    }

    /// <summary>What a caller hears at the door of this request; null: it opens.</summary>
    public static Outcome? Refuses(HttpContext http, Caller caller)
    {
        var requirement = RequirementOf(http.GetEndpoint()!) ?? new Requirement(Who.None);
        if (requirement.Who.HasFlag(Who.Anybody))
            return null;
        if (caller.Id is null)
            return Problems.Outcome(ProblemTable.SignInNeeded);
        return Refuses(requirement, caller, Reception.BankOf(http)) is { } refusal ? Problems.Outcome(refusal) : null;
    }

    /// <summary>As the API document writes it.</summary>
    public static string PathOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

    /// <summary>The sentence for each kind of caller.</summary>
    private static Refusal? Refuses(Requirement requirement, Caller caller, BankId? bank)
    {
        if (caller.Key is { } key)
        {
            if (bank is not null && caller.Bank != bank)
                return new Refusal(RefusalCode.BankUnknown);
            return bank is not null && requirement.Scope is { } scope && key.Scopes.Contains(scope)
                ? null
                : new Refusal(RefusalCode.NotPermitted, [.. requirement.Scope is { } needed ? [new Figure("scope", needed)] : Array.Empty<Figure>()]);
        }
        if ((caller.Who & requirement.Who) != 0)
            return null;
        return bank is not null && !caller.IsOperator && caller.Standings.IsEmpty
            ? new Refusal(RefusalCode.BankUnknown)
            : new Refusal(RefusalCode.NotPermitted);
    }

    private static Requirement? RequirementOf(Endpoint endpoint)
    {
        if (PageProblems.IsPage(endpoint))
            return PageDoors.Find(PathOf((RouteEndpoint)endpoint));
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        return methods is [var method] ? DoorTable.Find($"{method} {PathOf((RouteEndpoint)endpoint)}") : null;
    }
}
