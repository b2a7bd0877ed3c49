using System.Diagnostics;

namespace TimeBank.Store;

/// <summary>How a short program ended and what it printed, without the white space around it.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What it said, for a message to a person.</summary>
    public string Words => string.Join(Environment.NewLine, new[] { Output, Errors }.Where(text => text.Length > 0));

    /// <summary>Runs a program whose streams are redirected to its end; whoever cancels ends it and all it started.</summary>
    public static async Task<ProgramResult> OfAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        return new ProgramResult(process.ExitCode, (await output).Trim(), (await errors).Trim());
    }
}
