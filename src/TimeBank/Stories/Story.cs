using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace TimeBank.Stories;

/// <summary>A worked community: requests to the API in order, and what must be true at their end.</summary>
public sealed record Story
{
    public const string FileName = "story.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        PropertyNameCaseInsensitive = false,
    };

    [JsonIgnore]
    public string Name { get; init; } = "";
    public required string Title { get; init; }
    public required string Bank { get; init; }
    /// <summary>Who can sign in, by a name that stands for their id in steps.</summary>
    public required IReadOnlyDictionary<string, StoryPerson> People { get; init; }
    /// <summary>Who does the steps that name nobody.</summary>
    public required string As { get; init; }
    /// <summary>The time zone by whose calendar <c>{today}</c> is a date: that of the first telling into a data folder, also when it is told again. Left out: there is no such name.</summary>
    public string? Today { get; init; }
    public required IReadOnlyList<StoryStep> Steps { get; init; }
    public required StoryEnd End { get; init; }

    /// <summary>The seeds come with the program: the build copies them beside it.</summary>
    public static string SeedsFolder => Path.Combine(AppContext.BaseDirectory, "seeds");

    public static IReadOnlyList<string> Names => Directory.Exists(SeedsFolder)
        ? [.. Directory.EnumerateDirectories(SeedsFolder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)]
        : [];

    public static Story Load(string name)
    {
        if (!Names.Contains(name))
            throw new StoryException($"There is no story '{name}'. There is: {string.Join(", ", Names)}.");
        var file = Path.Combine(SeedsFolder, name, FileName);
        try
        {
            return JsonSerializer.Deserialize<Story>(File.ReadAllText(file), Options)! with { Name = name };
        }
        catch (JsonException e)
        {
            throw new StoryException($"{file} cannot be read: {e.Message}");
        }
    }
}

/// <summary>Somebody of the story who can sign in.</summary>
public sealed record StoryPerson
{
    public required string Name { get; init; }
    /// <summary>What they are in the story, for who wants to try.</summary>
    public required string What { get; init; }
    /// <summary>Whether they operate the installation; left out: no.</summary>
    public bool? Operator { get; init; }
}

/// <summary>One request, what it must answer, and names for what it made.</summary>
public sealed record StoryStep
{
    /// <summary>Its name within the story, and so a part of its Idempotency-Key: never change it once it was published.</summary>
    public required string Step { get; init; }
    public string? Say { get; init; }
    /// <summary>Method and path, such as <c>POST /v1/banks</c>. Only POST: it carries a key and can be said twice.</summary>
    public required string Request { get; init; }
    /// <summary>Who sends it; left out: the story's own <see cref="Story.As"/>.</summary>
    public string? As { get; init; }
    public required JsonObject Body { get; init; }
    /// <summary>Of an invitation: who brings its code. Somebody who has the standing already is not invited again; the answer, and
    /// the names, are of the standing that they have then.</summary>
    public string? AcceptedBy { get; init; }
    /// <summary>A name for what stands in a member of the answer, such as <c>id</c>, or <c>sessions.0.id</c> for the first of a list.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }
    /// <summary>What the answer must hold; it may hold more.</summary>
    public JsonObject? Answer { get; init; }
    /// <summary>The code with which it must be refused; left out, it must succeed.</summary>
    public string? Refused { get; init; }
}

/// <summary>What must be true when all steps are done; minutes, by the names that the steps gave.</summary>
public sealed record StoryEnd
{
    /// <summary>Every account of the bank.</summary>
    public required IReadOnlyDictionary<string, long> Balances { get; init; }
    /// <summary>Accounts of which something is set aside.</summary>
    public IReadOnlyDictionary<string, long>? Held { get; init; }
    /// <summary>For each kind of account that there is.</summary>
    public required IReadOnlyDictionary<string, long> TrialBalance { get; init; }
    /// <summary>What else can be read then.</summary>
    public IReadOnlyList<StoryRead>? Reads { get; init; }
}

/// <summary>What must be read at an address by who sends the story's steps.</summary>
public sealed record StoryRead
{
    public required string Path { get; init; }
    /// <summary>What the answer must hold; it may hold more.</summary>
    public required JsonObject Answer { get; init; }
}

/// <summary>A story that cannot be told, with the step at which it broke off.</summary>
public sealed class StoryException(string message) : Exception(message);
