using System.Text.Json.Nodes;
using Shouldly;
using TimeBank.Stories;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Stories;

/// <summary>Every folder of seeds/ is told to a real server, and its end held against the bank.</summary>
[Category("Database")]
public sealed class StoryTests
{
    private static IReadOnlyList<string> Names => Story.Names;

    [TestCaseSource(nameof(Names))]
    public async Task A_story_ends_as_it_says(string name)
    {
        var told = await Tell(Story.Load(name));

        (await AuditAsync(told)).ShouldBeEmpty();
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_story_told_twice_is_told_once(string name)
    {
        var story = Story.Load(name);
        var first = await Tell(story);

        var second = await Tell(story);

        second.NewSteps.ShouldBe(0);
        second.Names.Ids.ShouldBe(first.Names.Ids, ignoreOrder: true);
        (await AuditAsync(second)).ShouldBeEmpty();
    }

    [TestCaseSource(nameof(Names))]
    public async Task No_name_and_no_memo_about_people_of_a_story_is_in_what_is_stored_for_good(string name)
    {
        var story = Story.Load(name);
        await Tell(story);

        // What a bank is called, everybody may know.
        var opened = story.Steps.Where(s => s.Request == "POST /v1/banks").ToList();
        var ofBanks = opened.SelectMany(s => Said(s.Body)).ToList();
        var banks = string.Join(", ", opened.Select(s => $"'{(string)s.Body!["id"]!}'"));
        var words = story.People.Values.Select(p => p.Name).Concat(story.Steps.SelectMany(s => Said(s.Body))).Where(w => w.Contains(' ') && !ofBanks.Exists(o => o.Contains(w, StringComparison.Ordinal))).Distinct().ToList();
        words.Count.ShouldBeGreaterThan(5);
        foreach (var (table, bank) in new[] { ("mt_events", "tenant_id"), ("idempotency_keys", "bank") })
        {
            var stored = await Sql.AskAsync(RunningServer.Store.OwnerConnectionString,
                $"select string_agg(w, ', ') from unnest(array[{string.Join(", ", words.Select(w => $"'{w.Replace("'", "''", StringComparison.Ordinal)}'"))}]) w where exists (select from timebank.{table} e where {bank} in ({banks}) and strpos(e::text, w) > 0)");
            (await Sql.AskAsync(RunningServer.Store.OwnerConnectionString, $"select (count(*) > 0)::text from timebank.{table} where {bank} in ({banks})")).ShouldBe("true", table);
            stored.ShouldBeEmpty(table);
        }

        static IEnumerable<string> Said(JsonNode? node) => node switch
        {
            JsonObject members => members.SelectMany(m => Said(m.Value)),
            JsonArray all => all.SelectMany(Said),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => [(string)value!],
            _ => [],
        };
    }

    [TestCaseSource(nameof(Names))]
    public void A_story_says_what_happened_in_the_world(string name) =>
        File.Exists(Path.Combine(Story.SeedsFolder, name, "README.md")).ShouldBeTrue();

    [Test]
    public async Task A_step_that_is_refused_stops_the_story_and_says_why()
    {
        var story = Small() with { Steps = [.. Small().Steps, Step("sell", "spend", "{ines}", "{issuer}")] };

        var broken = await Should.ThrowAsync<StoryException>(() => Tell(story));

        broken.Message.ShouldContain("step 3, sell");
        broken.Message.ShouldContain("WrongKindOfAccount");
    }

    [Test]
    public async Task A_step_that_should_be_refused_and_is_not_stops_the_story()
    {
        var story = Small() with { Steps = [.. Small().Steps, Step("earn", "earn", "{issuer}", "{ines}") with { Refused = "BelowFloor" }] };

        (await Should.ThrowAsync<StoryException>(() => Tell(story))).Message.ShouldContain("it should be refused (BelowFloor), and was not");
    }

    [Test]
    public async Task An_answer_that_differs_stops_the_story()
    {
        var story = Small() with { Steps = [.. Small().Steps, Step("earn", "earn", "{issuer}", "{ines}") with { Answer = new JsonObject { ["payeeBalance"] = 61 } }] };

        (await Should.ThrowAsync<StoryException>(() => Tell(story))).Message.ShouldContain("answer.payeeBalance is 60, not 61");
    }

    [Test]
    public async Task An_end_that_differs_is_found_line_by_line()
    {
        var story = Small() with
        {
            Steps = [.. Small().Steps, Step("earn", "earn", "{issuer}", "{ines}")],
            End = new StoryEnd { Balances = new Dictionary<string, long> { ["ines"] = 61 }, TrialBalance = new Dictionary<string, long> { ["member"] = 60, ["issuer"] = -60 } },
        };

        var wrong = await AuditAsync(await Tell(story));

        wrong.Count.ShouldBe(2);
        wrong.ShouldContain("balance of ines: 60, not 61");
        wrong.ShouldContain(w => w.EndsWith("of which the story's end says nothing"));
    }

    [Test]
    public async Task What_is_read_at_the_end_and_differs_is_found()
    {
        var end = new StoryEnd
        {
            Balances = new Dictionary<string, long> { ["ines"] = 0, ["issuer"] = 0 }, TrialBalance = new Dictionary<string, long>(),
            Reads = [Read("Ines"), Read("Somebody else")],
        };

        var wrong = await AuditAsync(await Tell(Small() with { End = end }));

        wrong.ShouldHaveSingleItem().ShouldContain("answer.name is \"Ines\", not \"Somebody else\"");

        static StoryRead Read(string name) => new() { Path = $"/v1/banks/tale-{TestContext.CurrentContext.Test.ID}/accounts/{{ines}}", Answer = new JsonObject { ["name"] = name } };
    }

    [Test]
    public void A_name_that_nobody_gave_is_said() =>
        Should.Throw<StoryException>(() => new StoryNames().Fill("/v1/banks/{somewhere}")).Message.ShouldContain("somewhere");

    private static async Task<ToldStory> Tell(Story story)
    {
        using var cast = await GatherAsync(story);
        return await new StoryTeller(cast).TellAsync(story, _ => { }, CancellationToken.None);
    }

    private static async Task<IReadOnlyList<string>> AuditAsync(ToldStory told)
    {
        using var cast = await GatherAsync(told.Story);
        return await new StoryAudit(cast[told.Story.As].Http).CheckAsync(told, CancellationToken.None);
    }

    private static Task<Cast> GatherAsync(Story story) =>
        Cast.GatherAsync(story, RunningServer.App.Services, RunningServer.DataFolder, RunningServer.Http.BaseAddress!, CancellationToken.None);

    /// <summary>A bank of its own with one member.</summary>
    private static Story Small()
    {
        var bank = $"tale-{TestContext.CurrentContext.Test.ID}";
        return new Story
        {
            Name = bank,
            Title = "A bank with one member",
            Bank = bank,
            People = new Dictionary<string, StoryPerson> { ["teller"] = new() { Name = "A teller", What = "opens a bank", Operator = true } },
            As = "teller",
            Steps =
            [
                new StoryStep
                {
                    Step = "open", Request = "POST /v1/banks", Body = new JsonObject { ["id"] = bank, ["name"] = "A tale", ["organiser"] = "{teller}" },
                    Names = new Dictionary<string, string> { ["issuer"] = "issuer" },
                },
                new StoryStep
                {
                    Step = "ines", Request = $"POST /v1/banks/{bank}/accounts", Body = new JsonObject { ["kind"] = "member", ["name"] = "Ines" },
                    Names = new Dictionary<string, string> { ["ines"] = "id" },
                },
            ],
            End = new StoryEnd { Balances = new Dictionary<string, long>(), TrialBalance = new Dictionary<string, long>() },
        };
    }

    private static StoryStep Step(string name, string kind, string payer, string payee) => new()
    {
        Step = name,
        Request = $"POST /v1/banks/tale-{TestContext.CurrentContext.Test.ID}/transfers",
        Body = new JsonObject { ["kind"] = kind, ["payer"] = payer, ["payee"] = payee, ["minutes"] = 60, ["yes"] = "paper" },
    };
}
