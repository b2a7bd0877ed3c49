using Npgsql;
using NpgsqlTypes;
using TimeBank.Accounts;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>What an account has, at a moment.</summary>
public sealed record BalanceRow(Minutes Balance, Minutes Held);

/// <summary>An account with its name.</summary>
public sealed record NamedAccount(Account Account, string? Name, Minutes DeadHolds);

public sealed record KindTotal(AccountKind Kind, long Accounts, Minutes Balance);

/// <summary>Queries over accounts: fresh from the database. Whether a hold has died by now, the caller's clock says, not the database's.</summary>
public sealed class AccountQueries(Database database)
{
    private const int Name = 1 + AccountsTable.Width;

    private readonly AskedTogether<BalanceQuestion, BalanceAnswer?> _balances = new(questions => BalancesAsync(database, questions), _ => 1);

    private static string Select(string now) => $"""
        select a.bank, {AccountsTable.Columns}, t.body ->> 'name',
          case when e.data ? 'openHolds' then {AsOf.DeadHolds("a.bank", "a.id", now)} else 0 end
        from timebank.accounts a {AccountsTable.LastEvent} left join timebank.texts t on t.bank = a.bank and t.id = a.name_text
        """;

    public async Task<NamedAccount?> FindAsync(BankId bank, AccountId id, DateTimeOffset now, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select("$3")} where a.bank = $1 and a.id = $2")
            .Value(bank.Value).Value(id.Value).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz), Read, cancel))
        .SingleOrDefault();

    /// <summary>In the order in which they were opened; of one kind, along the index of kinds.</summary>
    public Task<List<NamedAccount>> ListAsync(
        BankId bank, AccountKind? kind, AccountStatus? status, string? text, string? number, Guid after, int limit, DateTimeOffset now, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {Select("$7")}
            where a.bank = $1 and a.id > $2
              and {(kind is null ? "$3::text is null" : "a.kind = $3")} and ($4::text is null or a.status = $4)
              and {OfName(text, number)}
              and ($8::uuid is null or a.id = (select (n.state ->> 'account')::uuid from timebank.things n where n.bank = $1 and n.id = $8 and n.stage = 'inUse'))
            order by {(text is null || number is not null ? "a.id" : "a.id::text")} limit $6
            """)
            .Value(bank.Value).Value(after)
            .Value(kind?.Word(), NpgsqlDbType.Text).Value(status?.Word(), NpgsqlDbType.Text)
            .Value(text, NpgsqlDbType.Text).Value(limit).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(number is null ? null : AccountNumber.IdOf(number).Value, NpgsqlDbType.Uuid), Read, cancel);

    /// <summary>By the index of names, whose few are put in order as texts, lest the planner go through all accounts in theirs; whose number is known is one, whose name is looked at.</summary>
    private static string OfName(string? text, string? number) =>
        text is null ? "$5::text is null"
        : number is null ? "a.id = any (array(select timebank.accounts_named($1, $5, $3, $4, $2, $6)))"
        : "strpos(t.letters, timebank.name_letters($5)) > 0";

    /// <summary>What it has now, or had at an earlier moment; null if there is no such account.</summary>
    public async Task<BalanceRow?> BalanceAsync(BankId bank, AccountId id, DateTimeOffset? at, DateTimeOffset now, CancellationToken cancel)
    {
        if (await _balances.AskAsync(new BalanceQuestion(bank, id, at, now), cancel) is not { } answer)
            return null;
        EventCodec.ThrowIfUnknown(answer.LastEvent);
        return answer.Balance;
    }

    /// <summary>Of those of the accounts that are coordinated in one: see <see cref="Account.CoordinatedIn"/>.</summary>
    public async Task<Dictionary<AccountId, string>> NeighbourhoodsAsync(BankId bank, IReadOnlyCollection<AccountId> ids, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            "select id, neighbourhood from timebank.accounts where bank = $1 and id = any ($2) and neighbourhood is not null and kind in ('member', 'project', 'earmark')")
            .Value(bank.Value).Uuids([.. ids.Select(id => id.Value)]), row => (Id: new AccountId(row.GetGuid(0)), Name: row.GetString(1)), cancel))
        .ToDictionary(a => a.Id, a => a.Name);

    /// <summary>Names of those of the accounts that have one.</summary>
    public async Task<Dictionary<AccountId, string>> NamesAsync(BankId bank, IReadOnlyCollection<AccountId> ids, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select u.id, t.body ->> 'name' from unnest($2) u (id)
            cross join lateral (select a.name_text from timebank.accounts a where a.bank = $1 and a.id = u.id limit 1) a
            cross join lateral (select x.body from timebank.texts x where x.bank = $1 and x.id = a.name_text limit 1) t
            """).Value(bank.Value).Uuids([.. ids.Select(id => id.Value).Distinct()]), row => (Id: new AccountId(row.GetGuid(0)), Name: row.TextOrNull(1)), cancel))
        .Where(a => a.Name is not null).ToDictionary(a => a.Id, a => a.Name!);

    /// <summary>Null if there is no such account.</summary>
    public async Task<AccountKind?> KindAsync(BankId bank, AccountId id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select kind from timebank.accounts where bank = $1 and id = $2").Value(bank.Value).Value(id.Value),
            row => (AccountKind?)Words.Parse<AccountKind>(row.GetString(0)), cancel)).SingleOrDefault();

    /// <summary>Who takes what a closing member leaves: whom the policy names, else the pot that was opened first; null if there is none.</summary>
    public async Task<AccountId?> RestToAsync(BankId bank, BankQueries banks, CancellationToken cancel) =>
        (await banks.FindAsync(bank, cancel))?.Policy.RestTo ?? (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            "select id from timebank.accounts where bank = $1 and kind = 'pot' and status = 'open' order by id limit 1").Value(bank.Value),
            row => new AccountId(row.GetGuid(0)), cancel)).Select(id => (AccountId?)id).SingleOrDefault();

    /// <summary>Every kind with what its accounts, opened by then, have together; the sum over all is zero.</summary>
    public Task<List<KindTotal>> TrialBalanceAsync(BankId bank, DateTimeOffset? at, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, at is { } moment
            ? new NpgsqlBatchCommand($"""
                select a.kind, count(*), coalesce(sum((e.data ->> 'balance')::bigint), 0)::bigint
                from timebank.accounts a {AsOf.LastEvent("a.bank", "a.id", "$2")}
                where a.bank = $1 and a.id < $3 group by a.kind
                """).Value(bank.Value).Value(moment.UtcDateTime, NpgsqlDbType.TimestampTz).Value(AsOf.EndOfIds(moment))
            : new NpgsqlBatchCommand($"""
                select a.kind, count(*), coalesce(sum((e.data ->> 'balance')::bigint), 0)::bigint
                from timebank.accounts a {AccountsTable.LastEvent} where a.bank = $1 group by a.kind
                """).Value(bank.Value),
            row => new KindTotal(Words.Parse<AccountKind>(row.GetString(0)), row.GetInt64(1), new Minutes(row.GetInt64(2))), cancel);

    public static string EscapeLike(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static NamedAccount Read(NpgsqlDataReader row) =>
        new(AccountsTable.Read(row, 1), row.TextOrNull(Name), new Minutes(row.GetInt64(Name + 1)));

    /// <summary>Now is without end for the passbook, whose last event may be dated a little ahead of a clock that was set back.</summary>
    private static async Task<IReadOnlyList<BalanceAnswer?>> BalancesAsync(Database database, IReadOnlyList<BalanceQuestion> questions)
    {
        var answers = new BalanceAnswer?[questions.Count];
        var rows = await Rows.ReadAsync(database, BankScope.Of(questions.Select(q => q.Bank)), new NpgsqlBatchCommand($"""
            select q.ordinal, coalesce((e.data ->> 'balance')::bigint, 0),
              coalesce((e.data ->> 'balance')::bigint - (e.data ->> 'available')::bigint, 0)
                - case when e.data ? 'openHolds' then {AsOf.DeadHolds("q.bank", "q.account", "q.at")} else 0 end,
              e.type
            from unnest($1, $2, $3, $4) with ordinality q (bank, account, up_to, at, ordinal)
            cross join lateral (select id from timebank.accounts where bank = q.bank and id = q.account limit 1) a
            {AsOf.LastEvent("q.bank", "q.account", "q.up_to")}
            """)
            .Texts([.. questions.Select(q => q.Bank.Value)]).Uuids([.. questions.Select(q => q.Account.Value)])
            .Instants([.. questions.Select(q => (q.At ?? DateTimeOffset.MaxValue).UtcDateTime)])
            .Instants([.. questions.Select(q => (q.At ?? q.Now).UtcDateTime)]),
            row => (Question: row.GetInt64(0) - 1,
                Answer: new BalanceAnswer(new BalanceRow(new Minutes(row.GetInt64(1)), new Minutes(row.GetInt64(2))), row.TextOrNull(3))), CancellationToken.None);
        foreach (var (question, answer) in rows)
            answers[question] = answer;
        return answers;
    }

    private sealed record BalanceQuestion(BankId Bank, AccountId Account, DateTimeOffset? At, DateTimeOffset Now);

    /// <param name="Balance">What it says.</param>
    /// <param name="LastEvent">The type of the event that says so; null if nothing has happened yet.</param>
    private sealed record BalanceAnswer(BalanceRow Balance, string? LastEvent);
}
