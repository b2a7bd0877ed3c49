using System.Globalization;

namespace TimeBank.Web;

/// <summary>What a quota said to one request, and what is left of it. Stands among the request's features until the answer starts.</summary>
/// <param name="Seconds">Until the quota is whole again.</param>
/// <param name="Also">What another quota said to the same request.</param>
public sealed record Allowance(Quota Quota, bool IsTaken, long Left, long Seconds, Allowance? Also = null)
{
    /// <summary>Writes the fields of draft-ietf-httpapi-ratelimit-headers, and Retry-After where nothing was left.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        headers["RateLimit-Policy"] = Also is null ? Quota.Policy : $"{Quota.Policy}, {Also.Quota.Policy}";
        headers["RateLimit"] = Also is null ? Text : $"{Text}, {Also.Text}";
        if (RefusedFor is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    private string Text => string.Create(CultureInfo.InvariantCulture, $"\"{Quota.Name}\";r={Left};t={Seconds}");

    private long? RefusedFor => !IsTaken ? Seconds : Also?.RefusedFor;
}
