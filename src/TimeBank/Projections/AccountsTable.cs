using System.Collections.Immutable;
using Npgsql;
using TimeBank.Accounts;
using TimeBank.Reinvestment;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: an account's figures and settings as of its last event, one row an account.</summary>
public static class AccountsTable
{
    private const string Columns =
        "id, kind, status, parent, name_text, floor, ceiling, balance, held, room, open_holds, version, settings_version";

    /// <summary>Rows of one transaction: every account at most once.</summary>
    public sealed class Rows
    {
        private readonly Columnar _new = new();
        private readonly Columnar _changed = new();

        public void Add(BankId bank, Account account, bool isNew) => (isNew ? _new : _changed).Add(bank, account);

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_new.Bank.Count > 0)
                batch.BatchCommands.Add(Insert());
            if (_changed.Bank.Count > 0)
                batch.BatchCommands.Add(Update());
        }

        private NpgsqlBatchCommand Insert() => new NpgsqlBatchCommand($"""
            insert into timebank.accounts (bank, {Columns})
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::int[], $13, $14)
            """)
            .Texts(_new.Bank).Uuids(_new.Id).Texts(_new.Kind).Texts(_new.Status).Uuids(_new.Parent).Uuids(_new.Name)
            .Numbers(_new.Floor).Numbers(_new.Ceiling).Numbers(_new.Balance).Numbers(_new.Held).Numbers(_new.Room)
            .Numbers(_new.OpenHolds).Numbers(_new.Version).Numbers(_new.SettingsVersion);

        private NpgsqlBatchCommand Update() => new NpgsqlBatchCommand("""
            update timebank.accounts a
            set status = u.status, name_text = u.name_text, floor = u.floor, ceiling = u.ceiling, balance = u.balance, held = u.held,
                room = u.room, open_holds = u.open_holds, version = u.version, settings_version = u.settings_version
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::int[], $11, $12)
              u (bank, id, status, name_text, floor, ceiling, balance, held, room, open_holds, version, settings_version)
            where a.bank = u.bank and a.id = u.id
            """)
            .Texts(_changed.Bank).Uuids(_changed.Id).Texts(_changed.Status).Uuids(_changed.Name)
            .Numbers(_changed.Floor).Numbers(_changed.Ceiling).Numbers(_changed.Balance).Numbers(_changed.Held).Numbers(_changed.Room)
            .Numbers(_changed.OpenHolds).Numbers(_changed.Version).Numbers(_changed.SettingsVersion);
    }

    private sealed class Columnar
    {
        public readonly List<string> Bank = [], Kind = [], Status = [];
        public readonly List<Guid> Id = [];
        public readonly List<Guid?> Parent = [], Name = [];
        public readonly List<long?> Floor = [], Ceiling = [];
        public readonly List<long> Balance = [], Held = [], Room = [], OpenHolds = [], Version = [], SettingsVersion = [];

        public void Add(BankId bank, Account a)
        {
            Bank.Add(bank.Value);
            Id.Add(a.Id.Value);
            Kind.Add(a.Kind.Word());
            Status.Add(a.Status.Word());
            Parent.Add(a.Parent?.Value);
            Name.Add(a.Name?.Value);
            Floor.Add(a.Floor?.Value);
            Ceiling.Add(a.Ceiling?.Value);
            Balance.Add(a.Balance.Value);
            Held.Add(a.Held.Value);
            Room.Add(a.Room.Value);
            OpenHolds.Add(a.OpenHolds);
            Version.Add(a.Version);
            SettingsVersion.Add(a.SettingsVersion);
        }
    }

    /// <summary>Columns: the bank's ordinal, then an account without its rules.</summary>
    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids) => new NpgsqlBatchCommand($"""
        select a.bank, {Columns} from unnest($1, $2) u (b, i) join timebank.accounts a on a.bank = u.b and a.id = u.i
        """).Texts(banks).Uuids(ids);

    /// <summary>Reads an account that begins at a column; its rules come from their own table.</summary>
    public static Account Read(NpgsqlDataReader row, int at) => new(
        new AccountId(row.GetGuid(at)),
        Words.Parse<AccountKind>(row.GetString(at + 1)),
        Words.Parse<AccountStatus>(row.GetString(at + 2)),
        row.UuidOrNull(at + 3) is { } parent ? new AccountId(parent) : null,
        row.UuidOrNull(at + 4) is { } name ? new TextId(name) : null,
        row.MinutesOrNull(at + 5),
        row.MinutesOrNull(at + 6),
        new Minutes(row.GetInt64(at + 7)),
        new Minutes(row.GetInt64(at + 8)),
        new Minutes(row.GetInt64(at + 9)),
        row.GetInt32(at + 10),
        row.GetInt64(at + 11),
        row.GetInt64(at + 12),
        ImmutableArray<Rule>.Empty);
}
