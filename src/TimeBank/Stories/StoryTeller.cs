using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TimeBank.Banks;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Stories;

/// <summary>A story that was told: its names, and how many of its steps were news to the bank.</summary>
public sealed record ToldStory(Story Story, StoryNames Names, int NewSteps);

/// <summary>Tells a story to a running server, by the same requests that any program sends, each by the person who would send it.</summary>
public sealed class StoryTeller(Cast cast)
{
    /// <summary>Does every step. A step that was done before, in this or an earlier run, answers as it did then and changes nothing.</summary>
    /// <param name="progress">Called after each step with the number of steps that are done.</param>
    public async Task<ToldStory> TellAsync(Story story, Action<int> progress, CancellationToken cancel)
    {
        var names = new StoryNames();
        foreach (var member in cast.Members)
            names.Add(member.Name, member.Id.ToString());
        if (story.Today is { } zone)
            names.Add("today", cast.FirstTold(story, BankCalendar.Date(zone, TimeProvider.System.GetUtcNow())).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var newSteps = 0;
        for (var i = 0; i < story.Steps.Count; i++)
        {
            var step = story.Steps[i];
            try
            {
                if (await DoAsync(story, step, names, cancel))
                    newSteps++;
            }
            catch (StoryException e)
            {
                throw new StoryException($"The story {story.Name} broke off at step {i + 1}, {step.Step}: {e.Message}");
            }
            progress(i + 1);
        }
        return new ToldStory(story, names, newSteps);
    }

    /// <summary>True if the step was done now, false if it had been done before.</summary>
    private async Task<bool> DoAsync(Story story, StoryStep step, StoryNames names, CancellationToken cancel)
    {
        if (step.AcceptedBy is { } person)
            return await JoinAsync(story, step, person, names, cancel);
        if (step.Request.Split(' ') is not ["POST", var path])
            throw new StoryException($"'{step.Request}' is not POST and a path; only a POST has a key and can be said twice.");
        using var request = new HttpRequestMessage(HttpMethod.Post, names.Fill(path));
        request.Headers.Add(Keys.Header, $"story-{story.Name}-{step.Step}");
        request.Content = new StringContent(names.Fill(step.Body)!.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await cast[step.As ?? story.As].Http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        var answer = ReadObject(text) ?? throw new StoryException($"it was answered {(int)response.StatusCode}, without JSON.");
        Check(step, names, response, answer, text);
        // What is refused changes nothing, however often it is said; of who may not ask, nothing is recorded either.
        return step.Refused is null && !response.Headers.Contains("Idempotent-Replayed");
    }

    /// <summary>Invites somebody, who accepts. An invitation has no key: whether this was done before is seen by the standing.</summary>
    private async Task<bool> JoinAsync(Story story, StoryStep step, string person, StoryNames names, CancellationToken cancel)
    {
        var isNew = await StandingAsync() is null;
        if (isNew)
        {
            var body = (JsonObject)names.Fill(step.Body)!;
            using var invited = await cast[step.As ?? story.As].Http.PostAsJsonAsync(names.Fill(step.Request.Split(' ')[^1]), body, cancel);
            var invitation = await ReadAsync(invited);
            using var accepted = await cast[person].Http.PostAsJsonAsync("/v1/invitations/acceptance", new { code = (string?)invitation["code"] }, cancel);
            await ReadAsync(accepted);
        }
        Remember(step, names, await StandingAsync() ?? throw new StoryException($"{person} accepted, and has no such standing."));
        return isNew;

        async Task<JsonObject?> StandingAsync()
        {
            using var me = await cast[person].Http.GetAsync("/v1/me", cancel);
            return (await ReadAsync(me))["banks"]!.AsArray().Where(b => (string?)b!["bank"] == story.Bank).SelectMany(b => b!["standings"]!.AsArray())
                .OfType<JsonObject>().FirstOrDefault(s => StoryNames.Difference(names.Fill(step.Body["standing"]), s) is null);
        }

        async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancel);
            var read = ReadObject(text);
            return answer.IsSuccessStatusCode && read is not null ? read
                : throw new StoryException(Explain(step with { Refused = null }, (string?)read?["code"] ?? $"{(int)answer.StatusCode}", read ?? [], text));
        }
    }

    private static void Check(StoryStep step, StoryNames names, HttpResponseMessage response, JsonObject answer, string text)
    {
        var code = response.IsSuccessStatusCode ? null : (string?)answer["code"];
        if (code != step.Refused || response.IsSuccessStatusCode != step.Refused is null)
            throw new StoryException(Explain(step, code, answer, text));
        if (step.Answer is { } expected && StoryNames.Difference(names.Fill(expected), answer) is { } difference)
            throw new StoryException($"{difference}.");
        Remember(step, names, answer);
    }

    private static void Remember(StoryStep step, StoryNames names, JsonObject answer)
    {
        foreach (var (name, member) in step.Names ?? new Dictionary<string, string>())
            names.Add(name, At(answer, member) ?? throw new StoryException($"the answer has no member '{member}'."));
    }

    private static string? At(JsonNode? answer, string path)
    {
        foreach (var part in path.Split('.'))
            answer = answer is JsonArray items ? items.ElementAtOrDefault(int.Parse(part, CultureInfo.InvariantCulture)) : answer?[part];
        return (string?)answer;
    }

    private static string Explain(StoryStep step, string? code, JsonObject answer, string text) => (code, step.Refused) switch
    {
        (nameof(RefusalCode.BankExists), null) => "there is a bank of that name which the story did not open. Take another data folder (--data).",
        ("IdempotencyKeyReused", null) => "the data folder holds an older telling of this story. Take another data folder (--data).",
        (null, { } expected) => $"it should be refused ({expected}), and was not: {text}",
        ({ } other, { } expected) => $"it should be refused as {expected}, and was as {other}: {answer["title"]}",
        _ => $"it was refused ({code}): {answer["title"]} {answer["mend"]} {text}",
    };

    private static JsonObject? ReadObject(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // A page of a proxy, say; the caller says what it was answered.
            return null;
        }
    }
}
