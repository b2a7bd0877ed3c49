using System.Globalization;

namespace TimeBank.Bench;

/// <summary>How long, how often, and what.</summary>
public sealed record Options
{
    public int Seconds { get; init; } = 20;
    public int Rounds { get; init; } = 5;

    /// <summary>Load before the first measurement of a server: the JIT compiler needs it.</summary>
    public int WarmUpSeconds { get; init; } = 20;

    /// <summary>Shrinks numbers of accounts, banks and transfers, to try things out; 1 for a result that counts.</summary>
    public double Scale { get; init; } = 1;

    public IReadOnlyList<string> Only { get; init; } = [];
    public string? Output { get; init; }

    /// <summary>Where the data folders are made; their disk is part of what is measured.</summary>
    public string DataParent { get; init; } = Path.GetTempPath();

    /// <summary>A volume, shrunk if it was asked for.</summary>
    public int Volume(int full) => Math.Max(2, (int)(full * Scale));

    /// <summary>The same with thousands separated, for people.</summary>
    public string Count(int full) => Volume(full).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>For what takes a minute or more at a time.</summary>
    public int FewRounds => Math.Min(3, Rounds);
}
