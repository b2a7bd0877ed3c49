using System.Collections.Immutable;
using TimeBank.Texts;

namespace TimeBank.Access;

/// <summary>A person who can sign in. Who it is stands with the logins, not in the ledger.</summary>
public readonly record struct PersonId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>A right that was given in a bank: a person's standing, a partner app's key, a member's link to an app or permission to a person.</summary>
public readonly record struct RightId(Guid Value)
{
    /// <summary>The same standing of the same person is the same right, however often it is given.</summary>
    public static RightId OfStanding(PersonId person, Standing standing) =>
        Named($"standing\0{person}\0{standing.Role}\0{standing.Account}\0{standing.Neighbourhood}");

    /// <summary>A member has one link to an app for each account.</summary>
    public static RightId OfLink(RightId app, AccountId account) => Named($"link\0{app}\0{account}");

    /// <summary>A person has one permission for each account.</summary>
    public static RightId OfPermission(PersonId deputy, AccountId account) => Named($"permission\0{deputy}\0{account}");

    /// <summary>An app of an identity provider outside is the same app, whichever token it brings.</summary>
    public static RightId OfOutsideApp(string issuer, string client) => Named($"{issuer}\0{client}");

    public override string ToString() => Value.ToString();

    private static RightId Named(string name) => new(Uuid.Named(name));
}

/// <summary>What a person may be in a bank.</summary>
public enum Role
{
    /// <summary>Everything in the bank, concerns about persons aside.</summary>
    Organiser,
    /// <summary>As an organiser, for the members and projects of one neighbourhood.</summary>
    NeighbourhoodCoordinator,
    /// <summary>Reads concerns about persons, which nobody else does. Never an organiser of the same bank.</summary>
    SafeguardingLead,
    /// <summary>Acts for one project's account, or one pot's.</summary>
    Coordinator,
    /// <summary>Acts for one provider's account.</summary>
    Staff,
    /// <summary>Acts for an account of his own.</summary>
    Member,
    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,
    /// <summary>Confirms and settles hours that those who organise may not, because they are their own or their household's.</summary>
    CounterSigner,
}

/// <summary>What a partner app's key lets it do.</summary>
public enum Scope
{
    /// <summary>See accounts, balances and statements.</summary>
    AccountsRead,
    /// <summary>Open accounts and change their settings.</summary>
    AccountsWrite,
    /// <summary>See transfers, postings and holds.</summary>
    TransfersRead,
    /// <summary>Make transfers, postings and holds.</summary>
    TransfersWrite,
    /// <summary>Log contributions.</summary>
    ContributionsWrite,
    /// <summary>Redeem hours at a provider.</summary>
    RedemptionsWrite,
    /// <summary>See rules.</summary>
    RulesRead,
    /// <summary>See totals of the whole bank.</summary>
    ReportsRead,
}

/// <summary>A role with its place: an account for coordinators, staff and members; a neighbourhood for its coordinator; else nothing.</summary>
public sealed record Standing(Role Role, AccountId? Account = null, string? Neighbourhood = null);

/// <summary>One of a key's two secrets while it is being rotated: what is stored of it, and until when it opens the door.</summary>
/// <param name="Hash">SHA-256 of a secret of 256 random bits, in base64url: too much chance to need salt or slowness.</param>
/// <param name="Until">Null: as long as the key.</param>
public sealed record KeyHalf(string Hash, DateTimeOffset? Until);

/// <summary>A right as the decisions see it.</summary>
/// <param name="Active">Whether it still counts; a right that ended is kept to be seen.</param>
public abstract record Right(RightId Id, bool Active)
{
    /// <summary>Whose right it is: a person's, or the app's own.</summary>
    public abstract Guid Holder { get; }

    /// <summary>The account that it is about; null: none, or the whole bank.</summary>
    public abstract AccountId? Account { get; }
}

/// <summary>A person's standing in the bank.</summary>
public sealed record Grant(RightId Id, PersonId Person, Standing Standing, bool Active) : Right(Id, Active)
{
    public override Guid Holder => Person.Value;
    public override AccountId? Account => Standing.Account;
}

/// <summary>A partner app's key. Its id names the app: it stays the same when the secret is changed.</summary>
/// <param name="OfBank">Made for the bank's own systems: it may debit persons without an act of theirs.</param>
/// <param name="For">The one account that the app acts for; null: the bank.</param>
/// <param name="Halves">The newest secret first; two while the former one has its grace.</param>
public sealed record Key(
    RightId Id, TextId? Name, ImmutableArray<Scope> Scopes, AccountId? For, bool OfBank, DateTimeOffset? ExpiresAt,
    ImmutableArray<KeyHalf> Halves, bool Active) : Right(Id, Active)
{
    public override Guid Holder => Id.Value;
    public override AccountId? Account => For;

    public bool IsValid(DateTimeOffset now) => Active && !(ExpiresAt <= now);
}

/// <summary>A member's own yes to an app: it may debit that account, up to so many minutes at a time.</summary>
/// <param name="Most">Minutes of one transfer; null: no limit of its own.</param>
public sealed record Link(RightId Id, RightId App, AccountId Of, Minutes? Most, DateTimeOffset? ExpiresAt, bool Active) : Right(Id, Active)
{
    public override Guid Holder => App.Value;
    public override AccountId? Account => Of;

    public bool IsValid(DateTimeOffset now) => Active && !(ExpiresAt <= now);
}
