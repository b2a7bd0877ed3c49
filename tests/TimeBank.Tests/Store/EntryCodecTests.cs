using System.Text;
using System.Text.Json;
using Shouldly;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Tests.Store;

public sealed class EntryCodecTests
{
    private static readonly Guid One = new("01890a5d-ac96-774b-bcce-b302099a0001");
    private static readonly Guid Two = new("01890a5d-ac96-774b-bcce-b302099a8057");

    private static IEnumerable<PassbookEvent.HoursMoved> Shapes()
    {
        var plain = new PassbookEvent.HoursDebited(
            new TransferId(One), TransferKind.Exchange, new AccountId(Two), new Minutes(90), new Minutes(-90), new Minutes(-120), new Minutes(-720),
            new DateOnly(2026, 11, 21), null, null, null, null, null, null);
        yield return plain;
        yield return plain with { Floor = null, Category = "a<b>\"&é☃", Occurred = new DateOnly(4, 2, 29) };
        yield return plain with
        {
            Text = new TextRef(new TextId(Two), "aGFzaA"), Hold = new HoldId(One), Rule = new RuleRef(new RuleId(Two), 7),
            Reverses = new TransferId(Two), Override = OverrideKind.Organiser, Room = new Minutes(30), OpenHolds = 2,
        };
        yield return new PassbookEvent.HoursCredited(
            new TransferId(One), TransferKind.Reinvest, new AccountId(Two), new Minutes(Minutes.Limit), new Minutes(-Minutes.Limit), new Minutes(0), null,
            new DateOnly(9999, 12, 31), "co-delivery", null, null, null, null, OverrideKind.History);
    }

    [TestCaseSource(nameof(Shapes))]
    public void It_writes_what_the_serializer_writes(PassbookEvent.HoursMoved e) =>
        Encoding.UTF8.GetString(EntryCodec.Encode(e)).ShouldBe(JsonSerializer.Serialize(e, e.GetType(), EventJson.Options));

    [TestCaseSource(nameof(Shapes))]
    public void It_reads_what_it_wrote(PassbookEvent.HoursMoved e) =>
        EntryCodec.TryDecode(e is PassbookEvent.HoursCredited, EntryCodec.Encode(e)).ShouldBe(e);

    [TestCaseSource(nameof(Shapes))]
    public void It_reads_members_in_any_order_and_with_spaces(PassbookEvent.HoursMoved e)
    {
        var members = JsonDocument.Parse(EntryCodec.Encode(e)).RootElement.EnumerateObject().Reverse().Select(m => $" \"{m.Name}\" : {m.Value.GetRawText()} ");
        EntryCodec.TryDecode(e is PassbookEvent.HoursCredited, Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}")).ShouldBe(e);
    }

    [Test]
    public void A_missing_unknown_or_doubled_member_is_not_read()
    {
        var json = Encoding.UTF8.GetString(EntryCodec.Encode(Shapes().First()));
        EntryCodec.TryDecode(false, Encoding.UTF8.GetBytes(json.Replace("\"minutes\":90,", "", StringComparison.Ordinal))).ShouldBeNull();
        EntryCodec.TryDecode(false, Encoding.UTF8.GetBytes(json.Replace("{", "{\"colour\":1,", StringComparison.Ordinal))).ShouldBeNull();
        EntryCodec.TryDecode(false, Encoding.UTF8.GetBytes(json.Replace("{", "{\"minutes\":90,", StringComparison.Ordinal))).ShouldBeNull();
        EntryCodec.TryDecode(false, Encoding.UTF8.GetBytes(json.Replace("90", "90.5", StringComparison.Ordinal))).ShouldBeNull();
        EntryCodec.TryDecode(false, Encoding.UTF8.GetBytes(json.Replace("2026-11-21", "2026-02-30", StringComparison.Ordinal))).ShouldBeNull();
    }
}
