using System.Text.Json;
using Npgsql;
using TimeBank.Access;
using TimeBank.Banks;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: a bank's name and policy, one row a bank.</summary>
public static class BanksTable
{
    private const string Columns = "stream, version, name, issuer, policy, audit_version, organisers";

    public sealed class Rows
    {
        private readonly Dictionary<BankId, Bank> _byId = [];

        public void Add(Bank bank) => _byId[bank.Id] = bank;

        public void AppendTo(NpgsqlBatch batch)
        {
            var banks = _byId.Values;
            if (banks.Count > 0)
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
                    insert into timebank.banks (bank, {Columns}) 
                    select bank, stream, version, name, issuer, policy, audit_version, string_to_array(organisers, ',')::uuid[]
                    from unnest($1, $2, $3, $4, $5, $6, $7, $8) u (bank, stream, version, name, issuer, policy, audit_version, organisers)
                    on conflict (bank) do update set version = excluded.version, name = excluded.name, policy = excluded.policy,
                      audit_version = excluded.audit_version, organisers = excluded.organisers
                    """)
                    .Texts([.. banks.Select(b => b.Id.Value)])
                    .Uuids([.. banks.Select(b => b.Stream)])
                    .Numbers([.. banks.Select(b => b.Version)])
                    .Texts([.. banks.Select(b => b.Name)])
                    .Uuids([.. banks.Select(b => b.Issuer.Value)])
                    .Json([.. banks.Select(b => JsonSerializer.SerializeToUtf8Bytes(b.Policy, EventJson.Options))])
                    .Numbers([.. banks.Select(b => b.AuditVersion)])
                    .Texts([.. banks.Select(b => string.Join(',', b.Organisers))]));
        }
    }

    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks) =>
        new NpgsqlBatchCommand($"select bank, {Columns} from timebank.banks where bank = any ($1)").Texts(banks);

    /// <summary>Parameters: the bank after which to begin, the limit, and the banks among which to look or null.</summary>
    public static NpgsqlBatchCommand List() =>
        new($"select bank, {Columns} from timebank.banks where bank > $1 and ($3::text[] is null or bank = any ($3)) order by bank limit $2");

    public static Bank Read(NpgsqlDataReader row, int at) => new(
        new BankId(row.GetString(at)),
        row.GetGuid(at + 1),
        row.GetInt64(at + 2),
        row.GetString(at + 3),
        new AccountId(row.GetGuid(at + 4)),
        EventCodec.DecodePart<BankPolicy>(row.GetString(at + 5)),
        row.GetInt64(at + 6),
        [.. row.GetFieldValue<Guid[]>(at + 7).Select(id => new PersonId(id))]);
}
