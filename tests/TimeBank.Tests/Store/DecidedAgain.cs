using Npgsql;
using Shouldly;
using System.Net;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Tests.Store;

/// <summary>What a command's decision reads, rules of its accounts aside.</summary>
internal sealed record Wants(Guid[] Accounts, HoldId? Hold, PostingId? Posting)
{
    public static Wants Of(IEnumerable<Guid> accounts) => new([.. accounts], null, null);
}

/// <summary>A command, when it was said, and what was answered.</summary>
/// <param name="Posting">The posting that the answer names; null if it names none.</param>
/// <param name="Decide">Gives a refusal or an answer.</param>
internal sealed record Told(
    string Said, Answer Answer, DateTimeOffset Sent, DateTimeOffset Received, Wants Wants, Guid? Posting, Func<Draft, object> Decide, Guid? InPath);

/// <summary>A bank's events as they were committed, and the decisions made again on them, one by one.</summary>
internal sealed class DecidedAgain
{
    private sealed record Stored(Guid Stream, long Version, string Type, string Body, Guid Posting, DateTimeOffset Posted, object Happened);

    /// <summary>From when a batch is posted to when its successor reads what it wrote.</summary>
    private static readonly TimeSpan s_committing = TimeSpan.FromMilliseconds(200);

    private readonly BankId _id;
    private readonly List<List<Stored>> _postings;
    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<HoldId, Hold> _holds = [];
    private readonly Dictionary<RuleRef, Rule> _rules = [];
    private readonly Dictionary<PostingId, Dictionary<TransferId, Transfer>> _transfers = [];
    private Bank? _bank;

    private DecidedAgain(BankId id, List<List<Stored>> postings) => (_id, _postings) = (id, postings);

    public int Postings => _postings.Count;

    public IEnumerable<Account> Accounts => _accounts.Values;

    public static async Task<DecidedAgain> ReadAsync(BankId bank)
    {
        await using var connection = new NpgsqlConnection(RunningServer.Store.OwnerConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            select e.stream_id, e.version, e.type, e.data::text, e.correlation_id::uuid, j.posted
            from timebank.journal j join timebank.mt_events e on e.tenant_id = j.bank and e.seq_id between j.first_seq and j.last_seq
            where j.bank = $1 order by j.number, e.seq_id
            """, connection) { Parameters = { new() { Value = bank.Value } } };
        var events = new List<Stored>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            var (type, body) = (row.GetString(2), row.GetString(3));
            events.Add(new Stored(row.GetGuid(0), row.GetInt64(1), type, body, row.GetGuid(4), row.GetFieldValue<DateTimeOffset>(5), EventCodec.Decode(type, System.Text.Encoding.UTF8.GetBytes(body))));
        }
        var postings = new List<List<Stored>>();
        foreach (var e in events)
        {
            if (postings.Count == 0 || postings[^1][0].Posting != e.Posting)
                postings.Add([]);
            postings[^1].Add(e);
        }
        postings.Select(p => p[0].Posting).ShouldBeUnique();
        return new DecidedAgain(bank, postings);
    }

    /// <summary>Every answer, against the decision made again at its place.</summary>
    public void Check(IReadOnlyList<Told> told)
    {
        var byPosting = told.Where(t => t.Posting is not null).ToDictionary(t => t.Posting!.Value);
        var unplaced = told.Where(t => t.Posting is null && t.Answer.Status != HttpStatusCode.ServiceUnavailable).ToHashSet();
        var seen = new HashSet<Guid>();
        for (var i = 0; i < _postings.Count; i++)
        {
            var posting = _postings[i];
            var (id, now) = (posting[0].Posting, posting[0].Posted);
            var next = i + 1 < _postings.Count ? _postings[i + 1][0].Posted + s_committing : DateTimeOffset.MaxValue;
            if (byPosting.TryGetValue(id, out var command))
            {
                seen.Add(id);
                Redo(command, posting).ShouldBeTrue($"{command.Said} → {command.Answer.Text}");
            }
            else if (unplaced.FirstOrDefault(t => t.Answer.Status == HttpStatusCode.OK && t.Received >= now && Redo(t, posting)) is { } silent)
            {
                // A command whose answer names no posting is the one that makes just these events.
                unplaced.Remove(silent);
            }
            else
            {
                Fold(posting);
            }
            unplaced.RemoveWhere(t => t.Received >= now && t.Sent <= next && IsTrueHere(t, now));
        }
        seen.Count.ShouldBe(byPosting.Count, "An acknowledged posting is not in the journal.");
        unplaced.Select(t => $"{t.Said} → {t.Answer.Text}").ShouldBeEmpty();
    }

    /// <summary>Decides once more; true if that gives the very events that are stored, which then count.</summary>
    private bool Redo(Told told, List<Stored> posting)
    {
        var draft = Decide(told, new PostingId(posting[0].Posting), posting[0].Posted, out var decided);
        if (!IsAsTold(told, decided) || draft.Events.Count != posting.Count)
            return false;
        foreach (var (made, stored) in draft.Events.Zip(posting))
        {
            if (made.Stream != stored.Stream || made.Version != stored.Version || EventCodec.TypeOf(made.Happened) != stored.Type || !Equals(Plain(made.Happened), Plain(stored.Happened)))
                return false;
        }
        Take(draft);
        return true;
    }

    /// <summary>Words are kept elsewhere, under an id of their own each time: here it counts whether there are any.</summary>
    private static string Plain(object happened) => System.Text.Encoding.UTF8.GetString(EventCodec.Encode(
        happened is PassbookEvent.HoursMoved { Text: not null } moved ? moved with { Text = Mistake } : happened));

    /// <summary>Why something was taken back.</summary>
    public static readonly TextRef Mistake = new(new TextId(Guid.Empty), "");

    /// <summary>A refusal, or a "nothing to do", that the decision says here too, word by word.</summary>
    private bool IsTrueHere(Told told, DateTimeOffset now)
    {
        var draft = Decide(told, default, now, out var decided);
        return decided is Refusal refusal
            ? Problems.Outcome(refusal, told.InPath).Body == told.Answer.Text
            : IsAsTold(told, decided) && draft.Events.Count == 0;
    }

    private static bool IsAsTold(Told told, object decided) => decided switch
    {
        Refusal => false,
        Account account => told.Answer.Status == HttpStatusCode.OK && (long)told.Answer["version"] == account.SettingsVersion,
        _ => told.Answer.Status is HttpStatusCode.OK or HttpStatusCode.Created,
    };

    private Draft Decide(Told told, PostingId posting, DateTimeOffset now, out object decided)
    {
        var ledger = new Ledger(_id, _bank, now, DateOnly.FromDateTime(now.UtcDateTime));
        foreach (var account in told.Wants.Accounts)
            ledger.Load(new AccountId(account), null);
        foreach (var account in _accounts.Values)
            ledger.Load(account.Id, account);
        if (told.Wants.Hold is { } hold)
            ledger.Load(hold, _holds.GetValueOrDefault(hold));
        if (told.Wants.Posting is { } earlier)
            ledger.Load(earlier, _transfers.TryGetValue(earlier, out var legs) ? legs.Values : []);
        foreach (var rule in _rules.Values)
            ledger.Load(rule);
        var draft = new Draft(ledger, posting, Authority.Everything);
        decided = told.Decide(draft);
        return draft;
    }

    private void Take(Draft draft)
    {
        _bank = draft.Bank;
        foreach (var account in draft.ChangedAccounts)
            _accounts[account.Id] = account;
        foreach (var hold in draft.ChangedHolds)
            _holds[hold.Id] = hold;
        foreach (var rule in draft.ChangedRules)
            _rules[rule.Ref] = rule;
        foreach (var transfer in draft.ChangedTransfers)
        {
            if (!_transfers.TryGetValue(transfer.Id.Posting, out var legs))
                _transfers[transfer.Id.Posting] = legs = [];
            legs[transfer.Id] = transfer;
        }
    }

    /// <summary>What was there before the callers began, the bank and its accounts, and that they signed in. Everything else must be a command of theirs.</summary>
    private void Fold(List<Stored> posting)
    {
        foreach (var e in posting)
        {
            switch (e.Happened)
            {
                case BankEvent.BankOpened opened:
                    _bank = Bank.Evolve(_id, e.Stream, _bank, opened);
                    break;
                case AccessEvent.RoleGranted or AccessEvent.AccessNoted { What: Noted.SignedIn or Noted.LimitsChanged }:
                    _bank = _bank!.After((AccessEvent)e.Happened);
                    break;
                case AccountEvent.AccountOpened opened:
                    var id = AccountId.OfSettings(e.Stream);
                    _accounts[id] = Account.Evolve(id, null, opened);
                    break;
                // The worker that looks for questions of fair play asked one.
                case FairPlay.QuestionEvent.QuestionRaised:
                    break;
                default:
                    Assert.Fail($"Nobody was told of {e.Type} {e.Body} in posting {e.Posting}.");
                    break;
            }
        }
    }
}
