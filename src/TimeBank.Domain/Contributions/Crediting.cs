using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Postings;

namespace TimeBank.Contributions;

/// <summary>Who pays for help that was given: for help to a person that person; for work on a project the project and, for what it lacks, the community.</summary>
/// <remarks>The helper's ceiling never stands against hours for help that was given.</remarks>
internal sealed class Crediting(Draft draft, Contribution contribution, Minutes minutes)
{
    private readonly List<TransferMade> _made = [];
    private readonly Claim _claim = contribution.Claim;

    public IReadOnlyList<TransferMade> Made => _made;

    /// <summary>Minutes that came new from the community because the project did not have them.</summary>
    public Minutes New { get; private set; }

    /// <summary>Who pays cannot pay now: they are at their floor, or frozen.</summary>
    public bool Waits { get; private set; }

    /// <summary>The person helped pays.</summary>
    /// <param name="below">An organiser lets the person go below their floor.</param>
    public Refusal? FromPerson(bool below)
    {
        var helped = draft.Find(_claim.Helped!.Value)!;
        var paying = helped.RefusesToPay(minutes, draft.Policy);
        var lower = below && paying is { Code: RefusalCode.BelowFloor };
        if (RefusesHelper() is { } receiving && (paying is null || lower || receiving.Code < paying.Code))
            return receiving;
        if (paying is not null && !lower)
        {
            Waits = paying.Code is RefusalCode.BelowFloor or RefusalCode.AccountFrozen;
            return paying;
        }
        return Move(TransferKind.Exchange, helped.Id, minutes, lower ? OverrideKind.Organiser : null);
    }

    /// <summary>As the bank's policy says: the project's own hours first, as far as they go, and the rest new from the community, as a line of its own;
    /// or the project alone, and then it waits for what the project lacks; or the community alone. What the project set apart for such work
    /// goes before what is free, each earmark as a line of its own.</summary>
    /// <remarks>Work that was done is never refused for what the project has, or because it is frozen or closed.</remarks>
    public Refusal? FromProject()
    {
        if (RefusesHelper() is { } refusal)
            return refusal;
        var project = draft.Find(_claim.Project!.Value)!;
        var isOwn = draft.Policy.ProjectWork != ProjectWork.Community;
        var (apart, rest) = isOwn ? SetApart(project) : ([], minutes);
        if (draft.Policy.ProjectWork == ProjectWork.ProjectOnly && rest > Minutes.Zero && project.RefusesToPay(rest, draft.Policy) is { } lacking)
        {
            Waits = true;
            return lacking;
        }
        foreach (var (earmark, part) in apart)
            Move(TransferKind.Earn, earmark, part);
        var free = isOwn ? Spare(project, rest) : Minutes.Zero;
        if (free > Minutes.Zero)
            Move(TransferKind.Earn, project.Id, free);
        New = rest - free;
        return New > Minutes.Zero ? FromOther(draft.Bank!.Issuer, New) : null;
    }

    /// <summary>What earmarks for such work give: those for its category before those for any work, the older before the newer; and what they leave to pay.</summary>
    private (List<(AccountId Earmark, Minutes Part)> Apart, Minutes Left) SetApart(Account project)
    {
        var (apart, rest) = (new List<(AccountId, Minutes)>(), minutes);
        foreach (var earmark in project.Earmarks.Select(id => draft.Find(id)!).Where(e => e.IsFor(_claim.Category)).OrderBy(e => e.Purpose is null))
        {
            if (Spare(earmark, rest) is var part && part > Minutes.Zero)
            {
                apart.Add((earmark.Id, part));
                rest -= part;
            }
        }
        return (apart, rest);
    }

    /// <summary>A pot or the community pays in place of the person helped.</summary>
    public Refusal? FromOther(AccountId payer) => RefusesHelper() ?? FromOther(payer, minutes);

    /// <summary>Who wished so passes the hours on. If whoever should get them cannot, they stay with the helper.</summary>
    public void PassOn()
    {
        if (_claim is not { Wish: Wish.PassOn, PassOnTo: { } target } || draft.Find(target) is not { } taker || draft.Find(_claim.Helper) is not { } helper)
            return;
        if (Posting.WrongKinds(TransferRule.For(TransferKind.Gift), helper, taker) is null && Limits.NotOpen(helper, taker) is null
            && Limits.RefusesFigures(helper, taker, minutes, draft.Policy) is null)
            _made.Add(draft.Move(TransferKind.Gift, helper.Id, target, minutes, _claim.Occurred, _claim.Category, _claim.Text, cause: contribution.Id, yes: contribution.Wished));
    }

    private Refusal? FromOther(AccountId payer, Minutes part) =>
        draft.Find(payer) is not { } account ? Refusal.Of(RefusalCode.AccountUnknown, payer)
        : Posting.WrongKinds(TransferRule.For(TransferKind.Earn), account, draft.Find(_claim.Helper)!)
            ?? account.RefusesToPay(part, draft.Policy) ?? Move(TransferKind.Earn, payer, part);

    private Refusal? RefusesHelper() =>
        draft.Find(_claim.Helper)!.RefusesToReceive(minutes, draft.Policy) is { Code: not RefusalCode.AboveCeiling } refusal ? refusal : null;

    /// <summary>What a project, or an earmark of it, can give of that without going below its floor.</summary>
    private Minutes Spare(Account account, Minutes most) => account.Status == AccountStatus.Open && account.FloorUnder(draft.Policy) is { } floor
        ? new Minutes(Math.Clamp(account.Available.Value - floor.Value, 0, most.Value))
        : Minutes.Zero;

    private Refusal? Move(TransferKind kind, AccountId payer, Minutes part, OverrideKind? overriding = null)
    {
        _made.Add(draft.Move(kind, payer, _claim.Helper, part, _claim.Occurred, _claim.Category, _claim.Text, overriding: overriding, cause: contribution.Id));
        return null;
    }
}
