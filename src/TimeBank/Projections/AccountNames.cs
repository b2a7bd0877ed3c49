using Npgsql;
using TimeBank.Accounts;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Who an account is: what files call it by.</summary>
public sealed record AccountName(AccountId Id, AccountKind Kind, string? Name);

/// <summary>All accounts of a bank by id and name, without their figures.</summary>
public sealed class AccountNames(Database database)
{
    private const int PageSize = 10_000;

    /// <summary>In the order in which they were opened, read in pages: no transaction stays open.</summary>
    public async Task<List<AccountName>> ListAsync(BankId bank, CancellationToken cancel)
    {
        var all = new List<AccountName>();
        while (true)
        {
            var after = all.Count == 0 ? Guid.Empty : all[^1].Id.Value;
            var page = await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
                select a.id, a.kind, t.body ->> 'name'
                from timebank.accounts a left join timebank.texts t on t.bank = a.bank and t.id = a.name_text
                where a.bank = $1 and a.id > $2 order by a.id limit $3
                """).Value(bank.Value).Value(after).Value((long)PageSize), Read, cancel);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }

    private static AccountName Read(NpgsqlDataReader row) =>
        new(new AccountId(row.GetGuid(0)), Words.Parse<AccountKind>(row.GetString(1)), row.TextOrNull(2));
}
