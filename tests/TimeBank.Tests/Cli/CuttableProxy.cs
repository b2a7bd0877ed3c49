using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace TimeBank.Tests.Cli;

/// <summary>A way to PostgreSQL over TCP that a test can cut and mend, while everybody else's way stays as it is.</summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly UnixDomainSocketEndPoint _postgres;
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;
    private bool _cut;

    public CuttableProxy(string connectionString)
    {
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        _postgres = new UnixDomainSocketEndPoint(Path.Combine(to.Host!, $".s.PGSQL.{to.Port}"));
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    public void Cut()
    {
        lock (_open)
        {
            _cut = true;
            _open.ForEach(s => s.Dispose());
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_open)
            _cut = false;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptSocketAsync();
                var postgres = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await postgres.ConnectAsync(_postgres);
                lock (_open)
                {
                    _open.AddRange([caller, postgres]);
                    if (_cut)
                        Cut();
                }
                _ = PumpAsync(caller, postgres);
                _ = PumpAsync(postgres, caller);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was cut, or one side hung up.
        }
    }
}
