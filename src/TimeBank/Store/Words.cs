using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace TimeBank.Store;

/// <summary>Enums as the words that stand in rows and JSON: camelCase.</summary>
public static class Words
{
    private const int LongestWord = 64;

    public static string Word<TEnum>(this TEnum value) where TEnum : struct, Enum => Of<TEnum>.Words[value];

    /// <summary>A stored word. One that is not known was written by a newer program: <see cref="UnknownEventException"/>.</summary>
    public static TEnum Parse<TEnum>(string word) where TEnum : struct, Enum =>
        TryParse<TEnum>(word, out var value) ? value : throw new UnknownEventException($"{typeof(TEnum).Name} {word}", null);

    public static bool TryParse<TEnum>(string word, out TEnum value) where TEnum : struct, Enum => Of<TEnum>.Values.TryGetValue(word, out value);

    /// <summary>From UTF-8, without a string in between.</summary>
    public static bool TryParse<TEnum>(ReadOnlySpan<byte> word, out TEnum value) where TEnum : struct, Enum
    {
        Span<char> chars = stackalloc char[LongestWord];
        value = default;
        return word.Length <= chars.Length && Encoding.UTF8.TryGetChars(word, chars, out var length)
            && Of<TEnum>.Spans.TryGetValue(chars[..length], out value);
    }

    /// <summary>All words of an enum, for messages.</summary>
    public static string All<TEnum>() where TEnum : struct, Enum => string.Join(", ", Enum.GetValues<TEnum>().Select(v => v.Word()));

    private static class Of<TEnum> where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> Words =
            Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()));

        public static readonly FrozenDictionary<string, TEnum> Values = Words.ToFrozenDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);

        public static readonly FrozenDictionary<string, TEnum>.AlternateLookup<ReadOnlySpan<char>> Spans = Values.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
