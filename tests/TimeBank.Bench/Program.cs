using System.CommandLine;
using System.Runtime.InteropServices;
using TimeBank.Bench;
using TimeBank.Bench.Scenarios;

var seconds = new Option<int>("--seconds") { Description = "Length of a round.", DefaultValueFactory = _ => 20 };
var rounds = new Option<int>("--rounds") { Description = "Rounds of each side; some that take minutes have three at most.", DefaultValueFactory = _ => 5 };
var warmUp = new Option<int?>("--warmup") { Description = "Seconds of load before a server is measured; 20, or the length of a round if that is shorter." };
var scale = new Option<double>("--scale") { Description = "Shrinks accounts, banks and transfers, to try a scenario out: 0.01.", DefaultValueFactory = _ => 1 };
var only = new Option<string[]>("--only") { Description = "Scenarios by name, with commas between.", AllowMultipleArgumentsPerToken = true };
var list = new Option<bool>("--list") { Description = "Names the scenarios and ends." };
var output = new Option<string?>("--output") { Description = "A file for the result: JSON if it ends in .json, else markdown." };
var data = new Option<string?>("--data") { Description = "Where the fresh data folders are made, and removed afterwards: choose a real disk." };

var command = new RootCommand("Measures TimeBank's server on a fresh private PostgreSQL, side by side with pgbench on the same one.")
{
    seconds, rounds, warmUp, scale, only, list, output, data,
};
command.SetAction(async (parsed, cancel) =>
{
    if (parsed.GetValue(list))
    {
        foreach (var scenario in Scenario.All)
            Console.WriteLine($"{scenario.Name,-14} {scenario.What}");
        return 0;
    }
    return await Measuring.RunAsync(new Options
    {
        Seconds = parsed.GetValue(seconds),
        Rounds = parsed.GetValue(rounds),
        WarmUpSeconds = parsed.GetValue(warmUp) ?? Math.Min(20, parsed.GetValue(seconds)),
        Scale = parsed.GetValue(scale),
        Only = [.. (parsed.GetValue(only) ?? []).SelectMany(o => o.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        Output = parsed.GetValue(output),
        DataParent = parsed.GetValue(data) ?? Path.GetTempPath(),
    }, cancel);
});

command.Subcommands.Add(OpenServer.Verb());

// The bench's own handlers: System.CommandLine would end the process while its servers still stop.
using var interrupted = new CancellationTokenSource();
using var sigint = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, interrupted.Token);

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
