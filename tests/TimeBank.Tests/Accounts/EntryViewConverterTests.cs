using System.Text.Json;
using Shouldly;
using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Web;

namespace TimeBank.Tests.Accounts;

public sealed class EntryViewConverterTests
{
    private static readonly Guid One = new("01890a5d-ac96-774b-bcce-b302099a0001");

    private static readonly EntryView Plain = new(
        7, new TransferId(One), new TransferId(One).Posting, new DateTimeOffset(2026, 11, 21, 10, 0, 0, 123, 456, TimeSpan.Zero), new DateOnly(2026, 11, 1),
        TransferKind.Earn, new AccountId(One), new Minutes(-90), new Minutes(30), null, null, null, null, null, null, null, null, null, null);

    private static IEnumerable<EntryView> Shapes()
    {
        yield return Plain;
        yield return Plain with
        {
            Category = "legal-advice", Memo = "\"quoted\" <é> & 🙂\n", ClientReference = "x-1", Metadata = new(StringComparer.Ordinal) { ["a\"b"] = "1", ["z"] = "" },
            Reason = "why", Hold = new HoldId(One), Rule = new RuleRef(new RuleId(One), 3), Reverses = new TransferId(One), Override = OverrideKind.History, Yes = TimeBank.Access.Yes.Paper,
        };
    }

    [TestCaseSource(nameof(Shapes))]
    public void It_writes_what_the_general_serializer_would(EntryView entry)
    {
        // The same members as an object that has no converter of its own.
        var members = typeof(EntryView).GetProperties().Where(p => p.GetMethod!.IsPublic && p.Name != "EqualityContract")
            .Select(p => (p.Name, Value: p.GetValue(entry))).Where(m => m.Value is not null)
            .Select(m => $"\"{JsonNamingPolicy.CamelCase.ConvertName(m.Name)}\":{JsonSerializer.Serialize(m.Value, m.Value!.GetType(), ApiJson.Options)}");

        ApiJson.Write(entry).ShouldBe($"{{{string.Join(',', members)}}}");
    }
}
