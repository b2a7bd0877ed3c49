using Npgsql;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Who has standings in a bank, person by person.</summary>
public sealed class PeopleOfBankQueries(Database database)
{
    /// <summary>Everything that the next people have there, in the order of their ids.</summary>
    public Task<List<Grant>> ListAsync(BankId bank, Guid after, int people, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {RightsTable.Columns} from timebank.rights
            where bank = $1 and kind = 'grant' and active and holder in (
              select distinct holder from timebank.rights where bank = $1 and kind = 'grant' and active and holder > $2 order by holder limit $3)
            order by holder, id
            """).Value(bank.Value).Value(after).Value((long)people),
            row => (Grant)RightsTable.Read(row, 0), cancel);
}
