namespace TimeBank.Store;

/// <summary>Questions of one kind that come while others are being answered wait, and then go to the database together, as one
/// query. Alone, a question goes at once; equal ones, asked while the same query waits, are asked once and share their answer.</summary>
/// <remarks>Nearly all that a small read costs is the way there and back; shared, it is paid once for many. Each question joins a
/// query that starts after it was asked, so that it sees whatever was committed before.</remarks>
/// <param name="ask">Answers in the order of the questions. If it fails, all of them hear why.</param>
/// <param name="rowsOf">About how many rows a question reads: long ones do not make short ones wait.</param>
public sealed class AskedTogether<TQuestion, TAnswer>(
    Func<IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> ask, Func<TQuestion, int> rowsOf)
    where TQuestion : notnull
{
    private const int MostQueries = 2;
    private const int MostQuestions = 64;
    private const int MostRows = 2_000;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _asking;

    /// <summary>One who does not wait for the answer any longer leaves the others alone.</summary>
    public Task<TAnswer> AskAsync(TQuestion question, CancellationToken cancel)
    {
        var waiting = new Waiting(question);
        bool starts;
        lock (_lock)
        {
            _waiting.Enqueue(waiting);
            starts = _asking < MostQueries;
            if (starts)
                _asking++;
        }
        if (starts)
            _ = AnswerAsync();
        return waiting.Answer.Task.WaitAsync(cancel);
    }

    private async Task AnswerAsync()
    {
        while (Next() is { Count: > 0 } questions)
        {
            try
            {
                var answers = await ask([.. questions.Keys]);
                for (var i = 0; i < questions.Count; i++)
                {
                    foreach (var waiting in questions.GetAt(i).Value)
                        waiting.Answer.SetResult(answers[i]);
                }
            }
            catch (Exception e)
            {
                foreach (var waiting in questions.Values.SelectMany(w => w))
                    waiting.Answer.TrySetException(e);
            }
        }
    }

    /// <summary>Each question once, with all who wait for its answer.</summary>
    private OrderedDictionary<TQuestion, List<Waiting>> Next()
    {
        var next = new OrderedDictionary<TQuestion, List<Waiting>>();
        lock (_lock)
        {
            for (var rows = 0; next.Count < MostQuestions && _waiting.TryPeek(out var first); _waiting.Dequeue())
            {
                if (next.TryGetValue(first.Question, out var others))
                {
                    others.Add(first);
                    continue;
                }
                rows += rowsOf(first.Question);
                if (rows > MostRows && next.Count > 0)
                    break;
                next.Add(first.Question, [first]);
            }
            if (next.Count == 0)
                _asking--;
        }
        return next;
    }

    private sealed class Waiting(TQuestion question)
    {
        public readonly TQuestion Question = question;
        public readonly TaskCompletionSource<TAnswer> Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
