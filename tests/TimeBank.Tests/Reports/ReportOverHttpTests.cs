using System.Net;
using Shouldly;
using TimeBank.Tests.Notices;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Reports;

[Category("Database")]
public sealed class ReportOverHttpTests
{
    private NoticeTown _town = null!;
    private Guid _garden;

    [OneTimeSetUp]
    public async Task Open()
    {
        _town = await NoticeTown.OpenAsync();
        _garden = await _town.Organiser.OpenAccountAsync(_town.Bank, "project", "=Garden");
        await _town.HelpAsync(60, "2025-03-08", "cooking");
        await _town.CreditAsync(_garden, "2025-04-05", 90);
        await _town.AddUpAsync();
    }

    [OneTimeTearDown]
    public async Task Close() => await _town.DisposeAsync();

    [TestCase("month", "month,minutes,withoutHours,times,membersGave,membersReceived,membersTookPart|2025-03,60,0,1,1,1,2|2025-04,90,0,1,1,0,1")]
    [TestCase("category", "category,minutes,withoutHours,times|,90,0,1|cooking,60,0,1")]
    [TestCase("neighbourhood", "neighbourhood,minutes,withoutHours,times,received|north,150,0,2,0|south,0,0,0,60")]
    [TestCase("project", "project,name,minutes,withoutHours,times|GARDEN,'=Garden,90,0,1")]
    public async Task It_comes_as_CSV_with_names_that_run_in_no_spreadsheet(string by, string lines)
    {
        var csv = await _town.Organiser.GetAnswerAsync($"{_town.Bank}/report?from=2025-03&to=2025-04&by={by}", accept: "text/csv");

        csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).ShouldBe(lines.Replace("GARDEN", _garden.ToString(), StringComparison.Ordinal).Split('|'));
    }

    [Test]
    public async Task It_says_how_far_it_is_counted_and_for_which_months()
    {
        // Who took it away as a file is in the journal, too.
        await _town.AddUpAsync();
        var report = await _town.GetAsync(_town.Organiser, "report?from=2025-03&to=2025-04");

        ((string)report["from"]!, (string)report["to"]!, (string)report["by"]!, (bool)report["isAll"]!).ShouldBe(("2025-03-01", "2025-04-01", "month", true));
        DateTimeOffset.Parse((string)report["countedThrough"]!).ShouldBe(_town.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
        ((long)report["rows"].AsArray().Sum(r => (long)r!["minutes"]!)).ShouldBe(150);
        (await _town.GetAsync(_town.Organiser, "report"))["rows"].AsArray().Count.ShouldBe(12);
    }

    [TestCase("from=2025-13"), TestCase("from=2025"), TestCase("to=x"), TestCase("from=2025-02&to=2025-01"), TestCase("from=2020-01&to=2025-01"), TestCase("from=0001-01&to=9999-12"), TestCase("by=week")]
    public async Task What_is_no_month_or_too_many_or_nothing_to_add_up_by_is_said_to_be(string asked)
    {
        (await _town.Organiser.GetAnswerAsync($"{_town.Bank}/report?{asked}")).Code.ShouldBe("Invalid");
        (await _town.Organiser.GetAnswerAsync($"{_town.Bank}/report?to=0001-01")).Status.ShouldBe(HttpStatusCode.OK);
        (await _town.Organiser.GetAnswerAsync($"{_town.Bank}/report?from=9999-12&to=9999-12")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Test]
    public async Task An_auditor_reads_it_on_record_and_a_member_does_not()
    {
        var (auditor, person) = await _town.Organiser.JoinAsync(_town.Bank, new { role = "auditor" });
        var (ann, _) = await _town.JoinAsync(_town.Ann);

        (await auditor.GetAnswerAsync($"{_town.Bank}/report")).Status.ShouldBe(HttpStatusCode.OK);
        (await ann.GetAnswerAsync($"{_town.Bank}/report")).Code.ShouldBe("NotPermitted");
        (await Sql.AskAsync(_town.Store.OwnerConnectionString, $"select count(*) from timebank.mt_events where tenant_id = '{_town.Id}' and data ->> 'what' = 'readAsAuditor' and data ->> 'subject' = '{person}'")).ShouldBe("1");
        auditor.Dispose();
        ann.Dispose();
    }
}
