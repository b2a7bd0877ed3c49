using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Bench;

/// <summary>Requests of the bench's one person, who operates the installation and organises its banks. The load itself comes with keys.</summary>
public sealed class SigningIn(Uri server, string login = SigningIn.Login) : DelegatingHandler(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
{
    public const string Login = "bench";

    /// <summary>Organises thousands of banks, each of which notes when that person signs in: so not while something is measured.</summary>
    public const string OfManyBanks = "bench-of-many-banks";
    public const string Password = "a password for an hour";

    /// <summary>Tokens live for half an hour, the bench for longer.</summary>
    private static readonly TimeSpan s_renewed = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _once = new(1);
    private AuthenticationHeaderValue? _token;
    private long _since;

    /// <summary>Makes these persons in a data folder, the first time.</summary>
    public static async Task MakeOperatorAsync(string dataFolder, CancellationToken cancel)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("data", dataFolder)]).Build();
        await using var store = await LedgerStore.OpenAsync(settings, owning: false, _ => { }, cancel);
        await using var services = new ServiceCollection().AddLogging().AddLogins(store).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<PeopleContext>();
        if (await people.Users.AnyAsync(p => p.UserName == Login, cancel))
            return;
        foreach (var login in (string[])[Login, OfManyBanks])
        {
            var person = Person.New(login, "Bench", DateTimeOffset.UtcNow);
            person.IsOperator = true;
            person.PasswordHash = Passwords.Hash(scope.ServiceProvider.GetRequiredService<IPasswordHasher<Person>>(), person, Password);
            people.Add(person);
        }
        await people.SaveChangesAsync(cancel);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= await TokenAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _once.Dispose();
        base.Dispose(disposing);
    }

    private async Task<AuthenticationHeaderValue> TokenAsync(CancellationToken cancel)
    {
        await _once.WaitAsync(cancel);
        try
        {
            if (_token is { } known && Stopwatch.GetElapsedTime(_since) < s_renewed)
                return known;
            using var http = new HttpClient { BaseAddress = server };
            using var answer = await http.PostAsJsonAsync("/v1/sessions", new { login, password = Password, door = "app" }, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            if (!answer.IsSuccessStatusCode)
                throw new BenchException($"The bench could not sign in: {(int)answer.StatusCode} {text}");
            _since = Stopwatch.GetTimestamp();
            return _token = new AuthenticationHeaderValue("Bearer", (string)JsonNode.Parse(text)!["accessToken"]!);
        }
        finally
        {
            _once.Release();
        }
    }
}
