using System.Globalization;

namespace TimeBank.Bench;

/// <summary>The share of the cores that a virtual machine's host gave to others, from the eighth figure of <c>/proc/stat</c>: what the kernel
/// wanted to run and could not. A stall of the host is no latency of the server's.</summary>
public sealed class StolenTime
{
    /// <summary>A round of latencies in which the host took more per cent than this is measured again, so many times at most.</summary>
    public const double Most = 1;
    public const int MostRepeats = 8;

    private readonly (long Stolen, long All) _since = Read();

    /// <summary>Since this was made, in per cent.</summary>
    public double Percent
    {
        get
        {
            var (stolen, all) = Read();
            return all == _since.All ? 0 : 100.0 * (stolen - _since.Stolen) / (all - _since.All);
        }
    }

    private static (long Stolen, long All) Read()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks[7], ticks.Sum());
    }
}
