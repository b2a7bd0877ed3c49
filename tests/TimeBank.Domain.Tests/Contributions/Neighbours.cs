using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Texts;

namespace TimeBank.Domain.Tests;

/// <summary>A town with two members, a garden that has an hour, and all who speak about help given there.</summary>
public sealed class Neighbours
{
    public static readonly TextRef Why = new(new TextId(Town.Nobody.Value), "why");

    public Neighbours()
    {
        (Ann, Ben, Cora) = (Town.Open(AccountKind.Member), Town.Open(AccountKind.Member), Town.Open(AccountKind.Member));
        (Garden, Pot) = (Town.Open(AccountKind.Project, 60), Town.Open(AccountKind.Pot, 600));
    }

    public Town Town { get; } = new();

    /// <summary>Members: Ann helps, Ben is helped, Cora has nothing to do with it.</summary>
    public AccountId Ann { get; }
    public AccountId Ben { get; }
    public AccountId Cora { get; }
    public AccountId Garden { get; }
    public AccountId Pot { get; }

    public static Authority Holder(params AccountId[] accounts) => Authority.None with { Accounts = [.. accounts], Own = [.. accounts] };

    /// <summary>An organiser with a member's account of their own, or none.</summary>
    public static Authority Organiser(params AccountId[] own) => new(true, [.. own], [], null, true) { Own = [.. own] };

    public static readonly RightId App = new(Guid.Parse("0199f2d4-7a10-7c3e-8b00-0000000000b1"));

    public static readonly Authority OfApp = new(false, [], [], App, false);

    public Neighbours As(Authority authority)
    {
        Town.Authority = authority;
        return this;
    }

    /// <summary>What the garden sets apart for a category of work, or for any.</summary>
    public AccountId Earmark(long minutes, string? purpose)
    {
        As(Authority.Everything);
        var id = Town.Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), AccountKind.Earmark, Garden, null, null, null, null, purpose)).ShouldHappen().Id;
        if (minutes > 0)
            Town.Post(Postings.TransferKind.Grant, Pot, id, minutes).ShouldHappen();
        return id;
    }

    public Decision<ContributionChange> Do(Func<Draft, Decision<ContributionChange>> decide) =>
        Town.Do(decide, RightId.OfLink(App, Ann), RightId.OfLink(App, Ben), RightId.OfLink(App, Cora));

    public Claim ToBen(long minutes = 90) => new(Ann, Ben, null, new(minutes), Town.Today, "shopping", null);

    public Claim InGarden(long minutes = 90) => new(Ann, null, Garden, new(minutes), Town.Today, "gardening", null);

    public ThingId Log(Claim claim) => Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), claim)).ShouldHappen().Contribution.Id;

    public Decision<ContributionChange> Confirm(ThingId id, Yes? yes = null, ThingId? twin = null) => Do(d => ContributionDecisions.Confirm(d, id, yes, twin));
    public Decision<ContributionChange> Dispute(ThingId id) => Do(d => ContributionDecisions.Dispute(d, id, Why));
    public Decision<ContributionChange> Settle(ThingId id, long minutes, Yes? yes = null) => Do(d => Settling.Settle(d, id, new(minutes), yes, Why, false));

    public Contribution this[ThingId id] => Town.Thing<Contribution>(id);
}
