using System.Diagnostics;
using TimeBank.Accounts;

namespace TimeBank.Safeguarding;

/// <summary>Whether two people are still kept apart.</summary>
public enum ApartStage { Kept, Ended }

/// <summary>Two people who are never brought together, for a reason that the safeguarding lead knows and nobody else.</summary>
/// <param name="First">Of the two the one whose id comes first.</param>
public sealed record Apart(ThingId Id, AccountId First, AccountId Second, ApartStage Is = ApartStage.Kept) : Thing(Id)
{
    /// <summary>The same for both, whichever is named first.</summary>
    public static ThingId IdOf(AccountId a, AccountId b)
    {
        var (first, second) = InOrder(a, b);
        return new ThingId(Uuid.Named($"apart\0{first}\0{second}"));
    }

    public override Enum Stage => Is;

    /// <summary>Nobody who holds an account sees it, and no list of theirs has it.</summary>
    public override IEnumerable<AccountId> Parties => [];

    /// <summary>Said to whoever would bring the two together. It says no more than that one of them is not available.</summary>
    /// <remarks>To be loaded before: <see cref="IdOf"/> of the two.</remarks>
    public static Refusal? Refuses(Draft draft, AccountId a, AccountId b) =>
        draft.Find<Apart>(IdOf(a, b)) is { Is: ApartStage.Kept } ? new Refusal(RefusalCode.NotAvailable) : null;

    public static Apart After(ThingId id, Apart? before, ApartEvent happened) => (before, happened) switch
    {
        (null, ApartEvent.PeopleKeptApart e) => new Apart(id, e.First, e.Second),
        ({ } a, ApartEvent.PeopleKeptApart) => a with { Is = ApartStage.Kept },
        ({ } a, ApartEvent.PeopleKeptApartNoLonger) => a with { Is = ApartStage.Ended },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to two who were not kept apart."),
    };

    internal static (AccountId First, AccountId Second) InOrder(AccountId a, AccountId b) => a.Value.CompareTo(b.Value) <= 0 ? (a, b) : (b, a);
}

/// <summary>What can happen to two who are kept apart. These names are stored: add, never rename.</summary>
public abstract record ApartEvent : ThingEvent
{
    public sealed record PeopleKeptApart(AccountId First, AccountId Second) : ApartEvent;
    public sealed record PeopleKeptApartNoLonger : ApartEvent;

    public override StreamKind Kind => StreamKind.Apart;

    public override Thing After(ThingId id, Thing? before) => Apart.After(id, (Apart?)before, this);
}

/// <summary>Decisions about who is kept apart: the safeguarding lead's alone.</summary>
public static class ApartDecisions
{
    /// <summary>From now on nothing brings the two together. Saying so twice changes nothing.</summary>
    public static Decision<Apart> Keep(Draft draft, AccountId a, AccountId b)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesSafeguarding() is { } notPermitted)
            return notPermitted;
        if (a == b)
            return Refusal.Of(RefusalCode.SameAccount, a);
        foreach (var id in (AccountId[])[a, b])
        {
            if (draft.Find(id) is null)
                return Refusal.Of(RefusalCode.AccountUnknown, id);
        }
        foreach (var id in (AccountId[])[a, b])
        {
            if (draft.Find(id) is { Kind: not AccountKind.Member and var kind })
                return Refusal.Of(RefusalCode.WrongKindOfAccount, id, new Figure("accountKind", kind));
        }
        var (first, second) = Apart.InOrder(a, b);
        var kept = new ApartEvent.PeopleKeptApart(first, second);
        return draft.Find<Apart>(Apart.IdOf(a, b)) switch
        {
            null => draft.Begin<Apart>(Apart.IdOf(a, b), kept),
            { Is: ApartStage.Kept } already => already,
            { } ended => draft.Record(ended, kept),
        };
    }

    /// <summary>They may meet again. Twice changes nothing.</summary>
    public static Decision<Apart> End(Draft draft, ThingId id)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesSafeguarding() is { } notPermitted)
            return notPermitted;
        if (draft.Find<Apart>(id) is not { } apart)
            return new Refusal(RefusalCode.ApartUnknown, new Figure("apart", id.Value));
        return apart.Is == ApartStage.Ended ? apart : draft.Record(apart, new ApartEvent.PeopleKeptApartNoLonger());
    }
}
