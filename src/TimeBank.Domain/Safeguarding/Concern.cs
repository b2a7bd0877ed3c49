namespace TimeBank.Safeguarding;

/// <summary>Where a concern stands.</summary>
public enum ConcernStage { Raised, LookedInto, Closed }

/// <summary>The way a concern came.</summary>
public enum ConcernWay { Page, Telephone, Paper }

/// <summary>Somebody's worry about a person or a visit, for the safeguarding lead alone. No event tells of it and no export holds it: it is a row that goes.</summary>
/// <param name="Account">The account of the person whom it is about; null: it is about a visit alone.</param>
/// <param name="Visit">The session, booking or other meeting that it is about.</param>
/// <param name="By">Who raised it, or wrote down who did: a person.</param>
public sealed record Concern(
    Guid Id, AccountId? Account, ThingId? Visit, ConcernWay Way, DateTimeOffset Raised, Guid By, ConcernStage Is = ConcernStage.Raised, DateTimeOffset? Closed = null)
{
    /// <summary>The lead has begun. Twice changes nothing.</summary>
    public Decision<Concern> LookInto() => Is switch
    {
        ConcernStage.Raised => this with { Is = ConcernStage.LookedInto },
        ConcernStage.LookedInto => this,
        _ => Past(),
    };

    /// <summary>What the lead saw, heard and did. Who writes of it looks into it.</summary>
    public Decision<Concern> Note() => LookInto();

    /// <summary>It was looked after. Closing twice keeps the first time.</summary>
    public Decision<Concern> Close(DateTimeOffset now) => Is == ConcernStage.Closed ? this : this with { Is = ConcernStage.Closed, Closed = now };

    private Refusal Past() => new(RefusalCode.ConcernPast, new Figure("concern", Id), new Figure("stage", Is));
}
