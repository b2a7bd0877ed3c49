using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Stories;

/// <summary>Somebody of a story who signed in.</summary>
public sealed record CastMember(string Name, StoryPerson Person, PersonId Id, string Login, string Password, HttpClient Http);

/// <summary>Somebody as whom one may look around in a folder that a demonstration made.</summary>
public sealed record CastLogin(string Login, string Password, string Name, string What);

/// <summary>The people of a story, with logins made for this data folder: passwords by chance, which a file there keeps for who tries things out.</summary>
public sealed class Cast : IDisposable
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Dictionary<string, CastMember> _members = [];
    private readonly string _file;
    private Secrets _secrets;

    private Cast(string file, Secrets secrets) => (_file, _secrets) = (file, secrets);

    /// <param name="Told">On which date a story was told first.</param>
    private sealed record Secrets(Dictionary<string, Login> Logins, string? Key, Dictionary<string, DateOnly>? Told = null);

    private sealed record Login(Guid Person, string Password, string? Name = null, string? What = null);

    public IReadOnlyCollection<CastMember> Members => _members.Values;

    public CastMember this[string name] => _members.TryGetValue(name, out var member) ? member : throw new StoryException($"Nobody is called '{name}' in this story.");

    /// <summary>The partner app's key, once one was made.</summary>
    public string? Key => _secrets.Key;

    public static bool IsIn(string dataFolder) => File.Exists(FileOf(dataFolder));

    /// <summary>In the order in which the story names them; nobody in a folder that no demonstration made.</summary>
    public static async Task<IReadOnlyList<CastLogin>> LoginsInAsync(string dataFolder, CancellationToken cancel) =>
        !IsIn(dataFolder) ? [] : [.. (await ReadAsync(FileOf(dataFolder), cancel)).Logins.Select(l => new CastLogin(l.Key, l.Value.Password, l.Value.Name ?? l.Key, l.Value.What ?? ""))];

    /// <summary>Makes who is not there yet, and signs everybody in.</summary>
    public static async Task<Cast> GatherAsync(Story story, IServiceProvider services, string dataFolder, Uri url, CancellationToken cancel)
    {
        var file = FileOf(dataFolder);
        var secrets = IsIn(dataFolder) ? await ReadAsync(file, cancel) : new Secrets([], null);
        var cast = new Cast(file, secrets);
        foreach (var (name, person) in story.People)
        {
            if (!secrets.Logins.ContainsKey(name))
            {
                secrets.Logins[name] = await MakeAsync(name, person, services, cancel);
                cast.Keep();
            }
            // A folder of an earlier version has not yet who they are.
            var login = secrets.Logins[name] with { Name = person.Name, What = person.What };
            if (login != secrets.Logins[name])
            {
                secrets.Logins[name] = login;
                cast.Keep();
            }
            cast._members[name] = new CastMember(name, person, new PersonId(login.Person), name, login.Password, await SignInAsync(url, name, login.Password, cancel));
        }
        return cast;
    }

    /// <summary>The date on which the story was first told here: a step that is said again says the same.</summary>
    public DateOnly FirstTold(Story story, DateOnly today)
    {
        var told = _secrets.Told ?? [];
        if (told.TryGetValue(story.Bank, out var first))
            return first;
        _secrets = _secrets with { Told = new(told) { [story.Bank] = today } };
        Keep();
        return today;
    }

    public void Remember(string key)
    {
        _secrets = _secrets with { Key = key };
        Keep();
    }

    public void Dispose()
    {
        foreach (var member in _members.Values)
            member.Http.Dispose();
    }

    private static string FileOf(string dataFolder) => Path.Combine(dataFolder, DataFolder.StoryFile);

    private static async Task<Secrets> ReadAsync(string file, CancellationToken cancel) =>
        JsonSerializer.Deserialize<Secrets>(await File.ReadAllTextAsync(file, cancel), Options)!;

    private void Keep() => PrivateFile.Write(_file, stream => JsonSerializer.Serialize(stream, _secrets, Options));

    private static async Task<Login> MakeAsync(string name, StoryPerson given, IServiceProvider services, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<PeopleContext>();
        var password = RandomNumberGenerator.GetString(Letters, 16);
        var person = Person.New(name, given.Name, TimeProvider.System.GetUtcNow());
        person.IsOperator = given.Operator == true;
        person.PasswordHash = Passwords.Hash(scope.ServiceProvider.GetRequiredService<IPasswordHasher<Person>>(), person, password);
        return await people.TryAddAsync(person, cancel)
            ? new Login(person.Id, password)
            : throw new StoryException($"There is a login '{name}' already, which the story did not make. Take another data folder (--data).");
    }

    private static async Task<HttpClient> SignInAsync(Uri url, string login, string password, CancellationToken cancel)
    {
        var http = new HttpClient { BaseAddress = url };
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { login, password, door = "app" }, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new StoryException($"'{login}' cannot sign in ({(int)answer.StatusCode}): somebody changed the password. Take another data folder (--data).");
        var token = await answer.Content.ReadFromJsonAsync<TokenView>(cancel);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token!.AccessToken);
        return http;
    }
}
