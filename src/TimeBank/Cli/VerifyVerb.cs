using System.CommandLine;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary><c>timebank verify</c>: reads everything again and says what differs; exit code 1 if anything does.</summary>
public static class VerifyVerb
{
    public static Command Make()
    {
        var bank = new Option<string?>("--bank") { Description = "Only this bank." };
        var from = new Option<string?>("--from") { Description = "Only what came after the batch with this hash, as an earlier verify named it: what was before is trusted." };
        var verb = new Command("verify", "Read every event again, compare with every table and recompute the hash chain.")
        {
            bank, from,
        };
        return verb.WithSettings((parsed, settings, cancel) => RunAsync(settings, parsed.GetValue(bank), parsed.GetValue(from), cancel));
    }

    private static async Task<int> RunAsync(string[] settings, string? bank, string? from, CancellationToken cancel)
    {
        await using var store = await VerbSettings.OpenAsync(settings, cancel);
        var verification = new Verification(store.ServerConnectionString);
        var banks = await verification.BanksAsync(cancel);
        if (bank is not null)
            banks = banks.Contains(bank) ? [bank] : throw new CliException($"There is no bank {bank} here. There are: {string.Join(", ", banks.Take(20))}.");
        long after = 0;
        if (from is not null)
        {
            var (named, number) = await FindAsync(verification, from, cancel);
            if (bank is not null && bank != named)
                throw new CliException($"The batch with that hash is one of bank {named}, not of {bank}. Leave --bank away, or name {named}.");
            (banks, after) = ([named], number);
        }
        // Before it is read where the journal stands: so the hash that is named at the end is of a journal that nobody has written to since.
        await BankNotes.TryWriteAsync(store, banks, Noted.Verified);
        Verified verified;
        using (var progress = Progress.Start("Verifying", after == 0 && bank is null ? await verification.EstimateAsync(cancel) : null))
            verified = await verification.RunAsync(banks, after, Console.WriteLine, progress.Report, cancel);
        Console.WriteLine(Summary(verified));
        return verified.Differences == 0 ? 0 : 1;
    }

    /// <summary>The last line: how much was read, whether it agrees, and where the next verification may begin.</summary>
    public static string Summary(Verified verified)
    {
        var heads = verified.Banks.Count <= 10
            ? string.Concat(verified.Banks.Select(b => $" Head of {b.Bank}: {Convert.ToHexStringLower(b.Hash)}"))
            : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"Verified {Count(verified.Banks.Count, "bank")}, {Count(verified.Events, "event")}, {Count(verified.Batches, "batch", "batches")}: {
                (verified.Differences == 0 ? "all entries agree." : $"{Count(verified.Differences, "difference")}.")}{heads}");
    }

    private static string Count(long count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";

    private static async Task<(string Bank, long Number)> FindAsync(Verification verification, string from, CancellationToken cancel)
    {
        byte[] hash;
        try
        {
            hash = Convert.FromHexString(from);
        }
        catch (FormatException)
        {
            hash = [];
        }
        if (hash.Length != HashChain.Size)
            throw new CliException($"'{from}' is not a hash: --from takes the 64 hexadecimal digits that the last line of an earlier verify names.");
        return await verification.FindAsync(hash, cancel)
            ?? throw new CliException($"No batch here has the hash {from}. Take it from the last line of an earlier verify of this ledger. If it was taken from there, the journal was altered: verify without --from.");
    }
}
