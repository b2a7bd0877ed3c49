namespace TimeBank.Web;

/// <summary>How much the server takes from whom: the settings <c>Limits:…</c>.</summary>
/// <param name="RequestsPerMinute">Of each person and each app, whichever key or session they come with.</param>
/// <param name="AnonymousPerMinute">Of each address, where the caller is not known.</param>
/// <param name="SignInsPerMinute">Of each address: everything that takes a password or a code.</param>
/// <param name="ApplicationsPerHour">Of each address: strangers who ask to join a bank.</param>
/// <param name="Connections">Open at once, from everywhere.</param>
/// <param name="ConnectionsPerAddress">Open at once, from one address; known proxies aside.</param>
/// <param name="ConnectionsFromLoopback">The same for this machine's own addresses.</param>
/// <param name="SilentSeconds">How long a new connection may take until its first request has come.</param>
public sealed record Limits(
    int RequestsPerMinute = 6_000,
    int AnonymousPerMinute = 600,
    int SignInsPerMinute = 20,
    int ApplicationsPerHour = 10,
    int Connections = 4_096,
    int ConnectionsPerAddress = 256,
    int ConnectionsFromLoopback = 2_048,
    int SilentSeconds = 15)
{
    public const string Section = "Limits";

    /// <exception cref="SettingException">One is unknown, no number, or not above zero.</exception>
    public static Limits Read(IConfiguration settings)
    {
        var limits = settings.GetSection(Section).Exactly<Limits>() ?? new Limits();
        int[] all = [limits.RequestsPerMinute, limits.AnonymousPerMinute, limits.SignInsPerMinute, limits.ApplicationsPerHour, limits.Connections, limits.ConnectionsPerAddress, limits.ConnectionsFromLoopback, limits.SilentSeconds];
        return all.All(n => n > 0) ? limits : throw new SettingException($"Every setting in {Section} is a whole number from 1 to {int.MaxValue}.");
    }
}
