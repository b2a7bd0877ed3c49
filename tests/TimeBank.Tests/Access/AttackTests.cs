using System.Net;
using System.Text;
using Shouldly;
using TimeBank.Tests.Cli;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Access;

/// <summary>Attacks on what is behind the doors, each of which fails only because something stands against it.</summary>
[Category("Database")]
public sealed class AttackTests
{
    private static HttpClient Http => RunningServer.Http;

    [TestCase("..")]
    [TestCase("../../etc")]
    [TestCase("..%2f..%2fetc")]
    [TestCase("%2e%2e%2f%2e%2e%2fetc")]
    [TestCase("*")]
    [TestCase("a,b")]
    public async Task A_bank_s_name_leads_nowhere_else(string name)
    {
        (await Http.PostAsync("/v1/banks", new { id = name, name = "n" })).Code.ShouldBe("Invalid");
        var answer = await Http.GetAnswerAsync($"/v1/banks/{name.Replace("/", "%2f", StringComparison.Ordinal)}/postings/bulk/{Guid.NewGuid()}/results");
        ((int)answer.Status).ShouldBeOneOf(403, 404);
    }

    [TestCase("../../demo")]
    [TestCase("..%2f..%2fdemo.json")]
    public async Task Results_of_a_bulk_request_are_found_by_a_uuid_and_by_nothing_else(string id)
    {
        var bank = await Http.OpenBankAsync();
        (await Http.GetAnswerAsync($"{bank}/postings/bulk/{id}/results")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{bank}/postings/bulk?mode=independent&id={id}") { Content = new StringContent("", Encoding.UTF8, "application/x-ndjson") };
        using var answer = await Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Results_of_a_bulk_request_are_for_who_made_it()
    {
        var bank = await Http.OpenBankAsync();
        var bulk = Guid.CreateVersion7();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{bank}/postings/bulk?mode=independent&id={bulk}") { Content = new StringContent("{}\n", Encoding.UTF8, "application/x-ndjson") };
        (await Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var (other, _) = await Http.JoinAsync(bank, new { role = "organiser" });

        (await Http.GetAnswerAsync($"{bank}/postings/bulk/{bulk}/results")).Status.ShouldBe(HttpStatusCode.OK);
        (await other.GetAnswerAsync($"{bank}/postings/bulk/{bulk}/results")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [TestCase("=HYPERLINK(\"https://evil.example\",\"Click\")")]
    [TestCase("+1+1")]
    [TestCase("-2+3")]
    [TestCase("@SUM(A1)")]
    [TestCase("\t=1+1")]
    [TestCase("\r=1+1")]
    public async Task What_somebody_wrote_is_no_formula_in_a_file(string evil)
    {
        var bank = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(bank, "member", "Ann");
        var ben = await Http.OpenAccountAsync(bank, "member", "=Ben");
        var made = await Http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 1, memo = evil, clientReference = "=1+1" });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);

        var statement = await Http.GetAnswerAsync($"{bank}/accounts/{ann}/entries", accept: "text/csv");
        var exported = await CommandRun.RunAsync("export", "--bank", bank["/v1/banks/".Length..], "--format", "csv", "--with-texts");
        foreach (var file in (string[])[statement.Text, exported.Out])
            Cells(file).Where(IsFormula).ShouldBeEmpty();
    }

    [Test]
    public async Task An_export_has_no_text_about_people_unless_it_is_asked_for_and_is_written_down()
    {
        var bank = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(bank, "member", "Ann Fenwick");
        var ben = await Http.OpenAccountAsync(bank, "member", "Ben");
        await Http.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 1, memo = "Heart pills", metadata = new { street = "Elm" } });
        foreach (var format in (string[])["csv", "ndjson", "hledger"])
        {
            var plain = await CommandRun.RunAsync("export", "--bank", bank["/v1/banks/".Length..], "--format", format);
            foreach (var text in (string[])["Fenwick", "pills", "Elm"])
                plain.Out.ShouldNotContain(text, customMessage: format);
        }
        (await Http.GetAnswerAsync($"{bank}/audit"))["items"]!.AsArray().Count(l => (string)l!["what"]! == "exported" && (string)l["door"]! == "commandLine").ShouldBe(3);
    }

    [Test]
    public async Task Stored_events_hold_no_name_and_no_memo()
    {
        var bank = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(bank, "member", "Annabel Quillfeather");
        var school = await Http.OpenAccountAsync(bank, "provider", "School");
        await Http.PostAsync($"{bank}/transfers", new { kind = "spend", yes = "paper", payer = ann, payee = school, minutes = 1, memo = "Quillfeather's divorce", metadata = new { lawyer = "Quillfeather" } });
        await Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ann}/freeze", new { reason = "Quillfeather asked for it" });
        await Http.PostAsync($"{bank}/keys", new { name = "Quillfeather's app", scopes = new[] { "accountsRead" } });

        (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, "select count(*) from timebank.mt_events e where e::text ilike '%quillfeather%'")).ShouldBe("0");
        (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, "select count(*) from timebank.idempotency_keys k where k::text ilike '%quillfeather%'")).ShouldBe("0");
    }

    private static bool IsFormula(string cell) => cell.Length > 0 && ("=+@\t\r".Contains(cell[0]) || (cell[0] == '-' && !long.TryParse(cell, out _)));

    private static IEnumerable<string> Cells(string csv)
    {
        using var reader = new CsvHelper.CsvReader(new StringReader(csv), System.Globalization.CultureInfo.InvariantCulture);
        while (reader.Read())
        {
            for (var i = 0; i < reader.Parser.Count; i++)
                yield return reader.Parser[i];
        }
    }
}
