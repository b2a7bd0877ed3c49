using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace TimeBank.Tests.Store;

/// <summary>A data folder that is gone after the test, and short ways to talk to the database in it.</summary>
internal sealed class TrialFolder : IDisposable
{
    public TrialFolder(string name = "data")
    {
        Parent = Directory.CreateTempSubdirectory("timebank-test-").FullName;
        // Closed for a test that says so; the user that root lends PostgreSQL to must get through otherwise.
        File.SetUnixFileMode(Parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Data = Path.Combine(Parent, name);
    }

    public string Parent { get; }

    public string Data { get; }

    public string PostmasterPid => Path.Combine(Data, "postgres", "postmaster.pid");

    public List<string> Said { get; } = [];

    public void Say(string line)
    {
        Said.Add(line);
        NUnit.Framework.TestContext.Out.WriteLine(line);
    }

    public void Dispose() => Directory.Delete(Parent, recursive: true);
}

internal static class Sql
{
    public static async Task<string> AskAsync(string login, string sql)
    {
        await using var connection = new NpgsqlConnection(login + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }
}

/// <summary>A process of its own that owns a data folder, possibly as another user; see Program.cs of these tests.</summary>
internal sealed class OwnerProcess : IDisposable
{
    private readonly Process _process;

    private OwnerProcess(Process process, int postmaster, string login) => (_process, Postmaster, Login) = (process, postmaster, login);

    public int Postmaster { get; }

    public string Login { get; }

    public static async Task<OwnerProcess> StartAsync(string dataFolder, string? userName = null, string? programFolder = null)
    {
        var program = Path.Combine(programFolder ?? AppContext.BaseDirectory, "TimeBank.Tests.dll");
        var start = new ProcessStartInfo(Tools.Require("dotnet", "apt-get install dotnet-sdk-10.0"), ["exec", program, "own", dataFolder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (userName is not null)
        {
            start.UserName = userName;
            start.Environment["HOME"] = Path.GetDirectoryName(dataFolder);
        }
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        return await process.StandardOutput.ReadLineAsync() is { } postmaster && await process.StandardOutput.ReadLineAsync() is { } login
            ? new OwnerProcess(process, int.Parse(postmaster, CultureInfo.InvariantCulture), login)
            : throw new InvalidOperationException(await errors);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.StandardInput.Close();
        _process.Dispose();
    }
}
