using System.Net;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Shouldly;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Access;

/// <summary>Passkeys of a real browser, kept by its virtual authenticator.</summary>
[Category("Database")]
[Category("Browser")]
public sealed class PeoplePasskeyTests
{
    private BrowserPage _page = null!;

    /// <summary>Browsers make passkeys for names, not for numbers.</summary>
    private static string Origin => $"http://localhost:{new Uri(RunningServer.App.Urls.First()).Port}";

    [OneTimeSetUp]
    public async Task OpenPage()
    {
        var chromium = Tools.RequireAny("apt-get install chromium", "chromium", "chromium-browser", "google-chrome");
        _page = await BrowserPage.OpenAsync(chromium, $"{Origin}/health/live");
        await _page.SendAsync("WebAuthn.enable", new JsonObject());
        await _page.SendAsync("WebAuthn.addVirtualAuthenticator", new JsonObject
        {
            ["options"] = new JsonObject
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
                ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
    }

    [OneTimeTearDown]
    public async Task ClosePage()
    {
        if (_page is not null)
            await _page.DisposeAsync();
    }

    [Test]
    public async Task A_passkey_signs_in_without_login_password_and_code_until_it_is_removed()
    {
        var rosa = await NewMemberAsync();
        var mine = AtName(await rosa.SignInAsync());
        (await mine.PostAsync("/v1/me/passkeys/options", new { password = "not the password" })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasswordWrong");
        var made = await MakeAsync(mine, rosa, "my phone");
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        ((string)(await mine.GetAnswerAsync("/v1/me/passkeys")).Body![0]!["name"]!).ShouldBe("my phone");
        await mine.TurnOnSecondFactorAsync();

        var (state, credential) = await AnswerAsync();
        var signedIn = (await AtName(Nobody).PostAsync("/v1/sessions/passkey", new { state, credential, door = "app" })).Ok();
        ((Guid)(await WithToken((string)signedIn["accessToken"]!).GetAnswerAsync("/v1/me")).Ok()["person"]).ShouldBe(rosa.Id);
        (await NotedAsync(rosa.Bank, "passkeyChanged")).ShouldBe([rosa.Id.ToString()]);

        // The device has counted on: the same answer is an old one.
        (await AtName(Nobody).PostAsync("/v1/sessions/passkey", new { state, credential, door = "app" })).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");

        (await mine.SayAsync(HttpMethod.Delete, $"/v1/me/passkeys/{Guid.NewGuid()}")).ShouldBe(HttpStatusCode.NotFound, "PasskeyUnknown");
        (await mine.SayAsync(HttpMethod.Delete, $"/v1/me/passkeys/{made.Id}")).Ok();
        (await mine.GetAnswerAsync("/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (state, credential) = await AnswerAsync();
        (await AtName(Nobody).PostAsync("/v1/sessions/passkey", new { state, credential, door = "app" })).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
    }

    [Test]
    public async Task What_was_asked_of_one_person_is_no_passkey_of_another()
    {
        var (rosa, marcus) = (await NewMemberAsync(), await NewMemberAsync());
        var (ofRosa, ofMarcus) = (AtName(await rosa.SignInAsync()), AtName(await marcus.SignInAsync()));
        var asked = (await ofRosa.PostAsync("/v1/me/passkeys/options", new { password = rosa.Password })).Ok();
        var credential = await CreateAsync(asked["options"]);

        (await ofMarcus.PostAsync("/v1/me/passkeys", new { name = "stolen", state = (string)asked["state"]!, credential })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasskeyRefused");
        (await ofRosa.PostAsync("/v1/me/passkeys", new { name = "x", state = "CfDJ8AAAA", credential })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasskeyRefused");
        // Signed for localhost: another name of the same server is another site.
        (await (await rosa.SignInAsync()).PostAsync("/v1/me/passkeys", new { name = "x", state = (string)asked["state"]!, credential })).ShouldBe(HttpStatusCode.UnprocessableEntity, "PasskeyRefused");
        (await ofRosa.PostAsync("/v1/me/passkeys", new { name = "mine", state = (string)asked["state"]!, credential })).Ok();
    }

    [TestCase("{}")]
    [TestCase("""{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA","userHandle":"AAAA"},"clientExtensionResults":{}}""")]
    public async Task What_is_no_credential_signs_nobody_in(string credential)
    {
        var state = (string)(await AtName(Nobody).PostAsync("/v1/sessions/passkey-options", new { })).Ok()["state"]!;

        (await AtName(Nobody).PostAsync("/v1/sessions/passkey", new { state, credential = JsonNode.Parse(credential), door = "app" })).ShouldBe(HttpStatusCode.Unauthorized, "SignInFailed");
    }

    private async Task<Answer> MakeAsync(HttpClient mine, Somebody who, string name)
    {
        var asked = (await mine.PostAsync("/v1/me/passkeys/options", new { password = who.Password })).Ok();
        return await mine.PostAsync("/v1/me/passkeys", new { name, state = (string)asked["state"]!, credential = await CreateAsync(asked["options"]) });
    }

    private async Task<JsonNode> CreateAsync(JsonNode options) => JsonNode.Parse(await _page.EvaluateAsync(
        $"navigator.credentials.create({{publicKey: PublicKeyCredential.parseCreationOptionsFromJSON({options.ToJsonString()})}}).then(c => JSON.stringify(c.toJSON()))"))!;

    private async Task<(string State, JsonNode Credential)> AnswerAsync()
    {
        var asked = (await AtName(Nobody).PostAsync("/v1/sessions/passkey-options", new { })).Ok();
        return ((string)asked["state"]!, JsonNode.Parse(await _page.EvaluateAsync(
            $"navigator.credentials.get({{publicKey: PublicKeyCredential.parseRequestOptionsFromJSON({asked["options"].ToJsonString()})}}).then(c => JSON.stringify(c.toJSON()))"))!);
    }

    private static HttpClient AtName(HttpClient client)
    {
        client.BaseAddress = new Uri(Origin);
        return client;
    }
}
