using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace TimeBank.Store;

/// <summary>Brings a folder's journal and events into the store, whole batches at a time, and hands each page on. Every batch's hash is worked out again
/// from its events; one that is not the hash that stands there ends it.</summary>
/// <remarks>Sequence numbers are the database's own, and no part of what is hashed: the events get new ones here, in the same order.</remarks>
internal sealed class MovedEvents(NpgsqlConnection connection, string folder, BankManifest manifest)
{
    private readonly List<StoredEvent> _page = [];
    private readonly List<MovedEvent> _moved = [];
    private readonly List<(MovedBatch Batch, byte[] Hash)> _batches = [];

    public async IAsyncEnumerable<List<StoredEvent>> ReadAsync(int atOnce, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var chain = new HashChain();
        using var events = BankFileReader.Lines<MovedEvent>(folder, manifest, BankManifest.EventsFile).GetEnumerator();
        var former = (Number: 0L, Posted: DateTimeOffset.MinValue, Hash: HashChain.Start);
        foreach (var batch in BankFileReader.Lines<MovedBatch>(folder, manifest, BankManifest.Journal))
        {
            if (batch.Number != former.Number + 1 || batch.Posted <= former.Posted || batch.Events < 1)
                throw Damaged($"batch {batch.Number} cannot follow batch {former.Number}.");
            chain.Begin(former.Hash, manifest.Bank, batch.Number, batch.Posted);
            for (var i = 0; i < batch.Events; i++)
            {
                if (!events.MoveNext())
                    throw Damaged($"batch {batch.Number} has fewer events than its journal says.");
                Add(events.Current, batch, chain);
            }
            var hash = chain.End();
            if (Convert.ToHexStringLower(hash) != batch.Hash)
                throw Damaged($"batch {batch.Number} does not have the hash that stands in its journal: its events are not those that were written, or the bank had another id.");
            _batches.Add((batch, hash));
            former = (batch.Number, batch.Posted, hash);
            if (_page.Count < atOnce)
                continue;
            yield return await WriteAsync(cancel);
        }
        if (former.Number != manifest.Number || events.MoveNext())
            throw Damaged("its journal does not end where its manifest says.");
        if (_page.Count > 0)
            yield return await WriteAsync(cancel);
    }

    private void Add(MovedEvent e, MovedBatch batch, HashChain chain)
    {
        try
        {
            var happened = EventCodec.Decode(e.Type, JsonSerializer.SerializeToUtf8Bytes(e.Data));
            var headers = ActorCodec.Canonical(e.Headers?.GetRawText());
            chain.Add(e.Stream, e.Version, e.Type, EventCodec.Encode(happened), e.Correlation, e.Causation, headers);
            _page.Add(new StoredEvent(0, e.Stream, e.Version, e.Type, happened, null, batch.Posted, e.Correlation, e.Causation, headers));
            _moved.Add(e);
        }
        catch (UnknownEventException unknown)
        {
            throw Damaged($"batch {batch.Number}: {unknown.Message}");
        }
    }

    /// <summary>The events of whole batches, then the batches: a page that the caller may keep until it asks for the next.</summary>
    private async Task<List<StoredEvent>> WriteAsync(CancellationToken cancel)
    {
        var numbers = await Replay.ReadAsync(
            new NpgsqlCommand("select nextval('timebank.mt_events_sequence') from generate_series(1, $1)", connection) { Parameters = { new() { Value = _page.Count } } },
            row => row.GetInt64(0), cancel);
        List<StoredEvent> page = [.. _page.Select((e, i) => e with { Seq = numbers[i] })];
        await WriteEventsAsync(page, cancel);
        await WriteBatchesAsync(numbers, cancel);
        _page.Clear();
        _moved.Clear();
        _batches.Clear();
        return page;
    }

    private async Task WriteEventsAsync(List<StoredEvent> page, CancellationToken cancel)
    {
        await using var rows = await connection.BeginBinaryImportAsync("""
            copy timebank.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, causation_id, headers, is_archived)
            from stdin (format binary)
            """, cancel);
        foreach (var (e, moved) in page.Zip(_moved))
        {
            await rows.StartRowAsync(cancel);
            rows.Write(e.Seq, NpgsqlDbType.Bigint);
            rows.Write(moved.Id, NpgsqlDbType.Uuid);
            rows.Write(e.Stream, NpgsqlDbType.Uuid);
            rows.Write(e.Version, NpgsqlDbType.Bigint);
            rows.Write(moved.Data.GetRawText(), NpgsqlDbType.Jsonb);
            rows.Write(e.Type, NpgsqlDbType.Varchar);
            rows.Put((DateTimeOffset?)e.Posted);
            rows.Write(manifest.Bank, NpgsqlDbType.Varchar);
            rows.Put(e.Correlation);
            rows.Put(e.Causation);
            if (moved.Headers is { } headers)
                rows.Write(headers.GetRawText(), NpgsqlDbType.Jsonb);
            else
                rows.WriteNull();
            rows.Write(false, NpgsqlDbType.Boolean);
        }
        await rows.CompleteAsync(cancel);
    }

    private async Task WriteBatchesAsync(List<long> numbers, CancellationToken cancel)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "copy timebank.journal (bank, number, batch_id, first_seq, last_seq, posted, hash) from stdin (format binary)", cancel);
        var first = 0;
        foreach (var (batch, hash) in _batches)
        {
            await rows.StartRowAsync(cancel);
            rows.Write(manifest.Bank, NpgsqlDbType.Text);
            rows.Write(batch.Number, NpgsqlDbType.Bigint);
            rows.Write(batch.Id, NpgsqlDbType.Uuid);
            rows.Write(numbers[first], NpgsqlDbType.Bigint);
            rows.Write(numbers[first + batch.Events - 1], NpgsqlDbType.Bigint);
            rows.Put((DateTimeOffset?)batch.Posted);
            rows.Write(hash, NpgsqlDbType.Bytea);
            first += batch.Events;
        }
        await rows.CompleteAsync(cancel);
    }

    private BankFolderException Damaged(string why) => BankFileReader.Damaged(folder, why);
}
