using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary>Writes into banks' audit trails what a verb does with all of them.</summary>
internal static class BankNotes
{
    private const int AtOnce = 256;
    private const int MostNamed = 5;

    /// <summary>Every bank of which there is a trace.</summary>
    public static Task<IReadOnlyList<string>> BanksAsync(LedgerStore store, CancellationToken cancel) => new Verification(store.OwnerConnectionString).BanksAsync(cancel);

    /// <summary>What cannot be written is said instead: a ledger that is broken, or whose disk is full, is the very one to be read.</summary>
    public static async Task TryWriteAsync(LedgerStore store, IReadOnlyList<string> banks, Noted what)
    {
        await using var database = new Database(store.ServerConnectionString);
        using var journal = new Journal(database, TimeProvider.System, new JournalLimits { Writers = 1 }, NullLogger<Journal>.Instance);
        var trail = new AuditTrail(journal);
        var missing = new List<string>();
        var why = "";
        foreach (var some in banks.Chunk(AtOnce))
        {
            var outcomes = await Task.WhenAll(some.Select(bank => trail.NoteAsync(new BankId(bank), what, null, Actor.CommandLine)));
            foreach (var (bank, outcome) in some.Zip(outcomes).Where(o => o.Second.Status != 200))
            {
                missing.Add(bank);
                why = outcome.Body;
            }
            if (outcomes.All(o => o.Failure == JournalFailure.StoreUnavailable))
            {
                // Each would wait as long again, for the same.
                missing = [.. missing.Concat(banks.SkipWhile(b => b != some[^1]).Skip(1))];
                break;
            }
        }
        if (missing.Count > 0)
            await Console.Error.WriteLineAsync(Say(missing, what, why));
    }

    public static string Say(IReadOnlyList<string> banks, Noted what, string why) => string.Create(CultureInfo.InvariantCulture,
        $"The audit trail of {string.Join(", ", banks.Take(MostNamed))}{(banks.Count > MostNamed ? $" and {banks.Count - MostNamed} more" : "")} does not tell of this ({what.Word()}): it could not be written. {why}");
}
