using System.Text.Json.Nodes;
using Shouldly;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

/// <summary>What is a person's: the same when it is told and when it is erased.</summary>
[Category("Database")]
public sealed class BelongingsTests
{
    private static HttpClient Organiser => RunningServer.Http;
    private string _bank = "";
    private Guid _ben;

    [SetUp]
    public async Task Open()
    {
        _bank = await Organiser.OpenBankAsync();
        _ben = await Organiser.OpenAccountAsync(_bank, "member", "Ben");
    }

    [Test]
    public async Task Holds_links_and_what_was_written_with_the_account_are_told_too()
    {
        var ann = await NewMemberOfAsync(_bank);
        var mine = await ann.SignInAsync();
        var account = ann.Account!.Value;
        (await Organiser.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{account}/settings", new { name = "Ann Fenwick" }, ifMatch: "\"1\"")).Ok();
        (await Organiser.SayAsync(HttpMethod.Put, $"{_bank}/accounts/{account}/freeze", new { reason = "In hospital" })).Ok();
        (await Organiser.SayAsync(HttpMethod.Delete, $"{_bank}/accounts/{account}/freeze")).Ok();
        var (_, key) = await Organiser.KeyAsync(_bank, ofBank: false, "transfersWrite");
        var link = (await mine.PostAsync($"{_bank}/accounts/{account}/links", new { key, most = 30 })).Ok();
        (await mine.SayAsync(HttpMethod.Delete, $"{_bank}/links/{link.Id}")).Ok();
        foreach (var (payer, payee, memo) in new[] { (account, _ben, "Rides to the clinic"), (_ben, account, "Knitting") })
            (await Organiser.PostAsync($"{_bank}/holds", new { kind = "exchange", yes = "paper", payer, payee, minutes = 5, expiresAt = "2999-01-01T00:00:00Z", memo })).Ok();

        foreach (var (who, path) in new[] { (mine, "/v1/me/data"), (Organiser, $"{_bank}/people/{ann.Id}/data") })
        {
            var told = AccountIn(await who.GetAnswerAsync(path));
            told["holds"]!.AsArray().Select(h => (string)h!["memo"]!).ShouldBe(["Rides to the clinic", "Knitting"]);
            told["links"]!.AsArray().Select(l => ((Guid)l!["id"]!, (bool)l["active"]!)).ShouldBe([(link.Id, false)]);
            told["texts"]!.AsArray().Select(t => (string?)t!["name"] ?? (string?)t["reason"]).ShouldBe(["Somebody new", "Ann Fenwick", "In hospital"]);
        }
    }

    [Test]
    public async Task What_is_kept_of_who_has_no_standing_any_more_is_theirs_still()
    {
        var ann = await NewMemberOfAsync(_bank);
        var mine = await ann.SignInAsync();
        await EndStandingAsync(ann);

        var own = (await mine.GetAnswerAsync("/v1/me/data")).Ok();
        ((Guid)AccountIn(own)["id"]!).ShouldBe(ann.Account!.Value);
        ((bool)own["banks"][0]!["standings"]![0]!["active"]!).ShouldBeFalse();
        var banks = (await Organiser.GetAnswerAsync($"{_bank}/people/{ann.Id}/data")).Ok();
        ((Guid)AccountIn(banks)["id"]!).ShouldBe(ann.Account!.Value);
        // The login is no business of a bank in which they are nothing any more.
        banks["person"].AsObject().Select(m => m.Key).ShouldBe(["id"]);
    }

    [Test]
    public async Task What_somebody_else_has_by_now_is_neither_told_nor_erased()
    {
        var (ann, ben) = (await NewMemberOfAsync(_bank), await NewMemberOfAsync(_bank));
        var (shared, annHttp) = (ben.Account!.Value, await ann.SignInAsync());
        var mistaken = (await Organiser.PostAsync($"{_bank}/invitations", new { name = "Ann", standing = new { role = "member", account = shared } })).Ok();
        (await annHttp.PostAsync("/v1/invitations/acceptance", new { code = (string)mistaken["code"]! })).Ok();
        AccountsIn(await annHttp.GetAnswerAsync("/v1/me/data")).ShouldBe([ann.Account!.Value, shared], ignoreOrder: true);
        await EndStandingAsync(ann, shared);

        AccountsIn(await annHttp.GetAnswerAsync("/v1/me/data")).ShouldBe([ann.Account!.Value]);
        AccountsIn(await Organiser.GetAnswerAsync($"{_bank}/people/{ann.Id}/data")).ShouldBe([ann.Account!.Value]);
        await Organiser.OpenAccountAsync(_bank, "pot", "Chest");
        (await Organiser.PostAsync($"{_bank}/accounts/{ann.Account}/closure", new { })).Ok();
        ((int)(await Organiser.PostAsync($"{_bank}/people/{ann.Id}/erasure", new { })).Ok()["accounts"]!).ShouldBe(1);
        ((string)(await Organiser.GetAnswerAsync($"{_bank}/accounts/{shared}"))["name"]!).ShouldBe("Somebody new");
    }

    [Test]
    public async Task Of_an_account_that_is_nobody_s_any_more_and_was_several_people_s_none_takes_along_the_others_entries()
    {
        var (ann, ben) = (await NewMemberOfAsync(_bank), await NewMemberOfAsync(_bank));
        var (shared, annHttp) = (ben.Account!.Value, await ann.SignInAsync());
        var mistaken = (await Organiser.PostAsync($"{_bank}/invitations", new { name = "Ann", standing = new { role = "member", account = shared } })).Ok();
        (await annHttp.PostAsync("/v1/invitations/acceptance", new { code = (string)mistaken["code"]! })).Ok();
        await EndStandingAsync(ann, shared);
        await EndStandingAsync(ben);

        AccountsIn(await annHttp.GetAnswerAsync("/v1/me/data")).ShouldBe([ann.Account!.Value]);
        AccountsIn(await Organiser.GetAnswerAsync($"{_bank}/people/{ben.Id}/data")).ShouldBe([shared]);
    }

    [Test]
    public async Task Invitations_that_wait_for_a_person_are_told_to_who_was_seen_to_read_there_and_to_each_bank_its_own()
    {
        var email = $"{NewLogin()}@example.org";
        var ann = await NewMemberOfAsync(_bank, email);
        var elsewhere = await Organiser.OpenBankAsync();
        foreach (var bank in (string[])[_bank, elsewhere])
            (await Organiser.PostAsync($"{bank}/invitations", new { name = "Ann", email = email.ToUpperInvariant(), standing = new { role = "auditor" } })).Ok();

        InvitedBy(await (await ann.SignInAsync()).GetAnswerAsync("/v1/me/data")).ShouldBe([_bank, elsewhere]);
        InvitedBy(await Organiser.GetAnswerAsync($"{_bank}/people/{ann.Id}/data")).ShouldBe([_bank]);

        // Another has only been said to have that address.
        var invitation = (await Organiser.PostAsync($"{_bank}/invitations", new { name = "Not Ann", email, standing = new { role = "auditor" } })).Ok();
        var login = NewLogin();
        (await Nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login, password = Secret })).Ok();
        var other = (await Nobody.PostAsync("/v1/sessions", new { login, password = Secret, door = "app" })).TokenOf();
        InvitedBy(await other.GetAnswerAsync("/v1/me/data")).ShouldBeEmpty();
    }

    [Test]
    public async Task With_a_person_go_the_invitations_and_letters_that_wait_for_them_and_what_others_wrote_on_holds()
    {
        var (email, others) = ($"{NewLogin()}@example.org", $"{NewLogin()}@example.org");
        var ann = await NewMemberOfAsync(_bank, email);
        var account = ann.Account!.Value;
        var elsewhere = await Organiser.OpenBankAsync();
        foreach (var (bank, to) in new[] { (_bank, email.ToUpperInvariant()), (elsewhere, email), (elsewhere, others) })
            (await Organiser.PostAsync($"{bank}/invitations", new { name = "Ann Fenwick", email = to, standing = new { role = "auditor" } })).Ok();
        await LetterAsync(email, among: 2);
        await LetterAsync(email.ToUpperInvariant());
        await LetterAsync(others);
        var hold = (await Organiser.PostAsync($"{_bank}/holds", new { kind = "exchange", yes = "paper", payer = _ben, payee = account, minutes = 5, expiresAt = "2999-01-01T00:00:00Z", memo = "Ann Fenwick knits" })).Ok();
        (await Organiser.PostAsync($"{_bank}/holds/{hold.Id}/release", new { })).Ok();
        await Organiser.OpenAccountAsync(_bank, "pot", "Chest");
        (await Organiser.PostAsync($"{_bank}/accounts/{account}/closure", new { })).Ok();

        ((bool)(await Organiser.PostAsync($"{_bank}/people/{ann.Id}/erasure", new { })).Ok()["loginEnded"]!).ShouldBeTrue();

        (await Organiser.GetAnswerAsync($"{_bank}/holds/{hold.Id}")).Text.ShouldNotContain("Fenwick");
        (await SqlAsync<string>($"select email from people.invitations where email ilike '{email}'")).ShouldBeEmpty();
        (await SqlAsync<string>($"select email from people.invitations where email = '{others}'")).ShouldBe([others]);
        var outbox = Directory.EnumerateFiles(Path.Combine(RunningServer.DataFolder, "outbox")).Select(File.ReadAllText).ToList();
        outbox.ShouldAllBe(letter => !letter.Contains(email, StringComparison.OrdinalIgnoreCase));
        outbox.ShouldContain(letter => letter.Contains(others, StringComparison.Ordinal));
    }

    [Test]
    public async Task Who_was_only_said_to_have_an_address_takes_no_other_bank_s_invitation_with_them()
    {
        var email = $"{NewLogin()}@example.org";
        var elsewhere = await Organiser.OpenBankAsync();
        (await Organiser.PostAsync($"{elsewhere}/invitations", new { name = "Ann", email, standing = new { role = "auditor" } })).Ok();
        var invitation = (await Organiser.PostAsync($"{_bank}/invitations", new { name = "Not Ann", email, standing = new { role = "auditor" } })).Ok();
        var accepted = (await Nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invitation["code"]!, login = NewLogin(), password = Secret })).Ok();

        (await Organiser.PostAsync($"{_bank}/people/{(string)accepted["person"]!}/erasure", new { })).Ok();

        (await SqlAsync<string>($"select bank from people.invitations where email = '{email}'")).ShouldBe([elsewhere["/v1/banks/".Length..]]);
    }

    private async Task EndStandingAsync(Somebody who, Guid? account = null)
    {
        var of = account ?? who.Account!.Value;
        var standing = (await Organiser.GetAnswerAsync($"{_bank}/standings?person={who.Id}&account={of}")).Ok()["items"].AsArray().Single()!;
        (await Organiser.SayAsync(HttpMethod.Delete, $"{_bank}/standings/{(string)standing["id"]!}")).Ok();
    }

    private static JsonNode AccountIn(Answer told) => told.Ok()["banks"].AsArray().Single()!["accounts"]!.AsArray().Single()!;

    private static IEnumerable<Guid> AccountsIn(Answer told) => told.Ok()["banks"].AsArray().Single()!["accounts"]!.AsArray().Select(a => (Guid)a!["id"]!);

    private static IEnumerable<string> InvitedBy(Answer told) => told.Ok()["invitations"].AsArray().Select(i => $"/v1/banks/{(string)i!["bank"]!}");
}
