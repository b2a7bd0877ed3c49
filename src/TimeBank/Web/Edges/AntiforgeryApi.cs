using Microsoft.AspNetCore.Antiforgery;

namespace TimeBank.Web;

/// <param name="Token">To be sent back as X-Antiforgery.</param>
public sealed record AntiforgeryAnswer(string Token);

/// <summary>The value that every change by a cookie must bring along.</summary>
public static class AntiforgeryApi
{
    public const string Header = "X-Antiforgery";

    public static void Map(RouteGroupBuilder api) => api.MapGet("/antiforgery", (Delegate)Give)
        .Gives<AntiforgeryAnswer>().Describe("Get an antiforgery token",
            $"For pages that are signed in by cookie: every request of theirs that is not a GET needs it in the header {Header}. It belongs to who is signed in, so get a new one after signing in. Keys and tokens need none.");

    private static Task Give(HttpContext http, IAntiforgery antiforgery) =>
        Answers.Write(http, new AntiforgeryAnswer(antiforgery.GetAndStoreTokens(http).RequestToken!));
}

/// <summary>Binds an antiforgery token to who is signed in: another person's is worth nothing, even in the same browser.</summary>
internal sealed class BoundToCaller : IAntiforgeryAdditionalDataProvider
{
    public string GetAdditionalData(HttpContext context) => context.Caller().Person?.Value.ToString("N") ?? "";

    public bool ValidateAdditionalData(HttpContext context, string additionalData) => additionalData == GetAdditionalData(context);
}
