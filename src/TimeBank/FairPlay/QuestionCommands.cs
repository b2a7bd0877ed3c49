using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.FairPlay;

/// <summary>The only door to questions of fair play: for organisers who answer them, and for the worker that notices them.</summary>
public sealed class QuestionCommands(Journal journal, FairPlayQueries queries, BankQueries banks, TimeProvider clock)
{
    /// <summary>Batches of the journal that are looked through at once, and in one query.</summary>
    private const int MostBatches = 10_000, BatchesInOne = 50;

    /// <summary>Members who are looked at in one query.</summary>
    private const int MembersInOne = 10;

    /// <summary>A thirtieth of the time: questions can wait, members who do something now cannot.</summary>
    private readonly Pace _pace = new(restsForWork: 29);

    public Task<Outcome> PutAsideAsync(BankId bank, ThingId id, AnswerQuestionRequest request, Said said)
    {
        var note = new TextBody { Reason = request.Note }.Keep()!.Value;
        return journal.SubmitAsync(
            bank, said, new Needs { Things = [id] }, draft => QuestionDecisions.PutAside(draft, id, note.Ref),
            question => Answers.Made(200, QuestionAnswer.Of(question), question), said.Claim($"{bank}/questions/{id}/answer", request), [note.Row]);
    }

    /// <summary>Looks through the next part of a bank's journal and asks what there is to ask. Said twice, or by two servers, it asks nothing twice.</summary>
    public async Task LookAsync(BankWithNews news, CancellationToken cancel)
    {
        if (await banks.FindAsync(news.Bank, cancel) is not { } bank)
            return;
        var upTo = Math.Min(news.Head, news.Seen + MostBatches);
        var (facts, touched) = (new List<Facts>(), new HashSet<AccountId>());
        for (var seen = news.Seen; seen < upTo; seen += BatchesInOne)
        {
            var (from, to) = (seen, Math.Min(upTo, seen + BatchesInOne));
            facts.AddRange(await _pace.DoAsync(() => queries.SharesKeptAsync(bank.Id, from, to, cancel), cancel));
            touched.UnionWith(await _pace.DoAsync(() => queries.TouchedAsync(bank.Id, from, to, cancel), cancel));
        }
        foreach (var members in touched.Chunk(MembersInOne))
            facts.AddRange(await _pace.DoAsync(() => AskAsync(bank, members, cancel), cancel));
        var outcomes = new List<Outcome>();
        foreach (var some in facts.DistinctBy(f => f.QuestionId()).Chunk(MembersInOne))
        {
            var asked = await queries.AskedAsync(bank.Id, [.. some.Select(f => f.QuestionId())], cancel);
            outcomes.AddRange(await _pace.DoAsync(() => Task.WhenAll(some.Where(f => !asked.Contains(f.QuestionId())).Select(f => RaiseAsync(bank.Id, f))), cancel));
        }
        // What the journal could not take now is noticed again.
        if (outcomes.All(o => o.Failure == JournalFailure.None))
            await queries.SawAsync(bank.Id, upTo, cancel);
    }

    private async Task<IReadOnlyList<Facts>> AskAsync(Banks.Bank bank, IReadOnlyList<AccountId> touched, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var since = now.AddDays(-Conduct.Days);
        var today = BankCalendar.Date(bank.Policy.TimeZone, now);
        var at = BankCalendar.Of(bank.Policy.TimeZone);
        var conducts = (await queries.ConductsAsync(bank.Id, at, touched, since, cancel)).ToDictionary(c => c.Account);
        var partners = conducts.Values.Select(c => c.OnlyPartner).OfType<AccountId>().Where(p => !conducts.ContainsKey(p)).Distinct().ToList();
        var others = (await queries.ConductsAsync(bank.Id, at, partners, since, cancel)).ToDictionary(c => c.Account);
        return [.. conducts.Values.SelectMany(c => c.Questions(today, bank.Policy.CoordinatorMark ?? Banks.BankPolicy.DefaultCoordinatorMark,
            other => conducts.GetValueOrDefault(other) ?? others.GetValueOrDefault(other)))];
    }

    private Task<Outcome> RaiseAsync(BankId bank, Facts facts) => journal.SubmitAsync(
        bank, Said.Worker, new Needs { Things = [facts.QuestionId()] }, draft => QuestionDecisions.Raise(draft, facts), question => new Outcome(200, "", question));
}
