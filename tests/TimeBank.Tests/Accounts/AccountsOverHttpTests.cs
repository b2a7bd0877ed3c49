using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Accounts;

[Category("Database")]
public sealed class AccountsOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;

    [Test]
    public async Task A_limit_that_a_policy_leaves_out_is_the_default_and_null_is_none()
    {
        var bank = await Http.OpenBankAsync(System.Text.Json.Nodes.JsonNode.Parse("""{"limits":{"member":{"ceiling":6000},"project":{"floor":null}}}"""));
        var limits = (await Http.GetAnswerAsync($"{bank}/policy"))["limits"];

        ((long?)limits["member"]!["floor"], (long?)limits["member"]!["ceiling"]).ShouldBe((-720L, 6000L));
        limits["project"]!.AsObject().ContainsKey("floor").ShouldBeTrue();
        ((long?)limits["project"]!["floor"]).ShouldBeNull();
    }

    [Test]
    public async Task An_opened_account_is_shown_where_its_location_says()
    {
        var bank = await Http.OpenBankAsync();
        var opened = await Http.PostAsync($"{bank}/accounts", new { kind = "member", name = "Ann", floor = -60, ceiling = 600 });
        opened.Status.ShouldBe(HttpStatusCode.Created);
        opened.Headers.Location!.ToString().ShouldBe($"{bank}/accounts/{opened.Id}");

        var shown = await Http.GetAnswerAsync(opened.Headers.Location.ToString());

        ((string?)shown["name"]).ShouldBe("Ann");
        ((string?)shown["status"]).ShouldBe("open");
        new[] { "balance", "held", "available", "floor", "ceiling" }.Select(m => (long)shown[m]).ShouldBe([0, 0, 0, -60, 600]);
    }

    [Test]
    public async Task A_list_is_narrowed_and_goes_on_where_its_link_says()
    {
        var bank = await Http.OpenBankAsync();
        for (var i = 0; i < 7; i++)
            await Http.OpenAccountAsync(bank, "member", $"Ann {i}");
        var frozen = await Http.OpenAccountAsync(bank, "member", "Frozen 100%");
        await Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{frozen}/freeze", new { });
        await Http.OpenAccountAsync(bank, "project", "Ann's garden");

        var names = new List<string>();
        var pages = 0;
        for (var path = $"{bank}/accounts?kind=member&limit=3&text=ann"; path is not null; pages++)
        {
            var page = await Http.GetAnswerAsync(path);
            names.AddRange(page["items"].AsArray().Select(a => (string)a!["name"]!));
            path = page.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
            (path is null).ShouldBe(page.Body!["next"] is null);
        }

        pages.ShouldBe(3);
        names.ShouldBe(Enumerable.Range(0, 7).Select(i => $"Ann {i}"));
        Names(await Http.GetAnswerAsync($"{bank}/accounts?status=frozen")).ShouldBe(["Frozen 100%"]);
        Names(await Http.GetAnswerAsync($"{bank}/accounts?text=0%25")).ShouldBe(["Frozen 100%"]);
        Names(await Http.GetAnswerAsync($"{bank}/accounts?kind=issuer")).Count.ShouldBe(1);
    }

    [TestCase("josé", "José Núñez"), TestCase("JOSE", "José Núñez"), TestCase("é nú", "José Núñez"), TestCase("ez", "José Núñez"), TestCase("z", "José Núñez"), TestCase("_n%", null), TestCase("nobody", null)]
    public async Task A_part_of_a_name_is_enough_with_its_accents_or_without(string said, string? found)
    {
        var bank = await Http.OpenBankAsync();
        await Http.OpenAccountAsync(bank, "member", "José Núñez");
        await Http.OpenAccountAsync(bank, "member", "Ann Lee");

        Names(await Http.GetAnswerAsync($"{bank}/accounts?text={Uri.EscapeDataString(said)}")).ShouldBe(found is null ? [] : [found]);
        Names(await Http.GetAnswerAsync($"{bank}/accounts?kind=project&text={Uri.EscapeDataString(said)}")).ShouldBeEmpty();
    }

    [Test]
    public async Task Settings_are_changed_by_whoever_read_them_last()
    {
        var bank = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(bank, "member", "Ann");
        var path = $"{bank}/accounts/{ann}/settings";
        var tag = (await Http.GetAnswerAsync(path)).Headers.ETag!.Tag;

        (await Http.SayAsync(HttpMethod.Put, path, new { name = "Anna" })).Code.ShouldBe("IfMatchMissing");
        var changed = await Http.SayAsync(HttpMethod.Put, path, new { name = "Anna", floor = -5 }, ifMatch: tag);
        var late = await Http.SayAsync(HttpMethod.Put, path, new { name = "Anne" }, ifMatch: tag);

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        late.Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        late.Code.ShouldBe("VersionMismatch");
        var settings = await Http.GetAnswerAsync(path);
        settings.Headers.ETag!.Tag.ShouldBe(changed.Headers.ETag!.Tag);
        ((string?)settings["name"]).ShouldBe("Anna");
        ((long)settings["floor"]).ShouldBe(-5);
    }

    [Test]
    public async Task A_frozen_account_neither_pays_nor_receives_until_it_is_unfrozen()
    {
        var (bank, ann, ben) = await TwoAsync();
        (await Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ann}/freeze", new { reason = "moved away" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{ann}/freeze", new { })).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.TransferAsync(bank, "exchange", ann, ben, 1)).Code.ShouldBe("AccountFrozen");
        (await Http.TransferAsync(bank, "exchange", ben, ann, 1)).Code.ShouldBe("AccountFrozen");
        (await Http.SayAsync(HttpMethod.Delete, $"{bank}/accounts/{ann}/freeze")).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.TransferAsync(bank, "exchange", ann, ben, 1)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Test]
    public async Task An_account_closes_only_when_nothing_is_left_swept_or_forgiven()
    {
        var (bank, ann, ben) = await TwoAsync();
        var issuer = await Http.IssuerAsync(bank);
        await Http.TransferAsync(bank, "exchange", ann, ben, 30);

        var refused = await Http.PostAsync($"{bank}/accounts/{ben}/closure", new { });
        var swept = await Http.PostAsync($"{bank}/accounts/{ben}/closure", new { sweepTo = ann, yes = "paper", reason = "gone" });
        await Http.TransferAsync(bank, "earn", issuer, ann, 5);
        var cat = await Http.OpenAccountAsync(bank, "member", "Cat");
        await Http.TransferAsync(bank, "exchange", cat, ann, 7);
        var nameless = await Http.PostAsync($"{bank}/accounts/{cat}/closure", new { forgiveFrom = issuer });
        var forgiven = await Http.PostAsync($"{bank}/accounts/{cat}/closure", new { forgiveFrom = issuer, reason = "ill" });

        (refused.Status, refused.Code, (long)refused["balance"]).ShouldBe((HttpStatusCode.Conflict, "BalanceNotZero", 30));
        swept.Status.ShouldBe(HttpStatusCode.OK, swept.Text);
        ((string?)swept["status"]).ShouldBe("closed");
        nameless.Code.ShouldBe("Invalid");
        ((string?)nameless["fields"][0]!["field"]!).ShouldBe("reason");
        ((string?)forgiven["posting"]["transfers"]![0]!["kind"]).ShouldBe("forgive");
        (await Http.TransferAsync(bank, "exchange", ann, ben, 1)).Code.ShouldBe("AccountClosed");
        (await Http.BalanceAsync(bank, ann)).ShouldBe(12);
    }

    [Test]
    public async Task Another_banks_ids_are_answered_byte_for_byte_like_unknown_ones()
    {
        var (bank, ann, ben) = await TwoAsync();
        var (other, otherAnn, otherBen) = await TwoAsync();
        var transfer = (await Http.TransferAsync(other, "exchange", otherAnn, otherBen, 1)).Id;
        var nobody = Guid.CreateVersion7();

        async Task SameAsync(Func<Guid, Task<Answer>> ask, Guid theirs, HttpStatusCode status)
        {
            var (foreign, unknown) = (await ask(theirs), await ask(nobody));
            foreign.Status.ShouldBe(status, foreign.Text);
            foreign.Text.Replace(theirs.ToString(), nobody.ToString(), StringComparison.Ordinal).ShouldBe(unknown.Text);
            foreign.Headers.Select(h => h.Key).Order().ShouldBe(unknown.Headers.Select(h => h.Key).Order());
        }

        await SameAsync(id => Http.GetAnswerAsync($"{bank}/accounts/{id}"), otherAnn, HttpStatusCode.NotFound);
        await SameAsync(id => Http.GetAnswerAsync($"{bank}/accounts/{id}/balance"), otherAnn, HttpStatusCode.NotFound);
        await SameAsync(id => Http.GetAnswerAsync($"{bank}/accounts/{id}/entries"), otherAnn, HttpStatusCode.NotFound);
        await SameAsync(id => Http.SayAsync(HttpMethod.Put, $"{bank}/accounts/{id}/freeze", new { }), otherAnn, HttpStatusCode.NotFound);
        await SameAsync(id => Http.PostAsync($"{bank}/accounts/{id}/closure", new { }), otherAnn, HttpStatusCode.NotFound);
        await SameAsync(id => Http.TransferAsync(bank, "exchange", ann, id, 1), otherBen, HttpStatusCode.UnprocessableEntity);
        await SameAsync(id => Http.GetAnswerAsync($"{bank}/transfers/{id}"), transfer, HttpStatusCode.NotFound);
        await SameAsync(id => Http.PostAsync($"{bank}/transfers/{id}/reversal", new { }), transfer, HttpStatusCode.NotFound);
        await SameAsync(id => Http.PostAsync($"{bank}/rules", new { owner = ben, kinds = (string[])["gift"], share = 1, targets = new[] { new { account = id } } }), otherBen, HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<(string Bank, Guid Ann, Guid Ben)> TwoAsync()
    {
        var bank = await Http.OpenBankAsync();
        return (bank, await Http.OpenAccountAsync(bank, "member", "Ann"), await Http.OpenAccountAsync(bank, "member", "Ben"));
    }

    private static List<string?> Names(Answer page) => [.. page["items"].AsArray().Select(a => (string?)a!["name"])];
}
