using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>One line of an independent bulk request: a transfer, or the legs of a posting, under a key of its own.</summary>
public sealed record BulkPostingRequest : TransferRequest
{
    public string? Key { get; init; }
    public IReadOnlyList<TransferRequest>? Legs { get; init; }
    public bool? Override { get; init; }
    public string? Reason { get; init; }
}

/// <summary>The result of a line: what the same request by itself would have been answered.</summary>
public sealed record BulkResult(long Line, int Status, bool? Replayed, JsonElement Answer);

/// <summary>Many postings in one request, a line each (NDJSON).</summary>
public static class BulkApi
{
    public const string ContentType = "application/x-ndjson";

    /// <summary>Lines that are under way at once.</summary>
    private const int Window = 2_000;
    private const long MostAtomicBytes = 64L * 1024 * 1024;

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/postings/bulk", Post).Accepts<BulkPostingRequest>(ContentType).Gives<BulkResult>()
            .Describe("Make many postings",
                "One JSON a line. mode=atomic: up to 10,000 transfers as one posting, all or none, with one Idempotency-Key in the header. " +
                "mode=independent: each line by itself, with a key of its own, any number of lines of up to 64 KiB. " +
                "A result a line, in the order of the lines. The answer's Bulk-Id (or ?id=, a UUID of the caller's own) finds the results again.");
        bank.MapGet("/postings/bulk/{id}/results", Results).Gives<BulkResult>()
            .Describe("Read results again", "What was answered to the lines of a bulk request so far, from the line after ?after= on. Kept for 7 days.");
    }

    private static async Task Post(string bank, string? mode, string? id, HttpContext http, BankQueries banks, PostingCommands commands, BulkFolder folder)
    {
        var query = new Query(http);
        var atomic = mode == "atomic";
        if (!atomic && mode != "independent")
            query.Wrong("mode", "atomic or independent.");
        var bulk = query.Id("id") ?? Guid.CreateVersion7();
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        if (!RequestReader.Is(http.Request.ContentType, ContentType))
        {
            await Problems.Write(http, ProblemTable.UnsupportedMediaType);
            return;
        }
        if (atomic)
        {
            await PostAtomic(new BankId(bank), http, commands);
            return;
        }
        using var results = folder.Create(new BankId(bank), bulk);
        if (results is null)
        {
            await Problems.Write(http, ProblemTable.Invalid, [new FieldProblem("id", "There are results of that id already. Read them, or take another id.")]);
            return;
        }
        await PostIndependent(new BankId(bank), bulk, http, commands, results);
    }

    private static async Task PostIndependent(BankId bank, Guid id, HttpContext http, PostingCommands commands, BulkResults results)
    {
        Allow(http, null);
        http.Response.ContentType = ContentType;
        http.Response.Headers["Bulk-Id"] = id.ToString();
        var underWay = Channel.CreateBounded<(long Line, Task<Outcome> Outcome)>(new BoundedChannelOptions(Window) { SingleReader = true, SingleWriter = true });
        var collecting = Collect(underWay.Reader, results);
        var sending = results.CopyToAsync(http.Response.Body, http.RequestAborted);
        try
        {
            await foreach (var line in BulkLines.ReadAsync(http.Request.BodyReader, http.RequestAborted))
                await underWay.Writer.WriteAsync((line.Number, Say(bank, line, commands)));
        }
        finally
        {
            // A caller who went away still gets results for all that was read: they wait in the file.
            underWay.Writer.Complete();
            await collecting;
            await Task.WhenAny(sending);
        }
        await sending;
    }

    private static async Task Collect(ChannelReader<(long Line, Task<Outcome> Outcome)> underWay, BulkResults results)
    {
        try
        {
            while (await underWay.WaitToReadAsync())
            {
                while (underWay.TryRead(out var next))
                {
                    if (!next.Outcome.IsCompleted)
                        results.Flush();
                    results.Append(ResultLine(next.Line, await next.Outcome));
                }
                // Nothing more has come yet: whoever waits for these results before he goes on gets them.
                results.Flush();
            }
        }
        finally
        {
            results.Complete();
        }
    }

    private static Task<Outcome> Say(BankId bank, BulkLine line, PostingCommands commands)
    {
        if (line.Text is null)
            return Refused(ProblemTable.BodyTooLarge, [new FieldProblem("$", $"At most {BulkLines.MostBytes} bytes a line.")]);
        BulkPostingRequest? request;
        try
        {
            request = JsonSerializer.Deserialize<BulkPostingRequest>(line.Text, ApiJson.Options);
        }
        catch (Exception e) when (RequestReader.IsMalformed(e))
        {
            return Refused(ProblemTable.MalformedRequest, [RequestReader.Explain(e)]);
        }
        if (request is null)
            return Refused(ProblemTable.MalformedRequest, [new FieldProblem("$", "Each line is a JSON object.")]);
        if (Keys.Parse(request.Key) is not { } key)
            return Refused(ProblemTable.IdempotencyKeyMissing, [new FieldProblem("key", "1 to 255 characters, new for each thing you want done.")]);
        return request.Legs is { } legs ? SayPosting(bank, key, request, legs, commands) : SayTransfer(bank, key, request, commands);
    }

    private static Task<Outcome> SayTransfer(BankId bank, string key, BulkPostingRequest r, PostingCommands commands)
    {
        var transfer = new SingleTransferRequest
        {
            Kind = r.Kind, Payer = r.Payer, Payee = r.Payee, Minutes = r.Minutes, Occurred = r.Occurred, Category = r.Category, Memo = r.Memo,
            ClientReference = r.ClientReference, Metadata = r.Metadata, Override = r.Override, Reason = r.Reason,
        };
        return RequestReader.Check(transfer, SingleTransferRequestValidator.Instance) is { } fields
            ? Refused(ProblemTable.Invalid, fields)
            : commands.TransferAsync(bank, transfer, new Said(key));
    }

    private static Task<Outcome> SayPosting(BankId bank, string key, BulkPostingRequest r, IReadOnlyList<TransferRequest> legs, PostingCommands commands)
    {
        var posting = new PostingRequest { Legs = legs, Override = r.Override, Reason = r.Reason };
        return RequestReader.Check(posting, PostingRequestValidator.Instance) is { } fields
            ? Refused(ProblemTable.Invalid, fields)
            : commands.PostAsync(bank, posting, new Said(key));
    }

    private static async Task PostAtomic(BankId bank, HttpContext http, PostingCommands commands)
    {
        if (await Keys.Require(http) is not { } key)
            return;
        Allow(http, MostAtomicBytes);
        var legs = new List<TransferRequest>();
        var lines = new List<long>();
        var wrong = new List<FieldProblem>();
        await foreach (var line in BulkLines.ReadAsync(http.Request.BodyReader, http.RequestAborted))
        {
            if (legs.Count == Posting.MostTransfers)
            {
                await Problems.Write(http, new Refusal(RefusalCode.TooManyLegs, new Figure("most", Posting.MostTransfers)));
                return;
            }
            var (request, fields) = Parse(line);
            lines.Add(line.Number);
            legs.Add(request);
            wrong.AddRange(fields.Take(100 - wrong.Count).Select(f => f with { Field = $"line {line.Number}: {f.Field}" }));
        }
        if (legs.Count == 0)
            wrong.Add(new FieldProblem("$", "At least one line."));
        if (wrong.Count > 0)
        {
            await Problems.Write(http, ProblemTable.Invalid, wrong);
            return;
        }
        var outcome = await commands.PostAsync(bank, new PostingRequest { Legs = legs }, new Said(key));
        if (outcome.Failure != JournalFailure.None || outcome.Status != 201)
        {
            await Answers.Write(http, outcome, dryRun: false);
            return;
        }
        var made = JsonSerializer.Deserialize<PostingAnswer>(outcome.Body, ApiJson.Options)!;
        if (outcome.Replayed)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        http.Response.StatusCode = 201;
        http.Response.ContentType = ContentType;
        for (var i = 0; i < lines.Count; i++)
            await http.Response.WriteAsync($"{{\"line\":{lines[i]},\"status\":201,\"answer\":{ApiJson.Write(made.Transfers[i])}}}\n", http.RequestAborted);
    }

    private static (TransferRequest Request, IReadOnlyList<FieldProblem> Fields) Parse(BulkLine line)
    {
        if (line.Text is null)
            return (new TransferRequest(), [new FieldProblem("$", $"At most {BulkLines.MostBytes} bytes a line.")]);
        try
        {
            return JsonSerializer.Deserialize<TransferRequest>(line.Text, ApiJson.Options) is { } request
                ? (request, RequestReader.Check(request, TransferRequestValidator.Instance) ?? [])
                : (new TransferRequest(), [new FieldProblem("$", "Each line is a JSON object.")]);
        }
        catch (Exception e) when (RequestReader.IsMalformed(e))
        {
            return (new TransferRequest(), [RequestReader.Explain(e)]);
        }
    }

    private static async Task Results(string bank, string id, string? after, HttpContext http, BankQueries banks, BulkFolder folder)
    {
        var query = new Query(http);
        var skip = query.Number("after");
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        await using var file = folder.Open(new BankId(bank), Ids.OrUnknown(id));
        if (file is null)
        {
            await Problems.Write(http, ProblemTable.NotFound);
            return;
        }
        http.Response.ContentType = ContentType;
        await CopyLinesAsync(file, skip, http.Response, http.RequestAborted);
    }

    /// <summary>Whole lines only: the file may still be written, and then its last line is half there.</summary>
    private static async Task CopyLinesAsync(Stream file, long after, HttpResponse response, CancellationToken cancel)
    {
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        for (var isLast = false; !isLast;)
        {
            var read = await reader.ReadAsync(cancel);
            isLast = read.IsCompleted;
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, rest.GetPosition(1, end));
                rest = rest.Slice(line.End);
                if (LineOf(line) > after)
                {
                    foreach (var part in line)
                        response.BodyWriter.Write(part.Span);
                }
            }
            reader.AdvanceTo(rest.Start, rest.End);
            await response.BodyWriter.FlushAsync(cancel);
        }
        await reader.CompleteAsync();
    }

    private static long LineOf(ReadOnlySequence<byte> result)
    {
        var number = new SequenceReader<byte>(result);
        return number.TryReadTo(out ReadOnlySequence<byte> _, "{\"line\":"u8) && number.TryReadTo(out ReadOnlySequence<byte> digits, (byte)',')
            && Utf8Parser.TryParse(digits.ToArray(), out long line, out _)
            ? line
            : throw new InvalidDataException("A result does not begin with its line's number.");
    }

    private static string ResultLine(long line, Outcome outcome)
    {
        if (outcome.Failure != JournalFailure.None)
        {
            var problem = ProblemTable.For(outcome.Failure);
            outcome = new Outcome(problem.Status, Problems.Body(problem, problem.Status, null, null));
        }
        var replayed = outcome.Replayed ? "\"replayed\":true," : "";
        return $"{{\"line\":{line},\"status\":{outcome.Status},{replayed}\"answer\":{outcome.Body}}}\n";
    }

    private static Task<Outcome> Refused(Problem problem, IReadOnlyList<FieldProblem> fields) =>
        Task.FromResult(new Outcome(problem.Status, Problems.Body(problem, problem.Status, fields, null)));

    /// <summary>The body may be longer than others, and the caller may write all of it before reading; a least rate of writing stays.</summary>
    private static void Allow(HttpContext http, long? most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = most;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
