using Npgsql;
using NpgsqlTypes;
using TimeBank.Accounts;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A member who was found.</summary>
/// <param name="Number">By which they are known; one of them, if there are several.</param>
public sealed record FoundPerson(AccountId Account, string? Name, string? Number, string? Telephone);

/// <summary>Finds members while they are on the line: by a part of the name, by number, or by telephone.</summary>
public sealed class PeopleSearch(Database database)
{
    /// <summary>Who has more to choose from says more of the name.</summary>
    private const int Most = 20;

    /// <summary>Of those who end alike some may belong elsewhere, or have left.</summary>
    private const int MostWithOneNumber = 200;

    /// <summary>Fewer digits than that are no telephone number.</summary>
    private const int FewestDigits = 4;

    /// <summary>Members whose account is not closed, by name.</summary>
    /// <param name="neighbourhoods">Only those who belong there; null: all.</param>
    public Task<List<FoundPerson>> FindAsync(BankId bank, string said, string[]? neighbourhoods, CancellationToken cancel)
    {
        // The zeros before it are dialled or not, and are no number by themselves.
        var digits = new string([.. said.Where(char.IsAsciiDigit)]).TrimStart('0');
        var isTelephone = digits.Length >= FewestDigits && said.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '/' or '(' or ')' or '.');
        return Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select a.id, t.body ->> 'name', n.number, x.body ->> 'telephone'
            from timebank.accounts a
            left join timebank.texts t on t.bank = a.bank and t.id = a.name_text
            left join timebank.thing_parties p on p.bank = a.bank and p.account = a.id and p.kind = 'member'
            left join timebank.things m on m.bank = p.bank and m.id = p.id
            left join timebank.texts x on x.bank = m.bank and x.id = m.text
            left join lateral (
              select n.state ->> 'number' number from timebank.thing_parties q join timebank.things n on n.bank = q.bank and n.id = q.id
              where q.bank = $1 and q.account = a.id and q.kind = 'account_number' and n.stage = 'inUse' order by n.id limit 1) n on true
            where a.bank = $1 and a.kind = 'member' and a.status <> 'closed' and ($5::text[] is null or a.neighbourhood = any ($5))
              and a.id = any (array(
                select timebank.members_named($1, $2, $5, $6)
                union all select timebank.members_called($1, $4, $7)
                union all select (o.state ->> 'account')::uuid from timebank.things o where o.bank = $1 and o.id = $3 and o.stage = 'inUse'))
            order by t.body ->> 'name', a.id limit $6
            """)
            .Value(bank.Value).Value(said)
            .Value(AccountNumber.IsValid(said) ? AccountNumber.IdOf(said).Value : null, NpgsqlDbType.Uuid)
            .Value(isTelephone ? digits : null, NpgsqlDbType.Text)
            .Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text).Value(Most).Value(MostWithOneNumber),
            row => new FoundPerson(new AccountId(row.GetGuid(0)), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3)), cancel);
    }
}
