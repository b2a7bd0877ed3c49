using FluentValidation;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Access;

public sealed record RaiseConcernRequest
{
    /// <summary>The account of the person whom it is about.</summary>
    public Guid? Account { get; init; }
    public string? Text { get; init; }
}

public sealed record CloseConcernRequest;

public sealed class RaiseConcernRequestValidator : AbstractValidator<RaiseConcernRequest>
{
    public static readonly RaiseConcernRequestValidator Instance = new();
    private const int MostText = 5_000;

    public RaiseConcernRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        RuleFor(r => r.Text).NotEmpty().WithMessage("This is missing.").Text(MostText);
    }
}

public sealed class CloseConcernRequestValidator : AbstractValidator<CloseConcernRequest>
{
    public static readonly CloseConcernRequestValidator Instance = new();
}

/// <summary>What whoever raises a concern hears: that it was received. Only the safeguarding lead reads it.</summary>
public sealed record ConcernRaised(Guid Id, DateTimeOffset Raised);

public sealed record ConcernView(Guid Id, AccountId Account, DateTimeOffset Raised, Guid By, string Text, DateTimeOffset? Closed)
{
    public static ConcernView Of(Concern c) => new(c.Id, c.Account, c.Raised, c.By, c.Body, c.Closed);
}

/// <summary>Routes of concerns about persons: everybody in the bank may raise one, nobody but the safeguarding lead reads them.</summary>
public static class ConcernsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/concerns", Raise).Takes<RaiseConcernRequest>().Gives<ConcernRaised>(201)
            .Describe("Raise a concern", "A worry about a person, for the safeguarding lead alone. It stands in no event and no export.");
        bank.MapGet("/concerns", List).Gives<Page<ConcernView>>().Paged()
            .Describe("List concerns", "For the safeguarding lead, oldest first; account narrows it, open=true leaves out those that were closed.");
        bank.MapGet("/concerns/{id}", Show).Gives<ConcernView>().Describe("Show a concern", "For the safeguarding lead.");
        bank.MapPost("/concerns/{id}/closure", Close).Takes<CloseConcernRequest>().Gives<ConcernView>()
            .Describe("Close a concern", "It was looked after. Closing twice changes nothing.");
    }

    private static async Task Raise(string bank, HttpContext http, TimeProvider clock, AccountQueries accounts, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, RaiseConcernRequestValidator.Instance) is not { } request)
            return;
        var account = new AccountId(request.Account!.Value);
        if (await accounts.FindAsync(new BankId(bank), account, clock.GetUtcNow(), http.RequestAborted) is null)
        {
            await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account));
            return;
        }
        var concern = new Concern(Guid.CreateVersion7(), account, clock.GetUtcNow(), http.Caller().Id!.Value, request.Text!, null);
        await concerns.RaiseAsync(new BankId(bank), concern, http.RequestAborted);
        await Answers.Write(http, new ConcernRaised(concern.Id, concern.Raised), 201);
    }

    private static async Task List(string bank, string? account, string? open, HttpContext http, ConcernQueries concerns)
    {
        var query = new Query(http);
        var about = query.Id("account");
        var openOnly = query.Flag("open");
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync())
            return;
        var rows = await concerns.ListAsync(new BankId(bank), about is { } a ? new AccountId(a) : null, openOnly, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, c => Query.ToCursor(c.Id), ConcernView.Of));
    }

    private static async Task Show(string bank, string id, HttpContext http, ConcernQueries concerns) =>
        await Write(http, await concerns.FindAsync(new BankId(bank), Ids.OrUnknown(id), http.RequestAborted));

    private static async Task Close(string bank, string id, HttpContext http, TimeProvider clock, ConcernQueries concerns)
    {
        if (await RequestReader.ReadJson(http, CloseConcernRequestValidator.Instance) is not null)
            await Write(http, await concerns.CloseAsync(new BankId(bank), Ids.OrUnknown(id), clock.GetUtcNow(), http.RequestAborted));
    }

    private static Task Write(HttpContext http, Concern? concern) =>
        concern is { } found ? Answers.Write(http, ConcernView.Of(found)) : Problems.Write(http, ProblemTable.NotFound);
}
