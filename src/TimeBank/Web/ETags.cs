using System.Globalization;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>Versions of settings as entity tags: what is changed must be what was read.</summary>
public static class ETags
{
    public static void Set(HttpContext http, long version) =>
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>What a change answered, with the version that the next one must match.</summary>
    public static Task Write<TChanged>(HttpContext http, Outcome outcome, Func<TChanged, long> version, bool dryRun, string? location = null)
    {
        if (outcome.Answer is TChanged changed && !dryRun)
            Set(http, version(changed));
        return Answers.Write(http, outcome, dryRun, location);
    }

    /// <summary>The version in If-Match; null if a problem was answered. A tag that is none of ours matches no version.</summary>
    public static async ValueTask<long?> Require(HttpContext http)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            await Problems.Write(http, ProblemTable.IfMatchMissing);
            return null;
        }
        var tag = header.ToString().Trim();
        return tag.Length > 2 && tag[0] == '"' && tag[^1] == '"'
            && long.TryParse(tag[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
    }
}
