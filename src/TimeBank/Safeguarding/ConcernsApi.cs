using TimeBank.Access;
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

    private static async Task Raise(string bank, HttpContext http, TimeProvider clock, AccountQueries accounts, ThingQueries things, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, RaiseConcernRequestValidator.Instance) is not { } request)
            return;
        var here = new BankId(bank);
        AccountId? about = request.Account is { } a ? new AccountId(a) : null;
        ThingId? visit = request.Visit is { } v ? new ThingId(v) : null;
        if (about is { } account && await accounts.FindAsync(here, account, clock.GetUtcNow(), http.RequestAborted) is null)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account));
            return;
        }
        // A visit that is not theirs to see is to them as if it were not there; the lead may name any.
        if (visit is { } named && (await things.PartiesAsync(here, named, http.RequestAborted) is not { Count: > 0 } parties
            || (!http.Caller().Authority.Safeguards && !await Sight.SeesAsync(http, here, accounts, [.. parties]))))
        {
            await Problems.Write(http, new Refusal(RefusalCode.VisitUnknown, new Figure("visit", named.Value)));
            return;
        }
        var concern = new Concern(Guid.CreateVersion7(), about, visit, request.Way ?? ConcernWay.Page, Uuid.ToMicroseconds(clock.GetUtcNow()), http.Caller().Id!.Value);
        await concerns.RaiseAsync(here, new ConcernRow(concern, request.Text!), http.RequestAborted);
        await Answers.Write(http, new ConcernRaised(concern.Id, concern.Raised), 201);
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

    private static async Task LookInto(string bank, string id, HttpContext http, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, MoveConcernRequestValidator.Instance) is not null && await MoveAsync(bank, id, http, concerns, c => c.LookInto()) is { } row)
            await Answers.Write(http, ConcernView.Of(row));
    }

    private static async Task Note(string bank, string id, HttpContext http, TimeProvider clock, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, NoteConcernRequestValidator.Instance) is not { } request || await MoveAsync(bank, id, http, concerns, c => c.Note()) is not { } row)
            return;
        var note = new ConcernNote(Guid.CreateVersion7(), Uuid.ToMicroseconds(clock.GetUtcNow()), http.Caller().Id!.Value, request.Text!);
        await concerns.NoteAsync(new BankId(bank), row.Concern.Id, note, http.RequestAborted);
        await Answers.Write(http, await FileAsync(bank, row, http, concerns), 201);
    }

    private static async Task Close(string bank, string id, HttpContext http, TimeProvider clock, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, MoveConcernRequestValidator.Instance) is not null
            && await MoveAsync(bank, id, http, concerns, c => c.Close(Uuid.ToMicroseconds(clock.GetUtcNow()))) is { } row)
            await Answers.Write(http, ConcernView.Of(row));
    }

    /// <summary>Decides on the concern as it stands, once more if another decision came first. Null if a problem was answered.</summary>
    private static async Task<ConcernRow?> MoveAsync(string bank, string id, HttpContext http, ConcernQueries concerns, Func<Concern, Decision<Concern>> decide)
    {
        while (true)
        {
            if (await concerns.FindAsync(new BankId(bank), Ids.OrUnknown(id), http.RequestAborted) is not { } row)
            {
                await Problems.Write(http, ProblemTable.NotFound);
                return null;
            }
            var decision = decide(row.Concern);
            if (decision.Refusal is { } refusal)
            {
                await Problems.Write(http, refusal);
                return null;
            }
            if (decision.Answer == row.Concern || await concerns.MoveAsync(new BankId(bank), row.Concern, decision.Answer!, http.RequestAborted))
                return row with { Concern = decision.Answer! };
        }
    }

    private static async Task<ConcernFileView> FileAsync(string bank, ConcernRow row, HttpContext http, ConcernQueries concerns) =>
        new(ConcernView.Of(row), [.. (await concerns.NotesAsync(new BankId(bank), row.Concern.Id, http.RequestAborted)).Select(ConcernNoteView.Of)]);
}
