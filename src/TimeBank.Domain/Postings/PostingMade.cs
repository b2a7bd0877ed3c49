using TimeBank.Access;
using TimeBank.Reinvestment;

namespace TimeBank.Postings;

/// <summary>What a posting came to, and how much of it is for whoever asked.</summary>
public sealed class PostingMade
{
    /// <summary>Parties whose figures they see; null: all. Who organises the whole bank, on the busiest way, pays nothing for this.</summary>
    private readonly HashSet<AccountId>? _seen;
    private readonly bool _published;

    private PostingMade(Draft draft, IReadOnlyList<TransferMade> transfers, IReadOnlyList<RuleRun> rules)
    {
        (Id, Posted, Transfers, Rules) = (draft.Posting, draft.Now, transfers, rules);
        if (draft.Authority.SeesAllFigures())
            return;
        _published = draft.Policy.PublishesBalances == true;
        _seen = [.. transfers.SelectMany(t => (AccountId[])[t.Payer, t.Payee]).Where(a => draft.Authority.SeesFigures(draft, a))];
    }

    public PostingId Id { get; }
    public DateTimeOffset Posted { get; }
    public IReadOnlyList<TransferMade> Transfers { get; }
    public IReadOnlyList<RuleRun> Rules { get; }

    /// <summary>What a draft came to, for whom it was drafted.</summary>
    public static PostingMade Of(Draft draft, IReadOnlyList<TransferMade> transfers, IReadOnlyList<RuleRun> rules) => new(draft, transfers, rules);

    /// <summary>Balances are for those who act for the account or organise it, and for everybody where the bank publishes them.</summary>
    public bool ShowsBalanceOf(AccountId account) => _published || Sees(account);

    /// <summary>What a rule did tells what its owner received.</summary>
    public bool Shows(RuleRun run) => Sees(run.Owner);

    /// <summary>What was asked for is no news; what followed from it is for those who see one of its sides.</summary>
    public bool Shows(TransferMade transfer) =>
        transfer is { Rule: null, Reverses: null } || Sees(transfer.Payer) || Sees(transfer.Payee);

    private bool Sees(AccountId account) => _seen is null || _seen.Contains(account);
}
