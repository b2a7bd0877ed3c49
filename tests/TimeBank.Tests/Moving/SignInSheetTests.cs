using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Moving;

/// <summary>Sign-in sheets over HTTP: whom each line means, and the one posting that comes of it.</summary>
[Category("Database")]
public sealed class SignInSheetTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _garden, _ann, _ben;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        _ann = await EnrolAsync("Ann Ash", "17", "ann@example.org");
        _ben = await EnrolAsync("Ben  Birch", "18", null);
    }

    private async Task<Guid> EnrolAsync(string name, string? number, string? email)
    {
        var made = await Http.PostAsync($"{_bank}/members/enrolments", new { name, number, email, agreement = "2026-1" });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made.Id;
    }

    private Task<Answer> SheetAsync(string text) => SheetAsync(Encoding.UTF8.GetBytes(text));

    private async Task<Answer> SheetAsync(byte[] bytes, HttpClient? http = null, string? query = null)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var response = await (http ?? Http).PostAsync($"{_bank}/contributions/sheet?project={_garden}{query}", content);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, JsonNode.Parse(text), text, response.Headers, response.Content.Headers.ContentType);
    }

    private static string[] Statuses(Answer sheet) => [.. sheet["lines"].AsArray().Select(l => (string)l!["status"]!)];

    [Test]
    public async Task A_sheet_by_number_address_and_name_is_credited_in_one_posting_and_once()
    {
        var sheet = await SheetAsync(Encoding.UTF8.GetBytes("who,minutes,from,until,memo\n17,60,,,Dug\nANN@example.org,,09:00,10:30,\nben birch,45,,,\"Hoed, twice\"\n"), query: "&date=2026-01-10");

        sheet.Status.ShouldBe(HttpStatusCode.OK, sheet.Text);
        Statuses(sheet).ShouldBe(["found", "found", "found"]);
        ((int)sheet["lines"][1]!["sameAs"]!).ShouldBe(2);
        ((long)sheet["lines"][1]!["minutes"]!).ShouldBe(90);
        ((string)sheet["credit"]["occurred"]!).ShouldBe("2026-01-10");
        (await Http.BalanceAsync(_bank, _ann)).ShouldBe(0);
        var key = Guid.NewGuid().ToString();
        var credited = await Http.PostAsync($"{_bank}/contributions/batch", sheet["credit"], key);
        var again = await Http.PostAsync($"{_bank}/contributions/batch", sheet["credit"], key);

        credited.Status.ShouldBe(HttpStatusCode.Created, credited.Text);
        again.Text.ShouldBe(credited.Text);
        (await Http.BalanceAsync(_bank, _ann)).ShouldBe(150);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(45);
    }

    [Test]
    public async Task A_name_of_two_asks_and_never_guesses()
    {
        var other = await EnrolAsync("ann ash", null, null);

        var sheet = await SheetAsync("who,minutes\nAnn Ash,60\n17,60\n");
        var both = await SheetAsync("name,number,minutes\nAnn Ash,17,60\nAnn Ash,18,60\n");

        Statuses(sheet).ShouldBe(["several", "found"]);
        sheet["lines"][0]!["members"]!.AsArray().Select(m => (Guid)m!["account"]!).ShouldBe([_ann, other], ignoreOrder: true);
        sheet.Body!["credit"].ShouldBeNull();
        // Name and number together mean one; where they do not agree, it asks.
        Statuses(both).ShouldBe(["found", "several"]);
        ((Guid)both["lines"][0]!["members"]![0]!["account"]!).ShouldBe(_ann);
        both["lines"][1]!["members"]!.AsArray().Count.ShouldBe(3);
    }

    [Test]
    public async Task Whoever_is_nobody_here_is_enrolled_on_the_spot_and_found_then()
    {
        (Statuses(await SheetAsync("who,minutes\nCleo Cray,60\n"))).ShouldBe(["nobody"]);

        var cleo = await EnrolAsync("Cleo Cray", null, null);

        var sheet = await SheetAsync("who,minutes\nCleo Cray,60\n");
        ((Guid)sheet["lines"][0]!["members"]![0]!["account"]!).ShouldBe(cleo);
    }

    [TestCase(';'), TestCase('\t'), TestCase(',')]
    public async Task Separators_byte_order_marks_and_line_ends_of_spreadsheets_are_fine(char separator)
    {
        var text = "who|minutes|memo\r\nAnn Ash|60|Zoë; \"x\r\n||\r\n".Replace("\"x", "y", StringComparison.Ordinal).Replace('|', separator);
        var sheet = await SheetAsync([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(separator == ';' ? text.Replace("Zoë; y", "Zoë y", StringComparison.Ordinal) : text)]);

        sheet.Status.ShouldBe(HttpStatusCode.OK, sheet.Text);
        Statuses(sheet).ShouldBe(["found"]);
        ((string)sheet["lines"][0]!["memo"]!).ShouldStartWith("Zoë");
    }

    [Test]
    public async Task What_is_wrong_with_a_line_is_said_with_its_number()
    {
        var sheet = await SheetAsync("who,minutes,from,until\nAnn Ash,1.5,,\nAnn Ash,,09:00,\nAnn Ash,,10:00,09:00\n,60,,\nAnn Ash,0,,\nAnn Ash,,9,10:00\n17,30,,\n");

        Statuses(sheet).ShouldBe(["wrong", "wrong", "wrong", "wrong", "wrong", "wrong", "found"]);
        sheet["lines"].AsArray().Select(l => (int)l!["line"]!).ShouldBe([2, 3, 4, 5, 6, 7, 8]);
        sheet["lines"].AsArray().Take(6).ShouldAllBe(l => l!["errors"]!.AsArray().Count == 1);
        sheet.Body!["credit"].ShouldBeNull();
    }

    [TestCase("minutes\n60\n", "No column says who"), TestCase("who\nAnn\n", "No column says how long"), TestCase("", "The file is empty"), TestCase("who,minutes\n", "Nobody stands on the sheet")]
    [TestCase("who,minutes,bill\nAnn,1,2\n", "There is no column"), TestCase("who,minutes\n\"Ann,1\n", "Double quotes"), TestCase("who,minutes\nAnn\n", "2 fields are expected")]
    public async Task A_sheet_that_cannot_be_read_is_a_problem_with_its_lines(string text, string said)
    {
        var answer = await SheetAsync(text);

        answer.Code.ShouldBe("Invalid", answer.Text);
        answer.Text.ShouldContain(said);
    }

    [Test]
    public async Task Other_encodings_and_sheets_that_are_too_long_are_refused()
    {
        (await SheetAsync(Encoding.Latin1.GetBytes("who,minutes\nZoë,60\n"))).Text.ShouldContain("not UTF-8");
        (await SheetAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("who,minutes\nZoë,60\n")])).Text.ShouldContain("UTF-16");
        (await SheetAsync("who,minutes\n" + string.Concat(Enumerable.Repeat("17,1\n", 1_001)))).Text.ShouldContain("More than 1000 lines");
        (await SheetAsync("who,minutes\n" + new string('x', 1024 * 1024))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Test]
    public async Task A_formula_is_told_harmlessly()
    {
        var sheet = await SheetAsync("who,minutes\n=cmd(),60\n");

        ((string)sheet["lines"][0]!["who"]!).ShouldBe("'=cmd()");
        Statuses(sheet).ShouldBe(["nobody"]);
    }

    [Test]
    public async Task Sheets_are_for_who_organises_or_coordinates_the_project()
    {
        var other = await Http.OpenAccountAsync(_bank, "project", "Library");
        using var gardener = (await Http.JoinAsync(_bank, new { role = "coordinator", account = _garden })).Http;
        using var librarian = (await Http.JoinAsync(_bank, new { role = "coordinator", account = other })).Http;
        var bytes = "who,minutes\n17,60\n"u8.ToArray();

        (await SheetAsync(bytes, gardener)).Status.ShouldBe(HttpStatusCode.OK);
        (await SheetAsync(bytes, librarian)).Code.ShouldBe("NotPermitted");
    }
}
