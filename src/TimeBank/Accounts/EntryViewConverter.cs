using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TimeBank.Store;

namespace TimeBank.Accounts;

/// <summary>Writes a line of a statement by hand: a page has many, and most of its time went into the general serializer.</summary>
public sealed class EntryViewConverter : JsonConverter<EntryView>
{
    public override void Write(Utf8JsonWriter json, EntryView e, JsonSerializerOptions options)
    {
        json.WriteStartObject();
        json.WriteNumber("version"u8, e.Version);
        json.WriteString("transfer"u8, e.Transfer.Value);
        json.WriteString("posting"u8, e.Posting.Value);
        json.WriteString("posted"u8, e.Posted);
        Span<char> date = stackalloc char[10];
        e.Occurred.TryFormat(date, out _, "O", CultureInfo.InvariantCulture);
        json.WriteString("occurred"u8, date);
        json.WriteString("kind"u8, e.Kind.Word());
        json.WriteString("counterparty"u8, e.Counterparty.Value);
        json.WriteNumber("minutes"u8, e.Minutes.Value);
        json.WriteNumber("balance"u8, e.Balance.Value);
        WriteIfThere(json, "category"u8, e.Category);
        WriteIfThere(json, "memo"u8, e.Memo);
        WriteIfThere(json, "clientReference"u8, e.ClientReference);
        if (e.Metadata is { } metadata)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        WriteIfThere(json, "reason"u8, e.Reason);
        if (e.Hold is { } hold)
            json.WriteString("hold"u8, hold.Value);
        if (e.Rule is { } rule)
        {
            json.WriteStartObject("rule"u8);
            json.WriteString("id"u8, rule.Id.Value);
            json.WriteNumber("version"u8, rule.Version);
            json.WriteEndObject();
        }
        if (e.Reverses is { } reverses)
            json.WriteString("reverses"u8, reverses.Value);
        if (e.Override is { } overriding)
            json.WriteString("override"u8, overriding.Word());
        if (e.Yes is { } yes)
            json.WriteString("yes"u8, yes.Word());
        json.WriteEndObject();
    }

    public override EntryView Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new NotSupportedException("Statements are only written.");

    private static void WriteIfThere(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }
}
