using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Texts;

namespace TimeBank.Store;

/// <summary>Reads and writes the two sides of a transfer by hand: nearly all events of a ledger are these, and the serializer takes
/// several times as long over them. Byte for byte what <see cref="EventJson"/> makes of them.</summary>
/// <remarks>Whatever it does not expect it leaves to the serializer, which also says what is wrong.</remarks>
public static class EntryCodec
{
    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? t_writer;

    public static byte[] Encode(PassbookEvent.HoursMoved e)
    {
        if (t_writer is not var (buffer, json))
        {
            buffer = new ArrayBufferWriter<byte>(1024);
            json = new Utf8JsonWriter(buffer, WriterOptions);
            t_writer = (buffer, json);
        }
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        Write(json, e);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, PassbookEvent.HoursMoved e)
    {
        json.WriteStartObject();
        json.WriteNumber("available"u8, e.Available.Value);
        json.WriteNumber("balance"u8, e.Balance.Value);
        if (e.Category is { } category)
            json.WriteString("category"u8, category);
        json.WriteString("counterparty"u8, e.Counterparty.Value);
        if (e.Floor is { } floor)
            json.WriteNumber("floor"u8, floor.Value);
        if (e.Hold is { } hold)
            json.WriteString("hold"u8, hold.Value);
        json.WriteString("kind"u8, e.Kind.Word());
        json.WriteNumber("minutes"u8, e.Minutes.Value);
        Span<byte> date = stackalloc byte[10];
        WriteDate(date, e.Occurred);
        json.WriteString("occurred"u8, date);
        if (e.OpenHolds is { } openHolds)
            json.WriteNumber("openHolds"u8, openHolds);
        if (e.Override is { } overriding)
            json.WriteString("override"u8, overriding.Word());
        if (e.Reverses is { } reverses)
            json.WriteString("reverses"u8, reverses.Value);
        if (e.Room is { } room)
            json.WriteNumber("room"u8, room.Value);
        if (e.Rule is { } rule)
        {
            json.WriteStartObject("rule"u8);
            json.WriteString("id"u8, rule.Id.Value);
            json.WriteNumber("version"u8, rule.Version);
            json.WriteEndObject();
        }
        if (e.Text is { } text)
        {
            json.WriteStartObject("text"u8);
            json.WriteString("hash"u8, text.Hash);
            json.WriteString("id"u8, text.Id.Value);
            json.WriteEndObject();
        }
        json.WriteString("transfer"u8, e.Transfer.Value);
        if (e.Yes is { } yes)
            json.WriteString("yes"u8, yes.Word());
        json.WriteEndObject();
    }

    /// <summary>Null if this is not the plain shape.</summary>
    public static PassbookEvent.HoursMoved? TryDecode(bool credit, ReadOnlySpan<byte> data)
    {
        var fields = new Fields();
        return fields.TryRead(data) ? fields.Make(credit) : null;
    }

    private static void WriteDate(Span<byte> to, DateOnly date)
    {
        Utf8Formatter.TryFormat(date.Year, to, out _, new StandardFormat('D', 4));
        to[4] = (byte)'-';
        Utf8Formatter.TryFormat(date.Month, to[5..], out _, new StandardFormat('D', 2));
        to[7] = (byte)'-';
        Utf8Formatter.TryFormat(date.Day, to[8..], out _, new StandardFormat('D', 2));
    }

    /// <summary>The members as they come; each at most once, the required ones all.</summary>
    private ref struct Fields
    {
        private const int Required = 0b0111_1111;
        private int _seen;
        private Guid _transfer, _counterparty;
        private TransferKind _kind;
        private Minutes _minutes, _balance, _available;
        private Minutes? _floor, _room;
        private int? _openHolds;
        private DateOnly _occurred;
        private string? _category;
        private TextRef? _text;
        private HoldId? _hold;
        private RuleRef? _rule;
        private TransferId? _reverses;
        private OverrideKind? _override;
        private Yes? _yes;

        public bool TryRead(ReadOnlySpan<byte> data)
        {
            var reader = new Utf8JsonReader(data);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!TryMember(ref reader))
                    return false;
            }
            return reader.TokenType == JsonTokenType.EndObject && (_seen & Required) == Required;
        }

        private bool TryMember(ref Utf8JsonReader reader)
        {
            var name = reader.ValueSpan;
            return name.Length switch
            {
                3 when name.SequenceEqual("yes"u8) => Once(16) && TryWord(ref reader, out Yes y) && Set(out _yes, y),
                4 when name.SequenceEqual("kind"u8) => Once(0) && TryWord(ref reader, out _kind),
                4 when name.SequenceEqual("hold"u8) => Once(7) && TryId(ref reader, out var id) && Set(out _hold, new HoldId(id)),
                4 when name.SequenceEqual("rule"u8) => Once(8) && TryRule(ref reader),
                4 when name.SequenceEqual("room"u8) => Once(9) && TryMinutes(ref reader, out var m) && Set(out _room, m),
                4 when name.SequenceEqual("text"u8) => Once(10) && TryText(ref reader),
                5 when name.SequenceEqual("floor"u8) => Once(11) && TryMinutes(ref reader, out var m) && Set(out _floor, m),
                7 when name.SequenceEqual("minutes"u8) => Once(1) && TryMinutes(ref reader, out _minutes),
                7 when name.SequenceEqual("balance"u8) => Once(2) && TryMinutes(ref reader, out _balance),
                8 when name.SequenceEqual("transfer"u8) => Once(3) && TryId(ref reader, out _transfer),
                8 when name.SequenceEqual("occurred"u8) => Once(4) && TryDate(ref reader),
                8 when name.SequenceEqual("reverses"u8) => Once(12) && TryId(ref reader, out var id) && Set(out _reverses, new TransferId(id)),
                8 when name.SequenceEqual("category"u8) => Once(13) && TryString(ref reader, out _category),
                8 when name.SequenceEqual("override"u8) => Once(14) && TryWord(ref reader, out OverrideKind o) && Set(out _override, o),
                9 when name.SequenceEqual("available"u8) => Once(5) && TryMinutes(ref reader, out _available),
                9 when name.SequenceEqual("openHolds"u8) => Once(15) && reader.Read() && reader.TokenType == JsonTokenType.Number
                    && reader.TryGetInt32(out var n) && Set(out _openHolds, n),
                12 when name.SequenceEqual("counterparty"u8) => Once(6) && TryId(ref reader, out _counterparty),
                _ => false,
            };
        }

        public readonly PassbookEvent.HoursMoved Make(bool credit)
        {
            var (transfer, counterparty) = (new TransferId(_transfer), new AccountId(_counterparty));
            return credit
                ? new PassbookEvent.HoursCredited(transfer, _kind, counterparty, _minutes, _balance, _available, _floor,
                    _occurred, _category, _text, _hold, _rule, _reverses, _override) { Room = _room, OpenHolds = _openHolds, Yes = _yes }
                : new PassbookEvent.HoursDebited(transfer, _kind, counterparty, _minutes, _balance, _available, _floor,
                    _occurred, _category, _text, _hold, _rule, _reverses, _override) { Room = _room, OpenHolds = _openHolds, Yes = _yes };
        }

        private bool Once(int member)
        {
            var bit = 1 << member;
            var first = (_seen & bit) == 0;
            _seen |= bit;
            return first;
        }

        private static bool Set<T>(out T? field, T value) where T : struct
        {
            field = value;
            return true;
        }

        private static bool TryId(ref Utf8JsonReader reader, out Guid id)
        {
            id = default;
            return reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out id);
        }

        private static bool TryString(ref Utf8JsonReader reader, out string? text)
        {
            text = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return text is not null;
        }

        private static bool TryWord<TEnum>(ref Utf8JsonReader reader, out TEnum word) where TEnum : struct, Enum
        {
            word = default;
            return reader.Read() && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && Words.TryParse(reader.ValueSpan, out word);
        }

        private static bool TryMinutes(ref Utf8JsonReader reader, out Minutes minutes)
        {
            minutes = default;
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || !Minutes.InRange(value))
                return false;
            minutes = new Minutes(value);
            return true;
        }

        private bool TryDate(ref Utf8JsonReader reader)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                return false;
            var text = reader.ValueSpan;
            if (text.Length != 10 || text[4] != '-' || text[7] != '-'
                || !Utf8Parser.TryParse(text[..4], out int year, out var y) || y != 4
                || !Utf8Parser.TryParse(text[5..7], out int month, out var m) || m != 2
                || !Utf8Parser.TryParse(text[8..], out int day, out var d) || d != 2
                || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
                return false;
            _occurred = new DateOnly(year, month, day);
            return true;
        }

        private bool TryRule(ref Utf8JsonReader reader)
        {
            Guid id = default;
            long version = 0;
            var seen = 0;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                    seen += TryId(ref reader, out id) ? 1 : 100;
                else if (reader.ValueTextEquals("version"u8))
                    seen += reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out version) ? 10 : 100;
                else
                    return false;
            }
            _rule = new RuleRef(new RuleId(id), version);
            return seen == 11 && reader.TokenType == JsonTokenType.EndObject;
        }

        private bool TryText(ref Utf8JsonReader reader)
        {
            Guid id = default;
            string? hash = null;
            var seen = 0;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                    seen += TryId(ref reader, out id) ? 1 : 100;
                else if (reader.ValueTextEquals("hash"u8))
                    seen += TryString(ref reader, out hash) ? 10 : 100;
                else
                    return false;
            }
            if (seen != 11 || reader.TokenType != JsonTokenType.EndObject)
                return false;
            _text = new TextRef(new TextId(id), hash!);
            return true;
        }
    }
}
