using System.Net;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>What nobody should ask for: broken pages, filters and moments of any kind, addresses of nothing.</summary>
[Category("Database")]
public sealed class HostileAddressTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann;

    [OneTimeSetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
    }

    [TestCase("limit=0"), TestCase("limit=-1"), TestCase("limit=999999"), TestCase("limit=1e1"), TestCase("limit="), TestCase("limit=1&limit=2")]
    [TestCase("cursor=%21%21"), TestCase("cursor=AAAA"), TestCase("cursor="), TestCase("cursor=eA"), TestCase("cursor=__8")]
    public async Task A_broken_page_is_named(string query)
    {
        foreach (var list in (string[])["/v1/banks", $"{_bank}/accounts", $"{_bank}/transfers", $"{_bank}/holds", $"{_bank}/rules", $"{_bank}/listings", $"{_bank}/members", $"{_bank}/accounts/{_ann}/listings", $"{_bank}/accounts/{_ann}/entries", $"{_bank}/accounts/{_ann}/entries?by=occurred"])
        {
            var answer = await Http.GetAnswerAsync($"{list}{(list.Contains('?') ? '&' : '?')}{query}");
            if (list == "/v1/banks" && query == "cursor=eA")
                continue; // "x", which may be a bank's id
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, $"{list} {query} {answer.Text}");
            ((string?)answer["fields"][0]!["field"]).ShouldBe(query.Split('=')[0]);
        }
    }

    [Test]
    public async Task Filters_and_moments_of_any_kind_are_answered()
    {
        string[] instants = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z", "2026-01-01T00:00:00%2B14:00", "0001-01-01T00:00:00%2B14:00"];
        string[] noInstants = ["now", "T10:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T25:00:00Z", "infinity", "%00", "2026-13-01T00:00:00Z", "10000-01-01T00:00:00Z", ""];
        string[] noDates = ["2026-02-30", "0000-01-01", "99999-01-01", "today", "%2Binfinity", "", "2026-1-1"];
        string[] texts = ["%00", "%07", "%ED%A0%80", "%FF", "%25_%5C", "'", "%F0%9F%98%80", "%E2%80%AE", new string('x', 2000)];
        var paths = new List<(string Path, bool? Good)>();
        foreach (var i in instants)
        {
            paths.Add(($"/transfers?postedFrom={i}", null));
            paths.Add(($"/transfers?postedTo={i}", null));
            paths.Add(($"/accounts/{_ann}/entries?from={i}", null));
            paths.Add(($"/accounts/{_ann}/entries?to={i}", null));
            paths.Add(($"/accounts/{_ann}/balance?at={i}", null));
            paths.Add(($"/trial-balance?at={i}", null));
        }
        foreach (var i in noInstants)
        {
            paths.Add(($"/transfers?postedFrom={i}", false));
            paths.Add(($"/accounts/{_ann}/entries?to={i}", false));
            paths.Add(($"/accounts/{_ann}/balance?at={i}", false));
        }
        foreach (var d in noDates)
        {
            paths.Add(($"/transfers?occurredFrom={d}", false));
            paths.Add(($"/accounts/{_ann}/entries?by=occurred&to={d}", false));
        }
        foreach (var t in texts)
        {
            paths.Add(($"/accounts?text={t}", null));
            paths.Add(($"/transfers?category={t}", null));
            paths.Add(($"/listings?text={t}", null));
            paths.Add(($"/listings?category={t}", false));
            paths.Add(($"/listings?neighbourhood={t}", false));
            paths.Add(($"/listings?day={t}", false));
            paths.Add(($"/transfers?clientReference={t}", null));
            paths.Add(($"/accounts?kind={t}", false));
            paths.Add(($"/holds?account={t}", false));
            paths.Add(($"/transfers?dryRun={t}&kind={t}", false));
        }
        paths.Add(($"/transfers?occurredFrom=0001-01-01&occurredTo=9999-12-31", true));
        var offenders = new List<string>();
        foreach (var (path, good) in paths)
        {
            var answer = await Http.GetAnswerAsync(_bank + path);
            if (Hostile.Fault(answer, mustFail: good == false) is { } fault || (fault = good == true && answer.Status != HttpStatusCode.OK ? answer.Text : null) is not null)
                offenders.Add($"{Hostile.Cut(path)}: {fault}");
        }
        offenders.ShouldBeEmpty();
    }

    [Test]
    public async Task Addresses_of_nothing_are_not_found()
    {
        foreach (var bad in (string[])["x", "00000000-0000-0000-0000-000000000000", "%F0%9F%98%80", "..%2F..", "'", new string('9', 300), "%20", "{id}"])
        {
            foreach (var path in (string[])[$"{_bank}/accounts/{bad}", $"{_bank}/accounts/{bad}/balance", $"{_bank}/accounts/{bad}/entries", $"{_bank}/transfers/{bad}", $"{_bank}/postings/{bad}", $"{_bank}/holds/{bad}", $"{_bank}/rules/{bad}", $"/v1/banks/{bad}", $"/v1/banks/{bad}/accounts", $"/problems/{bad}"])
            {
                var answer = await Http.GetAnswerAsync(path);
                answer.Status.ShouldBe(HttpStatusCode.NotFound, path);
                Hostile.Fault(answer, true).ShouldBeNull(path);
            }
            foreach (var path in (string[])[$"{_bank}/transfers/{bad}/reversal", $"{_bank}/holds/{bad}/capture", $"{_bank}/holds/{bad}/release", $"{_bank}/accounts/{bad}/closure"])
                (await Http.PostAsync(path, new { })).Status.ShouldBe(HttpStatusCode.NotFound, path);
            var nowhere = await Http.PostAsync($"/v1/banks/{bad}/accounts", new { kind = "member", name = "n" });
            nowhere.Code.ShouldBe("BankUnknown", bad);
        }
    }
}
