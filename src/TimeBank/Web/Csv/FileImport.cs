using System.Diagnostics;
using TimeBank.Store;

namespace TimeBank.Web.Csv;

/// <summary>Why an import ended before the end of the file.</summary>
public enum EndedBecause { AllRead, Interrupted, StoreUnavailable, BankStopped, FileChanged }

/// <summary>What became of a file.</summary>
/// <param name="Done">Lines whose effect stands in the ledger now, those of an earlier run included.</param>
/// <param name="Before">Of them, lines that an earlier run had done.</param>
public sealed record FileImported(long Done, long Before, long Refused, string? RejectsFile, EndedBecause Ended);

/// <summary>Does what a checked file says, in its order, many lines in flight.</summary>
/// <remarks>Each line has a key of its own: its key column, or else the file's hash and its line. So a file that is imported again
/// goes on where it stopped, and nothing is done twice. Each command follows the one before it: if the journal could not take
/// one, it takes none of those after it, and they are said again from there.</remarks>
public sealed class FileImport(CheckedFile check, Action<long> progress)
{
    private const int Window = 1_000;

    private readonly Queue<Sent> _sent = new(Window);
    private Task<Outcome>? _last;
    private long _done, _before, _refused;

    /// <summary>How long the store may be away before it gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    private sealed record Sent(FileLine Line, ImportLine Asked, string Key, Task<Outcome> Outcome);

    public async Task<FileImported> RunAsync(CancellationToken cancel)
    {
        if (!check.IsUnchanged)
            return new FileImported(0, 0, 0, null, EndedBecause.FileChanged);
        var errors = new FileErrors();
        using var file = check.Open(errors);
        using var rejects = new RejectsFile(check.Path + ".rejects.csv", file.Header);
        var ended = EndedBecause.AllRead;
        foreach (var line in file.Lines())
        {
            if (cancel.IsCancellationRequested)
                ended = EndedBecause.Interrupted;
            else if (check.Read(file, line, errors) is { } asked)
                _sent.Enqueue(Send(line, asked, file.Field(line, ImportFormat.KeyColumn) is { } key ? $"import/key/{key}" : $"import/{check.Identity}/{line.Number}"));
            if (errors.Count > 0 || (line.Number % Window == 0 && !check.IsUnchanged))
                ended = EndedBecause.FileChanged;
            if (ended == EndedBecause.AllRead && _sent.Count == Window)
                ended = await TakeAsync(rejects, cancel);
            if (ended != EndedBecause.AllRead)
                break;
        }
        while (_sent.Count > 0)
        {
            var end = await TakeAsync(rejects, cancel);
            if (end == EndedBecause.AllRead)
                continue;
            ended = end;
            break;
        }
        return new FileImported(_done, _before, _refused, _refused > 0 ? rejects.Path : null, ended);
    }

    private Sent Send(FileLine line, ImportLine asked, string key)
    {
        _last = asked.SendAsync(Said.CommandLine with { Key = key, After = _last });
        return new Sent(line, asked, key, _last);
    }

    /// <summary>Takes the answer to the oldest line in flight.</summary>
    private async Task<EndedBecause> TakeAsync(RejectsFile rejects, CancellationToken cancel)
    {
        var outcome = await _sent.Peek().Outcome;
        var waiting = Stopwatch.StartNew();
        for (var pause = TimeSpan.FromMilliseconds(100); IsForLater(outcome); pause *= pause < TimeSpan.FromSeconds(5) ? 2 : 1)
        {
            if (cancel.IsCancellationRequested)
                return EndedBecause.Interrupted;
            if (waiting.Elapsed > Patience)
                return EndedBecause.StoreUnavailable;
            await Task.WhenAny(Task.Delay(pause, cancel));
            await SendAgainAsync();
            outcome = await _sent.Peek().Outcome;
        }
        if (outcome.Failure == JournalFailure.BankStopped)
            return EndedBecause.BankStopped;
        var line = _sent.Dequeue().Line;
        if (outcome.Failure == JournalFailure.None && outcome.Status < 300)
        {
            _done++;
            _before += outcome.Replayed ? 1 : 0;
        }
        else
        {
            rejects.Add(line, outcome);
            _refused++;
        }
        progress(_done + _refused);
        return EndedBecause.AllRead;
    }

    /// <summary>None of those in flight was taken: they follow one that was not. Says them all again, in order.</summary>
    private async Task SendAgainAsync()
    {
        var again = _sent.ToList();
        await Task.WhenAll(again.Select(s => s.Outcome));
        _sent.Clear();
        _last = null;
        foreach (var sent in again)
            _sent.Enqueue(Send(sent.Line, sent.Asked, sent.Key));
    }

    private static bool IsForLater(Outcome outcome) => outcome.Failure is JournalFailure.StoreUnavailable or JournalFailure.Overloaded;
}
