using System.Globalization;

namespace TimeBank;

/// <summary>An amount of time: the unit of account.</summary>
/// <remarks>Whole minutes, signed, within ±(2⁵³ − 1), so that every machine that reads JSON numbers reads them exactly.
/// Arithmetic is checked: a result beyond the range throws, and decisions ask <see cref="CanAdd"/> first.</remarks>
public readonly record struct Minutes : IComparable<Minutes>
{
    public const long Limit = (1L << 53) - 1;

    public static readonly Minutes Zero = default;

    public Minutes(long value)
    {
        if (!InRange(value))
            throw new OverflowException($"{value} minutes are beyond ±{Limit}.");
        Value = value;
    }

    public long Value { get; }

    public static bool InRange(long value) => value is >= -Limit and <= Limit;

    /// <summary>Whether the sum of both stays within the range.</summary>
    public static bool CanAdd(Minutes left, Minutes right) => InRange(left.Value + right.Value);

    public static Minutes operator +(Minutes left, Minutes right) => new(left.Value + right.Value);
    public static Minutes operator -(Minutes left, Minutes right) => new(left.Value - right.Value);
    public static Minutes operator -(Minutes minutes) => new(-minutes.Value);
    public static bool operator <(Minutes left, Minutes right) => left.Value < right.Value;
    public static bool operator >(Minutes left, Minutes right) => left.Value > right.Value;
    public static bool operator <=(Minutes left, Minutes right) => left.Value <= right.Value;
    public static bool operator >=(Minutes left, Minutes right) => left.Value >= right.Value;

    public int CompareTo(Minutes other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
