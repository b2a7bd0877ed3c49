using FluentValidation;

namespace TimeBank.Web;

/// <summary>What every request that changes something begins with: its body, checked, and its key.</summary>
public static class Body
{
    /// <summary>Null if a problem was answered. A dry run needs no key.</summary>
    public static async ValueTask<(TRequest Request, Said Said)?> Read<TRequest>(HttpContext http, IValidator<TRequest> validator, bool keyNeeded = true)
        where TRequest : class
    {
        var query = new Query(http);
        var dryRun = query.DryRun;
        if (await query.RefusedAsync())
            return null;
        string? key = null;
        if (keyNeeded && !dryRun)
        {
            key = await Keys.Require(http);
            if (key is null)
                return null;
        }
        return await RequestReader.ReadJson(http, validator) is { } request ? (request, new Said(key, dryRun)) : null;
    }
}
