using Npgsql;
using NpgsqlTypes;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>A member with the name and neighbourhood of the account.</summary>
public sealed record MemberRow(Member Member, TextBody? Text, string? Name, string? Neighbourhood);

/// <summary>A request that would suit a member.</summary>
/// <param name="Why">What speaks for it, in codes.</param>
public sealed record MatchRow(Listing Listing, TextBody? Text, IReadOnlyList<string> Why);

/// <summary>Queries over members.</summary>
public sealed class MemberQueries(Database database)
{
    private const string Select = """
        select t.kind, t.state, x.body, n.body ->> 'name', a.neighbourhood
        from timebank.things t
        join timebank.thing_parties p on p.bank = t.bank and p.id = t.id
        join timebank.accounts a on a.bank = t.bank and a.id = p.account
        left join timebank.texts x on x.bank = t.bank and x.id = t.text
        left join timebank.texts n on n.bank = t.bank and n.id = a.name_text
        """;

    public async Task<MemberRow?> FindAsync(BankId bank, AccountId account, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where t.bank = $1 and t.id = $2 and t.kind = 'member'")
            .Value(bank.Value).Value(Member.IdOf(account).Value), Read, cancel)).SingleOrDefault();

    /// <summary>In the order in which their accounts were opened.</summary>
    /// <param name="waiting">Only those who wait for too long at that moment; null: all.</param>
    /// <param name="neighbourhoods">Only of these; null: all.</param>
    public Task<List<MemberRow>> ListAsync(
        BankId bank, MemberStage? stage, DateTimeOffset? waiting, string[]? neighbourhoods, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {Select}
            where t.bank = $1 and t.kind = 'member' and t.id > $2 and ($3::text is null or t.stage = $3) and ($4::timestamptz is null or t.due <= $4)
              and ($5::text[] is null or a.neighbourhood = any ($5))
            order by t.id limit $6
            """)
            .Value(bank.Value).Value(after).Value(stage?.Word(), NpgsqlDbType.Text).Value(waiting?.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text).Value((long)limit), Read, cancel);

    /// <summary>Requests of others, the most fitting first. Who named skills is shown what asks for one of them, who named none whatever is near them or asked for last.</summary>
    public Task<List<MatchRow>> MatchesAsync(BankId bank, MemberRow of, DateTimeOffset now, int most, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.kind, t.state, x.body, m.why
            from timebank.match_requests($1, $2, $3, $4, $5, $6, $7) with ordinality m (id, why, place)
            cross join lateral (select t.kind, t.state, t.text from timebank.things t where t.bank = $1 and t.id = m.id and t.stage = 'open' limit 1) t
            left join lateral (select x.body from timebank.texts x where x.bank = $1 and x.id = t.text limit 1) x on true
            where not exists (
                select from timebank.things a where a.bank = $1 and a.kind = 'apart' and a.stage = 'kept'
                  and (a.state ->> 'first', a.state ->> 'second') in (($2::text, t.state ->> 'account'), (t.state ->> 'account', $2::text)))
              and not exists (
                select from timebank.thing_parties p join timebank.things w on w.bank = p.bank and w.id = p.id
                where p.bank = $1 and p.account = (t.state ->> 'account')::uuid and p.kind = 'member' and w.stage = 'paused')
            order by m.place limit $8
            """)
            .Value(bank.Value).Value(of.Member.Account.Value).Texts([.. of.Member.Profile.Skills]).Value(of.Neighbourhood, NpgsqlDbType.Text)
            .Texts([.. of.Member.Profile.Times.Select(t => t.Word())]).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz)
            // Some of those that are found are left out: who pauses, and who is kept apart from them.
            .Value(most * 2).Value((long)most),
            row => new MatchRow((Listing)ThingsTable.Read(row, 0), Text(row, 2), row.GetFieldValue<string[]>(3)), cancel);

    private static MemberRow Read(NpgsqlDataReader row) => new((Member)ThingsTable.Read(row, 0), Text(row, 2), row.TextOrNull(3), row.TextOrNull(4));

    private static TextBody? Text(NpgsqlDataReader row, int at) => row.TextOrNull(at) is { } body ? TextBody.Parse(body) : null;
}
