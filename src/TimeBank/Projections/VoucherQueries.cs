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
    /// <remarks>Each by its key, and by nothing else: a plan that was made on empty tables would go along all vouchers. No other thing has the id of a
    /// voucher's code, and names a booking.</remarks>
    public async Task<VoucherRow?> FindAsync(BankId bank, ThingId voucher, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select b.kind, b.state, x.body
            from (select (state ->> 'booking')::uuid id from timebank.things where bank = $1 and id = $2 limit 1) v
            cross join lateral (select b.kind, b.state, (b.state ->> 'service')::uuid service from timebank.things b where b.bank = $1 and b.id = v.id limit 1) b
            cross join lateral (select s.text from timebank.things s where s.bank = $1 and s.id = b.service limit 1) s
            left join lateral (select x.body from timebank.texts x where x.bank = $1 and x.id = s.text limit 1) x on true
            """).Value(bank.Value).Value(voucher.Value),
            row => new VoucherRow((Booking)ThingsTable.Read(row, 0), row.TextOrNull(2) is { } body ? TextBody.Parse(body) : null), cancel)).SingleOrDefault();
}
