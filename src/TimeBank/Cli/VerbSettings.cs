using System.CommandLine;
using TimeBank.Store;

namespace TimeBank.Cli;

/// <summary>Settings of the verbs that work on a ledger beside a server: where it lies, as with serve.</summary>
internal static class VerbSettings
{
    private static readonly string[] Names = ["--data", "--ConnectionStrings:TimeBank", "--ConnectionStrings:TimeBankOwner"];

    /// <summary>A verb with these settings. They are declared, so that they may stand before a file's name.</summary>
    public static Command WithSettings(this Command verb, Func<ParseResult, string[], CancellationToken, Task<int>> run)
    {
        var options = Names.Select(name => new Option<string?>(name)
        {
            Description = name switch
            {
                "--data" => "The data folder of the ledger.",
                "--ConnectionStrings:TimeBank" => "A PostgreSQL database of yours instead.",
                _ => "The login that owns its schema, if it is another.",
            },
        }).ToList();
        options.ForEach(verb.Add);
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction((parsed, cancel) => run(
            parsed,
            [.. Settings.Of(parsed), .. options.Where(o => parsed.GetValue(o) is not null).SelectMany(o => (string[])[o.Name, parsed.GetValue(o)!])],
            cancel));
        return verb;
    }

    /// <summary>Joins a running server's PostgreSQL, or starts it for the time being.</summary>
    public static Task<LedgerStore> OpenAsync(string[] settings, CancellationToken cancel) =>
        LedgerStore.OpenAsync(Settings.Builder(settings).Configuration, owning: false, Console.Error.WriteLine, cancel);
}
