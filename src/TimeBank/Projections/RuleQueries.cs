using Npgsql;
using NpgsqlTypes;
using TimeBank.Reinvestment;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Queries over reinvestment rules.</summary>
public sealed class RuleQueries(Database database)
{
    private const string Select = "select id, version, owner, active, terms from timebank.rules";

    public async Task<Rule?> FindAsync(BankId bank, RuleId id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where bank = $1 and id = $2 and newest").Value(bank.Value).Value(id.Value),
            row => RulesTable.Read(row, 0), cancel)).SingleOrDefault();

    public Task<List<Rule>> ListAsync(BankId bank, AccountId? owner, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            $"{Select} where bank = $1 and id > $2 and newest and ($3::uuid is null or owner = $3) order by id limit $4")
            .Value(bank.Value).Value(after).Value(owner?.Value, NpgsqlDbType.Uuid).Value((long)limit),
            row => RulesTable.Read(row, 0), cancel);
}
