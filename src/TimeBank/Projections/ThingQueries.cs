using Npgsql;
using NpgsqlTypes;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>A thing with the texts that it names: what it is about, and why something was said of it last.</summary>
public sealed record ThingRow<TThing>(TThing Thing, TextBody? Text, TextBody? Reason) where TThing : Thing;

/// <summary>Queries over things of one kind.</summary>
public sealed class ThingQueries(Database database)
{
    /// <summary>A thing with its two texts; conditions over things as t follow.</summary>
    internal const string Select = """
        select t.kind, t.state, x.body, y.body
        from timebank.things t
        left join timebank.texts x on x.bank = t.bank and x.id = t.text
        left join timebank.texts y on y.bank = t.bank and y.id = t.reason
        """;

    public async Task<ThingRow<TThing>?> FindAsync<TThing>(BankId bank, ThingId id, CancellationToken cancel) where TThing : Thing =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where t.bank = $1 and t.id = $2 and t.kind = $3")
            .Value(bank.Value).Value(id.Value).Value(ThingsTable.KindOf<TThing>()), Read<TThing>, cancel)).SingleOrDefault();

    /// <summary>Accounts that a thing of whatever kind concerns; none if there is no such thing.</summary>
    public Task<List<AccountId>> PartiesAsync(BankId bank, ThingId id, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select account from timebank.thing_parties where bank = $1 and id = $2")
            .Value(bank.Value).Value(id.Value), row => new AccountId(row.GetGuid(0)), cancel);

    /// <summary>In the order in which they were made.</summary>
    /// <param name="account">Only those that concern it; null: all.</param>
    public Task<List<ThingRow<TThing>>> ListAsync<TThing>(BankId bank, AccountId? account, string? stage, Guid after, int limit, CancellationToken cancel)
        where TThing : Thing
    {
        var concerning = account is null ? "" : "join timebank.thing_parties p on p.bank = t.bank and p.id = t.id and p.account = $6 and p.kind = t.kind and p.id > $3";
        var standing = stage is null ? "$4::text is null" : "t.stage = $4";
        var query = new NpgsqlBatchCommand($"{Select} {concerning} where t.bank = $1 and t.kind = $2 and t.id > $3 and {standing} order by t.id limit $5")
            .Value(bank.Value).Value(ThingsTable.KindOf<TThing>()).Value(after).Value(stage, NpgsqlDbType.Text).Value((long)limit);
        return Rows.ReadAsync(database, bank, account is { } one ? query.Value(one.Value) : query, Read<TThing>, cancel);
    }

    /// <summary>Things of every kind that concern an account, in the order in which they were made.</summary>
    public Task<List<ThingRow<Thing>>> OfAccountAsync(BankId bank, AccountId account, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            $"{Select} join timebank.thing_parties p on p.bank = t.bank and p.id = t.id and p.account = $2 where t.bank = $1 and t.id > $3 order by t.id limit $4")
            .Value(bank.Value).Value(account.Value).Value(after).Value((long)limit), Read<Thing>, cancel);

    /// <summary>The help or the booking of an account by which these transfers came, where there is one.</summary>
    /// <remarks>Help names its posting, a booking its transfer.</remarks>
    public async Task<Dictionary<PostingId, (string Kind, ThingId Thing)>> CausesAsync(BankId bank, AccountId account, IReadOnlyCollection<TransferId> transfers, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.made, p.kind, p.id
            from timebank.thing_parties p
            cross join lateral (
              select coalesce(t.state ->> 'posting', t.state ->> 'transfer')::uuid made from timebank.things t where t.bank = $1 and t.id = p.id limit 1) t
            where p.bank = $1 and p.account = $2 and p.kind in ('contribution', 'booking') and t.made = any ($3)
            """).Value(bank.Value).Value(account.Value).Uuids([.. transfers.SelectMany(t => (Guid[])[t.Value, t.Posting.Value]).Distinct()]),
            row => (new TransferId(row.GetGuid(0)).Posting, Kind: row.GetString(1), Thing: new ThingId(row.GetGuid(2))), cancel))
        .DistinctBy(c => c.Posting).ToDictionary(c => c.Posting, c => (c.Kind, c.Thing));

    /// <summary>Ids of things that concern an account and stand at one of these stages.</summary>
    public Task<List<ThingId>> StandingAsync(BankId bank, AccountId account, IReadOnlyList<string> stages, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.id from timebank.thing_parties p join timebank.things t on t.bank = p.bank and t.id = p.id
            where p.bank = $1 and p.account = $2 and t.stage = any ($3) order by t.id
            """).Value(bank.Value).Value(account.Value).Texts(stages), row => new ThingId(row.GetGuid(0)), cancel);

    /// <summary>Things that time alone moves on, and whose time has come, over all banks.</summary>
    public Task<List<(BankId Bank, ThingId Thing)>> DueAsync<TThing>(DateTimeOffset now, int limit, CancellationToken cancel) where TThing : Thing =>
        Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand(
            "select bank, id from timebank.things where due <= $1 and kind = $2 order by due limit $3")
            .Value(now.UtcDateTime, NpgsqlDbType.TimestampTz).Value(ThingsTable.KindOf<TThing>()).Value((long)limit),
            row => (new BankId(row.GetString(0)), new ThingId(row.GetGuid(1))), cancel);

    /// <summary>Things at a stage, over all banks, after one that was seen.</summary>
    public Task<List<(BankId Bank, ThingId Thing)>> AtStageAsync<TThing>(string stage, (BankId Bank, ThingId Thing)? after, int limit, CancellationToken cancel)
        where TThing : Thing =>
        Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand("""
            select bank, id from timebank.things where kind = $1 and stage = $2 and (bank, id) > ($3, $4) order by bank, id limit $5
            """)
            .Value(ThingsTable.KindOf<TThing>()).Value(stage).Value(after?.Bank.Value ?? "").Value(after?.Thing.Value ?? Guid.Empty).Value((long)limit),
            row => (new BankId(row.GetString(0)), new ThingId(row.GetGuid(1))), cancel);

    internal static ThingRow<TThing> Read<TThing>(NpgsqlDataReader row) where TThing : Thing =>
        new((TThing)ThingsTable.Read(row, 0), Text(row, 2), Text(row, 3));

    private static TextBody? Text(NpgsqlDataReader row, int at) => row.TextOrNull(at) is { } body ? TextBody.Parse(body) : null;
}
