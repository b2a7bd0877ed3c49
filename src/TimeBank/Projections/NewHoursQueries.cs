using Npgsql;
using NpgsqlTypes;
using TimeBank.Postings;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Minutes that came from the community in a month, less what was taken back of them since.</summary>
/// <param name="Project">The project that was worked for, or that received them; null: they were for a person, or for something else.</param>
public sealed record NewHours(DateOnly Month, AccountId? Project, string? Name, TransferKind Kind, Minutes Minutes);

/// <summary>Hours that came new, by project and month: the issuer's own passbook, with what each entry was for.</summary>
public sealed class NewHoursQueries(Database database)
{
    /// <param name="from">The first day of the first month, by the date on which help was given.</param>
    /// <param name="until">The first day after the last month.</param>
    /// <remarks>Nothing is posted before the day on which it was given, but for the offset of the bank's time zone: so much of the passbook need not be read.</remarks>
    public Task<List<NewHours>> ListAsync(BankId bank, AccountId issuer, DateOnly from, DateOnly until, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($$"""
            select n.month, n.project, x.body ->> 'name', n.kind, n.minutes
            from (
              select date_trunc('month', t.occurred)::date as month,
                coalesce((c.state #>> '{claim,project}')::uuid, case a.kind when 'project' then a.id when 'earmark' then a.parent end) as project,
                t.kind, sum(t.minutes - t.reversed)::bigint as minutes
              from timebank.mt_events e
              join timebank.transfers t on t.bank = e.tenant_id and t.id = (e.data ->> 'transfer')::uuid
              left join timebank.things c on c.bank = e.tenant_id and c.id = e.causation_id::uuid and c.kind = 'contribution'
              left join timebank.accounts a on a.bank = e.tenant_id and a.id = t.payee
              where e.tenant_id = $1 and e.stream_id = $2 and e.version > {{AsOf.VersionBefore("$1", "$2", "$3")}} and e.type = 'hours_debited'
                and t.kind <> 'reversal' and t.occurred >= $4 and t.occurred < $5 and t.minutes > t.reversed
              group by 1, 2, 3) n
            left join timebank.accounts p on p.bank = $1 and p.id = n.project
            left join timebank.texts x on x.bank = $1 and x.id = p.name_text
            order by n.month, n.project nulls last, n.kind
            """)
            .Value(bank.Value).Value(issuer.Value).Value((from > DateOnly.MinValue ? from.AddDays(-1) : from).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), NpgsqlDbType.TimestampTz)
            .Value(from, NpgsqlDbType.Date).Value(until, NpgsqlDbType.Date),
            row => new NewHours(
                row.GetFieldValue<DateOnly>(0), row.UuidOrNull(1) is { } project ? new AccountId(project) : null, row.TextOrNull(2),
                Words.Parse<TransferKind>(row.GetString(3)), new Minutes(row.GetInt64(4))), cancel);
}
