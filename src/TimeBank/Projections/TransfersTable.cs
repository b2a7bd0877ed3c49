using Npgsql;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: every transfer with how much of it was reversed since. Its ids run in the order of the journal.</summary>
public static class TransfersTable
{
    public const string Columns =
        "id, kind, payer, payee, minutes, reversed, occurred, category, text, hold, rule, rule_version, reverses, override";

    /// <summary>What a transaction adds: new transfers, and minutes reversed of older ones.</summary>
    public sealed class Rows
    {
        private readonly List<string> _bank = [], _kind = [], _reversedBank = [];
        private readonly List<string?> _category = [], _override = [];
        private readonly List<Guid> _id = [], _payer = [], _payee = [], _reversedId = [];
        private readonly List<Guid?> _text = [], _hold = [], _rule = [], _reverses = [];
        private readonly List<long> _minutes = [], _reversedMinutes = [];
        private readonly List<long?> _ruleVersion = [];
        private readonly List<DateOnly> _occurred = [];

        public void Apply(BankId bank, Guid stream, object happened)
        {
            if (happened is not PassbookEvent.HoursDebited e)
                return;
            _bank.Add(bank.Value);
            _id.Add(e.Transfer.Value);
            _kind.Add(e.Kind.Word());
            _payer.Add(stream);
            _payee.Add(e.Counterparty.Value);
            _minutes.Add(e.Minutes.Value);
            _occurred.Add(e.Occurred);
            _category.Add(e.Category);
            _text.Add(e.Text?.Id.Value);
            _hold.Add(e.Hold?.Value);
            _rule.Add(e.Rule?.Id.Value);
            _ruleVersion.Add(e.Rule?.Version);
            _reverses.Add(e.Reverses?.Value);
            _override.Add(e.Override?.Word());
            if (e.Reverses is { } reversed)
            {
                _reversedBank.Add(bank.Value);
                _reversedId.Add(reversed.Value);
                _reversedMinutes.Add(e.Minutes.Value);
            }
        }

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_bank.Count > 0)
                batch.BatchCommands.Add(Insert());
            if (_reversedBank.Count > 0)
                batch.BatchCommands.Add(Reverse());
        }

        private NpgsqlBatchCommand Insert() => new NpgsqlBatchCommand("""
            insert into timebank.transfers
              (bank, id, kind, payer, payee, minutes, reversed, occurred, category, text, hold, rule, rule_version, reverses, override)
            select bank, id, kind, payer, payee, minutes, 0, occurred, category, text, hold, rule, rule_version, reverses, override
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
              u (bank, id, kind, payer, payee, minutes, occurred, category, text, hold, rule, rule_version, reverses, override)
            """)
            .Texts(_bank).Uuids(_id).Texts(_kind).Uuids(_payer).Uuids(_payee).Numbers(_minutes).Dates(_occurred).Texts(_category)
            .Uuids(_text).Uuids(_hold).Uuids(_rule).Numbers(_ruleVersion).Uuids(_reverses).Texts(_override);

        // Several reversals of one transfer may stand in one batch: an update would count only one of them.
        private NpgsqlBatchCommand Reverse() => new NpgsqlBatchCommand("""
            update timebank.transfers t set reversed = t.reversed + u.minutes
            from (select bank, id, sum(minutes)::bigint from unnest($1, $2, $3) r (bank, id, minutes) group by bank, id) u (bank, id, minutes)
            where t.bank = u.bank and t.id = u.id
            """)
            .Texts(_reversedBank).Uuids(_reversedId).Numbers(_reversedMinutes);
    }

    /// <summary>The transfers of postings, by the range of ids that a posting has.</summary>
    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks, IReadOnlyList<Guid> postings, IReadOnlyList<Guid> ends) => new NpgsqlBatchCommand($"""
        select t.bank, {Columns} from unnest($1, $2, $3) u (b, first, last)
        join timebank.transfers t on t.bank = u.b and t.id >= u.first and t.id <= u.last
        """).Texts(banks).Uuids(postings).Uuids(ends);

    public static Transfer Read(NpgsqlDataReader row, int at) => new(
        new TransferId(row.GetGuid(at)),
        Words.Parse<TransferKind>(row.GetString(at + 1)),
        new AccountId(row.GetGuid(at + 2)),
        new AccountId(row.GetGuid(at + 3)),
        new Minutes(row.GetInt64(at + 4)),
        new Minutes(row.GetInt64(at + 5)),
        row.GetFieldValue<DateOnly>(at + 6),
        row.TextOrNull(at + 7),
        row.UuidOrNull(at + 8) is { } text ? new TextId(text) : null,
        row.UuidOrNull(at + 9) is { } hold ? new HoldId(hold) : null,
        row.UuidOrNull(at + 10) is { } rule ? new RuleRef(new RuleId(rule), row.GetInt64(at + 11)) : null,
        row.UuidOrNull(at + 12) is { } reverses ? new TransferId(reverses) : null,
        row.TextOrNull(at + 13) is { } word ? Words.Parse<OverrideKind>(word) : null);
}
