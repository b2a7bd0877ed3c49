using Npgsql;
using NpgsqlTypes;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

public sealed record TransferWithText(Transfer Transfer, TextBody? Text);

/// <summary>What a list of transfers is narrowed to.</summary>
public sealed record TransferFilter(
    TransferKind? Kind, AccountId? Account, string? Category, string? ClientReference,
    DateTimeOffset? PostedFrom, DateTimeOffset? PostedTo, DateOnly? OccurredFrom, DateOnly? OccurredTo);

/// <summary>Queries over transfers, whose ids run in the order of the journal.</summary>
public sealed class TransferQueries(Database database)
{
    private static readonly string Columns = string.Join(", ", TransfersTable.Columns.Split(", ").Select(c => "t." + c));

    private static readonly string Select = $"""
        select {Columns}, x.body from timebank.transfers t left join timebank.texts x on x.bank = t.bank and x.id = t.text
        """;

    public async Task<TransferWithText?> FindAsync(BankId bank, TransferId id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where t.bank = $1 and t.id = $2").Value(bank.Value).Value(id.Value), Read, cancel))
        .SingleOrDefault();

    /// <summary>The thing that made a transfer, if one did: a contribution, for one. Found in the payer's passbook, at the moment that the transfer's id tells.</summary>
    public async Task<ThingId?> CauseAsync(BankId bank, TransferId id, CancellationToken cancel) => await FindAsync(bank, id, cancel) is not { Transfer: var transfer } ? null
        : (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select e.causation_id::uuid from timebank.mt_events e
            where e.tenant_id = $1 and e.stream_id = $2 and e.version > {AsOf.VersionBefore("$1", "$2", "$3")} and e.version <= {AsOf.Version("$1", "$2", "$3")}
              and e.type = 'hours_debited' and e.data ->> 'transfer' = $4 and e.causation_id is not null
            """)
            .Value(bank.Value).Value(transfer.Payer.Value).Value(Uuid.InstantOf(id.Value).UtcDateTime, NpgsqlDbType.TimestampTz).Value(id.ToString()),
            row => new ThingId(row.GetGuid(0)), cancel)).Cast<ThingId?>().SingleOrDefault();

    public Task<List<TransferWithText>> OfPostingAsync(BankId bank, PostingId posting, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Select} where t.bank = $1 and t.id between $2 and $3 order by t.id")
            .Value(bank.Value).Value(posting.Value).Value(Uuid.WithLow16(posting.Value, 0xFFFF)), Read, cancel);

    /// <summary>Newest first. An account's transfers are found through its passbook, a client reference through its index.</summary>
    public Task<List<TransferWithText>> ListAsync(BankId bank, TransferFilter filter, Guid before, int limit, CancellationToken cancel)
    {
        var lowest = filter.PostedFrom is { } from && from > DateTimeOffset.UnixEpoch ? Uuid.FirstOf(from) : Guid.Empty;
        var highest = filter.PostedTo is { } to && AsOf.EndOfIds(to) is var end && end.CompareTo(before) < 0 ? end : before;
        var source = filter.Account is null
            ? Select
            : $"""
              select {Columns}, x.body
              from timebank.mt_events e
              join timebank.transfers t on t.bank = e.tenant_id and t.id = (e.data ->> 'transfer')::uuid
              left join timebank.texts x on x.bank = t.bank and x.id = t.text
              """;
        var ofAccount = filter.Account is null ? "$10::uuid is null" : "e.tenant_id = $1 and e.stream_id = $10 and e.type in ('hours_credited', 'hours_debited')";
        var order = filter.Account is null ? "t.id" : "e.version";
        var referenced = filter.ClientReference is null ? "$9::text is null" : "x.body ->> 'clientReference' = $9 and x.bank = $1";
        return Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {source}
            where t.bank = $1 and t.id >= $2 and t.id < $3
              and ($4::text is null or t.kind = $4) and ($5::text is null or t.category = $5)
              and ($6::date is null or t.occurred >= $6) and ($7::date is null or t.occurred <= $7)
              and {referenced} and {ofAccount}
            order by {order} desc limit $8
            """)
            .Value(bank.Value).Value(lowest).Value(highest)
            .Value(filter.Kind?.Word(), NpgsqlDbType.Text).Value(filter.Category, NpgsqlDbType.Text)
            .Value(filter.OccurredFrom, NpgsqlDbType.Date).Value(filter.OccurredTo, NpgsqlDbType.Date)
            .Value((long)limit).Value(filter.ClientReference, NpgsqlDbType.Text).Value(filter.Account?.Value, NpgsqlDbType.Uuid), Read, cancel);
    }

    private static TransferWithText Read(NpgsqlDataReader row) =>
        new(TransfersTable.Read(row, 0), row.TextOrNull(14) is { } body ? TextBody.Parse(body) : null);
}
