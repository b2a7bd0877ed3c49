using System.Text.Json;
using Npgsql;
using TimeBank.Reinvestment;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: every version of every rule; the newest is marked.</summary>
public static class RulesTable
{
    private const string Columns = "id, version, owner, active, terms";

    public sealed class Rows
    {
        private readonly List<(BankId Bank, Rule Rule)> _versions = [];

        public void Add(BankId bank, Rule version) => _versions.Add((bank, version));

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_versions.Count == 0)
                return;
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                update timebank.rules r set newest = false
                from unnest($1, $2) u (bank, id) where r.bank = u.bank and r.id = u.id and r.newest
                """)
                .Texts([.. _versions.Select(v => v.Bank.Value)])
                .Uuids([.. _versions.Select(v => v.Rule.Id.Value)]));
            var newest = _versions.GroupBy(v => v.Rule.Id).ToDictionary(g => g.Key, g => g.Max(v => v.Rule.Version));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                insert into timebank.rules (bank, id, version, owner, active, newest, terms)
                select bank, id, version, owner, active = 1, newest = 1, terms
                from unnest($1, $2, $3, $4, $5, $6, $7) u (bank, id, version, owner, active, newest, terms)
                """)
                .Texts([.. _versions.Select(v => v.Bank.Value)])
                .Uuids([.. _versions.Select(v => v.Rule.Id.Value)])
                .Numbers([.. _versions.Select(v => v.Rule.Version)])
                .Uuids([.. _versions.Select(v => v.Rule.Owner.Value)])
                .Numbers([.. _versions.Select(v => v.Rule.Active ? 1L : 0L)])
                .Numbers([.. _versions.Select(v => v.Rule.Version == newest[v.Rule.Id] ? 1L : 0L)])
                .Json([.. _versions.Select(v => JsonSerializer.SerializeToUtf8Bytes(v.Rule.Terms, EventJson.Options))]));
        }
    }

    public static NpgsqlBatchCommand LoadInForce(IReadOnlyList<string> banks, IReadOnlyList<Guid> owners) => new NpgsqlBatchCommand($"""
        select r.bank, {Columns} from unnest($1, $2) u (b, o)
        join timebank.rules r on r.bank = u.b and r.owner = u.o and r.newest and r.active
        order by r.id
        """).Texts(banks).Uuids(owners);

    public static NpgsqlBatchCommand LoadNewest(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids) => new NpgsqlBatchCommand($"""
        select r.bank, {Columns} from unnest($1, $2) u (b, i)
        join timebank.rules r on r.bank = u.b and r.id = u.i and r.newest
        """).Texts(banks).Uuids(ids);

    public static NpgsqlBatchCommand LoadVersions(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids, IReadOnlyList<long> versions) =>
        new NpgsqlBatchCommand($"""
        select r.bank, {Columns} from unnest($1, $2, $3) u (b, i, v)
        join timebank.rules r on r.bank = u.b and r.id = u.i and r.version = u.v
        """).Texts(banks).Uuids(ids).Numbers(versions);

    public static Rule Read(NpgsqlDataReader row, int at) => new(
        new RuleId(row.GetGuid(at)),
        row.GetInt64(at + 1),
        new AccountId(row.GetGuid(at + 2)),
        EventCodec.DecodePart<RuleTerms>(row.GetString(at + 4)),
        row.GetBoolean(at + 3));
}
