using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Addresses that letters point to. What must stay secret stands after the #, which browsers keep to themselves.</summary>
public static class Links
{
    /// <summary>Under the setting Site:Url, or else under the address that the request came to, which the edge has checked.</summary>
    public static string Start(HttpContext http, Site site) =>
        (site.Url?.GetLeftPart(UriPartial.Path) ?? $"{http.Request.Scheme}://{http.Request.Host}").TrimEnd('/');

    public static string Invitation(string start, string code) => $"{start}/invitation#code={code}";

    public static string PasswordReset(string start, PersonId person, string token) => $"{start}/password-reset#person={person}&token={Uri.EscapeDataString(token)}";
}
