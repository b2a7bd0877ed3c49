using TimeBank.Accounts;
using TimeBank.Texts;

namespace TimeBank.Members;

/// <summary>Decisions about memberships. What somebody says of themselves, and that they pause or leave, is their own matter and that of who organises
/// their account; the way in is the organiser's.</summary>
public static class MemberDecisions
{
    /// <summary>Somebody asks to join, or is asked to. Who was asked and asks now has applied; who has left begins anew.</summary>
    public static Decision<Member> Apply(Draft draft, AccountId id, Approach how, Profile profile, TextRef? text)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        var notTheirs = how == Approach.Invited ? draft.Authority.RefusesOrganising(draft, id) : draft.Authority.RefusesActingFor(draft, id);
        if (notTheirs is not null)
            return notTheirs;
        var member = draft.Find<Member>(Member.IdOf(id));
        if (member is not null && member.Is != MemberStage.Left && (member.Is != MemberStage.Invited || how == Approach.Invited))
            return Past(member);
        if (draft.Find(id) is not { } account)
            return Refusal.Of(RefusalCode.AccountUnknown, id);
        if (account.Kind != AccountKind.Member)
            return new Refusal(RefusalCode.WrongKindOfAccount, new Figure("field", "account"), new Figure("accountKind", account.Kind));
        if (account.Status == AccountStatus.Closed)
            return Refusal.Of(RefusalCode.AccountClosed, id);
        var applied = new MemberEvent.MemberApplied(id, how, profile, text, draft.Now);
        return member is null ? draft.Begin<Member>(Member.IdOf(id), applied) : draft.Record(member, applied);
    }

    /// <summary>All that they say of themselves, by who has read what it says now.</summary>
    public static Decision<Member> Rewrite(Draft draft, AccountId id, Profile profile, TextRef? text, long expectedVersion)
    {
        if (Find(draft, id, organising: false, out var refusal) is not { } member)
            return refusal!;
        if (member.Version != expectedVersion)
            return new Refusal(RefusalCode.VersionMismatch, new Figure("version", member.Version));
        return member.Is == MemberStage.Left ? Past(member) : draft.Record(member, new MemberEvent.ProfileRewritten(profile, text));
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

    /// <summary>They are a member, once they have agreed to what the bank asks of its members.</summary>
    public static Decision<Member> Admit(Draft draft, AccountId id)
    {
        if (Find(draft, id, organising: true, out var refusal) is not { } member)
            return refusal!;
        if (member.Is == MemberStage.Active)
            return member;
        if (!member.IsJoining)
            return Past(member);
        return member.Joining.ContainsKey(JoiningStep.Agreed)
            ? draft.Record(member, new MemberEvent.MemberAdmitted())
            : new Refusal(RefusalCode.AgreementNeeded, new Figure("field", "step"));
    }

    public static Decision<Member> Pause(Draft draft, AccountId id) => Move(draft, id, MemberStage.Active, MemberStage.Paused, new MemberEvent.MemberPaused());

    public static Decision<Member> Return(Draft draft, AccountId id) => Move(draft, id, MemberStage.Paused, MemberStage.Active, new MemberEvent.MemberReturned());

    /// <summary>From anywhere on the way: the membership's half of leaving, of which <see cref="Departure"/> is the whole.</summary>
    public static Decision<Member> Leave(Draft draft, AccountId id)
    {
        if (Find(draft, id, organising: false, out var refusal) is not { } member)
            return refusal!;
        return member.Is == MemberStage.Left ? member : draft.Record(member, new MemberEvent.MemberLeft());
    }

    private static Decision<Member> Move(Draft draft, AccountId id, MemberStage from, MemberStage to, MemberEvent moved)
    {
        if (Find(draft, id, organising: false, out var refusal) is not { } member)
            return refusal!;
        if (member.Is == to)
            return member;
        return member.Is == from ? draft.Record(member, moved) : Past(member);
    }

    internal static Member? Find(Draft draft, AccountId id, bool organising, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        if (refusal is not null)
            return null;
        var found = draft.Find<Member>(Member.IdOf(id));
        refusal = found is null ? Refusal.Of(RefusalCode.MemberUnknown, id)
            : organising ? draft.Authority.RefusesOrganising(draft, id)
            : draft.Authority.RefusesActingFor(draft, id);
        return refusal is null ? found : null;
    }

    private static Refusal Past(Member member) => Refusal.Of(RefusalCode.MemberPast, member.Account, new Figure("stage", member.Is));
}
