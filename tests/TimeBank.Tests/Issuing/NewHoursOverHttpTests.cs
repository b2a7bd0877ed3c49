using System.Net;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Issuing;

[Category("Database")]
public sealed class NewHoursOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;

    [Test]
    public async Task Each_project_and_month_has_what_came_new_for_it_and_all_of_it_is_the_journals()
    {
        var bank = await Http.OpenBankAsync(new { newHoursMark = 100 });
        var (ann, ben) = (await Http.OpenAccountAsync(bank, "member", "Ann"), await Http.OpenAccountAsync(bank, "member", "Ben", floor: 0));
        var (garden, lunch) = (await Http.OpenAccountAsync(bank, "project", "=Garden"), await Http.OpenAccountAsync(bank, "project", "Lunch"));
        var issuer = await Http.IssuerAsync(bank);
        async Task<Answer> Done(Task<Answer> asked)
        {
            var answer = await asked;
            ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
            return answer;
        }
        Task<Answer> Credit(Guid project, string occurred, params int[] minutes) => Done(Http.PostAsync($"{bank}/contributions/batch",
            new { project, occurred, lines = minutes.Select((m, i) => new { helper = i % 2 == 0 ? ann : ben, minutes = m }) }));
        // The garden has 50 minutes of its own: they go first.
        await Done(Http.TransferAsync(bank, "grant", issuer, garden, 50));
        var month = DateTime.UtcNow.ToString("yyyy-MM");
        await Credit(garden, "2025-03-08", 60, 90);
        await Credit(garden, "2025-03-30", 1);
        await Credit(lunch, "2025-04-01", 30);
        // Ben cannot pay: the community does.
        var help = (await Done(Http.PostAsync($"{bank}/contributions", new { helper = ann, helped = ben, minutes = 500, occurred = "2025-04-02" }))).Id;
        await Done(Http.PostAsync($"{bank}/contributions/{help}/confirmation", new { yes = "paper" }));
        await Done(Http.PostAsync($"{bank}/contributions/{help}/payment", new { by = "community" }));
        // Questioned, and half of it goes back.
        var listed = (await Credit(lunch, "2025-04-03", 40))["contributions"]![0]!;
        await Done(Http.PostAsync($"{bank}/contributions/{(string)listed!}/dispute", new { reason = "Half." }));
        await Done(Http.PostAsync($"{bank}/contributions/{(string)listed!}/settlement", new { minutes = 20, reason = "Half." }));

        var report = await Done(Http.GetAnswerAsync($"{bank}/new-hours?from=2025-01&to=2025-12"));
        var recent = await Done(Http.GetAnswerAsync($"{bank}/new-hours"));

        report["rows"].AsArray().Select(r => ((string)r!["month"]!, (string?)r["project"], (string)r["kind"]!, (long)r["minutes"]!, (bool)r["isAboveMark"]!)).ShouldBe(
        [
            ("2025-03-01", garden.ToString(), "earn", 101, true), ("2025-04-01", lunch.ToString(), "earn", 50, false), ("2025-04-01", null, "earn", 500, false),
        ]);
        recent["rows"].AsArray().Select(r => ((string)r!["month"]!, (string?)r["project"], (string)r["kind"]!, (long)r["minutes"]!)).ShouldBe([($"{month}-01", garden.ToString(), "grant", 50)]);
        var journal = await Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
            $"select -sum(case type when 'hours_credited' then (data->>'minutes')::bigint else -(data->>'minutes')::bigint end) * -1 from timebank.mt_events where stream_id = '{issuer}' and type in ('hours_credited', 'hours_debited')");
        ((long)report["minutes"] + (long)recent["minutes"]).ShouldBe(Math.Abs(long.Parse(journal)));
        (await Http.BalanceAsync(bank, issuer)).ShouldBe(-(long)report["minutes"] - (long)recent["minutes"]);
    }

    [Test]
    public async Task It_comes_as_CSV_with_names_that_run_in_no_spreadsheet()
    {
        var bank = await Http.OpenBankAsync();
        var (ann, garden) = (await Http.OpenAccountAsync(bank, "member", "Ann"), await Http.OpenAccountAsync(bank, "project", "=Garden"));
        (await Http.PostAsync($"{bank}/contributions/batch", new { project = garden, occurred = "2025-03-08", lines = new[] { new { helper = ann, minutes = 60 } } })).Status.ShouldBe(HttpStatusCode.Created);

        var csv = await Http.GetAnswerAsync($"{bank}/new-hours?from=2025-03&to=2025-03", accept: "text/csv");

        csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).ShouldBe(["month,project,name,kind,minutes,isAboveMark", $"2025-03,{garden},'=Garden,earn,60,false"]);
    }

    [TestCase("from=2025-13"), TestCase("from=2025"), TestCase("to=x"), TestCase("from=2025-02&to=2025-01"), TestCase("from=2020-01&to=2025-01"), TestCase("from=0001-01&to=9999-12")]
    public async Task Months_that_are_none_or_too_many_are_said_to_be(string months)
    {
        var bank = await Http.OpenBankAsync();

        (await Http.GetAnswerAsync($"{bank}/new-hours?{months}")).Code.ShouldBe("Invalid");
        (await Http.GetAnswerAsync($"{bank}/new-hours?to=0001-01")).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.GetAnswerAsync($"{bank}/new-hours?from=9999-12&to=9999-12")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
