using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using TimeBank.Access;
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

    /// <summary>What a verb does with a bank stands in its audit trail before it is done.</summary>
    public async Task NoteAsync(Noted what)
    {
        var outcome = await SubmitAsync(what);
        if (outcome.Status != 200)
            throw new CliException($"The audit trail could not be written: {outcome.Body}");
    }

    /// <summary>For what only reads: where it cannot be written, that is said.</summary>
    public async Task TryNoteAsync(Noted what)
    {
        var outcome = await SubmitAsync(what);
        if (outcome.Status != 200)
            await Console.Error.WriteLineAsync(BankNotes.Say([Bank.Id.Value], what, outcome.Body));
    }

    private Task<Outcome> SubmitAsync(Noted what) => new AuditTrail(Journal).NoteAsync(Bank.Id, what, null, Actor.CommandLine);

    /// <summary>The option that names the bank.</summary>
    public static Option<string> BankOption() => new("--bank") { Description = "The id of the bank, as in /v1/banks/ID.", Required = true };

    /// <exception cref="CliException">There is no such bank.</exception>
    public static async Task<LedgerSession> OpenAsync(string bank, string[] settings, CancellationToken cancel)
    {
        var store = await VerbSettings.OpenAsync(settings, cancel);
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
