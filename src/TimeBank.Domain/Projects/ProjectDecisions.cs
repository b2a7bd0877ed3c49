using TimeBank.Accounts;
using TimeBank.Texts;

namespace TimeBank.Projects;

/// <summary>Decisions about projects. They are the matter of who coordinates the project, and of who organises its account; everybody in the bank reads them.</summary>
public static class ProjectDecisions
{
    /// <summary>Says what a project's account is for. It runs at once, unless its first day is ahead. A project is described once, and then rewritten.</summary>
    public static Decision<Project> Describe(Draft draft, AccountId account, ProjectTerms terms, TextRef? text)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesActingFor(draft, account) is { } notPermitted)
            return notPermitted;
        if (draft.Find<Project>(Project.IdOf(account)) is { } there)
            return Past(there);
        if (RefusesAccount(draft, account) is { } wrong)
            return wrong;
        var stage = terms.From > draft.Today ? ProjectStage.Planned : ProjectStage.Running;
        return draft.Begin<Project>(Project.IdOf(account), new ProjectEvent.ProjectDescribed(account, terms, text, stage));
    }

    /// <summary>All of it anew, until it has ended, by who has read what it says now.</summary>
    public static Decision<Project> Rewrite(Draft draft, AccountId account, ProjectTerms terms, TextRef? text, long expectedVersion)
    {
        if (Find(draft, account, out var refusal) is not { } project)
            return refusal!;
        if (project.Version != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", project.Version));
        return project.Is == ProjectStage.Ended ? Past(project) : draft.Record(project, new ProjectEvent.ProjectRewritten(terms, text));
    }

    /// <summary>It runs, whatever its first day was to be.</summary>
    public static Decision<Project> Start(Draft draft, AccountId account)
    {
        if (Find(draft, account, out var refusal) is not { } project)
            return refusal!;
        return project.Is switch
        {
            ProjectStage.Running => project,
            ProjectStage.Planned => draft.Record(project, new ProjectEvent.ProjectStarted()),
            _ => Past(project),
        };
    }

    /// <summary>For good. Help that was given in it can still be written down, and its account stays open until it is closed by itself.</summary>
    public static Decision<Project> End(Draft draft, AccountId account)
    {
        if (Find(draft, account, out var refusal) is not { } project)
            return refusal!;
        return project.Is == ProjectStage.Ended ? project : draft.Record(project, new ProjectEvent.ProjectEnded());
    }

    /// <summary>Only the account of a project, as long as it is open, is one's to say something of.</summary>
    internal static Refusal? RefusesAccount(Draft draft, AccountId id) =>
        AccountDecisions.RefusesAs(draft, id, "project", AccountKind.Project);

    private static Project? Find(Draft draft, AccountId account, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<Project>(Project.IdOf(account)) : null;
        refusal ??= found is null ? Refusal.Of(RefusalCode.ProjectUnknown, account) : draft.Authority.RefusesActingFor(draft, account);
        return refusal is null ? found : null;
    }

    private static Refusal Past(Project project) => new(RefusalCode.ProjectPast, new Figure("project", project.Account.Value), new Figure("stage", project.Is));
}
