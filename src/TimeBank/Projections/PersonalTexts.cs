using Npgsql;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Texts about the holder of an account: its names, what was written with its entries and holds, concerns. The only rows that are ever erased.</summary>
public sealed class PersonalTexts(Database database)
{
    /// <summary>Ids of texts that the events of an account's two streams name, and those of things that concern it.</summary>
    private const string OfAccount = """
        select (data #>> '{text,id}')::uuid from timebank.mt_events where tenant_id = $1 and stream_id = $2 and data ? 'text'
        union all select (data #>> '{name,id}')::uuid from timebank.mt_events where tenant_id = $1 and stream_id = $3 and data ? 'name'
        union all select (data #>> '{reason,id}')::uuid from timebank.mt_events where tenant_id = $1 and stream_id = $3 and data ? 'reason'
        union all select unnest(array[e.data #>> '{claim,text,id}', e.data #>> '{text,id}', e.data #>> '{reason,id}'])::uuid
          from timebank.thing_parties p join timebank.mt_events e on e.tenant_id = p.bank and e.stream_id = p.id where p.bank = $1 and p.account = $2
        """;

    /// <summary>How many texts went. Events keep their salted hashes, which tell nothing without the salts.</summary>
    public async Task<int> EraseAsync(BankId bank, AccountId account, CancellationToken cancel)
    {
        var texts = await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand($"delete from timebank.texts where bank = $1 and id in ({OfAccount})")
            .Value(bank.Value).Value(account.Value).Value(account.SettingsStream), cancel);
        await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(ListingSearchTable.ForgetOfAccount).Value(bank.Value).Value(account.Value), cancel);
        await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand("delete from timebank.concerns where bank = $1 and account = $2")
            .Value(bank.Value).Value(account.Value), cancel);
        return texts;
    }
}
