using System.Diagnostics;
using System.Globalization;

namespace TimeBank.Bench.Scenarios;

/// <summary>A community moves in: members and transfers from two CSV files, by the program's own verbs, into an empty bank beside an idle server.</summary>
/// <remarks>The time of both verbs counts from end to end, with the checking of the files. Members give and receive as on a village green: some far more than others.</remarks>
public static class Import
{
    private const int Members = 100_000;
    private const int Transfers = 1_000_000;

    public static async Task RunAsync(BenchRun run)
    {
        var (members, transfers) = (run.Options.Volume(Members), run.Options.Volume(Transfers));
        await using var ledger = await LedgerUnderTest.StartAsync(run, "import");
        await Community.OpenBankAsync(ledger.Server.Http, "import", run.Cancel);
        var (membersFile, transfersFile) = (Path.Combine(run.Folder, "members.csv"), Path.Combine(run.Folder, "transfers.csv"));
        await WriteMembersAsync(membersFile, members);
        await WriteTransfersAsync(transfersFile, members, transfers);

        var ofMembers = await TimeAsync(run, ledger, "members", membersFile);
        var ofTransfers = await TimeAsync(run, ledger, "transfers", transfersFile);

        var accounts = await ledger.ScalarAsync<long>("select count(*) from timebank.things where bank = 'import' and kind = 'member'");
        var posted = await ledger.ScalarAsync<long>("select count(*) from timebank.transfers where bank = 'import'");
        if ((accounts, posted) != (members, transfers))
            throw new BenchException($"{accounts:N0} members and {posted:N0} transfers were imported of {members:N0} and {transfers:N0}.");
        run.Add(Row.Without($"import of {run.Options.Count(Members)} members", "s", Series.Of(ofMembers)));
        run.Add(Row.Without($"import of {run.Options.Count(Transfers)} transfers", "s", Series.Of(ofTransfers)));
        run.Add(Row.AtMost($"import of {run.Options.Count(Members)} members and {run.Options.Count(Transfers)} transfers", "s", Series.Of(ofMembers + ofTransfers), 300));
    }

    private static async Task<double> TimeAsync(BenchRun run, LedgerUnderTest ledger, string what, string file)
    {
        run.Say($"importing {what}");
        var since = Stopwatch.StartNew();
        await using var import = ServerProcess.StartVerb("import", what, file, "--bank", "import", "--data", ledger.DataFolder);
        await import.SucceedAsync(run.Cancel);
        run.Say($"  {Row.Number(since.Elapsed.TotalSeconds)} s");
        return since.Elapsed.TotalSeconds;
    }

    private static async Task WriteMembersAsync(string path, int count)
    {
        await using var file = new StreamWriter(path);
        await file.WriteLineAsync("number,name,email,telephone,languages,neighbourhood,categories,agreement,agreedOn");
        for (var i = 1; i <= count; i++)
        {
            await file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"M-{i},Member {i},member{i}@example.org,555 {i:0000000},en,quarter-{i % 40},category-{i % 24} category-{i % 7},2026-1,2026-01-10"));
        }
    }

    private static async Task WriteTransfersAsync(string path, int members, int count)
    {
        var random = new Random(3);
        await using var file = new StreamWriter(path);
        await file.WriteLineAsync("kind,payer,payee,minutes,occurred,category,memo");
        for (var i = 0; i < count; i++)
        {
            var payer = 1 + (int)(members * random.NextDouble() * random.NextDouble());
            var payee = 1 + (payer + random.Next(members - 1)) % members;
            var day = new DateOnly(2025, 1, 1).AddDays((int)(364L * i / count));
            await file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"exchange,M-{payer},M-{payee},{15 * random.Next(1, 9)},{day:yyyy-MM-dd},category-{random.Next(24)},Help number {i}"));
        }
    }
}
