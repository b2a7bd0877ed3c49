using Npgsql;
using TimeBank.Access;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>A text of an account's own.</summary>
/// <param name="Type">The event that it was written with.</param>
public sealed record SettingsText(DateTimeOffset Posted, string Type, TextBody Text);

/// <summary>Texts about the holder of an account: its names, what was written with its entries and holds. The only rows that are ever erased.</summary>
public sealed class PersonalTexts(Database database)
{
    /// <summary>Ids of texts that the events of an account's two streams name, and those of things that concern it.</summary>
    private const string OfAccount = """
        select (data #>> '{text,id}')::uuid from timebank.mt_events where tenant_id = $1 and stream_id = $2 and data ? 'text'
        union all select text from timebank.holds where bank = $1 and (payer = $2 or payee = $2) and text is not null
        union all select (data #>> '{name,id}')::uuid from timebank.mt_events where tenant_id = $1 and stream_id = $3 and data ? 'name'
        union all select (data #>> '{reason,id}')::uuid from timebank.mt_events where tenant_id = $1 and stream_id = $3 and data ? 'reason'
        union all select unnest(array[e.data #>> '{claim,text,id}', e.data #>> '{asked,text,id}', e.data #>> '{terms,text,id}', e.data #>> '{consent,text,id}', e.data #>> '{text,id}', e.data #>> '{reason,id}', e.data #>> '{note,id}'])::uuid
          from timebank.thing_parties p join timebank.mt_events e on e.tenant_id = p.bank and e.stream_id = p.id where p.bank = $1 and p.account = $2
        """;

    /// <summary>How many texts went. Events keep their salted hashes, which tell nothing without the salts.</summary>
    public async Task<int> EraseAsync(BankId bank, AccountId account, CancellationToken cancel)
    {
        var texts = await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand($"delete from timebank.texts where bank = $1 and id in ({OfAccount})")
            .Value(bank.Value).Value(account.Value).Value(account.SettingsStream), cancel);
        await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(ListingSearchTable.ForgetOfAccount).Value(bank.Value).Value(account.Value), cancel);
        foreach (var forget in NoticesTable.ForgetOfAccount)
            await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(forget).Value(bank.Value).Value(account.Value), cancel);
        return texts;
    }

    /// <summary>What a person was told as one who acts for accounts, and how they wanted to be told.</summary>
    public async Task ForgetRecipientAsync(BankId bank, PersonId person, CancellationToken cancel)
    {
        foreach (var forget in NoticesTable.ForgetOfRecipient)
            await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(forget).Value(bank.Value).Value(person.Value), cancel);
    }

    /// <summary>What was written with an account itself, oldest first: the names that it had, and why it was frozen or closed.</summary>
    public Task<List<SettingsText>> OfSettingsAsync(BankId bank, AccountId account, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select e.timestamp, e.type, t.body from timebank.mt_events e
            join timebank.texts t on t.bank = e.tenant_id and t.id = any (array[(e.data #>> '{name,id}')::uuid, (e.data #>> '{reason,id}')::uuid])
            where e.tenant_id = $1 and e.stream_id = $2 order by e.version
            """).Value(bank.Value).Value(account.SettingsStream), row => new SettingsText(row.Instant(0), row.GetString(1), TextBody.Parse(row.GetString(2))), cancel);
}
