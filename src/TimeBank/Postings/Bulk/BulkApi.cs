using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
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
/// <param name="Posting">Of an atomic request: the posting that all lines are.</param>
public sealed record BulkResult(long Line, int Status, bool? Replayed, Guid? Posting, JsonElement Answer);

/// <summary>Many postings in one request, a line each (NDJSON).</summary>
public static class BulkApi
{
    private const long MostAtomicBytes = 64L * 1024 * 1024;
    private const string RetryAfterSeconds = "5";

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/postings/bulk", Post).Accepts<BulkPostingRequest>(Answers.NdJson).Gives<BulkResult>().DryRunnable()
            .Describe("Make many postings",
                "One JSON a line. mode=atomic: up to 10,000 transfers as one posting, all or none, with one Idempotency-Key in the header. " +
                "mode=independent: each line by itself, with a key of its own, any number of lines of up to 64 KiB. " +
                "A result a line, in the order of the lines. Where the request ends before its lines do, because your right to it has ended, 1,000 lines were wrong " +
                "or results take more than 1 GiB, the last result says so. The answer's Bulk-Id (or ?id=, a UUID of the caller's own) finds the results again.");
        bank.MapGet("/postings/bulk/{id}/results", Results).Gives<BulkResult>()
            .Describe("Read results again", "What was answered to the lines of a bulk request so far, from the line after ?after= on. Kept for 7 days, or until newer ones of yours need the room.");
    }

    private static async Task Post(string bank, string? mode, string? id, HttpContext http, BankQueries banks, PostingCommands commands, BulkFolder folder, BulkPlaces places, BulkLimits limits, WhoAsks who, TimeProvider clock)
    {
        var query = new Query(http);
        var atomic = mode == "atomic";
        if (!atomic && mode != "independent")
            query.Wrong("mode", "atomic or independent.");
        var bulk = query.Id("id") ?? Guid.CreateVersion7();
        var dryRun = query.DryRun;
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        if (!RequestReader.Is(http.Request.ContentType, Answers.NdJson))
        {
            await Problems.Write(http, ProblemTable.UnsupportedMediaType);
            return;
        }
        var caller = http.Caller().Id!.Value;
        using var place = places.TryTake(caller);
        if (place is null)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            await Problems.Write(http, BulkProblems.TooManyAtOnce);
            return;
        }
        if (atomic)
        {
            await PostAtomic(new BankId(bank), http, commands, dryRun, who);
            return;
        }
        using var results = folder.Create(new BankId(bank), caller, bulk);
        if (results is null)
        {
            await Problems.Write(http, ProblemTable.Invalid, [new FieldProblem("id", "There are results of that id already. Read them, or take another id.")]);
            return;
        }
        Allow(http, null);
        http.Response.ContentType = Answers.NdJson;
        http.Response.Headers["Bulk-Id"] = bulk.ToString();
        await IndependentBulk.PostAsync(new BankId(bank), http, commands, dryRun, results, new SaidMeanwhile(http, who, clock), limits.MostWrongLines);
    }

    private static async Task PostAtomic(BankId bank, HttpContext http, PostingCommands commands, bool dryRun, WhoAsks who)
    {
        var key = dryRun ? null : await Keys.Require(http);
        if (key is null && !dryRun)
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
            var (request, _, why) = line.Read<TransferRequest>();
            lines.Add(line.Number);
            legs.Add(request ?? new TransferRequest());
            var fields = why is not null ? [why] : RequestReader.Check(request!, TransferRequestValidator.Instance) ?? [];
            wrong.AddRange(fields.Take(RequestReader.MostFields - wrong.Count).Select(f => f with { Field = $"line {line.Number}: {f.Field}" }));
        }
        if (legs.Count == 0)
            wrong.Add(new FieldProblem("$", "At least one line."));
        if (wrong.Count > 0)
        {
            await Problems.Write(http, ProblemTable.Invalid, wrong);
            return;
        }
        if (await who.RefusesNowAsync(http))
            return;
        var outcome = await commands.PostAsync(bank, new PostingRequest { Legs = legs }, Said.Of(http) with { Key = key, DryRun = dryRun });
        if (outcome.Failure != JournalFailure.None)
        {
            await Answers.Write(http, outcome, dryRun);
            return;
        }
        if (outcome.Status != 201)
        {
            await Answers.Write(http, outcome with { Body = InLines(outcome.Body, lines) }, dryRun);
            return;
        }
        var made = JsonSerializer.Deserialize<PostingAnswer>(outcome.Body, ApiJson.Options)!;
        if (outcome.Replayed)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        var status = dryRun ? 200 : 201;
        http.Response.StatusCode = status;
        http.Response.ContentType = Answers.NdJson;
        for (var i = 0; i < lines.Count; i++)
            await http.Response.WriteAsync($"{{\"line\":{lines[i]},\"status\":{status},\"posting\":\"{made.Id}\",\"answer\":{ApiJson.Write(made.Transfers[i])}}}\n", http.RequestAborted);
    }

    /// <summary>The leg that a refusal names, by the line where it stands: blank lines are no legs.</summary>
    private static string InLines(string body, List<long> lines)
    {
        if (JsonNode.Parse(body) is not JsonObject problem || (int?)problem["leg"] is not { } leg || leg < 1 || leg > lines.Count)
            return body;
        problem["line"] = lines[leg - 1];
        return problem.ToJsonString(ApiJson.Options);
    }

    private static async Task Results(string bank, string id, string? after, HttpContext http, BankQueries banks, BulkFolder folder)
    {
        var query = new Query(http);
        var skip = query.Number("after");
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        await using var file = folder.Open(new BankId(bank), http.Caller().Id!.Value, Ids.OrUnknown(id));
        if (file is null)
        {
            await Problems.Write(http, ProblemTable.NotFound);
            return;
        }
        http.Response.ContentType = Answers.NdJson;
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

    /// <summary>The body may be longer than others, and the caller may write all of it before reading; a least rate of writing stays.</summary>
    private static void Allow(HttpContext http, long? most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = most;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
