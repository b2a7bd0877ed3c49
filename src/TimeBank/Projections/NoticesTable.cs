using Npgsql;
using TimeBank.Notices;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A notice for one recipient.</summary>
/// <param name="Shown">Whether it is in the recipient's list.</param>
/// <param name="Mailed">Whether a letter of its own tells it.</param>
/// <param name="Tell">Whether somebody is to tell it by telephone or on paper.</param>
public sealed record NoticeRow(Guid Id, Guid Recipient, News News, DateTimeOffset Made, bool Shown, bool Mailed, bool Tell);

/// <summary>A letter that is to go out.</summary>
/// <param name="Since">With a letter of the week: from when on.</param>
public sealed record LetterDue(Guid Id, Guid Recipient, Guid? Notice, DateTimeOffset? Since, DateTimeOffset Due);

/// <summary>Where notices are written. What follows from a part of the journal is written with the number up to which that goes, in one statement: once,
/// however many servers follow the same bank and whenever one of them dies.</summary>
public sealed class NoticesTable(Database database)
{
    /// <summary>Writes nothing if somebody else followed that part first.</summary>
    public Task AppendAsync(BankId bank, long after, long upTo, IReadOnlyList<NoticeRow> notices, IReadOnlyList<LetterDue> letters, CancellationToken cancel) =>
        Rows.ChangeAsync(database.Background, bank, new NpgsqlBatchCommand("""
            with followed as (
              insert into timebank.notice_progress as p (bank, number) values ($1, $3)
              on conflict (bank) do update set number = excluded.number where p.number = $2
              returning p.bank
            ), told as (
              insert into timebank.notices (bank, id, recipient, account, kind, said, subject, other, minutes, day, made, shown, mailed, tell)
              select f.bank, n.id, n.recipient, n.account, n.kind, n.said, n.subject, n.other, n.minutes, n.day, n.made, n.flags & 1 = 1, n.flags & 2 = 2, n.flags & 4 = 4
              from followed f cross join unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                n (id, recipient, account, kind, said, subject, other, minutes, day, made, flags)
            )
            insert into timebank.notice_mail (bank, id, recipient, notice, since, due)
            select f.bank, m.id, m.recipient, m.notice, m.since, m.due from followed f cross join unnest($15, $16, $17, $18, $19) m (id, recipient, notice, since, due)
            on conflict (bank, id) do nothing
            """)
            .Value(bank.Value).Value(after).Value(upTo)
            .Uuids([.. notices.Select(n => n.Id)]).Uuids([.. notices.Select(n => n.Recipient)]).Uuids([.. notices.Select(n => n.News.Account.Value)])
            .Texts([.. notices.Select(n => n.News.Kind.Word())]).Texts([.. notices.Select(n => n.News.Said)]).Uuids([.. notices.Select(n => n.News.Subject)])
            .Uuids([.. notices.Select(n => n.News.Other?.Value)]).Numbers([.. notices.Select(n => n.News.Minutes?.Value)])
            .With(NpgsqlTypes.NpgsqlDbType.Date, notices.Select(n => n.News.Day).ToArray())
            .Instants([.. notices.Select(n => n.Made.UtcDateTime)])
            .Numbers([.. notices.Select(n => (n.Shown ? 1L : 0) | (n.Mailed ? 2L : 0) | (n.Tell ? 4L : 0))])
            .Uuids([.. letters.Select(l => l.Id)]).Uuids([.. letters.Select(l => l.Recipient)]).Uuids([.. letters.Select(l => l.Notice)])
            .Instants([.. letters.Select(l => l.Since?.UtcDateTime)]).Instants([.. letters.Select(l => l.Due.UtcDateTime)]), cancel);

    /// <summary>What follows from no journal, with the letters that tell it.</summary>
    public Task AddAsync(BankId bank, IReadOnlyList<NoticeRow> notices, IReadOnlyList<LetterDue> letters, CancellationToken cancel) =>
        Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand("""
            with told as (
              insert into timebank.notices (bank, id, recipient, account, kind, said, subject, made, shown, mailed, tell)
              select $1, n.id, n.recipient, n.account, n.kind, n.said, n.subject, n.made, n.flags & 1 = 1, n.flags & 2 = 2, n.flags & 4 = 4
              from unnest($2, $3, $4, $5, $6, $7, $8, $9) n (id, recipient, account, kind, said, subject, made, flags)
            )
            insert into timebank.notice_mail (bank, id, recipient, notice, due)
            select $1, m.id, m.recipient, m.notice, m.due from unnest($10, $11, $12, $13) m (id, recipient, notice, due)
            """)
            .Value(bank.Value)
            .Uuids([.. notices.Select(n => n.Id)]).Uuids([.. notices.Select(n => n.Recipient)]).Uuids([.. notices.Select(n => n.News.Account.Value)])
            .Texts([.. notices.Select(n => n.News.Kind.Word())]).Texts([.. notices.Select(n => n.News.Said)]).Uuids([.. notices.Select(n => n.News.Subject)])
            .Instants([.. notices.Select(n => n.Made.UtcDateTime)])
            .Numbers([.. notices.Select(n => (n.Shown ? 1L : 0) | (n.Mailed ? 2L : 0) | (n.Tell ? 4L : 0))])
            .Uuids([.. letters.Select(l => l.Id)]).Uuids([.. letters.Select(l => l.Recipient)]).Uuids([.. letters.Select(l => l.Notice)])
            .Instants([.. letters.Select(l => l.Due.UtcDateTime)]), cancel);

    /// <summary>What concerns an account goes with what else was written about it.</summary>
    public static readonly string[] ForgetOfAccount =
    [
        "delete from timebank.notice_mail m using timebank.notices n where m.bank = $1 and n.bank = $1 and n.account = $2 and m.notice = n.id",
        "delete from timebank.notices where bank = $1 and account = $2",
        "delete from timebank.notice_settings where bank = $1 and recipient = $2",
    ];

    public static readonly string[] ForgetOfRecipient =
    [
        "delete from timebank.notice_mail where bank = $1 and recipient = $2",
        "delete from timebank.notices where bank = $1 and recipient = $2",
        "delete from timebank.notice_settings where bank = $1 and recipient = $2",
    ];

    /// <summary>What is so old that nobody asks for it; a bounded number at a time.</summary>
    public async Task RemoveOldAsync(DateTimeOffset before, int most, CancellationToken cancel)
    {
        await Rows.ChangeAsync(database, BankScope.All, new NpgsqlBatchCommand(
            "delete from timebank.notice_mail m using (select bank, id from timebank.notice_mail where ended < $1 limit $2) o where m.bank = o.bank and m.id = o.id")
            .Value(before.UtcDateTime, NpgsqlTypes.NpgsqlDbType.TimestampTz).Value((long)most), cancel);
        await Rows.ChangeAsync(database, BankScope.All, new NpgsqlBatchCommand(
            "delete from timebank.notices n using (select bank, id from timebank.notices where made < $1 limit $2) o where n.bank = o.bank and n.id = o.id")
            .Value(before.UtcDateTime, NpgsqlTypes.NpgsqlDbType.TimestampTz).Value((long)most), cancel);
    }
}
