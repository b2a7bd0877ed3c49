namespace TimeBank.Accounts;

/// <summary>What an account is for.</summary>
public enum AccountKind
{
    Member,
    /// <summary>A community project.</summary>
    Project,
    /// <summary>A service provider.</summary>
    Provider,
    /// <summary>A common fund, such as a community chest.</summary>
    Pot,
    /// <summary>Where hours come from when nobody else pays; one a bank.</summary>
    Issuer,
    /// <summary>Minutes of a project set apart for a purpose; the project is its parent.</summary>
    Earmark,
    /// <summary>Kept for trade with other banks.</summary>
    Partner,
}

public enum AccountStatus
{
    Open,
    /// <summary>No new debit, credit or hold; what was held before can still be captured or released.</summary>
    Frozen,
    /// <summary>For good, with a balance of zero.</summary>
    Closed,
}
