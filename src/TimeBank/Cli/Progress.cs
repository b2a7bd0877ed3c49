using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace TimeBank.Cli;

/// <summary>How far a long verb is: a bar on a terminal, a line every few seconds elsewhere. Both go to standard error.</summary>
/// <remarks>Many threads may report. Short work says nothing where there is no terminal.</remarks>
public sealed class Progress : IDisposable
{
    private static readonly TimeSpan LinesEvery = TimeSpan.FromSeconds(5);

    private readonly string _what;
    private readonly long? _total;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _shown;
    private long _done;

    private Progress(string what, long? total, bool terminal)
    {
        (_what, _total) = (what, total);
        _shown = Task.Run(terminal ? ShowBarAsync : SayLinesAsync);
    }

    /// <summary>Without a total only the count and the rate are shown.</summary>
    public static Progress Start(string what, long? total) => new(what, total, !Console.IsErrorRedirected);

    /// <summary>How many are done by now, all told.</summary>
    public void Report(long done) => Volatile.Write(ref _done, done);

    public void Dispose()
    {
        _over.TrySetResult();
        _shown.Wait();
    }

    private async Task ShowBarAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        ProgressColumn[] columns = _total is null
            ? [new TaskDescriptionColumn(), new SpinnerColumn(), new ElapsedTimeColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new ElapsedTimeColumn()];
        await console.Progress().Columns(columns).StartAsync(async shown =>
        {
            var bar = shown.AddTask(Markup.Escape(_what), maxValue: Math.Max(1, _total ?? 1));
            bar.IsIndeterminate = _total is null;
            do
            {
                var done = Volatile.Read(ref _done);
                bar.Value = _total is null ? 0 : done;
                bar.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{_what} {done:N0}"));
            }
            while (!await OverWithin(TimeSpan.FromMilliseconds(200)));
            var last = Volatile.Read(ref _done);
            bar.Value = _total is null ? 1 : last;
            bar.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{_what} {last:N0}"));
        });
    }

    private async Task SayLinesAsync()
    {
        while (!await OverWithin(LinesEvery))
        {
            var done = Volatile.Read(ref _done);
            var rate = done / Stopwatch.GetElapsedTime(_started).TotalSeconds;
            await Console.Error.WriteLineAsync(_total is { } total
                ? string.Create(CultureInfo.InvariantCulture, $"{_what}: {done:N0} of {total:N0} ({rate:N0}/s)")
                : string.Create(CultureInfo.InvariantCulture, $"{_what}: {done:N0} ({rate:N0}/s)"));
        }
    }

    private async Task<bool> OverWithin(TimeSpan time) => await Task.WhenAny(_over.Task, Task.Delay(time)) == _over.Task;
}
