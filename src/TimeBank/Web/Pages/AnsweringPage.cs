using Microsoft.AspNetCore.Components;

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
}
