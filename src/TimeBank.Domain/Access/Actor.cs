namespace TimeBank.Access;

/// <summary>Through which door somebody came.</summary>
public enum Door
{
    /// <summary>A person, by a page.</summary>
    Page,
    /// <summary>A person, by an app that holds a short-lived token of theirs.</summary>
    App,
    /// <summary>A partner app, by its key.</summary>
    Key,
    /// <summary>A partner app, by a token of another identity provider.</summary>
    Outside,
    /// <summary>The command line of the machine.</summary>
    CommandLine,
    /// <summary>Nobody: something fell due.</summary>
    Worker,
}

/// <summary>Who did it, through which door, and on whose behalf. Stands in the headers of what they caused.</summary>
/// <param name="By">The person or the app; null for the command line and the workers.</param>
/// <param name="For">The account that they acted for; null: themselves, or the bank.</param>
public sealed record Actor(Door Door, Guid? By, AccountId? For = null)
{
    public static readonly Actor CommandLine = new(Door.CommandLine, null);
    public static readonly Actor Worker = new(Door.Worker, null);
}
