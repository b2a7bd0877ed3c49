using Microsoft.AspNetCore.Identity;

namespace TimeBank.Access;

/// <summary>Somebody who can sign in. The login is a name of their choice, or their e-mail address; many have no e-mail.</summary>
public sealed class Person : IdentityUser<Guid>
{
    /// <summary>How others see them; null once they were erased.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Whether they operate the installation.</summary>
    public bool IsOperator { get; set; }

    /// <summary>The secret that they share with their authenticator app, once the second factor is on.</summary>
    public string? AuthenticatorKey { get; set; }

    /// <summary>The secret that they were shown last, until a code of it turns the second factor on.</summary>
    public string? NextAuthenticatorKey { get; set; }

    /// <summary>The newest step of time whose code was taken.</summary>
    public long AuthenticatorStep { get; set; }

    /// <summary>When a letter with a reset was last sent.</summary>
    public DateTimeOffset? ResetMailed { get; set; }

    public DateTimeOffset Made { get; set; }
    public DateTimeOffset? Erased { get; set; }

    public PersonId PersonId => new(Id);

    /// <summary>Somebody new, without a password yet.</summary>
    public static Person New(string login, string? displayName, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserName = login,
        NormalizedUserName = Normalize(login),
        DisplayName = displayName,
        SecurityStamp = NewStamp(),
        Made = now,
    };

    /// <summary>What makes two logins or two addresses the same.</summary>
    public static string Normalize(string text) => text.Normalize().ToUpperInvariant();

    public static string NewStamp() => Guid.NewGuid().ToString("N");
}
