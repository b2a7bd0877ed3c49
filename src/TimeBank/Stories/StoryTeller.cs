using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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
        if (step.Request.Split(' ') is not ["POST", var path])
            throw new StoryException($"'{step.Request}' is not POST and a path; only a POST has a key and can be said twice.");
        using var request = new HttpRequestMessage(HttpMethod.Post, names.Fill(path));
        request.Headers.Add(Keys.Header, $"story-{story.Name}-{step.Step}");
        request.Content = new StringContent(names.Fill(step.Body)!.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await cast[step.As ?? story.As].Http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        var answer = ReadObject(text) ?? throw new StoryException($"it was answered {(int)response.StatusCode}, without JSON.");

        var code = response.IsSuccessStatusCode ? null : (string?)answer["code"];
        if (code != step.Refused || response.IsSuccessStatusCode != step.Refused is null)
            throw new StoryException(Explain(step, code, answer, text));
        if (step.Answer is { } expected && StoryNames.Difference(names.Fill(expected), answer) is { } difference)
            throw new StoryException($"{difference}.");
        foreach (var (name, member) in step.Names ?? new Dictionary<string, string>())
            names.Add(name, (string?)answer[member] ?? throw new StoryException($"the answer has no member '{member}'."));
        return !response.Headers.Contains("Idempotent-Replayed");
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
