using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Notices;
using TimeBank.Store;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Notices;

/// <summary>A bank with Ann in the north and Ben in the south, on a server whose timers never ring: journals are followed and letters are sent when a test says so.</summary>
internal sealed class NoticeTown : IAsyncDisposable
{
    private readonly LedgerOfItsOwn? _own;
    private readonly IReadOnlyDictionary<string, string?>? _settings;
    private readonly List<WebApplication> _apps = [];

    private NoticeTown(LedgerOfItsOwn? own, IReadOnlyDictionary<string, string?>? settings) => (_own, _settings) = (own, settings);

    public TurnedClock Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
    public LedgerStore Store => _own?.Store ?? RunningServer.Store;
    public LedgerOfItsOwn Own => _own!;
    public WebApplication App => _apps[0];
    public HttpClient Organiser { get; private set; } = null!;
    public string Bank { get; private set; } = "";
    public BankId Id => new(Bank["/v1/banks/".Length..]);
    public Guid Ann { get; private set; }
    public Guid Ben { get; private set; }

    /// <summary>Beside others in the tests' database.</summary>
    public static Task<NoticeTown> OpenAsync() => OpenAsync(null, null);

    /// <summary>In a database of its own, where nobody else sends letters.</summary>
    public static async Task<NoticeTown> OpenOwnAsync(IReadOnlyDictionary<string, string?>? settings = null) => await OpenAsync(await LedgerOfItsOwn.OpenEmptyAsync(), settings);

    private static async Task<NoticeTown> OpenAsync(LedgerOfItsOwn? own, IReadOnlyDictionary<string, string?>? settings)
    {
        var town = new NoticeTown(own, settings);
        await town.AddServerAsync();
        town.Organiser = RunningServer.Client(town.App);
        town.Bank = await town.Organiser.OpenBankAsync();
        town.Ann = await town.InAsync("north", "Ann");
        town.Ben = await town.InAsync("south", "Ben");
        return town;
    }

    public async Task<WebApplication> AddServerAsync()
    {
        _apps.Add(await RunningServer.StartServer(Store, Clock, settings: _settings));
        return _apps[^1];
    }

    public async Task<Guid> InAsync(string neighbourhood, string name) =>
        (await Organiser.PostAsync($"{Bank}/accounts", new { kind = "member", name, neighbourhood })).Id;

    public Task<(HttpClient Http, Guid Person)> JoinAsync(Guid account) => Organiser.JoinAsync(Bank, new { role = "member", account });

    /// <summary>Somebody who joins and was seen to read what goes to an address.</summary>
    public async Task<(HttpClient Http, Guid Person, string Email)> JoinByMailAsync(Guid account)
    {
        var (http, person) = await JoinAsync(account);
        var email = $"p-{Guid.NewGuid().ToString("N")[..8]}@example.org";
        await Own.HarmAsync($"update people.persons set email = '{email}', normalized_email = '{email.ToUpperInvariant()}', email_confirmed = true where id = '{person}'");
        return (http, person, email);
    }

    public async Task<Answer> DoneAsync(Task<Answer> asked)
    {
        var answer = await asked;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }

    /// <summary>The organiser writes down a gift from Ann to Ben.</summary>
    public Task<Answer> GiftAsync(long minutes = 90) => DoneAsync(Organiser.TransferAsync(Bank, "gift", Ann, Ben, minutes));

    public Task<Answer> GetAsync(HttpClient http, string path) => DoneAsync(http.GetAnswerAsync($"{Bank}/{path}"));

    public async Task FollowAsync(WebApplication? by = null)
    {
        while (await (by ?? App).Services.GetRequiredService<NoticeCommands>().FollowAsync(Id, CancellationToken.None))
        {
        }
    }

    /// <summary>What was posted while the clock stood was posted a microsecond after it: so it goes on by a second first.</summary>
    public Task<int> SendAsync(WebApplication? by = null)
    {
        Clock.Turn(TimeSpan.FromSeconds(1));
        return (by ?? App).Services.GetRequiredService<NoticeMailing>().SendDueAsync(CancellationToken.None);
    }

    /// <summary>What somebody is told, newest first.</summary>
    public async Task<List<string>> ToldAsync(HttpClient http, string query = "")
    {
        await FollowAsync();
        return [.. (await GetAsync(http, $"notices{query}"))["items"].AsArray().Select(n => (string)n!["text"]!)];
    }

    public static string Today => DateTime.UtcNow.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Organiser.Dispose();
        foreach (var app in _apps)
            await app.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
    }
}
