using System.Collections.Immutable;
using FluentValidation;
using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Reinvestment;

public sealed record RuleTargetRequest
{
    public Guid? Account { get; init; }
    /// <summary>1 to 1,000,000; 1 if left out.</summary>
    public int? Weight { get; init; }
}

/// <summary>Of what the owner receives by these kinds of transfer, a share goes on to these accounts.</summary>
public record RuleTermsRequest
{
    public IReadOnlyList<TransferKind>? Kinds { get; init; }
    /// <summary>Hundredths of a per cent: 3000 is 30 %.</summary>
    public int? Share { get; init; }
    public IReadOnlyList<RuleTargetRequest>? Targets { get; init; }

    internal RuleTerms ToTerms() => new(
        [.. Kinds!], Share!.Value, [.. Targets!.Select(t => new RuleTarget(new AccountId(t.Account!.Value), t.Weight ?? 1))]);
}

public sealed record WriteRuleRequest : RuleTermsRequest
{
    public Guid? Owner { get; init; }
}

public sealed class RuleTargetRequestValidator : AbstractValidator<RuleTargetRequest>
{
    public static readonly RuleTargetRequestValidator Instance = new();

    public RuleTargetRequestValidator()
    {
        RuleFor(t => t.Account).Given();
        RuleFor(t => t.Weight).Must(w => w is null or (>= 1 and <= 1_000_000)).WithMessage("1 to 1000000.");
    }
}

public sealed class RuleTermsRequestValidator : AbstractValidator<RuleTermsRequest>
{
    public static readonly RuleTermsRequestValidator Instance = new();
    public const int MostTargets = 100;

    public RuleTermsRequestValidator()
    {
        RuleFor(r => r.Kinds).Must(k => k is { Count: >= 1 }).WithMessage("At least one kind of transfer.");
        RuleFor(r => r.Share).Must(s => s is >= 1 and <= Rule.WholeShare).WithMessage("1 to 10000 hundredths of a per cent.");
        RuleFor(r => r.Targets).Must(t => t is { Count: >= 1 and <= MostTargets }).WithMessage($"1 to {MostTargets} targets.");
        // Too many are one problem, not one for each.
        RuleForEach(r => r.Targets).NotNull().SetValidator(RuleTargetRequestValidator.Instance).When(r => r.Targets?.Count <= MostTargets);
    }
}

public sealed class WriteRuleRequestValidator : AbstractValidator<WriteRuleRequest>
{
    public static readonly WriteRuleRequestValidator Instance = new();

    public WriteRuleRequestValidator()
    {
        Include(RuleTermsRequestValidator.Instance);
        RuleFor(r => r.Owner).Given();
    }
}

public sealed record RuleView(
    RuleId Id, AccountId Owner, IReadOnlyList<TransferKind> Kinds, int Share, IReadOnlyList<RuleTarget> Targets, bool Active, long Version)
{
    public static RuleView Of(Rule r) => new(r.Id, r.Owner, r.Terms.Kinds, r.Terms.Share, r.Terms.Targets, r.Active, r.Version);
}

/// <summary>The only door to reinvestment rules.</summary>
public sealed class RuleCommands(Journal journal)
{
    public Task<Outcome> WriteAsync(BankId bank, WriteRuleRequest request, Said said)
    {
        var terms = request.ToTerms();
        var owner = new AccountId(request.Owner!.Value);
        return Decide(bank, new Needs { Accounts = Parties(terms, owner) }, said,
            said.Claim($"{bank}/rules", request), 201, null,
            draft => Rule.Write(draft, new RuleId(draft.Mint()), owner, terms));
    }

    public Task<Outcome> RewriteAsync(BankId bank, RuleId id, RuleTermsRequest request, long expectedVersion, Said said)
    {
        var terms = request.ToTerms();
        return Decide(bank, new Needs { Rules = [id], Accounts = Parties(terms, null) }, said, null, 200, id.Value,
            draft => Rule.Rewrite(draft, id, terms, expectedVersion));
    }

    public Task<Outcome> EndAsync(BankId bank, RuleId id, long expectedVersion, Said said) =>
        Decide(bank, new Needs { Rules = [id] }, said, null, 200, id.Value, draft => Rule.End(draft, id, expectedVersion));

    private Task<Outcome> Decide(
        BankId bank, Needs needs, Said said, IdempotencyClaim? key, int status, Guid? inPath, Func<Draft, Decision<Rule>> decide) =>
        journal.SubmitAsync(bank, said, needs, decide, rule => Answers.Made(status, RuleView.Of(rule), rule), key, inPath: inPath);

    private static AccountId[] Parties(RuleTerms terms, AccountId? owner) =>
        [.. terms.Targets.Select(t => t.Account), .. owner is { } o ? (AccountId[])[o] : []];
}
