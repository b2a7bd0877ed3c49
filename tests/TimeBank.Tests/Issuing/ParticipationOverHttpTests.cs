using System.Net;
using Shouldly;
using TimeBank.Tests.Reports;

namespace TimeBank.Tests.Issuing;

/// <summary>Who took part, counted by month: people and not balances.</summary>
[Category("Database")]
public sealed class ParticipationOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _bank = "";
    private Guid _ann, _ben, _cora, _garden;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        (_ann, _ben, _cora) = (await Http.OpenAccountAsync(_bank, "member", "Ann"), await Http.OpenAccountAsync(_bank, "member", "Ben"), await Http.OpenAccountAsync(_bank, "member", "Cora"));
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        await DoneAsync("transfers", new { kind = "grant", payer = await Http.IssuerAsync(_bank), payee = _garden, minutes = 30 });
    }

    [Test]
    public async Task People_and_help_are_counted_by_the_month_in_which_it_was_given()
    {
        // Half an hour of it is the garden's, the rest new: it is one contribution all the same.
        await DoneAsync("contributions/batch", new { project = _garden, occurred = "2025-03-08", lines = new[] { new { helper = _ann, minutes = 60 }, new { helper = _ben, minutes = 20 } } });
        await DoneAsync("transfers", new { kind = "exchange", payer = _cora, payee = _ann, minutes = 15, yes = "paper", occurred = "2025-03-31" });
        var free = (await DoneAsync("contributions", new { helper = _ann, helped = _ben, minutes = 10, occurred = "2025-04-01", wish = "nothing", yes = "telephone" })).Id;
        await DoneAsync($"contributions/{free}/confirmation", new { yes = "telephone" });
        await DoneAsync("contributions", new { helper = _ann, helped = _ben, minutes = 500, occurred = "2025-04-02" });

        var months = await MonthsAsync("from=2025-02&to=2025-05");

        months.ShouldBe([("2025-02-01", 0, 0, 0, 0), ("2025-03-01", 2, 1, 3, 95), ("2025-04-01", 1, 1, 1, 10), ("2025-05-01", 0, 0, 0, 0)]);
    }

    [Test]
    public async Task A_service_counts_for_who_received_it_and_what_was_taken_back_for_nobody()
    {
        var clinic = await Http.OpenAccountAsync(_bank, "provider", "Clinic");
        await DoneAsync("transfers", new { kind = "spend", payer = _ben, payee = clinic, minutes = 25, yes = "paper", occurred = "2025-03-02" });
        var wrong = (await DoneAsync("transfers", new { kind = "exchange", payer = _cora, payee = _ann, minutes = 15, yes = "paper", occurred = "2025-03-31" })).Id;
        var half = (await DoneAsync("transfers", new { kind = "exchange", payer = _cora, payee = _ann, minutes = 20, yes = "paper", occurred = "2025-04-30" })).Id;
        await DoneAsync($"transfers/{wrong}/reversal", new { reason = "It was another Ann." });
        await DoneAsync($"transfers/{half}/reversal", new { minutes = 5, reason = "A little less." });

        (await MonthsAsync("from=2025-03&to=2025-04")).ShouldBe([("2025-03-01", 0, 1, 0, 0), ("2025-04-01", 1, 1, 1, 15)]);
    }

    [Test]
    public async Task Organisers_and_auditors_read_it_and_it_names_nobody()
    {
        await DoneAsync("transfers", new { kind = "exchange", payer = _cora, payee = _ann, minutes = 15, yes = "paper" });
        using var auditor = (await Http.JoinAsync(_bank, new { role = "auditor" })).Http;
        using var ann = (await Http.JoinAsync(_bank, new { role = "member", account = _ann })).Http;

        var report = await auditor.GetAnswerAsync($"{_bank}/participation");

        report.Status.ShouldBe(HttpStatusCode.OK, report.Text);
        report["months"].AsArray().Count.ShouldBe(12);
        report.Text.ShouldNotContain(_ann.ToString());
        report.Text.ShouldNotContain("balance");
        (await ann.GetAnswerAsync($"{_bank}/participation")).Code.ShouldBe("NotPermitted");
    }

    [TestCase("from=2025-3"), TestCase("from=2025-05&to=2025-04"), TestCase("from=2020-01&to=2025-04")]
    public async Task Months_that_are_none_are_refused(string months) => (await Http.GetAnswerAsync($"{_bank}/participation?{months}")).Code.ShouldBe("Invalid");

    [TestCase("to=0001-01"), TestCase("from=9999-12&to=9999-12")]
    public async Task The_first_and_the_last_month_are_months(string months) => (await Http.GetAnswerAsync($"{_bank}/participation?{months}")).Status.ShouldBe(HttpStatusCode.OK);

    private async Task<List<(string, long, long, long, long)>> MonthsAsync(string months)
    {
        // In place of the worker, which would come to it within seconds.
        await TallyTown.AddUpAsync(RunningServer.App, new BankId(_bank.Split('/')[^1]));
        var report = await Http.GetAnswerAsync($"{_bank}/participation?{months}");
        report.Status.ShouldBe(HttpStatusCode.OK, report.Text);
        ((bool)report["isAll"]).ShouldBeTrue();
        return [.. report["months"].AsArray().Select(m => ((string)m!["month"]!, (long)m["gave"]!, (long)m["received"]!, (long)m["contributions"]!, (long)m["minutes"]!))];
    }

    private async Task<Answer> DoneAsync(string path, object body)
    {
        var answer = await Http.PostAsync($"{_bank}/{path}", body);
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }
}
