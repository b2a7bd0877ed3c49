using System.Net;
using Shouldly;

namespace TimeBank.Tests.Contributions;

/// <summary>What a project set apart for a kind of work goes before its free hours, whichever server learns of it.</summary>
[Category("Database")]
public sealed class EarmarksOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;

    private string _bank = "";
    private Guid _ann, _garden, _pot;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
        _pot = await Http.OpenAccountAsync(_bank, "pot", "Chest");
        await GrantAsync(await Http.IssuerAsync(_bank), _pot, 600);
        await GrantAsync(_pot, _garden, 60);
    }

    [Test]
    public async Task Work_is_credited_line_by_line_from_the_earmark_the_garden_and_the_community()
    {
        var raisedBeds = await EarmarkAsync(Http, "gardening");
        await GrantAsync(_pot, raisedBeds, 30);

        var credited = await CreditAsync(120);

        var lines = credited["posting"]!["transfers"]!.AsArray().Select(t => ((Guid)t!["payer"]!, (int)t["minutes"]!)).ToList();
        lines.ShouldBe([(raisedBeds, 30), (_garden, 60), (await Http.IssuerAsync(_bank), 30)]);
        (await Http.GetAnswerAsync($"{_bank}/accounts/{raisedBeds}/entries"))["items"]!.AsArray().Select(e => (int)e!["minutes"]!).ShouldBe([-30, 30]);
        ((string)(await Http.GetAnswerAsync($"{_bank}/accounts/{raisedBeds}"))["purpose"]!).ShouldBe("gardening");
    }

    [Test]
    public async Task An_earmark_that_another_server_opened_is_spent_here()
    {
        // This server knows the garden, without an earmark.
        await CreditAsync(10);
        await using var other = await RunningServer.StartServer(RunningServer.Store);
        using var there = RunningServer.Client(other);
        var raisedBeds = await EarmarkAsync(there, "gardening");
        (await there.PostAsync($"{_bank}/transfers", new { kind = "grant", payer = _pot, payee = raisedBeds, minutes = 30 })).Status.ShouldBe(HttpStatusCode.Created);

        await CreditAsync(30);

        (await Http.BalanceAsync(_bank, raisedBeds)).ShouldBe(0);
        (await Http.BalanceAsync(_bank, _garden)).ShouldBe(50);
    }

    [Test]
    public async Task Only_an_earmark_is_for_a_purpose() =>
        (await Http.PostAsync($"{_bank}/accounts", new { kind = "pot", name = "n", purpose = "gardening" })).Text.ShouldContain("Only an earmark is for a purpose.");

    private async Task<Guid> EarmarkAsync(HttpClient http, string purpose)
    {
        var opened = await http.PostAsync($"{_bank}/accounts", new { kind = "earmark", name = "Raised beds", parent = _garden, purpose });
        opened.Status.ShouldBe(HttpStatusCode.Created, opened.Text);
        return opened.Id;
    }

    private async Task GrantAsync(Guid payer, Guid payee, int minutes) =>
        (await Http.TransferAsync(_bank, "grant", payer, payee, minutes)).Status.ShouldBe(HttpStatusCode.Created);

    private async Task<Answer> CreditAsync(int minutes)
    {
        var credited = await Http.PostAsync($"{_bank}/contributions/batch", new { project = _garden, category = "gardening", lines = new[] { new { helper = _ann, minutes } } });
        credited.Status.ShouldBe(HttpStatusCode.Created, credited.Text);
        return credited;
    }
}
