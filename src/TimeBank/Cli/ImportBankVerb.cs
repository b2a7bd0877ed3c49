using System.CommandLine;
using System.Globalization;
using TimeBank.Access;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Cli;

/// <summary><c>timebank import bank FOLDER</c>: a whole bank that another installation exported, wholly or not at all.</summary>
internal static class ImportBankVerb
{
    private const string Description = """
        Bring in a whole bank that `export --folder` wrote: the same balances at every date, the same listings.

        The bank keeps its id, which its hash chain covers: there must be no bank of that id here. Its journal keeps its numbers,
        times and hashes; each is worked out again and must agree. Every file is checked against the manifest before anything is
        written, and all is written together or not at all: if it is interrupted, start it again.

        Logins do not come along. Standings name persons of the other installation, who are nobody here: --organiser gives a person
        of this one the standing of an organiser, who invites the others. Keys of partner apps go on working; revoke them if they
        should not. Concerns stay where they were raised.
        """;

    public static Command Make()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder." };
        var organiser = new Option<string?>("--organiser") { Description = "The login of a person here who is to organise the bank.", HelpName = "LOGIN" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check the folder and say what would be imported." };
        return new Command("bank", Description) { folder, organiser, dryRun }.WithSettings((parsed, settings, cancel) => RunAsync(
            Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(organiser), parsed.GetValue(dryRun), settings, cancel));
    }

    private static async Task<int> RunAsync(string folder, string? login, bool dryRun, string[] settings, CancellationToken cancel)
    {
        if (!Directory.Exists(folder))
            throw new CliException($"There is no folder {folder}.");
        try
        {
            var manifest = BankImport.ReadManifest(folder);
            using (var progress = Progress.Start("Checking, bytes", manifest.Files.Sum(f => f.Bytes)))
                BankImport.Check(folder, manifest, progress.Report, cancel);
            var what = string.Create(CultureInfo.InvariantCulture, $"bank {manifest.Bank} up to number {manifest.Number} of its journal, {manifest.Events:N0} events, as of {manifest.Made:u}");
            if (dryRun)
            {
                Console.WriteLine($"Would import {what}. Nothing was done.");
                return 0;
            }
            var organiser = await ImportAsync(folder, manifest, login, settings, cancel);
            Console.WriteLine($"Imported {what}. `timebank verify --bank {manifest.Bank}` checks it.");
            if (organiser is { } person)
                await AppointAsync(manifest.Bank, person, login!, settings, cancel);
            return 0;
        }
        catch (BankFolderException e)
        {
            throw new CliException(e.Message);
        }
    }

    private static async Task<PersonId?> ImportAsync(string folder, BankManifest manifest, string? login, string[] settings, CancellationToken cancel)
    {
        await using var store = await VerbSettings.OpenAsync(settings, cancel);
        var organiser = login is null ? (PersonId?)null : await FindAsync(store, login, cancel);
        using (var progress = Progress.Start("Importing, events", manifest.Events))
            await new BankImport(store.OwnerConnectionString).ReadAsync(folder, manifest, progress.Report, cancel);
        await BankNotes.TryWriteAsync(store, [manifest.Bank], Noted.Imported);
        return organiser;
    }

    private static async Task<PersonId> FindAsync(LedgerStore store, string login, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().AddLogging().AddLogins(store).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var person = await scope.ServiceProvider.GetRequiredService<PeopleContext>().FindAsync(login, cancel)
            ?? throw new CliException($"There is no login '{login}' here. Nothing was imported.");
        return new PersonId(person.Id);
    }

    private static async Task AppointAsync(string bank, PersonId person, string login, string[] settings, CancellationToken cancel)
    {
        await using var ledger = await LedgerSession.OpenAsync(bank, settings, cancel);
        var outcome = await ledger.Journal.SubmitAsync(
            ledger.Bank.Id, Said.CommandLine, new Needs { Rights = AccessDecisions.RightsRead(person, new Standing(Role.Organiser)) },
            draft => AccessDecisions.Give(draft, person, new Standing(Role.Organiser)), grant => new Outcome(200, "", grant));
        if (outcome.Status != 200)
            throw new CliException($"The bank was imported, but {login} could not be made its organiser: {outcome.Body}");
        Console.WriteLine($"{login} organises it now.");
    }
}
