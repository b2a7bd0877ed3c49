using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Members;

/// <summary>Decisions about memberships. What somebody says of themselves, and that they pause or leave, is their own matter and that of who organises
/// their account; the way in is the organiser's.</summary>
public static class MemberDecisions
{
    /// <summary>Whom the safeguarding lead paused offers nothing, agrees to nothing and comes to nothing until the lead lets them return. Nobody is told more than that they pause.</summary>
    public static Refusal? RefusesKept(Draft draft, params IEnumerable<AccountId> accounts)
    {
        foreach (var account in accounts)
        {
            if (draft.Find<Member>(Member.IdOf(account)) is { Kept: true, Is: MemberStage.Paused } kept)
                return Refusal.Of(RefusalCode.MemberPast, account, new Figure("stage", kept.Is));
        }
        return null;
    }

    /// <summary>Somebody asks to join, or is asked to. Who was asked and asks now has applied; who has left begins anew.</summary>
    /// <param name="age">What they say of their age.</param>
    public static Decision<Member> Apply(Draft draft, AccountId id, Approach how, Profile profile, TextRef? text, Age age = default)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        var notTheirs = how == Approach.Invited ? draft.Authority.RefusesOrganising(draft, id) : draft.Authority.RefusesActingFor(draft, id);
        if (notTheirs is not null)
            return notTheirs;
        var member = draft.Find<Member>(Member.IdOf(id));
        if (member is not null && member.Is != MemberStage.Left && (member.Is != MemberStage.Invited || how == Approach.Invited))
            return Past(member);
        if (RefusesSkills(draft, profile) is { } uncategorised)
            return uncategorised;
        if (AccountDecisions.RefusesAs(draft, id, "account", AccountKind.Member) is { } wrong)
            return wrong;
        age.MarkIfYoung(draft, id);
        var applied = new MemberEvent.MemberApplied(id, how, profile, text, draft.Now);
        return member is null ? draft.Begin<Member>(Member.IdOf(id), applied) : draft.Record(member, applied);
    }

    /// <summary>All that they say of themselves, by who has read what it says now.</summary>
    public static Decision<Member> Rewrite(Draft draft, AccountId id, Profile profile, TextRef? text, long expectedVersion, Age age = default)
    {
        if (Find(draft, id, organising: false, out var refusal) is not { } member)
            return refusal!;
        if (member.Edition != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", member.Edition));
        if (member.Is == MemberStage.Left)
            return Past(member);
        if (RefusesSkills(draft, profile) is { } uncategorised)
            return uncategorised;
        age.MarkIfYoung(draft, id);
        return draft.Record(member, new MemberEvent.ProfileRewritten(profile, text));
    }

    /// <summary>An organiser writes down what was done on the way in; also afterwards, since the first help is proposed to members. Once more: it is corrected.</summary>
    /// <param name="version">Of the agreement, and only of that.</param>
    public static Decision<Member> TakeStep(Draft draft, AccountId id, JoiningStep step, DateOnly on, string? version)
    {
        if (Find(draft, id, organising: true, out var refusal) is not { } member)
            return refusal!;
        if (member.Is is MemberStage.Left or MemberStage.Paused)
            return Past(member);
        if (step == JoiningStep.Agreed && version is null)
            return new Refusal(RefusalCode.AgreementNeeded, new Figure("field", "version"));
        if (on > draft.Today)
            return new Refusal(RefusalCode.OccurredInFuture, new Figure("occurred", on), new Figure("today", draft.Today));
        var taken = new StepTaken(on, version);
        return member.Joining.GetValueOrDefault(step) == taken ? member : draft.Record(member, new MemberEvent.JoiningStepTaken(step, taken, draft.Now));
    }

    /// <summary>Help is proposed to them: of the first time it is written down, so that they wait no longer.</summary>
    internal static void ProposeFirst(Draft draft, AccountId id)
    {
        if (draft.Find<Member>(Member.IdOf(id)) is { Is: not MemberStage.Left } member && !member.Joining.ContainsKey(JoiningStep.FirstHelpProposed))
            draft.Record(member, new MemberEvent.JoiningStepTaken(JoiningStep.FirstHelpProposed, new StepTaken(draft.Today, null), draft.Now, Aside: true));
    }

    /// <summary>They are a member, once they have agreed to what the bank asks of its members, and their guardian if they are under 18.
    /// They are given welcome hours, if the bank's policy says so.</summary>
    public static Decision<Member> Admit(Draft draft, AccountId id)
    {
        if (Find(draft, id, organising: true, out var refusal) is not { } member)
            return refusal!;
        if (member.Is == MemberStage.Active)
            return member;
        if (!member.IsJoining)
            return Past(member);
        if (!member.Joining.ContainsKey(JoiningStep.Agreed))
            return new Refusal(RefusalCode.AgreementNeeded, new Figure("field", "step"));
        return Youth.RefusesJoining(draft, id) is { } noGuardian ? noGuardian : Welcome(draft, member);
    }

    /// <summary>Nobody stays outside because the hours cannot be taken: then an organiser gives them later. Who comes back was given them before.</summary>
    internal static Member Welcome(Draft draft, Member member)
    {
        var admitted = draft.Record(member, new MemberEvent.MemberAdmitted());
        if (member.Stranger == true && draft.Find(member.Account)!.Status == AccountStatus.Frozen)
            draft.Record(member.Account, new AccountEvent.AccountUnfrozen(null));
        if (draft.Policy.WelcomeHours is not { } hours || hours == Minutes.Zero || member.Joining.ContainsKey(JoiningStep.WelcomeHoursGiven)
            || draft.Find(member.Account)!.RefusesToReceive(hours, draft.Policy) is not null)
            return admitted;
        Posting.WithRules(draft, [draft.Move(TransferKind.Grant, draft.Bank!.Issuer, member.Account, hours, draft.Today, cause: member.Id)], cannotFail: true);
        return draft.Record(admitted, new MemberEvent.JoiningStepTaken(JoiningStep.WelcomeHoursGiven, new StepTaken(draft.Today, null), draft.Now));
    }

    /// <summary>The safeguarding lead pauses at once and gives no reason: then nobody but the lead lets them return.</summary>
    public static Decision<Member> Pause(Draft draft, AccountId id) => IsLead(draft, id)
        ? Keep(draft, id)
        : Move(draft, id, MemberStage.Active, MemberStage.Paused, new MemberEvent.MemberPaused());

    public static Decision<Member> Return(Draft draft, AccountId id)
    {
        if (Find(draft, id, organising: false, out _, lead: true) is { Kept: true } && !draft.Authority.Safeguards)
            return Refusal.Of(RefusalCode.NotPermitted, id);
        return Move(draft, id, MemberStage.Paused, MemberStage.Active, new MemberEvent.MemberReturned());
    }

    /// <summary>From anywhere on the way: the membership's half of leaving, of which <see cref="Departure"/> is the whole.</summary>
    public static Decision<Member> Leave(Draft draft, AccountId id)
    {
        if (Find(draft, id, organising: false, out var refusal) is not { } member)
            return refusal!;
        return member.Is == MemberStage.Left ? member : draft.Record(member, new MemberEvent.MemberLeft());
    }

    /// <summary>The first skill of which the bank knows nothing.</summary>
    private static Refusal? RefusesSkills(Draft draft, Profile profile) => profile.Skills.Select(draft.Policy.RefusesCategory).FirstOrDefault(r => r is not null);

    private static Decision<Member> Keep(Draft draft, AccountId id)
    {
        if (Find(draft, id, organising: false, out var refusal, lead: true) is not { } member)
            return refusal!;
        if (member is { Is: MemberStage.Paused, Kept: true })
            return member;
        return member.Is is MemberStage.Active or MemberStage.Paused ? draft.Record(member, new MemberEvent.MemberKept()) : Past(member);
    }

    /// <summary>Of an account of their own the lead speaks as anybody does.</summary>
    private static bool IsLead(Draft draft, AccountId id) => draft.Authority.Safeguards && !draft.Authority.Accounts.Contains(id);

    private static Decision<Member> Move(Draft draft, AccountId id, MemberStage from, MemberStage to, MemberEvent moved)
    {
        if (Find(draft, id, organising: false, out var refusal, lead: true) is not { } member)
            return refusal!;
        if (member.Is == to)
            return member;
        return member.Is == from ? draft.Record(member, moved) : Past(member);
    }

    /// <param name="lead">It is also the safeguarding lead's to do.</param>
    internal static Member? Find(Draft draft, AccountId id, bool organising, out Refusal? refusal, bool lead = false)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        if (refusal is not null)
            return null;
        var found = draft.Find<Member>(Member.IdOf(id));
        refusal = found is null ? Refusal.Of(RefusalCode.MemberUnknown, id)
            : lead && draft.Authority.Safeguards ? null
            : organising ? draft.Authority.RefusesOrganising(draft, id)
            : draft.Authority.RefusesActingFor(draft, id);
        return refusal is null ? found : null;
    }

    private static Refusal Past(Member member) => Refusal.Of(RefusalCode.MemberPast, member.Account, new Figure("stage", member.Is));
}
