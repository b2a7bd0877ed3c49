using System.Text.Json;
using Npgsql;
using TimeBank.Banks;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: a bank's name and policy, one row a bank.</summary>
public static class BanksTable
{
    private const string Columns = "stream, version, name, issuer, policy";

    public sealed class Rows
    {
        private readonly Dictionary<BankId, Bank> _byId = [];

        public void Add(Bank bank) => _byId[bank.Id] = bank;

        public void AppendTo(NpgsqlBatch batch)
        {
            var banks = _byId.Values;
            if (banks.Count > 0)
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
                    insert into timebank.banks (bank, {Columns}) select * from unnest($1, $2, $3, $4, $5, $6)
                    on conflict (bank) do update set version = excluded.version, name = excluded.name, policy = excluded.policy
                    """)
                    .Texts([.. banks.Select(b => b.Id.Value)])
                    .Uuids([.. banks.Select(b => b.Stream)])
                    .Numbers([.. banks.Select(b => b.Version)])
                    .Texts([.. banks.Select(b => b.Name)])
                    .Uuids([.. banks.Select(b => b.Issuer.Value)])
                    .Json([.. banks.Select(b => JsonSerializer.SerializeToUtf8Bytes(b.Policy, EventJson.Options))]));
        }
    }

    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks) =>
        new NpgsqlBatchCommand($"select bank, {Columns} from timebank.banks where bank = any ($1)").Texts(banks);

    public static Bank Read(NpgsqlDataReader row, int at) => new(
        new BankId(row.GetString(at)),
        row.GetGuid(at + 1),
        row.GetInt64(at + 2),
        row.GetString(at + 3),
        new AccountId(row.GetGuid(at + 4)),
        EventCodec.DecodePart<BankPolicy>(row.GetString(at + 5)));
}
