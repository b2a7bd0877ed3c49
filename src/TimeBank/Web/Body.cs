using FluentValidation;

namespace TimeBank.Web;

/// <summary>What every request that changes something begins with: its body, checked, and its key.</summary>
public static class Body
{
    /// <summary>Of a request without a body. Null if a problem was answered.</summary>
    public static async ValueTask<Said?> None(HttpContext http)
    {
        var query = new Query(http);
        var dryRun = query.DryRun;
        return await query.RefusedAsync() ? null : Said.Of(http) with { DryRun = dryRun };
    }

    /// <summary>Null if a problem was answered. A dry run needs no key.</summary>
    public static async ValueTask<(TRequest Request, Said Said)?> Read<TRequest>(HttpContext http, IValidator<TRequest> validator, bool keyNeeded = true)
        where TRequest : class
    {
        if (await RequestReader.ReadJson(http, validator) is not { } request)
            return null;
        var query = new Query(http);
        var dryRun = query.DryRun;
        if (await query.RefusedAsync())
            return null;
        if (!keyNeeded || dryRun)
            return (request, Said.Of(http) with { DryRun = dryRun });
        return await Keys.Require(http) is { } key ? (request, Said.Of(http) with { Key = key }) : null;
    }
}
