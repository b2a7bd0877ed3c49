using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TimeBank.Web;

/// <summary>Who is counted as one by where they come from: an IPv4 address, or the /64 network of an IPv6 address, which is one customer's.</summary>
public static class ClientAddress
{
    /// <summary>The first twelve bytes of an IPv4 address that is written as an IPv6 address.</summary>
    private static ReadOnlySpan<byte> Mapped => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

    /// <summary>Zero, one and the same for all, where there is no address.</summary>
    public static UInt128 Of(IPAddress? address)
    {
        if (address is null)
            return UInt128.Zero;
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            Mapped.CopyTo(bytes);
            address.TryWriteBytes(bytes[Mapped.Length..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            if (!bytes.StartsWith(Mapped))
                bytes[8..].Clear();
        }
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
