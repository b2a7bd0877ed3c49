using TimeBank.Projections;
using TimeBank.Reinvestment;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>A transfer as it stands, with its texts.</summary>
public sealed record TransferView(
    TransferId Id, PostingId Posting, DateTimeOffset Posted, TransferKind Kind, AccountId Payer, AccountId Payee, Minutes Minutes, Minutes Reversed,
    DateOnly Occurred, string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata, string? Reason,
    HoldId? Hold, RuleRef? Rule, TransferId? Reverses, OverrideKind? Override)
{
    public static TransferView Of(TransferWithText row)
    {
        var (t, text) = row;
        return new TransferView(t.Id, t.Id.Posting, Uuid.InstantOf(t.Id.Value), t.Kind, t.Payer, t.Payee, t.Minutes, t.Reversed, t.Occurred, t.Category,
            text?.Memo, text?.ClientReference, text?.Metadata, text?.Reason, t.Hold, t.Rule, t.Reverses, t.Override);
    }
}

public sealed record PostingView(PostingId Id, DateTimeOffset Posted, IReadOnlyList<TransferView> Transfers);

/// <summary>Routes of transfers and postings.</summary>
public static class PostingsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/transfers", Transfer).Takes<SingleTransferRequest>().Gives<TransferAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Make a transfer", "Moves minutes from one account to another; the rules of the payee act in the same posting.");
        bank.MapGet("/transfers", List).Gives<Page<TransferView>>().Paged()
            .Describe("List transfers", "Newest first. postedFrom and postedTo are instants, occurredFrom and occurredTo are dates, both ends included.");
        bank.MapGet("/transfers/{id}", Show).Gives<TransferView>().Describe("Show a transfer", "With its texts, and how much of it was reversed since.");
        bank.MapPost("/transfers/{id}/reversal", Reverse).Takes<ReversalRequest>().Gives<PostingAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Reverse a transfer", "Wholly, or some minutes of it. What rules passed on because of it comes back first, deepest first. The person from whom hours go back is not asked, but told why: a reason is needed.");
        bank.MapPost("/postings", Post).Takes<PostingRequest>().Gives<PostingAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Make a posting", "Several transfers, all or none, up to 1,000; each against what the former left.");
        bank.MapGet("/postings/{id}", ShowPosting).Gives<PostingView>().Describe("Show a posting", "All its transfers that you may see, those of rules included.");
        bank.MapPost("/postings/{id}/reversal", ReverseAll).Takes<ReversePostingRequest>().Gives<PostingAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Reverse a posting", "All of its transfers, as far as they were not reversed yet, or none: a list that was credited by mistake. Where hours go back from a person, a reason is needed.");
    }

    private static async Task Transfer(string bank, HttpContext http, PostingCommands commands)
    {
        if (await Body.Read(http, SingleTransferRequestValidator.Instance) is not var (request, said))
            return;
        var outcome = await commands.TransferAsync(new BankId(bank), request, said);
        await Answers.Write(http, outcome, said.DryRun, $"/v1/banks/{bank}/transfers/");
    }

    private static async Task Post(string bank, HttpContext http, PostingCommands commands)
    {
        if (await Body.Read(http, PostingRequestValidator.Instance) is not var (request, said))
            return;
        var outcome = await commands.PostAsync(new BankId(bank), request, said);
        await Answers.Write(http, outcome, said.DryRun, $"/v1/banks/{bank}/postings/");
    }

    private static async Task Reverse(string bank, string id, HttpContext http, PostingCommands commands)
    {
        if (await Body.Read(http, ReversalRequestValidator.Instance) is not var (request, said))
            return;
        var outcome = await commands.ReverseAsync(new BankId(bank), new TransferId(Ids.OrUnknown(id)), request, said);
        await Answers.Write(http, outcome, said.DryRun, $"/v1/banks/{bank}/postings/");
    }

    private static async Task ReverseAll(string bank, string id, HttpContext http, PostingCommands commands)
    {
        if (await Body.Read(http, ReversePostingRequestValidator.Instance) is not var (request, said))
            return;
        var outcome = await commands.ReverseAllAsync(new BankId(bank), new PostingId(Ids.OrUnknown(id)), request, said);
        await Answers.Write(http, outcome, said.DryRun, $"/v1/banks/{bank}/postings/");
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, TransferQueries transfers)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var transfer = new TransferId(Ids.OrUnknown(id));
        if (await transfers.FindAsync(new BankId(bank), transfer, http.RequestAborted) is { } row
            && await Sight.SeesAsync(http, new BankId(bank), accounts, row.Transfer.Payer, row.Transfer.Payee))
            await Answers.Write(http, TransferView.Of(row));
        else
            await Problems.Write(http, new Refusal(RefusalCode.TransferUnknown, new Figure("transfer", transfer.Value)));
    }

    private static async Task ShowPosting(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, TransferQueries transfers)
    {
        if (await Missing.Bank(http, banks, bank))
            return;
        var posting = new PostingId(Ids.OrUnknown(id));
        var rows = await transfers.OfPostingAsync(new BankId(bank), posting, http.RequestAborted);
        // The id of one of its transfers finds the rest of a posting, too; that is no posting.
        var legs = rows.Where(r => rows[0].Transfer.Id.Posting == posting).ToList();
        var seen = await Sight.SeenAsync(http, new BankId(bank), accounts, [.. legs.SelectMany(l => (AccountId[])[l.Transfer.Payer, l.Transfer.Payee]).Distinct()]);
        var shown = legs.Where(l => seen.Contains(l.Transfer.Payer) || seen.Contains(l.Transfer.Payee)).Select(TransferView.Of).ToList();
        if (shown.Count > 0)
            await Answers.Write(http, new PostingView(posting, Uuid.InstantOf(posting.Value), shown));
        else
            await Problems.Write(http, new Refusal(RefusalCode.TransferUnknown, new Figure("posting", posting.Value)));
    }

    private static async Task List(
        string bank, string? kind, string? account, string? category, string? clientReference,
        string? postedFrom, string? postedTo, string? occurredFrom, string? occurredTo,
        HttpContext http, BankQueries banks, AccountQueries accounts, TransferQueries transfers)
    {
        var query = new Query(http);
        var filter = new TransferFilter(
            query.Word<TransferKind>("kind"), query.Id("account") is { } a ? new AccountId(a) : null,
            query.Text("category"), query.Text("clientReference"),
            query.Instant("postedFrom"), query.Instant("postedTo"), query.Date("occurredFrom"), query.Date("occurredTo"));
        var limit = query.Limit();
        var before = query.CursorId(Ids.Largest);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank)
            || await Sight.RefusedList(http, new BankId(bank), "account", filter.Account?.Value, accounts))
            return;
        var rows = await transfers.ListAsync(new BankId(bank), filter, before, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Transfer.Id), TransferView.Of));
    }
}
