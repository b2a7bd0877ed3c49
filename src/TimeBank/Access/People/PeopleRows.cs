namespace TimeBank.Access;

/// <summary>Somebody is to come in with a standing: whoever brings the code.</summary>
public sealed class Invitation
{
    public Guid Id { get; set; }
    public required string Bank { get; set; }
    public required byte[] CodeHash { get; set; }

    /// <summary>Of the code that only the letter says: who brings it has read the letter, and so has that address.</summary>
    public byte[]? MailedHash { get; set; }

    public required string Name { get; set; }
    public string? Email { get; set; }
    public Role Role { get; set; }
    public Guid? Account { get; set; }
    public string? Neighbourhood { get; set; }
    public DateTimeOffset Made { get; set; }
    public DateTimeOffset Expires { get; set; }
    public Guid MadeBy { get; set; }
    public Door MadeThrough { get; set; }
    public Guid? AcceptedBy { get; set; }

    public BankId BankId => new(Bank);
    public Standing Standing => new(Role, Account is { } account ? new AccountId(account) : null, Neighbourhood);
}

/// <summary>A one-time code for a new password. Without a bank it was made at the command line.</summary>
public sealed class PasswordCode
{
    public required byte[] Hash { get; set; }
    public Guid Person { get; set; }
    public string? Bank { get; set; }
    public bool EndsSecondFactor { get; set; }
    public DateTimeOffset Expires { get; set; }
}

/// <summary>A code on paper that stands in for the authenticator app, once.</summary>
public sealed class RecoveryCode
{
    public Guid Person { get; set; }
    public required byte[] Hash { get; set; }
}

/// <summary>A session that was signed out before its time.</summary>
public sealed class EndedSession
{
    public Guid Person { get; set; }
    public Guid Session { get; set; }
    public DateTimeOffset Until { get; set; }
}

/// <summary>What a passkey was asked and has answered.</summary>
public sealed class UsedPasskeyState
{
    public required byte[] Hash { get; set; }
    public DateTimeOffset Until { get; set; }
}

/// <summary>A key with which cookies and tokens are sealed.</summary>
public sealed class ProtectionKey
{
    public Guid Id { get; set; }
    public required string Name { get; set; }
    public required string Xml { get; set; }
}
