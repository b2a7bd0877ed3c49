using Npgsql;
using NpgsqlTypes;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>Guard table: every hold, open or ended.</summary>
public static class HoldsTable
{
    private const string Columns = "id, payer, payee, minutes, kind, category, text, text_hash, expires_at, status, taken, transfer";

    public sealed class Rows
    {
        private readonly List<(BankId Bank, Guid Payer, PassbookEvent.HoursHeld Held)> _placed = [];
        private readonly List<(BankId Bank, Guid Hold, string Status, long Taken, Guid? Transfer, DateTime Ended)> _ended = [];

        public void Apply(BankId bank, Guid stream, object happened, DateTimeOffset posted)
        {
            switch (happened)
            {
                case PassbookEvent.HoursHeld e:
                    _placed.Add((bank, stream, e));
                    break;
                case PassbookEvent.HoldCaptured e:
                    _ended.Add((bank, e.Hold.Value, HoldStatus.Captured.Word(), e.Captured.Value, e.Transfer.Value, posted.UtcDateTime));
                    break;
                case PassbookEvent.HoldReleased e:
                    var status = e.Reason == ReleaseReason.Expired ? HoldStatus.Expired : HoldStatus.Released;
                    _ended.Add((bank, e.Hold.Value, status.Word(), 0, null, posted.UtcDateTime));
                    break;
            }
        }

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_placed.Count > 0)
                batch.BatchCommands.Add(Insert());
            if (_ended.Count > 0)
                batch.BatchCommands.Add(Update());
        }

        private NpgsqlBatchCommand Insert() => new NpgsqlBatchCommand("""
            insert into timebank.holds (bank, id, payer, payee, minutes, kind, category, text, text_hash, expires_at, status, taken)
            select *, 'open', 0 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """)
            .Texts([.. _placed.Select(p => p.Bank.Value)])
            .Uuids([.. _placed.Select(p => p.Held.Hold.Value)])
            .Uuids([.. _placed.Select(p => p.Payer)])
            .Uuids([.. _placed.Select(p => p.Held.Payee.Value)])
            .Numbers([.. _placed.Select(p => p.Held.Minutes.Value)])
            .Texts([.. _placed.Select(p => p.Held.Kind.Word())])
            .Texts([.. _placed.Select(p => p.Held.Category)])
            .Uuids([.. _placed.Select(p => p.Held.Text?.Id.Value)])
            .Texts([.. _placed.Select(p => p.Held.Text?.Hash)])
            .Instants([.. _placed.Select(p => p.Held.ExpiresAt.UtcDateTime)]);

        private NpgsqlBatchCommand Update() => new NpgsqlBatchCommand("""
            update timebank.holds h set status = u.status, taken = u.taken, transfer = u.transfer, ended = u.ended
            from unnest($1, $2, $3, $4, $5, $6) u (bank, id, status, taken, transfer, ended) where h.bank = u.bank and h.id = u.id
            """)
            .Texts([.. _ended.Select(e => e.Bank.Value)])
            .Uuids([.. _ended.Select(e => e.Hold)])
            .Texts([.. _ended.Select(e => e.Status)])
            .Numbers([.. _ended.Select(e => e.Taken)])
            .Uuids([.. _ended.Select(e => e.Transfer)])
            .Instants([.. _ended.Select(e => e.Ended)]);
    }

    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids) => new NpgsqlBatchCommand($"""
        select h.bank, {Columns} from unnest($1, $2) u (b, i) join timebank.holds h on h.bank = u.b and h.id = u.i
        """).Texts(banks).Uuids(ids);

    /// <summary>Open holds that name one of the accounts and whose time has come.</summary>
    public static NpgsqlBatchCommand LoadDue(IReadOnlyList<string> banks, IReadOnlyList<Guid> accounts, DateTimeOffset now)
    {
        var command = new NpgsqlBatchCommand($"""
            select h.bank, {Columns} from unnest($1, $2) u (b, a)
            join timebank.holds h on h.bank = u.b and h.payer = u.a and h.status = 'open' and h.expires_at <= $3
            union
            select h.bank, {Columns} from unnest($1, $2) u (b, a)
            join timebank.holds h on h.bank = u.b and h.payee = u.a and h.status = 'open' and h.expires_at <= $3
            """).Texts(banks).Uuids(accounts);
        command.Parameters.Add(new NpgsqlParameter { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return command;
    }

    /// <summary>The bank, the account, and when the first of its open holds ends; null if it has none.</summary>
    public static NpgsqlBatchCommand NextDue(IReadOnlyList<string> banks, IReadOnlyList<Guid> accounts) => new NpgsqlBatchCommand("""
        select u.b, u.a, least(
          (select h.expires_at from timebank.holds h where h.bank = u.b and h.payer = u.a and h.status = 'open' order by h.expires_at limit 1),
          (select h.expires_at from timebank.holds h where h.bank = u.b and h.payee = u.a and h.status = 'open' order by h.expires_at limit 1))
        from unnest($1, $2) u (b, a)
        """).Texts(banks).Uuids(accounts);

    public static Hold Read(NpgsqlDataReader row, int at) => new(
        new HoldId(row.GetGuid(at)),
        new AccountId(row.GetGuid(at + 1)),
        new AccountId(row.GetGuid(at + 2)),
        new Minutes(row.GetInt64(at + 3)),
        Words.Parse<TransferKind>(row.GetString(at + 4)),
        row.TextOrNull(at + 5),
        row.UuidOrNull(at + 6) is { } text ? new TextRef(new TextId(text), row.GetString(at + 7)) : null,
        row.Instant(at + 8),
        Words.Parse<HoldStatus>(row.GetString(at + 9)),
        new Minutes(row.GetInt64(at + 10)),
        row.UuidOrNull(at + 11) is { } transfer ? new TransferId(transfer) : null);
}
