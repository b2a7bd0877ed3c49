using Npgsql;
using NpgsqlTypes;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A letter that this server took upon itself.</summary>
/// <param name="Attempts">With this one.</param>
public sealed record LetterTaken(BankId Bank, Guid Id, Guid Recipient, Guid? Notice, DateTimeOffset? Since, int Attempts);

/// <summary>Letters that wait to be sent. Whoever takes one has it for a while, and says what became of it; one whose server died comes up again.</summary>
public sealed class NoticeMailTable(Database database)
{
    /// <summary>Null: nothing is due.</summary>
    public async Task<LetterTaken?> TakeAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand("""
            update timebank.notice_mail m set due = $2, attempts = m.attempts + 1
            from (select bank, id from timebank.notice_mail where stage = 'waiting' and due <= $1 order by due limit 1 for update skip locked) d
            where m.bank = d.bank and m.id = d.id
            returning m.bank, m.id, m.recipient, m.notice, m.since, m.attempts
            """).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz).Value(until.UtcDateTime, NpgsqlDbType.TimestampTz),
            row => new LetterTaken(
                new BankId(row.GetString(0)), row.GetGuid(1), row.GetGuid(2), row.UuidOrNull(3), row.IsDBNull(4) ? null : row.Instant(4), row.GetInt32(5)), cancel))
        .SingleOrDefault();

    /// <summary>Sent, or not needed any more.</summary>
    public Task EndAsync(LetterTaken letter, bool sent, DateTimeOffset now, CancellationToken cancel) =>
        Rows.ChangeAsync(database, letter.Bank, new NpgsqlBatchCommand("update timebank.notice_mail set stage = $3, ended = $4, why = null where bank = $1 and id = $2 and stage = 'waiting'")
            .Value(letter.Bank.Value).Value(letter.Id).Value(sent ? "sent" : "dropped").Value(now.UtcDateTime, NpgsqlDbType.TimestampTz), cancel);

    public Task RetryAsync(LetterTaken letter, DateTimeOffset at, string why, CancellationToken cancel) =>
        Rows.ChangeAsync(database, letter.Bank, new NpgsqlBatchCommand("update timebank.notice_mail set due = $3, why = $4 where bank = $1 and id = $2 and stage = 'waiting'")
            .Value(letter.Bank.Value).Value(letter.Id).Value(at.UtcDateTime, NpgsqlDbType.TimestampTz).Value(why), cancel);

    /// <summary>It is tried no more. What it would have told is to be told by telephone or on paper, with the reason.</summary>
    public Task GiveUpAsync(LetterTaken letter, string why, DateTimeOffset now, CancellationToken cancel) =>
        Rows.ChangeAsync(database, letter.Bank, new NpgsqlBatchCommand("""
            with ended as (
              update timebank.notice_mail set stage = 'failed', ended = $3, why = $4 where bank = $1 and id = $2 and stage = 'waiting' returning bank, notice
            )
            update timebank.notices n set tell = true, why = $4 from ended e where n.bank = e.bank and n.id = e.notice and n.read is null
            """).Value(letter.Bank.Value).Value(letter.Id).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz).Value(why), cancel);
}
