using TimeBank.Access;
using TimeBank.Texts;

namespace TimeBank.FairPlay;

/// <summary>Decisions about questions of fair play.</summary>
public static class QuestionDecisions
{
    /// <summary>Facts are asked about once: what was put aside does not come again, unless the facts are others.</summary>
    public static Decision<Question> Raise(Draft draft, Facts facts)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesBank() is { } notPermitted)
            return notPermitted;
        return draft.Find<Question>(facts.QuestionId()) ?? draft.Begin<Question>(facts.QuestionId(), new QuestionEvent.QuestionRaised(facts));
    }

    /// <summary>An organiser notes what came of it. Nobody answers a question about themselves or their household: another organiser does.</summary>
    public static Decision<Question> PutAside(Draft draft, ThingId id, TextRef note)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Find<Question>(id) is not { } question || !question.Parties.Any(a => draft.Authority.RefusesOrganising(draft, a) is null))
            return new Refusal(RefusalCode.QuestionUnknown, new Figure("question", id.Value));
        foreach (var account in question.Parties)
        {
            if (draft.Authority.Accounts.Contains(account) || draft.Authority.IsOfHousehold(account))
                return Refusal.Of(RefusalCode.OwnHours, account);
        }
        return question.Is == QuestionStage.PutAside ? question : draft.Record(question, new QuestionEvent.QuestionPutAside(note));
    }
}
