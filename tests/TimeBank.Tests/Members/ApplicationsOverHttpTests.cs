using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Members;
using TimeBank.Store;

namespace TimeBank.Tests.Members;

/// <summary>A stranger asks to join, without a login: what is taken, what is answered, and who sees it.</summary>
[Category("Database")]
public sealed class ApplicationsOverHttpTests
{
    private static readonly object s_noor = new { name = "Noor Aziz", telephone = "555 0177", neighbourhood = "north", about = "I am new in the street, and can sew." };

    private HttpClient _stranger = null!;
    private string _bank = "";

    private static HttpClient Http => RunningServer.Http;

    [SetUp]
    public async Task Open() => (_stranger, _bank) = (RunningServer.Nobody(RunningServer.App), await Http.OpenBankAsync());

    [TearDown]
    public void Leave() => _stranger.Dispose();

    [Test]
    public async Task A_stranger_waits_on_the_organisers_list_at_once_until_somebody_has_talked_to_them()
    {
        (await AskAsync(s_noor)).Status.ShouldBe(HttpStatusCode.Created);

        var waits = (await WaitingAsync()).ShouldHaveSingleItem()!;
        ((string)waits["what"]!).ShouldBe("applied");
        var shown = await Http.GetAnswerAsync($"{_bank}/members/{(Guid)waits["id"]!}");
        ((string)shown["name"]!, (string)shown["telephone"]!, (string)shown["neighbourhood"]!, (string)shown["about"]!, (string)shown["member"]!["how"]!)
            .ShouldBe(("Noor Aziz", "555 0177", "north", "I am new in the street, and can sew.", "page"));
        (await Http.PostAsync($"{_bank}/members/{(Guid)waits["id"]!}/steps", new { step = "talked" })).Status.ShouldBe(HttpStatusCode.OK);
        (await WaitingAsync()).ShouldBeEmpty();
    }

    [Test]
    public async Task A_stranger_has_no_hours_and_moves_none_until_they_are_admitted()
    {
        await AskAsync(s_noor);
        var account = (Guid)(await WaitingAsync())[0]!["id"]!;
        var issuer = await Http.IssuerAsync(_bank);

        (await Http.TransferAsync(_bank, "grant", issuer, account, 60)).Code.ShouldBe("AccountFrozen");
        await Http.PostAsync($"{_bank}/members/{account}/steps", new { step = "agreed", version = "1" });
        (await Http.PostAsync($"{_bank}/members/{account}/admission", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.TransferAsync(_bank, "grant", issuer, account, 60)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task The_answer_says_nothing_of_who_is_known()
    {
        await Http.PostAsync($"{_bank}/members/enrolments", new { name = "Noor Aziz", telephone = "555 0177", agreement = "1" });

        var (known, unknown) = (await AskAsync(s_noor), await AskAsync(new { name = "Somebody else", email = "somebody@example.org" }));

        known.Status.ShouldBe(unknown.Status);
        foreach (var answer in (Answer[])[known, unknown])
        {
            answer.Body!.AsObject().Select(m => m.Key).ShouldBe(["received"]);
            answer.Headers.Location.ShouldBeNull();
        }
    }

    [Test]
    public async Task A_bank_that_takes_no_strangers_answers_like_one_that_is_not_there()
    {
        var closed = await Http.OpenBankAsync(new { takesApplications = false });
        var answers = new List<string>();
        foreach (var bank in (string[])[closed, "/v1/banks/there-is-none", "/v1/banks/-%25odd-"])
        {
            var answer = await _stranger.PostAsync($"{bank}/applications", s_noor);
            (answer.Status, answer.Code).ShouldBe((HttpStatusCode.NotFound, "BankUnknown"), bank);
            answers.Add(answer.Text);
        }
        answers.Distinct().Count().ShouldBe(1);
        foreach (var bank in (string[])[closed.Split('/')[^1], "there-is-none", "-odd-"])
        {
            var page = await _stranger.GetAnswerAsync($"/banks/{bank}/join", accept: "text/html");
            (page.Status, page.Text.Contains("<textarea", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, false), bank);
        }
        (await Http.GetAnswerAsync(closed))["policy"]!["takesApplications"]!.GetValue<bool>().ShouldBeFalse();
    }

    private static readonly object[] s_wrong =
    [
        new { telephone = "555 0177" }, new { name = "  ", telephone = "555 0177" }, new { name = "Noor" }, new { name = "Noor", telephone = " " }, new { name = "Noor\u0007", telephone = "1" },
        new { name = "Noor\nof the north", telephone = "1" }, new { name = new string('n', 201), telephone = "1" }, new { name = "Noor", telephone = new string('1', 201) },
        new { name = "Noor", email = "no address" }, new { name = "Noor", telephone = "1", about = new string('a', 501) }, new { name = "Noor", telephone = "1", about = "\u0000" },
        new { name = "Noor", telephone = "1", neighbourhood = "North!" }, new { name = "Noor", telephone = "1", bornIn = 99 },
    ];

    [TestCaseSource(nameof(s_wrong))]
    public async Task What_nobody_can_use_is_told_with_how_to_mend_it(object request)
    {
        var answer = await AskAsync(request);
        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.BadRequest, "Invalid"), answer.Text);
        answer["fields"]!.AsArray().Count.ShouldBeGreaterThan(0);
        (await WaitingAsync()).ShouldBeEmpty();
    }

    [Test]
    public async Task The_same_sent_twice_counts_once_and_takes_no_key_of_the_machine()
    {
        var key = Guid.NewGuid().ToString();
        (await AskAsync(s_noor, key)).Status.ShouldBe(HttpStatusCode.Created);
        (await AskAsync(s_noor, key)).Status.ShouldBe(HttpStatusCode.Created);
        (await WaitingAsync()).Count.ShouldBe(1);

        var journal = RunningServer.App.Services.GetRequiredService<Journal>();
        var said = TimeBank.Web.Said.CommandLine with { Key = key };
        (await new MemberCommands(journal).EnrolAsync(new BankId(_bank.Split('/')[^1]), new EnrolRequest { Name = "By the machine" }, said)).Status.ShouldBe(201);
    }

    [Test]
    public async Task Who_applies_and_is_under_18_is_marked()
    {
        await AskAsync(new { name = "Kim", telephone = "1", bornIn = DateTime.UtcNow.Year - 15 });
        var account = (Guid)(await WaitingAsync())[0]!["id"]!;

        ((string)(await Http.GetAnswerAsync($"{_bank}/members/{account}/youth"))["youth"]!["until"]!).ShouldBe($"{DateTime.UtcNow.Year + 3}-12-31");
    }

    [Test]
    public async Task No_more_than_two_hundred_wait()
    {
        var known = Enumerable.Range(0, Enrolment.MostStrangers).Select(n => AskAsync(new { name = $"Stranger {n}", telephone = "1" }));
        foreach (var wave in known.Chunk(20))
            (await Task.WhenAll(wave)).ShouldAllBe(a => a.Status == HttpStatusCode.Created);

        var refused = await AskAsync(s_noor);
        (refused.Status, refused.Code, (int)refused["most"]).ShouldBe((HttpStatusCode.UnprocessableEntity, "ApplicationsFull", 200));
        var one = (Guid)(await WaitingAsync())[0]!["id"]!;
        (await Http.PostAsync($"{_bank}/members/{one}/departure", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(s_noor)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task One_address_applies_so_often_in_an_hour_wherever_and_by_whichever_way()
    {
        await using var app = await RunningServer.StartServer(RunningServer.Store, settings: new Dictionary<string, string?> { ["Limits:ApplicationsPerHour"] = "3" });
        using var stranger = RunningServer.Nobody(app);
        var elsewhere = await Http.OpenBankAsync();
        (await stranger.PostAsync($"{_bank}/applications", s_noor)).Status.ShouldBe(HttpStatusCode.Created);
        (await stranger.PostAsync($"{elsewhere}/applications", new { })).Status.ShouldBe(HttpStatusCode.BadRequest);
        using (var form = new StringContent("", Encoding.UTF8, "application/x-www-form-urlencoded"))
            (await stranger.PostAsync($"/banks/{_bank.Split('/')[^1]}/join/", form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "A form without its proof counts, too.");

        var refused = await stranger.PostAsync($"{_bank}/applications", s_noor);

        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.TooManyRequests, "TooManyRequests"));
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await stranger.GetAnswerAsync("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private Task<Answer> AskAsync(object request, string? key = null) => _stranger.PostAsync($"{_bank}/applications", request, key);

    private async Task<JsonArray> WaitingAsync() => (await Http.GetAnswerAsync($"{_bank}/waiting?kind=members&limit=50")).Body![0]!["items"]!.AsArray();
}
