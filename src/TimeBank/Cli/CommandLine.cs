using System.CommandLine;
using TimeBank.Store;
using TimeBank.Stories;

namespace TimeBank.Cli;

/// <summary>The verbs of the program. Settings such as --data, --urls and --ConnectionStrings:TimeBank go with every verb.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("TimeBank: a ledger of hours for time banks. Begin with: timebank demo\n\n" + Settings.Help)
        {
            ServeVerb.Make(),
            DemoVerb.Make(),
            ImportVerb.Make(),
            ExportVerb.Make(),
            VerifyVerb.Make(),
            RebuildVerb.Make(),
            BackupVerb.Make(),
            RestoreVerb.Make(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // After the default of 2 seconds the process would be gone before PostgreSQL has stopped.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
            });
        }
        catch (Exception e) when (IsForPeople(e))
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return 130;
        }
    }

    /// <summary>Errors whose message says all that a person needs.</summary>
    private static bool IsForPeople(Exception e) =>
        e is CliException or StoryException or PostgresMissingException or DataFolderInUseException or DataFolderUnreachableException or PostgresFailedException or NewerFormatException;
}

/// <summary>What the user of the command line did wrong, and how to mend it.</summary>
public sealed class CliException(string message) : Exception(message);
