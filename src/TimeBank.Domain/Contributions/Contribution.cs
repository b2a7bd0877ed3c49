using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Contributions;

/// <summary>Where a contribution stands.</summary>
public enum ContributionStage
{
    /// <summary>Waits for the other side.</summary>
    Logged,
    /// <summary>Confirmed, and waits for its hours: the person helped cannot go so far below zero.</summary>
    Waiting,
    /// <summary>Confirmed, and its hours moved, if any were wanted.</summary>
    Credited,
    Declined,
    Withdrawn,
    /// <summary>Questioned: an organiser settles it.</summary>
    Disputed,
    Settled,
}

/// <summary>As what somebody speaks about a contribution.</summary>
public enum Side { Helper, Helped, Project, Organiser, App, Time, Deputy, CounterSigner }

/// <summary>What the helper wants for the help.</summary>
public enum Wish
{
    Hours,
    /// <summary>No hours: it counts as given, and nothing moves.</summary>
    Nothing,
    /// <summary>The hours go on to somebody else at once.</summary>
    PassOn,
}

/// <summary>What is claimed: who helped whom, or which project, when and how long.</summary>
/// <param name="Helped">The person helped; they pay, unless a project does.</param>
/// <param name="Project">The project that was worked for; it pays, and what it lacks comes from the community.</param>
/// <param name="PassOnTo">Who gets the hours with <see cref="Wish.PassOn"/>.</param>
/// <param name="Activity">The activity of the project that it was; null: none in particular.</param>
/// <param name="From">When on that day it began, by the bank's clock; null: nobody said.</param>
public sealed record Claim(
    AccountId Helper, AccountId? Helped, AccountId? Project, Minutes Minutes, DateOnly Occurred, string? Category, TextRef? Text,
    Wish Wish = Wish.Hours, AccountId? PassOnTo = null, ThingId? Activity = null, TimeOnly? From = null);

/// <summary>Somebody's claim that time was given, until its hours moved or it is clear that they will not.</summary>
/// <param name="LoggedBy">The side that said it first.</param>
/// <param name="ConfirmsItself">From when on it counts as confirmed if nobody says otherwise; null: never.</param>
/// <param name="Confirmed">How the person helped said yes; null as long as they did not, and where a project pays.</param>
/// <param name="Posting">The posting that moved its hours.</param>
/// <param name="Credited">Minutes that moved, less what was taken back since.</param>
/// <param name="New">Those of them that came new from the community, because the project did not have them.</param>
/// <param name="CreditedOn">When they moved.</param>
/// <param name="Payer">Who paid in place of the person helped; null: nobody.</param>
/// <param name="Reason">Why it was declined, questioned or settled, as it was said last.</param>
/// <param name="Confirms">Who confirms it by the policy of the bank, in place of the other side; null: the other side.</param>
/// <param name="Wished">How the helper said what they want, where it is not hours.</param>
public sealed record Contribution(
    ThingId Id, Claim Claim, Side LoggedBy, DateTimeOffset? ConfirmsItself, ContributionStage Is = ContributionStage.Logged, Yes? Confirmed = null,
    PostingId? Posting = null, Minutes Credited = default, Minutes New = default, DateTimeOffset? CreditedOn = null, AccountId? Payer = null, TextRef? Reason = null,
    Side? Confirms = null, Yes? Wished = null) : Thing(Id)
{
    /// <summary>How long what was credited may be questioned.</summary>
    public static readonly TimeSpan Questionable = TimeSpan.FromDays(30);

    public override Enum Stage => Is;

    public override TextRef? Wording => Claim.Text;

    public override TextRef? Grounds => Reason;

    public override IEnumerable<AccountId> Parties =>
        ((AccountId?[])[Claim.Helper, Claim.Helped, Claim.Project, Claim.PassOnTo, Payer]).OfType<AccountId>().Distinct();

    public override DateTimeOffset? Due => Is == ContributionStage.Logged ? ConfirmsItself : null;

    /// <summary>Before its hours moved, or while it is questioned, nobody leaves whom it concerns.</summary>
    public override bool Binds(AccountId leaving) => Is is ContributionStage.Logged or ContributionStage.Waiting or ContributionStage.Disputed;

    public override PostingId? Made => Is is ContributionStage.Credited or ContributionStage.Disputed ? Posting : null;

    /// <summary>What it takes to be credited for the activity, and what a guardian agreed to.</summary>
    public override IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) => ContributionDecisions.ReadsFor(Claim.Activity, Claim.Project, Claim.Helper, Claim.Helped);

    /// <summary>Whose yes is missing: the other side's than that which logged it, or whose the bank wants.</summary>
    public Side Awaits => Confirms ?? OtherSide;

    /// <summary>The account of that side; null where an organiser or who countersigns confirms.</summary>
    public AccountId? AwaitedAccount => Awaits switch
    {
        Side.Helper => Claim.Helper,
        Side.Helped => Claim.Helped,
        Side.Project => Claim.Project,
        _ => null,
    };

    private Side OtherSide => LoggedBy is Side.Helped or Side.Project ? Side.Helper : PaidBy;

    /// <summary>The side that pays: a project, or else the person helped.</summary>
    public Side PaidBy => Claim.Project is null ? Side.Helped : Side.Project;

    /// <summary>Whether the other side seems to have logged the same help: by the same to the same, on the same day or the next. How long it took, they may remember differently.</summary>
    public bool SeemsToBe(Contribution other) => Is == ContributionStage.Logged && other.Is == ContributionStage.Logged && LoggedBy != other.LoggedBy
        && (Claim.Helper, Claim.Helped, Claim.Project) == (other.Claim.Helper, other.Claim.Helped, other.Claim.Project)
        && Math.Abs(Claim.Occurred.DayNumber - other.Claim.Occurred.DayNumber) <= 1;

    public static Contribution After(ThingId id, Contribution? before, ContributionEvent happened) => (before, happened) switch
    {
        (null, ContributionEvent.ContributionLogged e) => new Contribution(id, e.Claim, e.By, e.ConfirmsItself, Confirms: e.Confirms, Wished: e.Wished),
        ({ } c, ContributionEvent.ContributionCorrected e) => c with { Claim = e.Claim, ConfirmsItself = e.ConfirmsItself },
        ({ } c, ContributionEvent.ContributionWished e) => c with { Claim = c.Claim with { Wish = e.Wish, PassOnTo = e.PassOnTo }, Wished = e.Yes },
        ({ } c, ContributionEvent.ContributionKeptOpen) => c with { ConfirmsItself = null },
        ({ } c, ContributionEvent.ContributionConfirmed e) => c with { Is = ContributionStage.Waiting, Confirmed = e.Yes },
        ({ } c, ContributionEvent.ContributionCredited e) => c with
        {
            Is = c.Is == ContributionStage.Settled ? ContributionStage.Settled : ContributionStage.Credited,
            Posting = e.Posting, Credited = e.Minutes, New = e.New, CreditedOn = e.On, Payer = e.Payer,
        },
        ({ } c, ContributionEvent.ContributionDeclined e) => c with { Is = ContributionStage.Declined, Reason = e.Reason },
        ({ } c, ContributionEvent.ContributionWithdrawn) => c with { Is = ContributionStage.Withdrawn },
        ({ } c, ContributionEvent.ContributionDisputed e) => c with { Is = ContributionStage.Disputed, Reason = e.Reason },
        ({ } c, ContributionEvent.ContributionSettled e) => c with
        {
            Is = ContributionStage.Settled, Claim = c.Claim with { Minutes = e.Minutes }, Confirmed = e.Yes ?? c.Confirmed, Reason = e.Reason,
            Credited = c.Credited - TakenBack(c, e.Minutes),
            // What came new from the community goes back there first.
            New = c.New - new Minutes(Math.Min(c.New.Value, TakenBack(c, e.Minutes).Value)),
        },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a contribution that is not there."),
    };

    /// <summary>What goes back of the minutes that moved, if it comes to so many.</summary>
    private static Minutes TakenBack(Contribution c, Minutes settled) => c.Credited > settled ? c.Credited - settled : Minutes.Zero;
}

/// <summary>What can happen to a contribution. These names are stored: add, never rename.</summary>
public abstract record ContributionEvent : ThingEvent
{
    /// <param name="Confirms">Who confirms it by the policy of the bank, in place of the other side.</param>
    /// <param name="Wished">How the helper said what they want, where it is not hours.</param>
    public sealed record ContributionLogged(Claim Claim, Side By, DateTimeOffset? ConfirmsItself, Side? Confirms = null, Yes? Wished = null) : ContributionEvent;
    /// <summary>Before it was confirmed, by the side that logged it.</summary>
    public sealed record ContributionCorrected(Claim Claim, Side By, DateTimeOffset? ConfirmsItself) : ContributionEvent;
    /// <summary>The helper wants something else for it, before its hours moved.</summary>
    public sealed record ContributionWished(Wish Wish, AccountId? PassOnTo, Yes Yes) : ContributionEvent;
    /// <summary>The person helped lets silence count no more: it waits for their word.</summary>
    public sealed record ContributionKeptOpen : ContributionEvent;
    /// <param name="Yes">How the person helped said yes, where they pay.</param>
    public sealed record ContributionConfirmed(Side By, Yes? Yes) : ContributionEvent;
    /// <summary>Its hours moved. Zero minutes and no posting: none were wanted.</summary>
    /// <param name="New">Minutes of it that came new from the community.</param>
    public sealed record ContributionCredited(PostingId? Posting, Minutes Minutes, Minutes New, DateTimeOffset On, AccountId? Payer) : ContributionEvent;
    public sealed record ContributionDeclined(Side By, TextRef? Reason) : ContributionEvent;
    public sealed record ContributionWithdrawn(Side By) : ContributionEvent;
    public sealed record ContributionDisputed(Side By, TextRef? Reason) : ContributionEvent;
    /// <param name="Minutes">What it comes to; zero: nothing.</param>
    public sealed record ContributionSettled(Minutes Minutes, Yes? Yes, TextRef Reason) : ContributionEvent;

    public override StreamKind Kind => StreamKind.Contribution;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            ContributionLogged e => e.Claim.Text,
            ContributionCorrected e => e.Claim.Text,
            ContributionDeclined e => e.Reason,
            ContributionDisputed e => e.Reason,
            ContributionSettled e => e.Reason,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => Contribution.After(id, (Contribution?)before, this);
}
