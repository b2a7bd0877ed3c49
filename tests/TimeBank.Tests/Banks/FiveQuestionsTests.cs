using System.Net;
using Shouldly;
using TimeBank.Banks;

namespace TimeBank.Tests.Banks;

/// <summary>A new bank needs five answers, and acts by them.</summary>
[Category("Database")]
public sealed class FiveQuestionsTests
{
    private static HttpClient Http => RunningServer.Http;

    private static string Name(string of) => $"{of} {Guid.NewGuid().ToString("N")[..8]}";

    [Test]
    public async Task Five_answers_are_enough_and_all_else_has_a_default()
    {
        var name = Name("Zeitbörse Łódź & Straße");
        var opened = await Http.PostAsync("/v1/banks", new { name, language = "de", membersBelowZero = 300, projectWork = "projectOnly", confirmedBy = "coordinator" });

        opened.Status.ShouldBe(HttpStatusCode.Created, opened.Text);
        ((string)opened["id"]!).ShouldBe(Slug.Of(name));
        var policy = opened["policy"];
        ((string)policy["language"]!, (long)policy["limits"]!["member"]!["floor"]!, (string)policy["projectWork"]!, (string)policy["confirmedBy"]!, (string)policy["timeZone"]!)
            .ShouldBe(("de", -300, "projectOnly", "coordinator", "UTC"));
        (policy["categories"]!.AsArray().Count, (bool)policy["otherCategories"]!, (long)policy["limits"]!["project"]!["floor"]!).ShouldBe((18, true, 0));
        (await Http.PostAsync("/v1/banks", new { name })).Code.ShouldBe("BankExists");
    }

    [Test]
    public async Task A_name_alone_is_enough_and_the_bank_is_as_it_always_was()
    {
        var policy = (await Http.PostAsync("/v1/banks", new { name = Name("Plain") }))["policy"];

        ((long)policy["limits"]!["member"]!["floor"]!, (string)policy["projectWork"]!, (string)policy["confirmedBy"]!).ShouldBe((-720, "projectThenCommunity", "otherSide"));
    }

    [Test]
    public async Task What_is_answered_twice_or_cannot_be_an_address_is_said()
    {
        foreach (var body in (object[])
        [
            new { name = "時間銀行" }, new { name = Name("b"), membersBelowZero = -1 }, new { name = Name("b"), language = "English" }, new { language = "en" },
            new { name = Name("b"), language = "en", policy = new { language = "en" } }, new { name = Name("b"), confirmedBy = "organiser", policy = new { confirmedBy = "organiser" } },
            new { name = Name("b"), membersBelowZero = 60, policy = new { limits = new { member = new { floor = -60 } } } }, new { name = Name("b"), projectWork = "nobody" },
        ])
        {
            var refused = await Http.PostAsync("/v1/banks", body);
            refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
        }
        (await Http.PostAsync("/v1/banks", new { name = Name("b"), membersBelowZero = 60, policy = new { limits = new { member = new { ceiling = 60 } } } }))["policy"]["limits"]!["member"]!.ToJsonString()
            .ShouldBe("""{"floor":-60,"ceiling":60}""");
    }

    [Test]
    public async Task The_list_of_categories_is_read_changed_and_then_kept_to()
    {
        var bank = await Http.OpenBankAsync();
        var ann = await Http.OpenAccountAsync(bank, "member", "Ann");
        object Offer(string category) => new { account = ann, kind = "offer", category, title = "t" };
        (await Http.PostAsync($"{bank}/listings", Offer("juggling"))).Status.ShouldBe(HttpStatusCode.Created);
        var read = await Http.GetAnswerAsync($"{bank}/policy");

        (await Http.SayAsync(HttpMethod.Put, $"{bank}/policy", read.Body!.ToJsonString(), ifMatch: read.Headers.ETag!.Tag)).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.PostAsync($"{bank}/listings", Offer("juggling"))).Status.ShouldBe(HttpStatusCode.Created, "What was read and sent back changes nothing.");
        (await Http.SayAsync(HttpMethod.Put, $"{bank}/policy", new { categories = new[] { "gardening", "cooking" } }, ifMatch: "\"2\"")).Status.ShouldBe(HttpStatusCode.OK);

        (await Http.PostAsync($"{bank}/listings", Offer("juggling"))).Code.ShouldBe("CategoryUnknown");
        (await Http.PostAsync($"{bank}/listings", Offer("cooking"))).Status.ShouldBe(HttpStatusCode.Created);
        (await Http.PostAsync($"{bank}/members", new { account = ann, how = "page", skills = new[] { "cooking", "juggling" } })).Code.ShouldBe("CategoryUnknown");
    }

    [TestCase("Modena", "modena"), TestCase("Café de l’Été", "cafe-de-l-ete"), TestCase("  9 Elms!  ", "9-elms"), TestCase("--", null), TestCase("ß", null)]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and more", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void An_id_is_made_of_the_name(string name, string? id) => Slug.Of(name).ShouldBe(id);
}
