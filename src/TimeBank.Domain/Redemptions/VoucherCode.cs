namespace TimeBank.Redemptions;

/// <summary>What a member shows or reads out at the desk: eight signs by chance and one to check them, such as K7QF-3M2P-B.</summary>
/// <remarks>The signs are those of Crockford's base 32, in which nothing looks like anything else: read as 32 elements of a field, the nine
/// are the coefficients of a polynomial that is zero at a generator of the field (as in Reed and Solomon's codes). One wrong sign, or two
/// that changed places, always leave something else than zero. An O is read as 0, an I or an L as 1; small letters, spaces and hyphens
/// are as good.</remarks>
public sealed record VoucherCode
{
    /// <summary>Signs by chance: 40 bits, of which nobody guesses one that is open before the desk's quota ends.</summary>
    public const int Chosen = 8;

    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Group = 4;

    private readonly string _plain;

    private VoucherCode(string plain) => _plain = plain;

    /// <summary>The thing under which it is found. The same code is the same thing, so that a code that is taken is seen.</summary>
    public ThingId Voucher => new(Uuid.Named($"voucher\0{_plain}"));

    /// <param name="chance">Eight bytes, of which each gives five bits.</param>
    public static VoucherCode Of(ReadOnlySpan<byte> chance)
    {
        Span<char> signs = stackalloc char[Chosen + 1];
        var sum = 0;
        for (var i = 0; i < Chosen; i++)
        {
            var value = chance[i] & 31;
            signs[i] = Signs[value];
            sum = Times(sum) ^ value;
        }
        signs[Chosen] = Signs[Times(sum)];
        return new VoucherCode(new string(signs));
    }

    /// <summary>Null if nobody was ever given such a code: too long, too short, or misread.</summary>
    public static VoucherCode? Parse(string typed)
    {
        Span<char> signs = stackalloc char[Chosen + 1];
        var (length, sum) = (0, 0);
        foreach (var c in typed)
        {
            if (c is '-' or ' ')
                continue;
            var value = Signs.IndexOf(Sign(c), StringComparison.Ordinal);
            if (value < 0 || length == signs.Length)
                return null;
            signs[length++] = Signs[value];
            sum = Times(sum) ^ value;
        }
        return length == signs.Length && sum == 0 ? new VoucherCode(new string(signs)) : null;
    }

    /// <summary>In groups, as it is printed and read out.</summary>
    public override string ToString() => $"{_plain[..Group]}-{_plain[Group..Chosen]}-{_plain[Chosen..]}";

    private static char Sign(char typed) => char.ToUpperInvariant(typed) switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        var c => c,
    };

    /// <summary>Times the generator, in the field of 32 elements that x⁵ + x² + 1 makes.</summary>
    private static int Times(int value) => (value << 1) ^ ((value & 16) == 0 ? 0 : 0b100101);
}
