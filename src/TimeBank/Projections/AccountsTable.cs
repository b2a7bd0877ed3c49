using System.Collections.Immutable;
using Npgsql;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Reinvestment;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: what is set for an account, one row an account. Its figures are those of its passbook's last event.</summary>
public static class AccountsTable
{
    private const string Settings = "id, kind, status, parent, name_text, floor, ceiling, settings_version, neighbourhood, silence, purpose";

    /// <summary>Columns of <see cref="Read"/>, over accounts as a and the last event of each as e.</summary>
    public const string Columns = """
        a.id, a.kind, a.status, a.parent, a.name_text, a.floor, a.ceiling, a.settings_version,
        e.version, (e.data ->> 'balance')::bigint, (e.data ->> 'available')::bigint, (e.data ->> 'room')::bigint, (e.data ->> 'openHolds')::int,
        e.type, a.neighbourhood, a.silence, a.purpose,
        case a.kind when 'project' then (
          select array_agg(m.id order by m.id) from timebank.accounts m where m.bank = a.bank and m.parent = a.id and m.status <> 'closed') end
        """;

    /// <summary>How many columns that is.</summary>
    public const int Width = 18;

    /// <summary>The last event of account a's passbook, as e; nulls for a passbook without events.</summary>
    public const string LastEvent = """
        left join lateral (
          select version, data, type from timebank.mt_events where tenant_id = a.bank and stream_id = a.id order by version desc limit 1
        ) e on true
        """;

    /// <summary>Rows of one transaction: every account at most once.</summary>
    public sealed class Rows
    {
        private readonly Dictionary<(BankId, AccountId), Account> _set = [];

        public void Add(BankId bank, Account account) => _set[(bank, account.Id)] = account;

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_set.Count == 0)
                return;
            var rows = _set.ToList();
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
                insert into timebank.accounts (bank, {Settings}) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                on conflict (bank, id) do update
                set status = excluded.status, name_text = excluded.name_text, floor = excluded.floor, ceiling = excluded.ceiling,
                    settings_version = excluded.settings_version, neighbourhood = excluded.neighbourhood, silence = excluded.silence
                """)
                .Texts([.. rows.Select(r => r.Key.Item1.Value)])
                .Uuids([.. rows.Select(r => r.Value.Id.Value)])
                .Texts([.. rows.Select(r => r.Value.Kind.Word())])
                .Texts([.. rows.Select(r => r.Value.Status.Word())])
                .Uuids([.. rows.Select(r => r.Value.Parent?.Value)])
                .Uuids([.. rows.Select(r => r.Value.Name?.Value)])
                .Numbers([.. rows.Select(r => r.Value.Floor?.Value)])
                .Numbers([.. rows.Select(r => r.Value.Ceiling?.Value)])
                .Numbers([.. rows.Select(r => r.Value.SettingsVersion)])
                .Texts([.. rows.Select(r => r.Value.Neighbourhood)])
                .Texts([.. rows.Select(r => r.Value.Silence?.Word())])
                .Texts([.. rows.Select(r => r.Value.Purpose)]));
        }
    }

    /// <summary>Columns: the bank, then an account without its rules.</summary>
    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids) => new NpgsqlBatchCommand($"""
        select a.bank, {Columns} from unnest($1, $2) u (b, i) join timebank.accounts a on a.bank = u.b and a.id = u.i {LastEvent}
        """).Texts(banks).Uuids(ids);

    /// <summary>Reads an account that begins at a column; its rules come from their own table. Figures that were written by an
    /// event of an unknown type are not guessed: <see cref="UnknownEventException"/>.</summary>
    public static Account Read(NpgsqlDataReader row, int at)
    {
        EventCodec.ThrowIfUnknown(row.TextOrNull(at + 13));
        var balance = row.NumberOrNull(at + 9) ?? 0;
        var available = row.NumberOrNull(at + 10) ?? 0;
        return new Account(
            new AccountId(row.GetGuid(at)),
            Words.Parse<AccountKind>(row.GetString(at + 1)),
            Words.Parse<AccountStatus>(row.GetString(at + 2)),
            row.UuidOrNull(at + 3) is { } parent ? new AccountId(parent) : null,
            row.UuidOrNull(at + 4) is { } name ? new TextId(name) : null,
            row.MinutesOrNull(at + 5),
            row.MinutesOrNull(at + 6),
            row.TextOrNull(at + 14),
            new Minutes(balance),
            new Minutes(balance - available),
            row.MinutesOrNull(at + 11) ?? Minutes.Zero,
            row.IsDBNull(at + 12) ? 0 : row.GetInt32(at + 12),
            row.NumberOrNull(at + 8) ?? 0,
            row.GetInt64(at + 7),
            ImmutableArray<Rule>.Empty)
        {
            Silence = row.TextOrNull(at + 15) is { } silence ? Words.Parse<Yes>(silence) : null,
            Purpose = row.TextOrNull(at + 16),
            Earmarks = row.IsDBNull(at + 17) ? [] : [.. row.GetFieldValue<Guid[]>(at + 17).Select(e => new AccountId(e))],
        };
    }
}
