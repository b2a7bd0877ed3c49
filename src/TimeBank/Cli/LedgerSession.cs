using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using TimeBank.Banks;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary>One bank's ledger, opened by a verb: the database that the settings name, or the data folder's own, joined if a server runs on it.</summary>
public sealed class LedgerSession : IAsyncDisposable
{
    private readonly LedgerStore _store;
    private Journal? _journal;

    private LedgerSession(LedgerStore store, Database database, Bank bank) => (_store, Database, Bank) = (store, database, bank);

    public Database Database { get; }
    public Bank Bank { get; }

    /// <summary>A journal of this process's own: several processes may write to one bank.</summary>
    public Journal Journal => _journal ??=
        new Journal(Database, TimeProvider.System, new JournalLimits { Writers = 1 }, NullLogger<Journal>.Instance);

    /// <exception cref="CliException">There is no such bank.</exception>
    public static async Task<LedgerSession> OpenAsync(string bank, string[] settings, CancellationToken cancel)
    {
        var configuration = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory }).Configuration;
        var store = await LedgerStore.OpenAsync(configuration, owning: false, Console.Error.WriteLine, cancel);
        var database = new Database(store.ServerConnectionString);
        try
        {
            var found = await new BankQueries(database).FindAsync(new BankId(bank), cancel)
                ?? throw new CliException($"There is no bank '{bank}' here. --bank takes its id, as in /v1/banks/ID; --data names the folder of its ledger.");
            return new LedgerSession(store, database, found);
        }
        catch
        {
            await database.DisposeAsync();
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _journal?.Dispose();
        await Database.DisposeAsync();
        await _store.DisposeAsync();
    }
}

/// <summary>The settings that verbs take like <c>serve</c> does, as options, so that they may stand before a file's name.</summary>
public sealed class StoreOptions
{
    private readonly Option<string?> _data = new("--data") { Description = "The data folder of the ledger." };
    private readonly Option<string?> _connection = new("--ConnectionStrings:TimeBank") { Description = "A PostgreSQL database instead of the data folder's own." };

    public Option<string> Bank { get; } = new("--bank") { Description = "The id of the bank, as in /v1/banks/ID.", Required = true };

    public void AddTo(Command verb)
    {
        verb.Add(Bank);
        verb.Add(_data);
        verb.Add(_connection);
    }

    public string[] Settings(ParseResult parsed) =>
    [
        .. parsed.GetValue(_data) is { } data ? ["--data", data] : Array.Empty<string>(),
        .. parsed.GetValue(_connection) is { } connection ? ["--ConnectionStrings:TimeBank", connection] : Array.Empty<string>(),
    ];
}
