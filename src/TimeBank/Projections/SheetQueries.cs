using Npgsql;
using TimeBank.Accounts;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A member whom a word on a sheet may mean.</summary>
/// <param name="Said">The word, in small letters.</param>
public sealed record SheetMatch(string Said, AccountId Account, string? Name, string? Neighbourhood);

/// <summary>Whom sign-in sheets mean: members by number, by e-mail address, or by name.</summary>
public sealed class SheetQueries(Database database)
{
    /// <summary>As words are compared: in small letters, with one space between words.</summary>
    public static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>Every member whose account is open and who has one of these for a number, an address or a name: all of them, since who asks must choose.</summary>
    /// <param name="said">In plain words.</param>
    public async Task<ILookup<string, SheetMatch>> FindAsync(BankId bank, IReadOnlyList<string> said, CancellationToken cancel)
    {
        var numbers = said.Where(AccountNumber.IsValid).ToList();
        var matches = await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            with said as (
              select u.said, (n.state ->> 'account')::uuid as account
              from unnest($2, $3) u (said, id) join timebank.things n on n.bank = $1 and n.id = u.id and n.kind = 'account_number' and n.stage = 'inUse'
              union
              select lower(x.body ->> 'email'), (m.state ->> 'account')::uuid
              from timebank.things m join timebank.texts x on x.bank = m.bank and x.id = m.text
              where m.bank = $1 and m.kind = 'member' and m.stage <> 'left' and lower(x.body ->> 'email') = any ($4)
              union
              select lower(btrim(regexp_replace(t.body ->> 'name', '\s+', ' ', 'g'))), a.id
              from timebank.accounts a join timebank.texts t on t.bank = a.bank and t.id = a.name_text
              where a.bank = $1 and a.kind = 'member' and lower(btrim(regexp_replace(t.body ->> 'name', '\s+', ' ', 'g'))) = any ($4)
            )
            select s.said, a.id, t.body ->> 'name', a.neighbourhood
            from said s join timebank.accounts a on a.bank = $1 and a.id = s.account and a.kind = 'member' and a.status <> 'closed'
            left join timebank.texts t on t.bank = a.bank and t.id = a.name_text
            order by a.id
            """)
            .Value(bank.Value).Texts(numbers).Uuids([.. numbers.Select(n => AccountNumber.IdOf(n).Value)]).Texts(said),
            row => new SheetMatch(row.GetString(0), new AccountId(row.GetGuid(1)), row.TextOrNull(2), row.TextOrNull(3)), cancel);
        return matches.ToLookup(m => m.Said, StringComparer.Ordinal);
    }
}
