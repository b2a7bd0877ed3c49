using System.Text.Json;
using Npgsql;

namespace TimeBank.Store;

/// <summary>Writes one bank to a folder of files: its journal up to where it stands, all its events, the texts that they name, and the answers that were
/// given under keys.</summary>
/// <remarks>Everything else about a bank follows from these. Concerns, logins of people and invitations are not among them. It reads in short statements,
/// page by page, so that servers go on; memory does not grow with the bank.</remarks>
public sealed class BankExport(string connectionString, string bank)
{
    private const int AtOnce = 10_000;

    /// <summary>The folder is there only when it is whole: until then it is called FOLDER.partial.</summary>
    /// <param name="report">Hears how many events were written, now and then.</param>
    public async Task<BankManifest> WriteAsync(string folder, Action<long> report, CancellationToken cancel)
    {
        var partial = folder + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        MakeFolder(partial);
        try
        {
            await using var replay = await Replay.OpenAsync(connectionString, cancel);
            // Answers first, then where the journal stands: so none is carried whose effect is not.
            BankFile keys;
            using (var file = new BankFileWriter(partial, BankManifest.Keys))
            {
                await WriteKeysAsync(replay, file, cancel);
                keys = file.Complete();
            }
            var head = await replay.HeadAsync(bank, cancel) ?? throw new BankFolderException($"There is no journal of bank {bank} here.");
            using var journal = new BankFileWriter(partial, BankManifest.Journal);
            using var events = new BankFileWriter(partial, BankManifest.EventsFile);
            using var texts = new BankFileWriter(partial, BankManifest.Texts);
            var written = await WriteAsync(replay, head, journal, events, texts, report, cancel);
            var manifest = new BankManifest(
                BankManifest.CurrentFormat, SchemaMigrations.Format, bank, DateTimeOffset.UtcNow, head.Number, Convert.ToHexStringLower(head.Hash), written,
                [journal.Complete(), events.Complete(), texts.Complete(), keys]);
            PrivateFile.Write(Path.Combine(partial, BankManifest.FileName), file => JsonSerializer.Serialize(file, manifest, BankManifest.Json));
            Directory.Move(partial, folder);
            return manifest;
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    private async Task<long> WriteAsync(
        Replay replay, StoredBatch head, BankFileWriter journal, BankFileWriter events, BankFileWriter texts, Action<long> report, CancellationToken cancel)
    {
        var batches = new Queue<(MovedBatch Batch, long Last)>();
        var (number, seq, written) = (0L, 0L, 0L);
        var ofBatch = 0;
        var named = new TextsNamed();
        while (true)
        {
            var page = await Replay.ReadAsync(replay.Command($"""
                select seq_id, id, stream_id, version, type, data, correlation_id, causation_id, headers
                from timebank.mt_events where tenant_id = $1 and seq_id > $2 and seq_id <= $3 order by seq_id limit {AtOnce}
                """, bank, seq, head.Last), Read, cancel);
            if (page.Count == 0)
                break;
            foreach (var (at, e, data) in page)
            {
                while (batches.Count == 0 || at > batches.Peek().Last)
                {
                    EndBatch(batches, journal, ref ofBatch);
                    if (batches.Count > 0)
                        continue;
                    foreach (var batch in await BatchesAsync(replay, number, head.Number, cancel))
                    {
                        batches.Enqueue(batch);
                        number = batch.Batch.Number;
                    }
                    if (batches.Count == 0)
                        throw new BankFolderException($"Event {at} of bank {bank} is in no batch of its journal. `timebank verify --bank {bank}` says more.");
                }
                events.Write(e);
                ofBatch++;
                named.Add(data);
            }
            foreach (var text in await Replay.ReadAsync(replay.Command(
                "select id, salt, body::text from timebank.texts where bank = $1 and id = any ($2)", bank, named.Take()),
                row => new MovedText(row.GetGuid(0), row.GetFieldValue<byte[]>(1), row.GetString(2)), cancel))
                texts.Write(text);
            seq = page[^1].Seq;
            report(written += page.Count);
        }
        EndBatch(batches, journal, ref ofBatch);
        return written;
    }

    private static void EndBatch(Queue<(MovedBatch Batch, long Last)> batches, BankFileWriter journal, ref int events)
    {
        if (!batches.TryDequeue(out var ended))
            return;
        journal.Write(ended.Batch with { Events = events });
        events = 0;
    }

    private Task<List<(MovedBatch Batch, long Last)>> BatchesAsync(Replay replay, long after, long upTo, CancellationToken cancel) => Replay.ReadAsync(
        replay.Command($"select number, batch_id, posted, hash, last_seq from timebank.journal where bank = $1 and number > $2 and number <= $3 order by number limit {AtOnce}",
            bank, after, upTo),
        row => (new MovedBatch(row.GetInt64(0), row.GetGuid(1), row.Instant(2), 0, Convert.ToHexStringLower(row.GetFieldValue<byte[]>(3))), row.GetInt64(4)), cancel);

    private async Task WriteKeysAsync(Replay replay, BankFileWriter file, CancellationToken cancel)
    {
        var after = Guid.Empty;
        while (true)
        {
            var page = await Replay.ReadAsync(
                replay.Command($"select key, request, status, outcome from timebank.idempotency_keys where bank = $1 and key > $2 order by key limit {AtOnce}", bank, after),
                row => new MovedKey(row.GetGuid(0), row.GetGuid(1), row.GetInt16(2), row.GetString(3)), cancel);
            foreach (var key in page)
                file.Write(key);
            if (page.Count < AtOnce)
                return;
            after = page[^1].Key;
        }
    }

    private static (long Seq, MovedEvent Event, byte[] Data) Read(NpgsqlDataReader row)
    {
        var data = row.GetFieldValue<byte[]>(5);
        var e = new MovedEvent(
            row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), row.GetString(4), JsonElement.Parse(data), row.TextOrNull(6), row.TextOrNull(7),
            row.TextOrNull(8) is { } headers ? JsonElement.Parse(headers) : null);
        return (row.GetInt64(0), e, data);
    }

    /// <summary>It tells about people: only its owner may look into it.</summary>
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

/// <summary>Ids of the texts that events name: wherever in an event there is an id with a hash beside it.</summary>
internal sealed class TextsNamed
{
    private static readonly byte[] s_sign = "\"hash\""u8.ToArray();

    private readonly HashSet<Guid> _named = [];
    private HashSet<Guid> _before = [];

    public void Add(byte[] data)
    {
        if (data.AsSpan().IndexOf(s_sign) < 0)
            return;
        using var e = JsonDocument.Parse(data);
        Add(e.RootElement);
    }

    /// <summary>Those that were named since they were taken last; not again those that were taken then: both sides of a transfer name its text.</summary>
    public Guid[] Take()
    {
        Guid[] taken = [.. _named.Where(id => !_before.Contains(id))];
        _before = [.. _named];
        _named.Clear();
        return taken;
    }

    private void Add(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                Add(item);
        }
        if (value.ValueKind != JsonValueKind.Object)
            return;
        if (value.TryGetProperty("hash", out _) && value.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var text))
            _named.Add(text);
        foreach (var member in value.EnumerateObject())
            Add(member.Value);
    }
}
