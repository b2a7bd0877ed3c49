using Npgsql;
using TimeBank.Accounts;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Who an account is: what files call it by.</summary>
/// <param name="Numbers">By which it is known now.</param>
public sealed record AccountName(AccountId Id, AccountKind Kind, string? Name, IReadOnlyList<string> Numbers);

/// <summary>All accounts of a bank by id, name and numbers, without their figures.</summary>
public sealed class AccountNames(Database database)
{
    private const int PageSize = 10_000;

    /// <summary>In the order in which they were opened, read in pages: no transaction stays open.</summary>
    public async Task<List<AccountName>> ListAsync(BankId bank, CancellationToken cancel)
    {
        var numbers = (await PagesAsync(bank, """
            select n.id, (n.state ->> 'account')::uuid, n.state ->> 'number' from timebank.things n
            where n.bank = $1 and n.kind = 'account_number' and n.stage = 'inUse' and n.id > $2 order by n.id limit $3
            """, row => (Id: row.GetGuid(0), Account: new AccountId(row.GetGuid(1)), Number: row.GetString(2)), n => n.Id, cancel)).ToLookup(n => n.Account, n => n.Number);
        var accounts = await PagesAsync(bank, """
            select a.id, a.kind, t.body ->> 'name'
            from timebank.accounts a left join timebank.texts t on t.bank = a.bank and t.id = a.name_text
            where a.bank = $1 and a.id > $2 order by a.id limit $3
            """, row => (Id: row.GetGuid(0), Kind: Words.Parse<AccountKind>(row.GetString(1)), Name: row.TextOrNull(2)), a => a.Id, cancel);
        return [.. accounts.Select(a => new AccountName(new AccountId(a.Id), a.Kind, a.Name, [.. numbers[new AccountId(a.Id)]]))];
    }

    private async Task<List<T>> PagesAsync<T>(BankId bank, string query, Func<NpgsqlDataReader, T> read, Func<T, Guid> idOf, CancellationToken cancel)
    {
        var all = new List<T>();
        while (true)
        {
            var page = await Rows.ReadAsync(
                database, bank, new NpgsqlBatchCommand(query).Value(bank.Value).Value(all.Count == 0 ? Guid.Empty : idOf(all[^1])).Value((long)PageSize), read, cancel);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }
}
