using Npgsql;
using NpgsqlTypes;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>One line of a statement.</summary>
/// <param name="Balance">The running balance in the order that was asked for.</param>
public sealed record EntryRow(long Version, DateTimeOffset Posted, PassbookEvent.HoursMoved Moved, Minutes Amount, Minutes Balance, TextBody? Text);

/// <summary>A passbook's entries: a range read of one index.</summary>
public sealed class EntryQueries(Database database)
{
    private const string Entries = "type in ('hours_credited', 'hours_debited')";
    private const string TextOf = "left join timebank.texts t on t.bank = e.tenant_id and t.id = (e.data #>> '{text,id}')::uuid";

    /// <summary>In the order of the journal. <paramref name="after"/> is the version where the former page ended.</summary>
    public Task<List<EntryRow>> ByPostedAsync(
        BankId bank, AccountId account, bool newestFirst, DateTimeOffset? from, DateTimeOffset? to, long? after, int limit, CancellationToken cancel)
    {
        var range = newestFirst ? "e.version < $3" : "e.version > $3";
        var order = newestFirst ? "desc" : "asc";
        // "from" is inclusive: what stands before it ends one microsecond earlier.
        var since = from is null ? "" : $"and e.version > coalesce({AsOf.Version("$1", "$2", "$5::timestamptz - interval '1 microsecond'")}, 0)";
        var until = to is null ? "" : $"and e.version <= {AsOf.Version("$1", "$2", from is null ? "$5" : "$6")}";
        var query = new NpgsqlBatchCommand($"""
            select e.version, e.timestamp, e.type, e.data, t.body
            from timebank.mt_events e {TextOf}
            where e.tenant_id = $1 and e.stream_id = $2 and {range} and e.{Entries} {since} {until}
            order by e.version {order} limit $4
            """)
            .Value(bank.Value).Value(account.Value).Value(after ?? (newestFirst ? long.MaxValue : 0)).Value((long)limit);
        if (from is { } first)
            query.Value(first.UtcDateTime, NpgsqlDbType.TimestampTz);
        if (to is { } last)
            query.Value(last.UtcDateTime, NpgsqlDbType.TimestampTz);
        return Rows.ReadAsync(database, query, row => Read(row, null), cancel);
    }

    /// <summary>By the date on which the help was given, then in the order of the journal; the balance runs in that order,
    /// so that every page sums over all that stands before it.</summary>
    public Task<List<EntryRow>> ByOccurredAsync(
        BankId bank, AccountId account, bool newestFirst, DateOnly? from, DateOnly? to, (DateOnly Occurred, long Version)? after, int limit, CancellationToken cancel)
    {
        var (compare, order) = newestFirst ? ("<", "desc") : (">", "asc");
        return Rows.ReadAsync(database, new NpgsqlBatchCommand($"""
            select e.version, e.timestamp, e.type, e.data, t.body, e.running
            from (
              select tenant_id, version, timestamp, type, data, (data ->> 'occurred')::date as occurred,
                sum(case type when 'hours_credited' then 1 else -1 end * (data ->> 'minutes')::bigint)
                  over (order by (data ->> 'occurred')::date, version)::bigint as running
              from timebank.mt_events where tenant_id = $1 and stream_id = $2 and {Entries}
            ) e {TextOf}
            where ($3::date is null or e.occurred >= $3) and ($4::date is null or e.occurred <= $4)
              and ($5::date is null or (e.occurred, e.version) {compare} ($5, $6))
            order by e.occurred {order}, e.version {order} limit $7
            """)
            .Value(bank.Value).Value(account.Value)
            .Value(from, NpgsqlDbType.Date).Value(to, NpgsqlDbType.Date)
            .Value(after?.Occurred, NpgsqlDbType.Date).Value(after?.Version ?? 0).Value((long)limit),
            row => Read(row, new Minutes(row.GetInt64(5))), cancel);
    }

    private static EntryRow Read(NpgsqlDataReader row, Minutes? running)
    {
        var moved = (PassbookEvent.HoursMoved)EventCodec.Decode(row.GetString(2), row.GetFieldValue<byte[]>(3));
        var amount = moved is PassbookEvent.HoursCredited ? moved.Minutes : -moved.Minutes;
        var text = row.TextOrNull(4) is { } body ? TextBody.Parse(body) : null;
        return new EntryRow(row.GetInt64(0), row.Instant(1), moved, amount, running ?? moved.Balance, text);
    }
}
