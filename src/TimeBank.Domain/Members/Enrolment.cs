using TimeBank.Accounts;
using TimeBank.Texts;

namespace TimeBank.Members;

/// <summary>To which version of the bank's agreement somebody agreed, and when.</summary>
public sealed record Agreement(string Version, DateOnly On);

/// <summary>Somebody who is new here, as a list of members or a sign-in sheet tells of them.</summary>
/// <param name="Number">By which they are known; null: none.</param>
/// <param name="Agreed">If they agreed to what the bank asks of its members: then they are one at once.</param>
public sealed record Newcomer(TextRef Name, string? Neighbourhood, string? Number, Approach How, Profile Profile, TextRef? Text, Agreement? Agreed);

/// <summary>Account, number and membership of somebody new, all together or not at all, by an organiser.</summary>
public static class Enrolment
{
    public static Decision<Member> Enrol(Draft draft, AccountId id, Newcomer newcomer)
    {
        if (AccountDecisions.Open(draft, id, AccountKind.Member, null, newcomer.Name, null, null, newcomer.Neighbourhood).Refusal is { } notOpened)
            return notOpened;
        if (newcomer.Number is { } number && AccountNumber.Give(draft, id, number).Refusal is { } taken)
            return taken;
        // Nobody but who may open the account gets here, and nobody can have applied with it, or marked its holder as under 18, before.
        var member = draft.Begin<Member>(Member.IdOf(id), new MemberEvent.MemberApplied(id, newcomer.How, newcomer.Profile, newcomer.Text, draft.Now));
        if (newcomer.Agreed is not { } agreed)
            return member;
        var step = MemberDecisions.TakeStep(draft, id, JoiningStep.Agreed, agreed.On, agreed.Version);
        return step.Refusal is not null ? step : MemberDecisions.Welcome(draft, step.Answer!);
    }
}
