using Microsoft.AspNetCore.Components;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>What every page knows: the request that it answers, who looks, and in which language.</summary>
public abstract class AnsweringPage : ComponentBase
{
    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    protected Caller Caller => Http.Caller();

    protected CancellationToken Cancel => Http.RequestAborted;

    /// <summary>The words of the language in which the page speaks.</summary>
    protected Locale L => PageLocale.Of(Http);

    /// <summary>Whoever looks, asking what would happen: nothing is written.</summary>
    protected Said Trying => Said.Of(Http) with { DryRun = true };

    /// <summary>Whoever sent the form, which counts once.</summary>
    protected Said Sent => Said.Of(Http) with { Key = Keys.Parse(Http.Request.Form[PageForm.Key]) };

    /// <summary>Whether the ledger would do it, or did.</summary>
    protected static bool IsAccepted(Outcome outcome) => PageRefusals.KeyOf(outcome) is null;

    /// <summary>What was typed into a field, cut where no more fits; null if nothing was.</summary>
    protected static string? Given(string? typed, int most = int.MaxValue) =>
        typed?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, most)] : null;

    /// <summary>Words of an address, without what is no text; null if there are none.</summary>
    protected static string? Plain(string? asked, int most = 200) =>
        string.IsNullOrWhiteSpace(asked) ? null : string.Concat(asked.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim() is { Length: > 0 } said ? said[..Math.Min(said.Length, most)] : null;

    /// <summary>What belongs in the places of a sentence.</summary>
    protected static IReadOnlyDictionary<string, string> Places(params ReadOnlySpan<(string Place, string Value)> values)
    {
        var places = new Dictionary<string, string>();
        foreach (var (place, value) in values)
            places[place] = value;
        return places;
    }

    /// <summary>What is not theirs to see is told as what is not there.</summary>
    protected void Forbid() => Http.Response.StatusCode = StatusCodes.Status403Forbidden;
}
