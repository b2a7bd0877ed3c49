using System.Text.Json.Nodes;

namespace TimeBank.Stories;

/// <summary>Holds a story's end against the bank, and each balance against the entries that explain it.</summary>
public sealed class StoryAudit(HttpClient http)
{
    private const string Entries = "/entries?order=oldest&limit=100";

    /// <summary>Everything that is not as the story says; empty if all is well.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(ToldStory told, CancellationToken cancel)
    {
        var (story, names) = (told.Story, told.Names);
        var bank = $"/v1/banks/{story.Bank}";
        var wrong = new List<string>();

        var accounts = await ReadPagesAsync($"{bank}/accounts?limit=100", cancel);
        var expected = story.End.Balances.ToDictionary(b => names[b.Key], b => b.Key);
        foreach (var account in accounts)
        {
            var id = (string)account["id"]!;
            if (!expected.Remove(id, out var name))
            {
                wrong.Add($"{account["name"]} has an account, of which the story's end says nothing");
                continue;
            }
            Compare(wrong, $"balance of {name}", story.End.Balances[name], (long)account["balance"]!);
            Compare(wrong, $"set aside of {name}", story.End.Held?.GetValueOrDefault(name) ?? 0, (long)account["held"]!);
            await ExplainAsync(wrong, name, $"{bank}/accounts/{id}", cancel);
        }
        wrong.AddRange(expected.Values.Select(name => $"{name} has no account"));

        var trial = await ReadAsync($"{bank}/trial-balance", cancel);
        var kinds = trial["kinds"]!.AsArray().ToDictionary(k => (string)k!["kind"]!, k => (long)k!["balance"]!);
        foreach (var kind in kinds.Keys.Union(story.End.TrialBalance.Keys))
            Compare(wrong, $"trial balance of kind {kind}", story.End.TrialBalance.GetValueOrDefault(kind), kinds.GetValueOrDefault(kind));
        Compare(wrong, "sum over all accounts", 0, (long)trial["sum"]!);
        foreach (var read in story.End.Reads ?? [])
        {
            var path = names.Fill(read.Path);
            if (StoryNames.Difference(names.Fill(read.Answer), await ReadAsync(path, cancel)) is { } difference)
                wrong.Add($"GET {path}: {difference}");
        }
        return wrong;
    }

    /// <summary>Oldest first, every entry's balance is the one before it and the entry's minutes, and the last one is the account's.</summary>
    private async Task ExplainAsync(List<string> wrong, string name, string account, CancellationToken cancel)
    {
        long running = 0;
        foreach (var entry in await ReadPagesAsync(account + Entries, cancel))
        {
            running += (long)entry["minutes"]!;
            Compare(wrong, $"balance of {name} after entry {entry["version"]}", running, (long)entry["balance"]!);
        }
        Compare(wrong, $"sum of the entries of {name}", (long)(await ReadAsync(account + "/balance", cancel))["balance"]!, running);
    }

    private async Task<List<JsonNode>> ReadPagesAsync(string path, CancellationToken cancel)
    {
        var items = new List<JsonNode>();
        string? next = null;
        do
        {
            var page = await ReadAsync(next is null ? path : $"{path}&cursor={Uri.EscapeDataString(next)}", cancel);
            items.AddRange(page["items"]!.AsArray().Select(i => i!));
            next = (string?)page["next"];
        }
        while (next is not null);
        return items;
    }

    private async Task<JsonNode> ReadAsync(string path, CancellationToken cancel)
    {
        using var response = await http.GetAsync(path, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new StoryException($"GET {path} was answered {(int)response.StatusCode}: {text}");
    }

    private static void Compare(List<string> wrong, string what, long expected, long actual)
    {
        if (expected != actual)
            wrong.Add($"{what}: {actual}, not {expected}");
    }
}
