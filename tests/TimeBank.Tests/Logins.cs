using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Tests;

/// <summary>Logins for tests. The first operator is made as the command line makes it; everybody else by invitation.</summary>
public static class Logins
{
    public const string Password = "correct horse battery staple";

    /// <summary>More than any test asks for: what a limit refuses is tested on servers of its own.</summary>
    public static readonly IReadOnlyDictionary<string, string?> NoLimits = new Dictionary<string, string?>
    {
        ["Limits:RequestsPerMinute"] = "1000000000", ["Limits:AnonymousPerMinute"] = "1000000000", ["Limits:SignInsPerMinute"] = "1000000000", ["Limits:ApplicationsPerHour"] = "1000000000",
    };

    private const string Operator = "olive-the-operator";
    private static readonly ConcurrentDictionary<string, Lazy<Task>> s_operators = new();

    /// <summary>The login of the operator of a store, who is made the first time.</summary>
    public static async Task<string> OperatorAsync(LedgerStore store)
    {
        await s_operators.GetOrAdd(store.ServerConnectionString, _ => new Lazy<Task>(() => OperatorAsync(store, Operator))).Value;
        return Operator;
    }

    /// <summary>Another operator.</summary>
    public static async Task<string> OperatorAsync(LedgerStore store, string login)
    {
        await MakeOperatorAsync(store, login);
        return login;
    }

    public static async Task<AuthenticationHeaderValue> SignInAsync(Uri server, string login, string password)
    {
        using var nobody = new HttpClient { BaseAddress = server };
        using var answer = await nobody.PostAsJsonAsync("/v1/sessions", new { login, password, door = "app" });
        Assert.That((int)answer.StatusCode, Is.EqualTo(200), await answer.Content.ReadAsStringAsync());
        return new AuthenticationHeaderValue("Bearer", (await answer.Content.ReadFromJsonAsync<TokenView>())!.AccessToken);
    }

    /// <summary>Somebody new with a standing in a bank, signed in; <paramref name="organiser"/> invites.</summary>
    public static async Task<(HttpClient Http, Guid Person)> JoinAsync(this HttpClient organiser, string bank, object standing)
    {
        var (login, person) = await organiser.JoinWithLoginAsync(bank, standing);
        var http = new HttpClient { BaseAddress = organiser.BaseAddress };
        http.DefaultRequestHeaders.Authorization = await SignInAsync(organiser.BaseAddress!, login, Password);
        return (http, person);
    }

    /// <summary>Somebody new with a standing in a bank, who has yet to sign in.</summary>
    public static async Task<(string Login, Guid Person)> JoinWithLoginAsync(this HttpClient organiser, string bank, object standing)
    {
        var login = $"test-{Guid.NewGuid():N}";
        var invited = await organiser.PostAsync($"{bank}/invitations", new { name = "Somebody for tests", standing });
        Assert.That((int)invited.Status, Is.EqualTo(201), invited.Text);
        using var nobody = new HttpClient { BaseAddress = organiser.BaseAddress };
        var accepted = await nobody.PostAsync("/v1/invitations/acceptance", new { code = (string)invited["code"]!, login, password = Password });
        Assert.That((int)accepted.Status, Is.InRange(200, 201), accepted.Text);
        return (login, (Guid)accepted["person"]);
    }

    /// <summary>A client with a key of that bank.</summary>
    public static async Task<(HttpClient Http, Guid Key)> KeyAsync(this HttpClient organiser, string bank, bool ofBank, params string[] scopes)
    {
        var made = await organiser.PostAsync($"{bank}/keys", new { name = "A key for tests", scopes, ofBank });
        Assert.That((int)made.Status, Is.EqualTo(201), made.Text);
        return (WithKey(organiser, (string)made["secret"]!), made.Id);
    }

    public static HttpClient WithKey(HttpClient like, string key)
    {
        var http = new HttpClient { BaseAddress = like.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task MakeOperatorAsync(LedgerStore store, string login)
    {
        await using var services = new ServiceCollection().AddLogging().AddLogins(store).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<PeopleContext>();
        // Another process of tests, or a former one, may have made it in the same database.
        if (await people.Users.AnyAsync(p => p.UserName == login))
            return;
        var person = Person.New(login, "Olive", DateTimeOffset.UtcNow);
        person.IsOperator = true;
        person.PasswordHash = Passwords.Hash(scope.ServiceProvider.GetRequiredService<IPasswordHasher<Person>>(), person, Password);
        people.Add(person);
        await people.SaveChangesAsync();
    }
}

/// <summary>Signs in as the operator before the first request that needs it, and sends the token with each.</summary>
public sealed class SigningIn(Uri server, Func<Task<string>> login) : DelegatingHandler(new SocketsHttpHandler())
{
    private static readonly string[] s_open = ["/health", "/problems", "/swagger"];

    private readonly SemaphoreSlim _once = new(1);
    private AuthenticationHeaderValue? _token;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not null || s_open.Any(p => request.RequestUri!.AbsolutePath.StartsWith(p, StringComparison.Ordinal)))
            return await base.SendAsync(request, cancellationToken);
        var token = request.Headers.Authorization = _token ?? await SignInAsync(null);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Unauthorized)
            return answer;
        // A test turned the clock, and the token's half hour is over.
        answer.Dispose();
        request.Headers.Authorization = await SignInAsync(token);
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _once.Dispose();
        base.Dispose(disposing);
    }

    /// <param name="worn">A token that counts no more.</param>
    private async Task<AuthenticationHeaderValue> SignInAsync(AuthenticationHeaderValue? worn)
    {
        await _once.WaitAsync();
        try
        {
            if (_token is { } other && other != worn)
                return other;
            return _token = await Logins.SignInAsync(server, await login(), Logins.Password);
        }
        finally
        {
            _once.Release();
        }
    }
}
