using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Access;

/// <summary>What happened to rights, and what else the audit trail tells. These names are stored: add, never rename.</summary>
/// <remarks>One stream for each bank: its audit trail. Who did it stands in the headers of the event.</remarks>
public abstract record AccessEvent
{
    public sealed record RoleGranted(RightId Right, PersonId Person, Role Role, AccountId? Account, string? Neighbourhood) : AccessEvent;
    public sealed record RoleEnded(RightId Right, PersonId Person, Role Role) : AccessEvent;
    public sealed record KeyMade(
        RightId Key, TextRef? Name, ImmutableArray<Scope> Scopes, AccountId? Account, bool OfBank, DateTimeOffset? ExpiresAt, string Hash) : AccessEvent;
    /// <summary>A new secret; the former one opens the door until its grace ends.</summary>
    public sealed record KeyRotated(RightId Key, string Hash, DateTimeOffset FormerUntil) : AccessEvent;
    public sealed record KeyRevoked(RightId Key) : AccessEvent;
    public sealed record LinkMade(RightId Link, RightId Key, AccountId Account, Minutes? Most, DateTimeOffset? ExpiresAt) : AccessEvent;
    public sealed record LinkEnded(RightId Link, RightId Key, AccountId Account) : AccessEvent;
    /// <param name="Yes">How the member gave it.</param>
    public sealed record PermissionGiven(RightId Right, PersonId Deputy, AccountId Account, PermissionTerms Terms, Yes Yes) : AccessEvent;
    /// <summary>Minutes left the account by it, or were set aside.</summary>
    public sealed record PermissionUsed(RightId Right, AccountId Account, Minutes Minutes) : AccessEvent;
    public sealed record PermissionEnded(RightId Right, PersonId Deputy, AccountId Account) : AccessEvent;
    /// <summary>Something that changes no right but must be known.</summary>
    /// <param name="Subject">The person, account or thing that it was about.</param>
    public sealed record AccessNoted(Noted What, Guid? Subject) : AccessEvent;

    /// <summary>The right that it changes; null if none.</summary>
    public static RightId? RightOf(AccessEvent happened) => happened switch
    {
        RoleGranted e => e.Right,
        RoleEnded e => e.Right,
        KeyMade e => e.Key,
        KeyRotated e => e.Key,
        KeyRevoked e => e.Key,
        LinkMade e => e.Link,
        LinkEnded e => e.Link,
        PermissionGiven e => e.Right,
        PermissionUsed e => e.Right,
        PermissionEnded e => e.Right,
        _ => null,
    };

    /// <summary>The right after it.</summary>
    public static Right Evolve(Right? right, AccessEvent happened) => (right, happened) switch
    {
        (null or Grant, RoleGranted e) => new Grant(e.Right, e.Person, new Standing(e.Role, e.Account, e.Neighbourhood), true),
        (Grant r, RoleEnded) => r with { Active = false },
        (null, KeyMade e) => new Key(e.Key, e.Name?.Id, e.Scopes, e.Account, e.OfBank, e.ExpiresAt, [new KeyHalf(e.Hash, null)], true),
        (Key r, KeyRotated e) => r with { Halves = [new KeyHalf(e.Hash, null), r.Halves[0] with { Until = e.FormerUntil }] },
        (Key r, KeyRevoked) => r with { Active = false, Halves = [] },
        (null or Link, LinkMade e) => new Link(e.Link, e.Key, e.Account, e.Most, e.ExpiresAt, true),
        (Link r, LinkEnded) => r with { Active = false },
        (null or Permission, PermissionGiven e) => new Permission(e.Right, e.Deputy, e.Account, e.Terms, Minutes.Zero, e.Yes, true),
        (Permission r, PermissionUsed e) => r with { Used = r.Used + e.Minutes },
        (Permission r, PermissionEnded) => r with { Active = false },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a right that is not there or is another."),
    };
}

/// <summary>What the audit trail tells beside the changes of rights.</summary>
public enum Noted
{
    SignedIn,
    SignInFailed,
    LockedOut,
    PasswordChanged,
    SecondFactorChanged,
    PasskeyChanged,
    CodePrinted,
    InvitationMade,
    PersonExported,
    PersonErased,
    Exported,
    Imported,
    ReadAsAuditor,
    PolicyChanged,
    LimitsChanged,
    OverrideUsed,
    InvitationWithdrawn,
    BackedUp,
    Restored,
    Verified,
    Rebuilt,
    ImportChecked,
}
