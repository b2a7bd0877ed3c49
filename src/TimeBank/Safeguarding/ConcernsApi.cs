using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Safeguarding;

/// <summary>Routes of concerns about persons and visits: everybody in the bank may raise one, nobody but the safeguarding lead learns of them.</summary>
public static class ConcernsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/concerns", Raise).Takes<RaiseConcernRequest>().Gives<ConcernRaised>(201)
            .Describe("Raise a concern", "A worry about a person or a visit, for the safeguarding lead alone; also for somebody who telephoned or wrote. It stands in no event and no export.");
        bank.MapGet("/concerns", List).Gives<Page<ConcernView>>().Paged()
            .Describe("List concerns", "For the safeguarding lead, oldest first; account and stage narrow it, open=true leaves out those that were closed.");
        bank.MapGet("/concerns/{id}", Show).Gives<ConcernFileView>().Describe("Show a concern", "For the safeguarding lead, with the log.");
        bank.MapPost("/concerns/{id}/inquiry", LookInto).Takes<MoveConcernRequest>().Gives<ConcernView>()
            .Describe("Look into a concern", "The safeguarding lead has begun. Twice changes nothing.");
        bank.MapPost("/concerns/{id}/notes", Note).Takes<NoteConcernRequest>().Gives<ConcernFileView>(201)
            .Describe("Write into a concern's log", "What the safeguarding lead saw, heard and did. Who writes looks into it.");
        bank.MapPost("/concerns/{id}/closure", Close).Takes<MoveConcernRequest>().Gives<ConcernView>()
            .Describe("Close a concern", "It was looked after. Closing twice changes nothing. What is about somebody who was erased meanwhile goes now.");
    }

    private static async Task Raise(string bank, HttpContext http, ConcernCommands commands)
    {
        if (await RequestReader.ReadJson(http, RaiseConcernRequestValidator.Instance) is not { } request)
            return;
        var raised = await commands.RaiseAsync(new BankId(bank), request, SaidOnce(http), http);
        await (raised.Answer is { } concern ? Answers.Write(http, new ConcernRaised(concern.Id, concern.Raised), 201) : Problems.Write(http, raised.Refusal!));
    }

    private static async Task List(string bank, string? account, string? stage, string? open, HttpContext http, ConcernQueries concerns)
    {
        var query = new Query(http);
        var about = query.Id("account");
        var at = query.Word<ConcernStage>("stage");
        var openOnly = query.Flag("open");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync())
            return;
        var rows = await concerns.ListAsync(new BankId(bank), about is { } a ? new AccountId(a) : null, at, openOnly, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, c => Query.ToCursor(c.Concern.Id), ConcernView.Of));
    }

    private static async Task Show(string bank, string id, HttpContext http, ConcernQueries concerns)
    {
        if (await concerns.FindAsync(new BankId(bank), Ids.OrUnknown(id), http.RequestAborted) is { } row)
            await Answers.Write(http, await FileAsync(bank, row, http, concerns));
        else
            await Problems.Write(http, ProblemTable.NotFound);
    }

    private static async Task LookInto(string bank, string id, HttpContext http, ConcernCommands commands)
    {
        if (await RequestReader.ReadJson(http, MoveConcernRequestValidator.Instance) is not null
            && await MovedAsync(http, commands.LookIntoAsync(new BankId(bank), Ids.OrUnknown(id), http.RequestAborted)) is { } row)
            await Answers.Write(http, ConcernView.Of(row));
    }

    private static async Task Note(string bank, string id, HttpContext http, ConcernCommands commands, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, NoteConcernRequestValidator.Instance) is { } request
            && await MovedAsync(http, commands.NoteAsync(new BankId(bank), Ids.OrUnknown(id), request, SaidOnce(http), http.RequestAborted)) is { } row)
            await Answers.Write(http, await FileAsync(bank, row, http, concerns), 201);
    }

    private static async Task Close(string bank, string id, HttpContext http, ConcernCommands commands)
    {
        if (await RequestReader.ReadJson(http, MoveConcernRequestValidator.Instance) is not null
            && await MovedAsync(http, commands.CloseAsync(new BankId(bank), Ids.OrUnknown(id), http.RequestAborted)) is { } row)
            await Answers.Write(http, ConcernView.Of(row));
    }

    /// <summary>An Idempotency-Key may be sent along: what comes again under it is the same.</summary>
    private static Said SaidOnce(HttpContext http) => Said.Of(http) with { Key = Keys.Parse(http.Request.Headers[Keys.Header]) };

    /// <summary>Null if a problem was answered.</summary>
    private static async Task<ConcernRow?> MovedAsync(HttpContext http, Task<Decision<ConcernRow>?> moving)
    {
        if (await moving is not { } moved)
            await Problems.Write(http, ProblemTable.NotFound);
        else if (moved.Refusal is { } refusal)
            await Problems.Write(http, refusal);
        else
            return moved.Answer;
        return null;
    }

    private static async Task<ConcernFileView> FileAsync(string bank, ConcernRow row, HttpContext http, ConcernQueries concerns) =>
        new(ConcernView.Of(row), [.. (await concerns.NotesAsync(new BankId(bank), row.Concern.Id, http.RequestAborted)).Select(ConcernNoteView.Of)]);
}
