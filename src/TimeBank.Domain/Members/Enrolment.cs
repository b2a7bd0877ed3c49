using TimeBank.Accounts;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Members;

/// <summary>To which version of the bank's agreement somebody agreed, and when.</summary>
public sealed record Agreement(string Version, DateOnly On);

/// <summary>Somebody who is new here, as a list of members or a sign-in sheet tells of them.</summary>
/// <param name="Number">By which they are known; null: none.</param>
/// <param name="Age">What is said of their age.</param>
/// <param name="Agreed">If they agreed to what the bank asks of its members: then they are one at once.</param>
public sealed record Newcomer(TextRef Name, string? Neighbourhood, string? Number, Approach How, Profile Profile, TextRef? Text, Agreement? Agreed, Age Age = default);

/// <summary>Account, number and membership of somebody new, all together or not at all, by an organiser.</summary>
public static class Enrolment
{
    /// <summary>So many strangers' applications may wait in one bank. Who fills a bank with names that nobody has comes no further than that.</summary>
    public const int MostStrangers = 200;

    /// <summary>A stranger applies by the open page: by nobody's word, so that the account is frozen until an organiser admits them.
    /// A bank that takes no strangers is to them as if it were not there.</summary>
    /// <param name="waiting">Strangers who wait already, as counted a moment before: of those who come at the same moment all are let in.</param>
    public static Decision<Member> Ask(Draft draft, AccountId id, Newcomer stranger, int waiting)
    {
        if (draft.Bank is null || !draft.Policy.IsOpenToStrangers())
            return RefusalCode.BankUnknown;
        if (waiting >= MostStrangers)
            return new Refusal(RefusalCode.ApplicationsFull, new Figure("most", MostStrangers));
        draft.Record(id, new AccountEvent.AccountOpened(AccountKind.Member, null, stranger.Name, null, null, stranger.Neighbourhood));
        draft.Record(id, new AccountEvent.AccountFrozen(null));
        stranger.Age.MarkUnknown(draft, id);
        return draft.Begin<Member>(Member.IdOf(id), new MemberEvent.MemberApplied(id, Approach.Page, stranger.Profile, stranger.Text, draft.Now, true));
    }

    public static Decision<Member> Enrol(Draft draft, AccountId id, Newcomer newcomer)
    {
        if (AccountDecisions.Open(draft, id, AccountKind.Member, null, newcomer.Name, null, null, newcomer.Neighbourhood).Refusal is { } notOpened)
            return notOpened;
        if (newcomer.Number is { } number && AccountNumber.Give(draft, id, number).Refusal is { } taken)
            return taken;
        // Nobody but who may open the account gets here, and nobody can have applied with it, or marked its holder as under 18, before.
        var member = draft.Begin<Member>(Member.IdOf(id), new MemberEvent.MemberApplied(id, newcomer.How, newcomer.Profile, newcomer.Text, draft.Now));
        var isYoung = newcomer.Age.MarkUnknown(draft, id);
        if (newcomer.Agreed is not { } agreed)
            return member;
        var step = MemberDecisions.TakeStep(draft, id, JoiningStep.Agreed, agreed.On, agreed.Version);
        // Who is under 18 is a member once a guardian has agreed, too.
        return step.Refusal is not null || isYoung ? step : MemberDecisions.Welcome(draft, step.Answer!);
    }
}
