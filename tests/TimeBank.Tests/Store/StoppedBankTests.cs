using Npgsql;
using Shouldly;

namespace TimeBank.Tests.Store;

[Category("Database")]
public sealed class StoppedBankTests
{
    [Test]
    public async Task A_bank_with_an_event_that_nobody_here_knows_stands_still_however_often_it_is_asked()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var ann = await http.OpenAccountAsync(bank, "member", "Ann");
        var ben = await http.OpenAccountAsync(bank, "member", "Ben");
        await http.TransferAsync(bank, "exchange", ann, ben, 1);
        await WriteAsANewerProgram(bank.Split('/')[^1], ann);

        for (var i = 0; i < 3; i++)
            (await http.TransferAsync(bank, "exchange", ann, ben, 1)).Code.ShouldBe("BankStopped");
    }

    private static async Task WriteAsANewerProgram(string bank, Guid account)
    {
        await using var owner = NpgsqlDataSource.Create(RunningServer.Store.OwnerConnectionString);
        await using var command = owner.CreateCommand("""
            with seq as (select nextval('timebank.mt_events_sequence') as id),
            event as (
              insert into timebank.mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
              select seq.id, gen_random_uuid(), $2, 1000, '{}', 'hours_multiplied', $1 from seq)
            insert into timebank.journal (bank, number, batch_id, first_seq, last_seq, posted, hash)
            select $1, max(number) + 1, gen_random_uuid(), max(seq.id), max(seq.id), now(), '' from timebank.journal, seq where bank = $1
            """);
        command.Parameters.AddWithValue(bank);
        command.Parameters.AddWithValue(account);
        await command.ExecuteNonQueryAsync();
    }
}
