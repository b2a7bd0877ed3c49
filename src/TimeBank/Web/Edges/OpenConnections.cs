using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TimeBank.Web;

/// <summary>Bounds how many connections are open, together and from each address, and closes those that say nothing.</summary>
/// <remarks>A connection is silent until its first request has come whole. Where no place is left, the oldest silent one gives way,
/// so that ten thousand that say nothing keep nobody out, not even from their own address.</remarks>
internal sealed class OpenConnections : IDisposable
{
    private readonly Limits _limits;
    private readonly Site _site;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Place> _places = [];
    private readonly LinkedList<OpenConnection> _silent = [];
    private int _open;

    public OpenConnections(Limits limits, Site site)
    {
        (_limits, _site) = (limits, site);
        _timer = new Timer(_ => CloseSilent(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>The connection middleware: comes before TLS, so that a silent handshake counts too.</summary>
    public ConnectionDelegate Bound(ConnectionDelegate next) => async connection =>
    {
        if (Admit(connection) is not { } admitted)
        {
            connection.Abort();
            return;
        }
        connection.Features.Set(admitted);
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
                Leave(admitted);
        }
    };

    /// <summary>Its first request has come.</summary>
    public void Spoke(OpenConnection connection)
    {
        lock (_lock)
            Unlist(connection);
    }

    /// <summary>Null if there is no place for it.</summary>
    private OpenConnection? Admit(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        // A proxy brings many people, and bounds each of them itself.
        var most = address is null || _site.IsProxy(address) ? int.MaxValue
            : IPAddress.IsLoopback(address) ? _limits.ConnectionsFromLoopback
            : _limits.ConnectionsPerAddress;
        var key = ClientAddress.Of(address);
        LinkedListNode<OpenConnection>? yields = null;
        OpenConnection admitted;
        lock (_lock)
        {
            var place = _places.GetValueOrDefault(key);
            var full = place?.Open >= most;
            if (full || _open >= _limits.Connections)
            {
                yields = full ? place!.Silent.First : _silent.First;
                if (yields is null)
                    return null;
                Leave(yields.Value);
            }
            if (!_places.TryGetValue(key, out place))
                _places.Add(key, place = new Place());
            admitted = new OpenConnection(this, connection, key, Environment.TickCount64);
            admitted.AmongAll = _silent.AddLast(admitted);
            admitted.AtPlace = place.Silent.AddLast(admitted);
            place.Open++;
            _open++;
        }
        yields?.Value.Close();
        return admitted;
    }

    /// <summary>Under the lock. Once is enough.</summary>
    private void Leave(OpenConnection connection)
    {
        if (connection.HasLeft)
            return;
        connection.HasLeft = true;
        Unlist(connection);
        _open--;
        var place = _places[connection.Address];
        if (--place.Open == 0)
            _places.Remove(connection.Address);
    }

    /// <summary>Under the lock: it is silent no more.</summary>
    private void Unlist(OpenConnection connection)
    {
        if (connection.AmongAll is { } all)
            _silent.Remove(all);
        if (connection.AtPlace is { } place)
            place.List!.Remove(place);
        (connection.AmongAll, connection.AtPlace) = (null, null);
    }

    private void CloseSilent()
    {
        List<OpenConnection> closed = [];
        lock (_lock)
        {
            var before = Environment.TickCount64 - _limits.SilentSeconds * 1_000L;
            while (_silent.First?.Value is { } oldest && oldest.Since <= before)
            {
                Leave(oldest);
                closed.Add(oldest);
            }
        }
        closed.ForEach(c => c.Close());
    }

    private sealed class Place
    {
        public int Open;
        public readonly LinkedList<OpenConnection> Silent = [];
    }
}

/// <summary>One connection that is counted; stands among the features of its requests.</summary>
internal sealed class OpenConnection(OpenConnections all, ConnectionContext connection, UInt128 address, long since)
{
    private bool _spoke;

    public UInt128 Address => address;

    public long Since => since;

    public LinkedListNode<OpenConnection>? AmongAll { get; set; }

    public LinkedListNode<OpenConnection>? AtPlace { get; set; }

    public bool HasLeft { get; set; }

    /// <summary>A request has come; only the first says something new.</summary>
    public void Speak()
    {
        if (Volatile.Read(ref _spoke))
            return;
        Volatile.Write(ref _spoke, true);
        all.Spoke(this);
    }

    public void Close() => connection.Abort(new ConnectionAbortedException("It said nothing for too long, or others needed its place."));
}
