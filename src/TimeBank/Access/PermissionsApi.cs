using FluentValidation;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Access;

public sealed record GivePermissionRequest
{
    /// <summary>Who may act for the member; a person who is in this bank, or was.</summary>
    public Guid? Deputy { get; init; }
    /// <summary>How many minutes may leave the account by it, all together.</summary>
    public Minutes? Minutes { get; init; }
    /// <summary>Kinds of transfer; left out: all that a member makes.</summary>
    public IReadOnlyList<TransferKind>? Kinds { get; init; }
    /// <summary>Who may get them; left out: anybody but the deputy.</summary>
    public IReadOnlyList<Guid>? Payees { get; init; }
    /// <summary>What for; left out: anything.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>How the member said it (inPerson, telephone, paper), where an organiser writes it down.</summary>
    public Yes? Yes { get; init; }

    internal PermissionTerms ToTerms() => new(
        Minutes!.Value, [.. (Kinds ?? []).Distinct()], [.. (Payees ?? []).Distinct().Select(p => new AccountId(p))], [.. (Categories ?? []).Distinct()],
        Uuid.ToMicroseconds(ExpiresAt!.Value));
}

public sealed class GivePermissionRequestValidator : AbstractValidator<GivePermissionRequest>
{
    public static readonly GivePermissionRequestValidator Instance = new();
    private const int Most = 50;

    public GivePermissionRequestValidator()
    {
        RuleFor(r => r.Deputy).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.ExpiresAt).Given();
        RuleFor(r => r.Payees).Must(p => p is null || p.Count <= Most).WithMessage($"At most {Most} payees.");
        RuleFor(r => r.Categories).Must(c => c is null || (c.Count <= Most && c.All(x => x is not null && Rules.IsCode(x)))).WithMessage($"At most {Most} codes, each {Rules.CodeWords}");
    }
}

/// <summary>A member's standing permission to a person.</summary>
/// <param name="Used">Minutes that left by it, or were set aside.</param>
/// <param name="Left">Minutes that still may.</param>
/// <param name="Yes">How the member gave it.</param>
public sealed record PermissionView(
    RightId Id, PersonId Deputy, AccountId Account, Minutes Minutes, Minutes Used, Minutes Left, IReadOnlyList<TransferKind> Kinds, IReadOnlyList<AccountId> Payees,
    IReadOnlyList<string> Categories, DateTimeOffset ExpiresAt, Yes Yes, bool Active)
{
    public static PermissionView Of(Permission p) => new(
        p.Id, p.Deputy, p.Of, p.Terms.Minutes, p.Used, p.Left, p.Terms.Kinds, p.Terms.Payees, p.Terms.Categories, p.Terms.ExpiresAt, p.Yes, p.Active);
}

/// <summary>Routes of permissions: a member lets a person act for them, within limits.</summary>
public static class PermissionsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/accounts/{id}/permissions", Give).Takes<GivePermissionRequest>().Gives<PermissionView>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Let a person act for a member", "By the member, or by an organiser who says how the member said it. The deputy then sends Acting-For with the account's id, until the minutes are used up, " +
                "the time is over or one of them ends it. Given again, it counts as it was given last.");
        bank.MapGet("/accounts/{id}/permissions", List).Gives<Page<PermissionView>>().Paged().Describe("List an account's permissions", "Who may act for it, and how much is left.");
        bank.MapDelete("/permissions/{id}", End).Gives<PermissionView>().DryRunnable()
            .Describe("End a permission", "By the member, an organiser, or the deputy. It counts no more, from the next posting on.");
    }

    private static async Task Give(string bank, string id, HttpContext http, RightsQueries rights, AccessCommands commands)
    {
        if (await Body.Read(http, GivePermissionRequestValidator.Instance) is not var (request, said))
            return;
        var deputy = new PersonId(request.Deputy!.Value);
        // Nobody is drawn into a bank without an act of theirs.
        if (await rights.WasInAsync(new BankId(bank), deputy, http.RequestAborted))
            await Answers.Write(http, await commands.GivePermissionAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), deputy, request, said), said.DryRun);
        else
            await Problems.Write(http, new Refusal(RefusalCode.RightUnknown, new Figure("person", deputy.Value)));
    }

    private static async Task End(string bank, string id, HttpContext http, AccessCommands commands)
    {
        if (await Body.None(http) is { } said)
            await Answers.Write(http, await commands.EndPermissionAsync(new BankId(bank), new RightId(Ids.OrUnknown(id)), said), said.DryRun);
    }

    private static async Task List(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, RightsQueries rights)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        var account = new AccountId(Ids.OrUnknown(id));
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank) || await Sight.Refused(http, new BankId(bank), account, accounts))
            return;
        var rows = await rights.ListAsync(new BankId(bank), RightsTable.PermissionKind, null, account, activeOnly: true, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Right.Id), r => PermissionView.Of((Permission)r.Right)));
    }
}
