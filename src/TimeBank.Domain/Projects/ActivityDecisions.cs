using System.Collections.Immutable;
using TimeBank.Credentials;
using TimeBank.Texts;

namespace TimeBank.Projects;

/// <summary>Decisions about the activities of a project, by who coordinates or organises it; and whether somebody may be credited for one.</summary>
public static class ActivityDecisions
{
    public static Decision<Activity> Add(Draft draft, ThingId id, AccountId project, ImmutableArray<string> requires, TextRef text)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesActingFor(draft, project) is { } notPermitted)
            return notPermitted;
        if (ProjectDecisions.RefusesAccount(draft, project) is { } wrong)
            return wrong;
        return draft.Begin<Activity>(id, new ActivityEvent.ActivityAdded(project, requires, text));
    }

    /// <summary>All of it anew, by who has read what it says now. Help that was credited before stays so.</summary>
    public static Decision<Activity> Rewrite(Draft draft, ThingId id, ImmutableArray<string> requires, TextRef text, long expectedVersion)
    {
        if (Find(draft, id, out var refusal) is not { } activity)
            return refusal!;
        if (activity.Version != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", activity.Version));
        return activity.EndedOn is null ? draft.Record(activity, new ActivityEvent.ActivityRewritten(requires, text)) : Past(activity);
    }

    /// <summary>From tomorrow on nothing more is given in it; what was given until today can still be written down.</summary>
    public static Decision<Activity> End(Draft draft, ThingId id)
    {
        if (Find(draft, id, out var refusal) is not { } activity)
            return refusal!;
        return activity.EndedOn is null ? draft.Record(activity, new ActivityEvent.ActivityEnded(draft.Today)) : activity;
    }

    /// <summary>Help is given in an activity of the project that it is given to.</summary>
    /// <param name="activity">Null: none was named.</param>
    public static Refusal? RefusesUnknown(Draft draft, ThingId? activity, AccountId? project) =>
        activity is { } named && draft.Find<Activity>(named)?.Project != project ? Unknown(named) : null;

    /// <summary>Where the project wants an activity named, help in none of them is not credited.</summary>
    public static Refusal? RefusesUnnamed(Draft draft, ThingId? activity, AccountId? project) =>
        activity is null && project is { } of && draft.Find<Project>(Project.IdOf(of)) is { Terms.NamesActivity: true }
            ? Refusal.Of(RefusalCode.ActivityNeeded, of, new Figure("field", "activity"))
            : null;

    /// <summary>Until the day on which the activity ended.</summary>
    public static Refusal? RefusesDate(Draft draft, ThingId? activity, DateOnly occurred) =>
        activity is { } named && draft.Find<Activity>(named) is { } found && occurred > found.EndedOn ? Past(found) : null;

    /// <summary>Nobody is credited for an activity without the credentials that it requires, each in force on the day of the help.</summary>
    /// <remarks>The refusal names the first credential that lacks, and whose it is.</remarks>
    public static Refusal? RefusesHelper(Draft draft, ThingId? activity, AccountId helper, DateOnly occurred)
    {
        if (activity is not { } named || draft.Find<Activity>(named) is not { Requires.IsEmpty: false } found)
            return null;
        var held = draft.Find<MemberCredentials>(MemberCredentials.IdOf(helper));
        var lacks = found.Requires.FirstOrDefault(kind => held?.IsInForce(kind, occurred) != true);
        return lacks is null ? null : Refusal.Of(RefusalCode.CredentialNeeded, helper, new Figure("credential", lacks), new Figure("activity", named.Value), new Figure("occurred", occurred));
    }

    /// <summary>What these ask of the store.</summary>
    public static IEnumerable<ThingId> Read(ThingId? activity, AccountId? project, params IEnumerable<AccountId> helpers) =>
        activity is { } named ? [named, .. helpers.Select(MemberCredentials.IdOf)] : project is { } of ? [Project.IdOf(of)] : [];

    private static Activity? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<Activity>(id) : null;
        refusal ??= found is null ? Unknown(id) : draft.Authority.RefusesActingFor(draft, found.Project);
        return refusal is null ? found : null;
    }

    private static Refusal Unknown(ThingId id) => new(RefusalCode.ActivityUnknown, new Figure("activity", id.Value));

    private static Refusal Past(Activity activity) => new(RefusalCode.ActivityPast, new Figure("activity", activity.Id.Value), new Figure("endedOn", activity.EndedOn!.Value));
}
