using System.Security.Cryptography;
using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Components;
using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>What every page knows: the request that it answers, who looks, in which language, and what has to be mended before it can be done.</summary>
public abstract class AnsweringPage : ComponentBase
{
    /// <summary>What the button says that does what was shown.</summary>
    protected const string DoIt = "now";

    private const string WrongText = "site.wrongText";

    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    protected Caller Caller => Http.Caller();

    /// <summary>Whether who looks is let into another page of this bank, such as <c>/today</c>.</summary>
    protected bool MayOpen(string page) => PageDoors.Opens("/banks/{bank}" + page, Caller);

    protected CancellationToken Cancel => Http.RequestAborted;

    /// <summary>The words of the language in which the page speaks.</summary>
    protected Locale L => PageLocale.Of(Http);

    /// <summary>What is wrong with a field, in words; it stands beside the field.</summary>
    protected Dictionary<string, string> Wrong { get; } = [];

    /// <summary>The key of the words in which the page says why all of it was not done.</summary>
    protected string? Failed { get; set; }

    /// <summary>Whoever looks, asking what would happen: nothing is written.</summary>
    protected Said Trying => Said.Of(Http) with { DryRun = true };

    /// <summary>Whoever sent the form, which counts once.</summary>
    protected Said Sent => Said.Of(Http) with { Key = Keys.Parse(Http.Request.Form[PageForm.Key]) };

    /// <summary>Null if nothing is wrong with it.</summary>
    protected string? WrongIn(string field) => Wrong.GetValueOrDefault(field);

    /// <summary>Whether a request is as the API takes it. What is not stands beside the field of the same name, and what was typed stays in it.</summary>
    /// <param name="words">What to say of a field, where it is not that its text is too long or has signs in it that nobody reads.</param>
    protected bool IsFilledIn<TRequest>(AbstractValidator<TRequest> validator, TRequest request, params ReadOnlySpan<(string Field, string Key)> words)
    {
        foreach (var error in validator.Validate(request).Errors)
        {
            var key = WrongText;
            foreach (var (field, said) in words)
                key = field == error.PropertyName ? said : key;
            Wrong.TryAdd(error.PropertyName, L[key]);
        }
        return Wrong.Count == 0;
    }

    /// <summary>The mark of what the page shows that it will do; the form brings it back with the yes. Null: it shows nothing yet.</summary>
    protected string? ShownMark { get; private set; }

    /// <summary>Whether they said yes to exactly this. What was changed after they had looked at it is looked at first.</summary>
    protected bool IsYesTo<TRequest>(TRequest request)
    {
        ShownMark = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Options)), 0, 16);
        return SaysYes && Http.Request.Form[PageForm.ShownField] == ShownMark;
    }

    /// <summary>Whether they pressed the button that does it.</summary>
    protected bool SaysYes => Http.Request.Form["Do"] == DoIt;

    /// <summary>Does it, and shows the page anew; or says why not.</summary>
    protected async Task DoAsync(Task<Outcome> doing)
    {
        Failed = PageRefusals.KeyOf(await doing);
        if (Failed is null)
            Navigation.NavigateTo(Http.Request.Path + Http.Request.QueryString);
    }

    /// <summary>The same, if what was filled in is as the API takes it.</summary>
    protected Task DoAsync<TRequest>(AbstractValidator<TRequest> validator, TRequest request, Func<TRequest, Task<Outcome>> doing) =>
        IsFilledIn(validator, request) ? DoAsync(doing(request)) : Task.CompletedTask;

    /// <summary>Whether the ledger would do it, or did.</summary>
    protected static bool IsAccepted(Outcome outcome) => PageRefusals.KeyOf(outcome) is null;

    /// <summary>What was typed into a field; null if nothing was.</summary>
    protected static string? Given(string? typed) => typed?.Trim() is { Length: > 0 } text ? text : null;

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
