using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TimeBank.Bench;

/// <summary>Latencies of a run in microseconds, sorted.</summary>
public sealed record Latencies(long[] Sorted)
{
    public double Milliseconds(double percent) => Statistics.Percentile(Sorted, percent) / 1000.0;
}

/// <summary>Open-loop load: requests leave at their scheduled times, whether former ones were answered or not, and each latency counts
/// from the scheduled time. A server that stands still for a second is charged with all requests of that second.</summary>
/// <remarks>Light, because it shares the cores: one thread paces and sends, answers arrive on the thread pool, nothing is allocated for a request.</remarks>
public sealed class LoadGenerator : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_number = "0000000000"u8.ToArray();

    private readonly IReadOnlyList<Guid> _members;
    private readonly ConcurrentQueue<LoadConnection> _free = new();
    private readonly List<LoadConnection> _all = [];
    private readonly byte[] _request;
    private readonly int _key;
    private readonly int _payer;
    private readonly int _payee;
    private readonly Random _random = new(1);
    private int _sent;

    private LoadGenerator(Uri server, Community community)
    {
        _members = community.Members;
        var (payer, payee) = (Guid.NewGuid(), Guid.NewGuid());
        var body = $$"""{"kind":"exchange","payer":"{{payer}}","payee":"{{payee}}","minutes":1}""";
        var text = $"POST /v1/banks/{community.Bank}/transfers HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {community.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nIdempotency-Key: {Guid.NewGuid().ToString("N")[..12]}-{Encoding.ASCII.GetString(s_number)}\r\n\r\n{body}";
        _request = Encoding.ASCII.GetBytes(text);
        _key = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) - s_number.Length;
        _payer = text.IndexOf(payer.ToString(), StringComparison.Ordinal);
        _payee = text.IndexOf(payee.ToString(), StringComparison.Ordinal);
    }

    public static async Task<LoadGenerator> ConnectAsync(Uri server, Community community, int connections, CancellationToken cancel)
    {
        var generator = new LoadGenerator(server, community);
        for (var i = 0; i < connections; i++)
        {
            var connection = await LoadConnection.OpenAsync(server, generator._free, cancel);
            generator._all.Add(connection);
            generator._free.Enqueue(connection);
        }
        return generator;
    }

    /// <summary>So many transfers a second for so long.</summary>
    public Task<Latencies> RunAsync(double perSecond, TimeSpan duration, CancellationToken cancel) => Task.Factory.StartNew(
        () => Run(perSecond, (int)(perSecond * duration.TotalSeconds), cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var connection in _all)
            connection.Dispose();
    }

    private Latencies Run(double perSecond, int count, CancellationToken cancel)
    {
        var microseconds = new long[count];
        var start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 100;
        for (var i = 0; i < count; i++)
        {
            var due = start + (long)(i * (Stopwatch.Frequency / perSecond));
            // Sleeps rather than spins: the cores are the server's. What it sleeps too long counts as the server's latency, up to a millisecond.
            while (Stopwatch.GetTimestamp() < due)
                Thread.Sleep(1);
            LoadConnection? connection;
            while (!_free.TryDequeue(out connection))
            {
                cancel.ThrowIfCancellationRequested();
                ThrowIfBroken();
                Thread.Sleep(1);
            }
            WriteRequest();
            connection.Send(_request, microseconds, i, due);
        }
        WaitForAll(cancel);
        Array.Sort(microseconds);
        return new Latencies(microseconds);
    }

    private void WaitForAll(CancellationToken cancel)
    {
        for (var until = Stopwatch.GetTimestamp() + (long)(s_patience.TotalSeconds * Stopwatch.Frequency); _free.Count < _all.Count; Thread.Sleep(1))
        {
            cancel.ThrowIfCancellationRequested();
            ThrowIfBroken();
            if (Stopwatch.GetTimestamp() > until)
                throw new BenchException($"{_all.Count - _free.Count} requests had no answer after {s_patience.TotalSeconds} s.");
        }
    }

    private void ThrowIfBroken()
    {
        if (_all.FirstOrDefault(c => c.Failure is not null) is { } broken)
            throw new BenchException(broken.Failure!);
    }

    private void WriteRequest()
    {
        (++_sent).TryFormat(_request.AsSpan(_key), out _, "D10", CultureInfo.InvariantCulture);
        var payer = _random.Next(_members.Count);
        var payee = (payer + _random.Next(1, _members.Count)) % _members.Count;
        _members[payer].TryFormat(_request.AsSpan(_payer), out _);
        _members[payee].TryFormat(_request.AsSpan(_payee), out _);
    }
}
