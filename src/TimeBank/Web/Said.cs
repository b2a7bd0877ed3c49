using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Who said it, what they may do, and how they said it: under which key, whether for real, and after which other command, where order counts.</summary>
public sealed record Said(Actor By, Authority May)
{
    public string? Key { get; init; }
    public bool DryRun { get; init; }
    public Task<Outcome>? After { get; init; }

    public static readonly Said CommandLine = new(Actor.CommandLine, Authority.Everything);
    public static readonly Said Worker = new(Actor.Worker, Authority.Everything);

    public static Said Of(HttpContext http)
    {
        var caller = http.Caller();
        return new Said(caller.Actor, caller.Authority);
    }

    /// <summary>What the key stands for; null without a key.</summary>
    public IdempotencyClaim? Claim<TRequest>(string route, TRequest request) => Key is { } key ? Keys.Claim(By, key, route, request) : null;
}
