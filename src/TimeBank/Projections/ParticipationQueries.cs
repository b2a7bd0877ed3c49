using Npgsql;
using NpgsqlTypes;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Who took part in a month, counted.</summary>
/// <param name="Month">Its first day.</param>
public sealed record MonthOfHelp(DateOnly Month, long Gave, long Received, long Contributions, Minutes Minutes);

/// <summary>How many people took part, by month: numbers, and nothing of anybody.</summary>
public sealed class ParticipationQueries(Database database)
{
    /// <param name="from">The first day of the first month, by the date on which help was given.</param>
    /// <param name="until">The first day after the last month.</param>
    /// <remarks>Nothing is written down before the day on which it was given, but for the offset of the bank's time zone, and ids begin with their moment:
    /// what was written down earlier need not be read. Entries of one posting to one person are one contribution, whoever gave the hours for it.</remarks>
    public Task<List<MonthOfHelp>> ListAsync(BankId bank, DateOnly from, DateOnly until, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            with moved as (
              select t.occurred, t.kind, case p.kind when 'member' then t.payer end as payer, case g.kind when 'member' then t.payee end as payee,
                left(t.id::text, 32) as posting, t.minutes - t.reversed as minutes
              from timebank.transfers t
              join timebank.accounts p on p.bank = t.bank and p.id = t.payer
              join timebank.accounts g on g.bank = t.bank and g.id = t.payee
              where t.bank = $1 and t.id >= $2 and t.occurred >= $3 and t.occurred < $4 and t.kind in ('exchange', 'earn', 'spend') and t.minutes > t.reversed
            ), help as (
              select occurred, payee as giver, null::uuid as receiver, sum(minutes)::bigint as minutes from moved where kind <> 'spend' and payee is not null group by occurred, posting, payee
              union all
              select (c.state #>> '{claim,occurred}')::date, (c.state #>> '{claim,helper}')::uuid, (c.state #>> '{claim,helped}')::uuid, (c.state #>> '{claim,minutes}')::bigint
              from timebank.things c
              where c.bank = $1 and c.id >= $2 and c.kind = 'contribution' and c.stage in ('credited', 'settled') and c.state #>> '{claim,wish}' = 'nothing'
                and (c.state #>> '{claim,occurred}')::date >= $3 and (c.state #>> '{claim,occurred}')::date < $4 and (c.state #>> '{claim,minutes}')::bigint > 0
            ), people as (
              select occurred, giver, receiver, minutes, 1 as contributions from help
              union all select occurred, null, payer, 0, 0 from moved where kind <> 'earn' and payer is not null
            )
            select date_trunc('month', occurred)::date, count(distinct giver), count(distinct receiver), sum(contributions)::bigint, sum(minutes)::bigint
            from people group by 1 order by 1
            """)
            .Value(bank.Value).Value(from.Year > 1970 ? Uuid.FirstOf(new DateTimeOffset(from.AddDays(-1), TimeOnly.MinValue, TimeSpan.Zero)) : Guid.Empty)
            .Value(from, NpgsqlDbType.Date).Value(until, NpgsqlDbType.Date),
            row => new MonthOfHelp(row.GetFieldValue<DateOnly>(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), new Minutes(row.GetInt64(4))), cancel);
}
