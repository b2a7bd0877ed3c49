using Npgsql;
using NpgsqlTypes;
using TimeBank.Projects;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>A thing that is the other half of an account, with the name and neighbourhood of that account.</summary>
public sealed record AccountThingRow<TThing>(TThing Thing, TextBody? Text, string? Name, string? Neighbourhood) where TThing : Thing;

/// <summary>Queries over things of which an account has one: a membership, a project, a member's credentials.</summary>
public sealed class AccountThingQueries(Database database)
{
    private const string Select = """
        select t.kind, t.state, x.body, n.body ->> 'name', a.neighbourhood
        from timebank.things t
        join timebank.thing_parties p on p.bank = t.bank and p.id = t.id
        join timebank.accounts a on a.bank = t.bank and a.id = p.account
        left join timebank.texts x on x.bank = t.bank and x.id = t.text
        left join timebank.texts n on n.bank = t.bank and n.id = a.name_text
        """;

    public async Task<AccountThingRow<TThing>?> FindAsync<TThing>(BankId bank, ThingId id, CancellationToken cancel) where TThing : Thing =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where t.bank = $1 and t.id = $2 and t.kind = $3")
            .Value(bank.Value).Value(id.Value).Value(ThingsTable.KindOf<TThing>()), Read<TThing>, cancel)).SingleOrDefault();

    /// <summary>In the order of their ids: where these follow from the accounts', in the order in which the accounts were opened.</summary>
    /// <param name="due">Only those that were due by then; null: all.</param>
    /// <param name="neighbourhoods">Only of these; null: all.</param>
    public Task<List<AccountThingRow<TThing>>> ListAsync<TThing>(
        BankId bank, string? stage, DateTimeOffset? due, string[]? neighbourhoods, Guid after, int limit, CancellationToken cancel) where TThing : Thing =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {Select}
            where t.bank = $1 and t.kind = $7 and t.id > $2 and ($3::text is null or t.stage = $3) and ($4::timestamptz is null or t.due <= $4)
              and ($5::text[] is null or a.neighbourhood = any ($5))
            order by t.id limit $6
            """)
            .Value(bank.Value).Value(after).Value(stage, NpgsqlDbType.Text).Value(due?.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text).Value((long)limit).Value(ThingsTable.KindOf<TThing>()), Read<TThing>, cancel);

    /// <summary>Kinds of credential that activities of the bank's projects require, in the order of their codes.</summary>
    public Task<List<string>> CredentialsAskedAsync(BankId bank, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select distinct r.kind from timebank.things t cross join lateral jsonb_array_elements_text(t.state -> 'requires') r(kind)
            where t.bank = $1 and t.kind = $2 and t.stage = $3 order by r.kind
            """).Value(bank.Value).Value(ThingsTable.KindOf<Activity>()).Value(ActivityStage.Open.Word()), row => row.GetString(0), cancel);

    private static AccountThingRow<TThing> Read<TThing>(NpgsqlDataReader row) where TThing : Thing => new(
        (TThing)ThingsTable.Read(row, 0), row.TextOrNull(2) is { } body ? TextBody.Parse(body) : null, row.TextOrNull(3), row.TextOrNull(4));
}
