namespace TimeBank.Bench;

/// <summary>What one side gave, round by round.</summary>
public sealed record Series(IReadOnlyList<double> Values)
{
    public double Median => Statistics.Median(Values);
    public double Least => Values.Min();
    public double Most => Values.Max();

    /// <summary>Round by round: on a shared machine neighbours in time compare, strangers do not.</summary>
    public Series Over(Series other) => new([.. Values.Zip(other.Values, (a, b) => a / b)]);

    public static Series Of(params IEnumerable<double> values) => new([.. values]);
}

/// <summary>Medians and percentiles.</summary>
public static class Statistics
{
    /// <summary>The middle value; of an even number the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("No values, no median.", nameof(values));
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Nearest rank: the least value that at least <paramref name="percent"/> of all do not exceed. Nothing is interpolated or put in classes.</summary>
    /// <param name="percent">Above 0, up to 100.</param>
    public static long Percentile(ReadOnlySpan<long> sorted, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        // In decimal, because 0.999 × 1000 as a double may come out above 999 and take the next rank.
        var rank = (int)Math.Ceiling((decimal)percent / 100 * sorted.Length);
        return sorted[rank - 1];
    }
}
