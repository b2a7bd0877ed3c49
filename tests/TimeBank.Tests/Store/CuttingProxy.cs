using System.Net.Sockets;

namespace TimeBank.Tests.Store;

/// <summary>Stands between the server and PostgreSQL's socket, and cuts a connection when a write of the ledger goes through it.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    public enum Cut { Nothing, BeforeForwarding, BeforeTheAnswer }

    // The text of a statement goes over the wire when a connection first prepares it: a writer's first batch is what is cut.
    private static readonly byte[] s_claim = "insert into timebank.journal"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socket;
    private readonly Task _accepting;
    private int _cut;
    private int _done;

    /// <param name="folder">Where the proxy's socket is to lie.</param>
    /// <param name="socket">PostgreSQL's own.</param>
    public CuttingProxy(string folder, string socket)
    {
        _socket = socket;
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, ".s.PGSQL.5432")));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Cuts that were made.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>The next connection that is opened and claims a batch is cut, once.</summary>
    public void CutNext(Cut cut) => Volatile.Write(ref _cut, (int)cut);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                _ = CarryAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var toClient = client;
        using var toServer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await toServer.ConnectAsync(new UnixDomainSocketEndPoint(_socket), _stop.Token);
            var line = new Line();
            await Task.WhenAny(ForwardAsync(toClient, toServer, line), BackwardAsync(toServer, toClient, line));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or at an end.
        }
    }

    private async Task ForwardAsync(Socket client, Socket server, Line line)
    {
        var buffer = new byte[256 * 1024];
        while (await client.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
        {
            var data = buffer.AsMemory(0, read);
            var cut = data.Span.IndexOf(s_claim) >= 0 ? (Cut)Interlocked.Exchange(ref _cut, 0) : Cut.Nothing;
            if (cut == Cut.BeforeForwarding)
            {
                Interlocked.Increment(ref _done);
                return;
            }
            line.Deaf = cut == Cut.BeforeTheAnswer;
            await server.SendAsync(data, _stop.Token);
            if (line.Deaf)
            {
                await line.Answered.Task.WaitAsync(_stop.Token);
                Interlocked.Increment(ref _done);
                return;
            }
        }
    }

    private async Task BackwardAsync(Socket server, Socket client, Line line)
    {
        var buffer = new byte[256 * 1024];
        while (await server.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
        {
            if (line.Deaf)
            {
                line.Answered.TrySetResult();
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
            await client.SendAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    /// <summary>One connection; when it is deaf, PostgreSQL's answer is taken and not passed on.</summary>
    private sealed class Line
    {
        public volatile bool Deaf;

        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
