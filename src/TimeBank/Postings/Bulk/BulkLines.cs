using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>One line of a bulk request: its number, counted from 1, and its bytes, or null if it was too long.</summary>
public readonly record struct BulkLine(long Number, byte[]? Text)
{
    /// <summary>What it asks for, or what is wrong with it.</summary>
    internal (TRequest? Request, Problem? Problem, FieldProblem? Why) Read<TRequest>() where TRequest : class
    {
        if (Text is null)
            return (null, ProblemTable.BodyTooLarge, new FieldProblem("$", $"At most {BulkLines.MostBytes} bytes a line."));
        try
        {
            return JsonSerializer.Deserialize<TRequest>(Text, ApiJson.Options) is { } request
                ? (request, null, null)
                : (null, ProblemTable.MalformedRequest, new FieldProblem("$", "Each line is a JSON object."));
        }
        catch (Exception e) when (RequestReader.IsMalformed(e))
        {
            return (null, ProblemTable.MalformedRequest, RequestReader.Explain(e));
        }
    }
}

/// <summary>Reads lines from a body of any length in constant memory. Blank lines are counted and passed over.</summary>
public static class BulkLines
{
    public const int MostBytes = 64 * 1024;

    public static async IAsyncEnumerable<BulkLine> ReadAsync(
        PipeReader body, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var number = 0L;
        var tooLong = false;
        while (true)
        {
            var read = await body.ReadAsync(cancel);
            var rest = read.Buffer;
            try
            {
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    number++;
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (tooLong || line.Length > MostBytes)
                        yield return new BulkLine(number, null);
                    else if (Trimmed(line) is { Length: > 0 } text)
                        yield return new BulkLine(number, text);
                    tooLong = false;
                }
                if (read.IsCompleted)
                {
                    var last = rest;
                    rest = rest.Slice(rest.End);
                    if (tooLong || last.Length > MostBytes)
                        yield return new BulkLine(number + 1, null);
                    else if (Trimmed(last) is { Length: > 0 } text)
                        yield return new BulkLine(number + 1, text);
                    yield break;
                }
                if (rest.Length > MostBytes)
                {
                    // The rest of such a line is thrown away as it comes: it must not fill the memory.
                    tooLong = true;
                    rest = rest.Slice(rest.End);
                }
            }
            finally
            {
                // Also where nobody reads on: what is still to come is then thrown away by the server, which must find the body as nobody's.
                body.AdvanceTo(rest.Start, read.Buffer.End);
            }
        }
    }

    private static byte[] Trimmed(ReadOnlySequence<byte> line)
    {
        var text = line.ToArray();
        var from = 0;
        var to = text.Length;
        while (from < to && text[from] is (byte)' ' or (byte)'\t' or (byte)'\r')
            from++;
        while (to > from && text[to - 1] is (byte)' ' or (byte)'\t' or (byte)'\r')
            to--;
        return from == 0 && to == text.Length ? text : text[from..to];
    }
}
