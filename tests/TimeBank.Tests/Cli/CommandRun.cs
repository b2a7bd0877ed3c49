using TimeBank.Cli;

namespace TimeBank.Tests.Cli;

/// <summary>A verb, run to its end beside the server of the tests, with all that it said.</summary>
public sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static async Task<CommandRun> RunAsync(params string[] args)
    {
        var (oldOut, oldError) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        try
        {
            Console.SetOut(output);
            Console.SetError(error);
            var exitCode = await CommandLine.RunAsync([.. args, "--data", RunningServer.DataFolder]);
            return new CommandRun(exitCode, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(oldOut);
            Console.SetError(oldError);
        }
    }

    public override string ToString() => $"exit code {ExitCode}\n{Out}\n{Error}";
}
