using System.CommandLine;
using System.CommandLine.Invocation;
using TimeBank.Store;
using TimeBank.Stories;
using TimeBank.Web;

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
            OperatorVerb.Make(),
        };
        try
        {
            var parsed = root.Parse(args);
            var exitCode = await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // After the default of 2 seconds the process would be gone before PostgreSQL has stopped.
                ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
            });
            // System.CommandLine's 1 for what it could not read would be taken for what verify and import mean by 1.
            return parsed.Action is ParseErrorAction ? 2 : exitCode;
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
        catch (Exception e) when (Faults.Explain(e) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 2;
        }
    }

    /// <summary>Errors whose message says all that a person needs.</summary>
    private static bool IsForPeople(Exception e) =>
        e is CliException or SettingException or StoryException or PostgresMissingException or DataFolderInUseException or DataFolderUnreachableException or PostgresFailedException or NewerFormatException or RoleRefusedException;
}

/// <summary>What the user of the command line did wrong, and how to mend it.</summary>
public sealed class CliException(string message) : Exception(message);
