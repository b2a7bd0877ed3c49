using Npgsql;
using TimeBank.Redemptions;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>What a voucher stands for.</summary>
/// <param name="Service">What the provider says about the service.</param>
public sealed record VoucherRow(Booking Booking, TextBody? Service);

/// <summary>Queries over vouchers.</summary>
public sealed class VoucherQueries(Database database)
{
    /// <summary>In one round trip, since somebody waits at a desk.</summary>
    public async Task<VoucherRow?> FindAsync(BankId bank, ThingId voucher, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select b.kind, b.state, x.body
            from (select (state ->> 'booking')::uuid id from timebank.things where bank = $1 and id = $2 and kind = 'voucher' offset 0) v
            join timebank.things b on b.bank = $1 and b.id = v.id
            cross join lateral (select (b.state ->> 'service')::uuid id offset 0) of
            join timebank.things s on s.bank = $1 and s.id = of.id
            left join timebank.texts x on x.bank = $1 and x.id = s.text
            """).Value(bank.Value).Value(voucher.Value),
            row => new VoucherRow((Booking)ThingsTable.Read(row, 0), row.TextOrNull(2) is { } body ? TextBody.Parse(body) : null), cancel)).SingleOrDefault();
}
