using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Projects;

/// <summary>Whether help can be given in it.</summary>
public enum ActivityStage { Open, Ended }

/// <summary>Something that is done in a project, with what it takes to do it safely.</summary>
/// <param name="Project">The project's account.</param>
/// <param name="Requires">Kinds of credential without which nobody is credited for it, as codes.</param>
/// <param name="Text">Its name, the risk, the precautions, the insurance.</param>
/// <param name="EndedOn">Help that was given later does not count as given in it.</param>
public sealed record Activity(ThingId Id, AccountId Project, ImmutableArray<string> Requires, TextRef Text, DateOnly? EndedOn = null) : Thing(Id)
{
    public override Enum Stage => EndedOn is null ? ActivityStage.Open : ActivityStage.Ended;

    public override TextRef? Wording => Text;

    public override IEnumerable<AccountId> Parties => [Project];

    public static Activity After(ThingId id, Activity? before, ActivityEvent happened) => (before, happened) switch
    {
        (null, ActivityEvent.ActivityAdded e) => new Activity(id, e.Project, e.Requires, e.Text),
        ({ } a, ActivityEvent.ActivityRewritten e) => a with { Requires = e.Requires, Text = e.Text },
        ({ } a, ActivityEvent.ActivityEnded e) => a with { EndedOn = e.On },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to an activity that is not there."),
    };
}

/// <summary>What can happen to an activity. These names are stored: add, never rename.</summary>
public abstract record ActivityEvent : ThingEvent
{
    public sealed record ActivityAdded(AccountId Project, ImmutableArray<string> Requires, TextRef Text) : ActivityEvent;
    /// <summary>All stands as given.</summary>
    public sealed record ActivityRewritten(ImmutableArray<string> Requires, TextRef Text) : ActivityEvent;
    public sealed record ActivityEnded(DateOnly On) : ActivityEvent;

    public override StreamKind Kind => StreamKind.Activity;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            ActivityAdded e => e.Text,
            ActivityRewritten e => e.Text,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => Activity.After(id, (Activity?)before, this);
}
