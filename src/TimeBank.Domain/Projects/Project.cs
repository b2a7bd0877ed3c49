using System.Diagnostics;
using TimeBank.Texts;

namespace TimeBank.Projects;

/// <summary>Where a project stands.</summary>
public enum ProjectStage { Planned, Running, Ended }

/// <summary>What a project is, in dates and codes.</summary>
/// <param name="From">When it begins; null: not said.</param>
/// <param name="CoProduction">Null: nobody said yet.</param>
/// <param name="NamesActivity">Whether help is credited only in one of its activities, so that none passes the credentials that they require; null: no.</param>
public sealed record ProjectTerms(DateOnly? From, DateOnly? Until, CoProduction? CoProduction, bool? NamesActivity = null);

/// <summary>What a project is for, beside its account. Who coordinates it are those who stand for the account.</summary>
/// <param name="Text">Its purpose, and what it needs.</param>
public sealed record Project(ThingId Id, AccountId Account, ProjectTerms Terms, TextRef? Text, ProjectStage Is = ProjectStage.Planned) : Thing(Id)
{
    /// <summary>The account's id with 5 in place of 7 as its UUID version: an account is one project's.</summary>
    public static ThingId IdOf(AccountId account) => new(Uuid.WithVersion(account.Value, 5));

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override IEnumerable<AccountId> Parties => [Account];

    public static Project After(ThingId id, Project? before, ProjectEvent happened) => (before, happened) switch
    {
        (null, ProjectEvent.ProjectDescribed e) => new Project(id, e.Account, e.Terms, e.Text, e.Is),
        ({ } p, ProjectEvent.ProjectRewritten e) => p with { Terms = e.Terms, Text = e.Text },
        ({ } p, ProjectEvent.ProjectStarted) => p with { Is = ProjectStage.Running },
        ({ } p, ProjectEvent.ProjectEnded) => p with { Is = ProjectStage.Ended },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a project that is not there."),
    };
}

/// <summary>What can happen to a project. These names are stored: add, never rename.</summary>
public abstract record ProjectEvent : ThingEvent
{
    /// <param name="Is">Planned, or running at once.</param>
    public sealed record ProjectDescribed(AccountId Account, ProjectTerms Terms, TextRef? Text, ProjectStage Is) : ProjectEvent;
    /// <summary>All stands as given.</summary>
    public sealed record ProjectRewritten(ProjectTerms Terms, TextRef? Text) : ProjectEvent;
    public sealed record ProjectStarted : ProjectEvent;
    public sealed record ProjectEnded : ProjectEvent;

    public override StreamKind Kind => StreamKind.Project;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            ProjectDescribed e => e.Text,
            ProjectRewritten e => e.Text,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => Project.After(id, (Project?)before, this);
}
