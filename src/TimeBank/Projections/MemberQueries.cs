using Npgsql;
using NpgsqlTypes;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>A request that would suit a member.</summary>
/// <param name="Why">What speaks for it, in codes.</param>
public sealed record MatchRow(Listing Listing, TextBody? Text, IReadOnlyList<string> Why);

/// <summary>What would suit members.</summary>
public sealed class MemberQueries(Database database)
{
    /// <summary>Requests of others, the most fitting first, but for those about which something is arranged or was with this member. Who named skills is shown
    /// what asks for one of them, who named none whatever is near them or asked for last.</summary>
    public Task<List<MatchRow>> MatchesAsync(BankId bank, AccountThingRow<Member> of, DateTimeOffset now, int most, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.kind, t.state, x.body, m.why
            from timebank.match_requests($1, $2, $3, $4, $5, $6, $7) with ordinality m (id, why, place)
            cross join lateral (select t.kind, t.state, t.text from timebank.things t where t.bank = $1 and t.id = m.id and t.stage = 'open' limit 1) t
            left join lateral (select x.body from timebank.texts x where x.bank = $1 and x.id = t.text limit 1) x on true
            -- Whatever else speaks against a match is one more of these. Some more than are wanted were asked for, to take their place.
            where not exists (
              select from timebank.thing_parties p join timebank.things a on a.bank = p.bank and a.id = p.id
              where p.bank = $1 and p.account = $2 and p.kind = 'arrangement' and (a.state ->> 'listing')::uuid = m.id)
            and not exists (
              select from timebank.things a where a.bank = $1 and a.kind = 'apart' and a.stage = 'kept'
                and (a.state ->> 'first', a.state ->> 'second') in (($2::text, t.state ->> 'account'), (t.state ->> 'account', $2::text)))
            and not exists (
              select from timebank.thing_parties p join timebank.things w on w.bank = p.bank and w.id = p.id
              where p.bank = $1 and p.account = (t.state ->> 'account')::uuid and p.kind = 'member' and w.stage = 'paused')
            order by m.place limit $8
            """)
            .Value(bank.Value).Value(of.Thing.Account.Value).Texts([.. of.Thing.Profile.Skills]).Value(of.Neighbourhood, NpgsqlDbType.Text)
            .Texts([.. of.Thing.Profile.Times.Select(t => t.Word())]).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz).Value(most * 2).Value((long)most),
            row => new MatchRow((Listing)ThingsTable.Read(row, 0), Text(row, 2), row.GetFieldValue<string[]>(3)), cancel);

    /// <summary>Strangers who wait to be admitted.</summary>
    /// <param name="most">Beyond that nobody counts.</param>
    public async Task<int> StrangersAsync(BankId bank, int most, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select count(*) from (
              select from timebank.things t where t.bank = $1 and t.kind = 'member' and t.stage = 'applied' and t.state ? 'stranger' limit $2) waiting
            """).Value(bank.Value).Value((long)most), row => (int)row.GetInt64(0), cancel)).Single();

    private static TextBody? Text(NpgsqlDataReader row, int at) => row.TextOrNull(at) is { } body ? TextBody.Parse(body) : null;
}
