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

/// <summary>A member who may help with a request.</summary>
/// <param name="Skilled">They say that they do such things.</param>
/// <param name="Offers">They offer it.</param>
/// <param name="Met">When they last had to do with who asks; null: never.</param>
public sealed record CouldHelp(Member Member, string? Neighbourhood, bool Skilled, bool Offers, DateTimeOffset? Met);

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

    /// <summary>Active members who may help with a request. Left out are who asks, who is kept apart from them, who is under 18 or wants nothing now,
    /// and with whom something was arranged about it before.</summary>
    /// <param name="lookedAt">So many of the newest who do it, who offer it and who say nothing of what they do.</param>
    /// <param name="most">So many of these: first who do it, and of them who is near by.</param>
    public Task<List<CouldHelp>> HelpersAsync(BankId bank, Listing request, DateOnly today, DateTimeOffset now, int lookedAt, int most, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            with met as materialized (
              select q.account, max(p.id::text)::uuid as last
              from (
                (select p.id from timebank.thing_parties p where p.bank = $1 and p.account = $3 and p.kind = 'arrangement' order by p.id desc limit 1000)
                union all
                (select p.id from timebank.thing_parties p where p.bank = $1 and p.account = $3 and p.kind = 'contribution' order by p.id desc limit 1000)) p
              join timebank.thing_parties q on q.bank = $1 and q.id = p.id
              group by q.account
            ), apart as materialized (
              select unnest(array[(a.state ->> 'first')::uuid, (a.state ->> 'second')::uuid]) as account
              from timebank.things a where a.bank = $1 and a.kind = 'apart' and a.stage = 'kept' and $3::text in (a.state ->> 'first', a.state ->> 'second')
            )
            select t.kind, t.state, h.neighbourhood, h.skilled, h.offers, met.last
            from timebank.possible_helpers($1, $2, $8, $4, $5, $9) h
            cross join lateral (
              select t.kind, t.state from timebank.things t
              where t.bank = $1 and t.id = overlay(h.account::text placing '6' from 15)::uuid and t.kind = 'member' and t.stage = 'active' limit 1) t
            left join met on met.account = h.account
            where h.account <> $3 and t.state #>> '{profile,willing}' is distinct from 'notNow'
            and h.account not in (select account from apart)
            and not exists (
              select from timebank.thing_parties p join timebank.things y on y.bank = p.bank and y.id = p.id
              where p.bank = $1 and p.account = h.account and p.kind = 'youth' and (y.state ->> 'until')::date > $6)
            and not exists (
              select from timebank.thing_parties p join timebank.things g on g.bank = p.bank and g.id = p.id
              where p.bank = $1 and p.account = h.account and p.kind = 'arrangement' and (g.state ->> 'listing')::uuid = $7)
            """)
            .Value(bank.Value).Value(request.Terms.Category).Value(request.Account.Value).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz).Value(lookedAt)
            .Value(today, NpgsqlDbType.Date).Value(request.Id.Value).Value(request.Terms.Neighbourhood, NpgsqlDbType.Text).Value(most),
            row => new CouldHelp(
                (Member)ThingsTable.Read(row, 0), row.TextOrNull(2), row.GetBoolean(3), row.GetBoolean(4), row.UuidOrNull(5) is { } last ? Uuid.InstantOf(last) : null), cancel);

    /// <summary>Strangers who wait to be admitted.</summary>
    /// <param name="most">Beyond that nobody counts.</param>
    public async Task<int> StrangersAsync(BankId bank, int most, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select count(*) from (
              select from timebank.things t where t.bank = $1 and t.kind = 'member' and t.stage = 'applied' and t.state ? 'stranger' limit $2) waiting
            """).Value(bank.Value).Value((long)most), row => (int)row.GetInt64(0), cancel)).Single();

    private static TextBody? Text(NpgsqlDataReader row, int at) => row.TextOrNull(at) is { } body ? TextBody.Parse(body) : null;
}
