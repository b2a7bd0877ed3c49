using Npgsql;
using NpgsqlTypes;
using TimeBank.Arrangements;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>Queries over arrangements, and over all that is on on a day.</summary>
public sealed class ArrangementQueries(Database database)
{
    private const string IsOn =
        "join (values ('arrangement', 'agreed'), ('booking', 'booked'), ('work_session', 'planned')) s (kind, stage) on s.kind = t.kind and s.stage = t.stage";

    private const string Date = "coalesce(t.state #>> '{meeting,date}', t.state #>> '{plan,date}', t.state ->> 'date')";

    /// <summary>About one listing, in the order in which they were proposed: they are among those of whoever posted it.</summary>
    public Task<List<ThingRow<Arrangement>>> AboutAsync(BankId bank, Listing listing, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {ThingQueries.Select}
            join timebank.thing_parties p on p.bank = t.bank and p.id = t.id and p.account = $2 and p.kind = 'arrangement' and p.id > $4
            where t.bank = $1 and (t.state ->> 'listing')::uuid = $3 order by t.id limit $5
            """)
            .Value(bank.Value).Value(listing.Account.Value).Value(listing.Id.Value).Value(after).Value((long)limit), ThingQueries.Read<Arrangement>, cancel);

    /// <summary>What is on on a day of the bank's calendar: arrangements that were agreed, bookings, and sessions that are planned. Tomorrow's are what people are reminded of.</summary>
    /// <param name="account">Only what concerns it; null: all.</param>
    public Task<List<ThingRow<Thing>>> OnAsync(BankId bank, DateOnly date, AccountId? account, Guid after, int limit, CancellationToken cancel)
    {
        var concerning = account is null ? "" : "join timebank.thing_parties p on p.bank = t.bank and p.id = t.id and p.account = $5";
        var query = new NpgsqlBatchCommand($"""
            {ThingQueries.Select}
            {IsOn}
            {concerning}
            where t.bank = $1 and {Date} = $2 and t.id > $3
            order by t.id limit $4
            """)
            .Value(bank.Value).Value(date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).Value(after).Value((long)limit);
        return Rows.ReadAsync(database, bank, account is { } one ? query.Value(one.Value) : query, ThingQueries.Read<Thing>, cancel);
    }

    /// <summary>What is ahead of an account, the nearest first.</summary>
    public Task<List<ThingRow<Thing>>> AheadAsync(BankId bank, AccountId account, DateOnly from, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {ThingQueries.Select}
            join timebank.thing_parties p on p.bank = t.bank and p.id = t.id and p.account = $2 and p.kind = t.kind
            {IsOn}
            where t.bank = $1 and {Date} >= $3 order by {Date}, t.id limit $4
            """)
            .Value(bank.Value).Value(account.Value).Value(from.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).Value((long)limit), ThingQueries.Read<Thing>, cancel);

    public async Task<IReadOnlyDictionary<TextId, TextBody>> TextsAsync(BankId bank, IReadOnlyCollection<TextId> ids, CancellationToken cancel) => ids.Count == 0
        ? new Dictionary<TextId, TextBody>()
        : (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select id, body from timebank.texts where bank = $1 and id = any ($2)")
            .Value(bank.Value).Uuids([.. ids.Select(i => i.Value)]), row => (Id: new TextId(row.GetGuid(0)), Body: TextBody.Parse(row.GetString(1))), cancel))
            .ToDictionary(t => t.Id, t => t.Body);

    /// <summary>How the holder of an account is called and reached; no member and no text where nothing was said.</summary>
    public async Task<(string? Name, Member? Member, TextBody? Text)> ContactAsync(BankId bank, AccountId account, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select n.body ->> 'name', t.kind, t.state, x.body
            from timebank.accounts a
            left join timebank.texts n on n.bank = a.bank and n.id = a.name_text
            left join timebank.things t on t.bank = a.bank and t.id = $3 and t.kind = 'member'
            left join timebank.texts x on x.bank = t.bank and x.id = t.text
            where a.bank = $1 and a.id = $2
            """).Value(bank.Value).Value(account.Value).Value(Member.IdOf(account).Value),
            row => (row.TextOrNull(0), row.IsDBNull(1) ? null : (Member)ThingsTable.Read(row, 1), row.TextOrNull(3) is { } body ? TextBody.Parse(body) : null), cancel))
        .SingleOrDefault();

    /// <summary>The telephone numbers of members who gave one.</summary>
    public async Task<Dictionary<AccountId, string>> TelephonesAsync(BankId bank, IReadOnlyList<AccountId> accounts, CancellationToken cancel) =>
        accounts.Count == 0 ? [] : (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select u.account, x.body ->> 'telephone' from unnest($2, $3) u (account, member)
            cross join lateral (select t.text from timebank.things t where t.bank = $1 and t.id = u.member and t.kind = 'member' limit 1) t
            cross join lateral (select x.body from timebank.texts x where x.bank = $1 and x.id = t.text limit 1) x
            where x.body ->> 'telephone' is not null
            """).Value(bank.Value).Uuids([.. accounts.Select(a => a.Value)]).Uuids([.. accounts.Select(a => Member.IdOf(a).Value)]),
            row => (Account: new AccountId(row.GetGuid(0)), Telephone: row.GetString(1)), cancel))
        .ToDictionary(r => r.Account, r => r.Telephone);
}
