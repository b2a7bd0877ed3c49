using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Access;

namespace TimeBank.Credentials;

/// <summary>Whether somebody has credentials that were not revoked.</summary>
public enum CredentialsStage { Held, NoneLeft }

/// <summary>That somebody saw a paper of a member's: which kind, when, who, and how long it counts. What stands in it is never kept.</summary>
/// <param name="Kind">A code, such as background-check.</param>
/// <param name="SeenBy">Null: whoever stood at the machine itself.</param>
/// <param name="Until">The last day on which it counts; null: it does not end.</param>
/// <param name="RevokedOn">From this day on it counts no more; null: it was not revoked.</param>
public sealed record Credential(ThingId Id, string Kind, DateOnly SeenOn, PersonId? SeenBy, DateOnly? Until, DateOnly? RevokedOn = null)
{
    public bool IsInForce(DateOnly on) => SeenOn <= on && !(Until < on) && !(RevokedOn <= on);
}

/// <summary>All credentials of one member, oldest first.</summary>
public sealed record MemberCredentials(ThingId Id, AccountId Account, ImmutableArray<Credential> Credentials) : Thing(Id)
{
    /// <summary>A member has one list of them.</summary>
    public static ThingId IdOf(AccountId account) => new(Uuid.Named($"credentials\0{account}"));

    public const int Most = 100;

    public override Enum Stage => Credentials.Any(c => c.RevokedOn is null) ? CredentialsStage.Held : CredentialsStage.NoneLeft;

    public override IEnumerable<AccountId> Parties => [Account];

    /// <summary>When the first of those that count ends, that no other of its kind outlasts.</summary>
    public override DateTimeOffset? Due => FirstToEnd()?.Until is { } last ? new DateTimeOffset(last, TimeOnly.MinValue, TimeSpan.Zero) : null;

    /// <summary>The first of those that count to end, that no other of its kind outlasts; null: none ends.</summary>
    public Credential? FirstToEnd() => EndingBy(DateOnly.MaxValue).MinBy(c => c.Until);

    /// <summary>The longest of each kind, if it ends by that day.</summary>
    public IEnumerable<Credential> EndingBy(DateOnly day) => Longest().Where(c => c.Until <= day);

    /// <summary>Of each kind that was not revoked the one that counts the longest.</summary>
    public IEnumerable<Credential> Longest() => Credentials.Where(c => c.RevokedOn is null).GroupBy(c => c.Kind).Select(kind => kind.MaxBy(c => c.Until ?? DateOnly.MaxValue)!);

    public bool IsInForce(string kind, DateOnly on) => Credentials.Any(c => c.Kind == kind && c.IsInForce(on));

    public static MemberCredentials After(ThingId id, MemberCredentials? before, CredentialEvent happened) => (before, happened) switch
    {
        (_, CredentialEvent.CredentialRecorded e) => before is null
            ? new MemberCredentials(id, e.Account, [e.Credential])
            : before with { Credentials = before.Credentials.Add(e.Credential) },
        ({ } m, CredentialEvent.CredentialRevoked e) => m with { Credentials = [.. m.Credentials.Select(c => c.Id == e.Credential ? c with { RevokedOn = e.On } : c)] },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to credentials that are not there."),
    };
}

/// <summary>What can happen to credentials. These names are stored: add, never rename.</summary>
public abstract record CredentialEvent : ThingEvent
{
    public sealed record CredentialRecorded(AccountId Account, Credential Credential) : CredentialEvent;
    public sealed record CredentialRevoked(ThingId Credential, DateOnly On) : CredentialEvent;

    public override StreamKind Kind => StreamKind.Credentials;

    public override Thing After(ThingId id, Thing? before) => MemberCredentials.After(id, (MemberCredentials?)before, this);
}
