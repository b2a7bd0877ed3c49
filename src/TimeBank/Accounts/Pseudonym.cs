namespace TimeBank.Accounts;

/// <summary>What an account is called whose name was erased.</summary>
public static class Pseudonym
{
    /// <summary>From the part of the id that is chance: the same wherever it stands, and nobody's initials.</summary>
    public static string Of(AccountId account) => $"Former member {account.Value.ToString("N")[19..25].ToUpperInvariant()}";
}
