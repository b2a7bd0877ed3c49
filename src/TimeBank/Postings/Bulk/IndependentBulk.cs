using System.Threading.Channels;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>Lines of a bulk request that stand each by themselves: read, said to the journal, and answered in their order, all at once.</summary>
internal static class IndependentBulk
{
    /// <summary>Lines that are under way at once, and their legs.</summary>
    private const int Window = 2_000;
    private const int LegsUnderWay = 10_000;

    public static async Task PostAsync(BankId bank, HttpContext http, PostingCommands commands, bool dryRun, BulkResults results, SaidMeanwhile meanwhile, int mostWrong)
    {
        var underWay = Channel.CreateBounded<(long Line, Task<Outcome> Outcome)>(new BoundedChannelOptions(Window) { SingleReader = true, SingleWriter = true });
        var collecting = Collect(underWay, results, dryRun);
        var (legs, wrong) = (0, 0);
        var sending = results.CopyToAsync(http.Response.Body, http.RequestAborted);
        try
        {
            await foreach (var line in BulkLines.ReadAsync(http.Request.BodyReader, http.RequestAborted))
            {
                var refused = await meanwhile.RefusesAsync()
                    ?? (results.IsFull ? Problems.Outcome(BulkProblems.ResultsTooLarge) : wrong >= mostWrong ? Problems.Outcome(BulkProblems.TooManyWrongLines) : null);
                if (refused is not null)
                {
                    await underWay.Writer.WriteAsync((line.Number, Task.FromResult(refused)));
                    // A store that does not answer may answer again; everything else ends the request.
                    if (refused.Failure != JournalFailure.None)
                        continue;
                    break;
                }
                var (outcome, ofLine) = Say(bank, line, commands, meanwhile.Said with { DryRun = dryRun });
                await underWay.Writer.WriteAsync((line.Number, outcome));
                wrong += ofLine == 0 ? 1 : 0;
                legs += ofLine;
                if (legs < LegsUnderWay)
                    continue;
                // A bank answers in order: with this one all before it are answered.
                await outcome;
                legs = 0;
            }
        }
        finally
        {
            // A caller who went away still gets results for all that was read: they wait in the file.
            underWay.Writer.TryComplete();
            await Task.WhenAll(collecting, Task.WhenAny(sending));
        }
        await sending;
    }

    private static async Task Collect(Channel<(long Line, Task<Outcome> Outcome)> underWay, BulkResults results, bool dryRun)
    {
        try
        {
            while (await underWay.Reader.WaitToReadAsync())
            {
                while (underWay.Reader.TryRead(out var next))
                {
                    if (!next.Outcome.IsCompleted)
                        results.Flush();
                    results.Append(ResultLine(next.Line, await next.Outcome, dryRun));
                }
                // Nothing more has come yet: whoever waits for these results before he goes on gets them.
                results.Flush();
            }
        }
        catch (Exception e)
        {
            // Results that cannot be kept, as on a full disk, end the reading of lines, too.
            underWay.Writer.TryComplete(e);
            throw;
        }
        finally
        {
            results.Complete();
        }
    }

    /// <summary>The outcome to come, and how many legs the line has: none if it is wrong in itself.</summary>
    private static (Task<Outcome> Outcome, int Legs) Say(BankId bank, BulkLine line, PostingCommands commands, Said said)
    {
        var (request, problem, why) = line.Read<BulkPostingRequest>();
        if (request is null)
            return Refused(problem!, [why!]);
        var key = Keys.Parse(request.Key);
        if (key is null && !said.DryRun)
            return Refused(ProblemTable.IdempotencyKeyMissing, [new FieldProblem("key", "1 to 255 characters, new for each thing you want done.")]);
        said = said with { Key = said.DryRun ? null : key };
        return request.Legs is { } legs ? SayPosting(bank, request, legs, commands, said) : SayTransfer(bank, request, commands, said);
    }

    private static (Task<Outcome> Outcome, int Legs) SayTransfer(BankId bank, BulkPostingRequest r, PostingCommands commands, Said said)
    {
        var transfer = new SingleTransferRequest
        {
            Kind = r.Kind, Payer = r.Payer, Payee = r.Payee, Minutes = r.Minutes, Occurred = r.Occurred, Yes = r.Yes, Category = r.Category, Memo = r.Memo,
            ClientReference = r.ClientReference, Metadata = r.Metadata, Override = r.Override, Reason = r.Reason,
        };
        return RequestReader.Check(transfer, SingleTransferRequestValidator.Instance) is { } fields
            ? Refused(ProblemTable.Invalid, fields)
            : (commands.TransferAsync(bank, transfer, said), 1);
    }

    private static (Task<Outcome> Outcome, int Legs) SayPosting(
        BankId bank, BulkPostingRequest r, IReadOnlyList<TransferRequest> legs, PostingCommands commands, Said said)
    {
        var posting = new PostingRequest { Legs = legs, Override = r.Override, Reason = r.Reason };
        return RequestReader.Check(posting, PostingRequestValidator.Instance) is { } fields
            ? Refused(ProblemTable.Invalid, fields)
            : (commands.PostAsync(bank, posting, said), legs.Count);
    }

    private static string ResultLine(long line, Outcome outcome, bool dryRun)
    {
        if (outcome.Failure != JournalFailure.None)
        {
            var problem = ProblemTable.For(outcome.Failure);
            outcome = new Outcome(problem.Status, Problems.Body(problem, problem.Status, null, null));
        }
        var status = dryRun && outcome.Status == 201 ? 200 : outcome.Status;
        var replayed = outcome.Replayed ? "\"replayed\":true," : "";
        return $"{{\"line\":{line},\"status\":{status},{replayed}\"answer\":{outcome.Body}}}\n";
    }

    private static (Task<Outcome> Outcome, int Legs) Refused(Problem problem, IReadOnlyList<FieldProblem> fields) =>
        (Task.FromResult(new Outcome(problem.Status, Problems.Body(problem, problem.Status, fields, null))), 0);
}
