using Npgsql;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>What a pot was asked for and granted, in sums.</summary>
public sealed record PotSums(long Asked, long Granted, long Declined, Minutes Minutes);

/// <summary>Figures of requests to pots: sums, and nothing of anybody.</summary>
public sealed class PotQueries(Database database)
{
    public async Task<PotSums> SumsAsync(BankId bank, AccountId pot, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select count(*), count(*) filter (where t.stage = 'granted'), count(*) filter (where t.stage = 'declined'),
              coalesce(sum((t.state ->> 'minutes')::bigint) filter (where t.stage = 'granted'), 0)::bigint
            from timebank.thing_parties p join timebank.things t on t.bank = p.bank and t.id = p.id
            where p.bank = $1 and p.account = $2 and p.kind = 'pot_request' and (t.state ->> 'pot')::uuid = $2
            """).Value(bank.Value).Value(pot.Value), row => new PotSums(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), new Minutes(row.GetInt64(3))), cancel)).Single();
}
