using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>Kinds of caller whom a route lets in.</summary>
[Flags]
public enum Who
{
    None = 0,
    /// <summary>Also who did not sign in.</summary>
    Anybody = 1,
    /// <summary>Any person who signed in.</summary>
    SignedIn = 2,
    Operator = 4,
    Organiser = 8,
    NeighbourhoodCoordinator = 16,
    SafeguardingLead = 32,
    Coordinator = 64,
    Staff = 128,
    Member = 256,
    Auditor = 512,
    CounterSigner = 1024,
    /// <summary>Those who act for an account.</summary>
    Holders = Coordinator | Staff | Member,
    Organisers = Organiser | NeighbourhoodCoordinator,
    /// <summary>Everybody with a standing in the bank.</summary>
    OfBank = Organisers | SafeguardingLead | Holders | Auditor | CounterSigner,
}

/// <summary>Whom a route lets in. Which of the bank's accounts they then may see or move is asked of each account.</summary>
/// <param name="Scope">What a partner app's key must have; null: no key opens this door.</param>
public sealed record Requirement(Who Who, Scope? Scope = null);
