using System.Collections.Immutable;
using System.Diagnostics;

namespace TimeBank.Accounts;

/// <summary>Whether a number stands for an account now.</summary>
public enum AccountNumberStage
{
    InUse,
    /// <summary>Taken back; it may be given to another account.</summary>
    Free,
}

/// <summary>A number by which an account is known in its bank: a member's number on paper, or its id in another program. A number stands for one
/// account; an account may have several.</summary>
/// <param name="Number">1 to 64 letters, digits and inner . _ / -; big and small letters are the same.</param>
/// <param name="Had">Every account that it ever stood for, in their order.</param>
public sealed record AccountNumber(ThingId Id, AccountId Account, string Number, ImmutableArray<AccountId> Had, AccountNumberStage Is = AccountNumberStage.InUse) : Thing(Id)
{
    public const int Most = 64;

    /// <summary>The same number has the same id, so that it is looked up without being searched for.</summary>
    public static ThingId IdOf(string number) => new(Uuid.Named("account number\n" + number.ToUpperInvariant()));

    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= Most } && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-');

    public override Enum Stage => Is;

    public override IEnumerable<AccountId> Parties => Had;

    public override bool GathersParties => true;

    /// <summary>Who has it now, or had it before, is nobody else's matter.</summary>
    public override Thing For(AccountId account) =>
        this with { Account = account, Had = [account], Is = account == Account ? Is : AccountNumberStage.Free };

    public static AccountNumber After(ThingId id, AccountNumber? before, AccountNumberEvent happened) => (before, happened) switch
    {
        (_, AccountNumberEvent.AccountNumberGiven e) => new AccountNumber(
            id, e.Account, e.Number, before is null ? [e.Account] : before.Had.Contains(e.Account) ? before.Had : before.Had.Add(e.Account)),
        ({ } n, AccountNumberEvent.AccountNumberTakenBack) => n with { Is = AccountNumberStage.Free },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a number that nobody has."),
    };

    /// <summary>From now on the account is known by that number, too. Giving it twice changes nothing.</summary>
    public static Decision<AccountNumber> Give(Draft draft, AccountId id, string number)
    {
        if (Refuses(draft, id) is { } refusal)
            return refusal;
        var known = draft.Find<AccountNumber>(IdOf(number));
        if (known is { Is: AccountNumberStage.InUse })
            return known.Account == id ? known : new Refusal(RefusalCode.NumberTaken, new Figure("number", known.Number));
        var given = new AccountNumberEvent.AccountNumberGiven(id, number);
        return known is null ? draft.Begin<AccountNumber>(IdOf(number), given) : draft.Record(known, given);
    }

    /// <summary>The account is no longer known by that number. Taking it back twice changes nothing.</summary>
    public static Decision<AccountNumber> TakeBack(Draft draft, AccountId id, string number)
    {
        if (Refuses(draft, id) is { } refusal)
            return refusal;
        if (draft.Find<AccountNumber>(IdOf(number)) is not { } known || known.Account != id)
            return new Refusal(RefusalCode.NumberUnknown, new Figure("number", number));
        return known.Is == AccountNumberStage.Free ? known : draft.Record(known, new AccountNumberEvent.AccountNumberTakenBack());
    }

    private static Refusal? Refuses(Draft draft, AccountId id)
    {
        if (draft.Bank is null)
            return new Refusal(RefusalCode.BankUnknown);
        if (draft.Authority.RefusesOrganising(draft, id) is { } notPermitted)
            return notPermitted;
        return draft.Find(id) is null ? Refusal.Of(RefusalCode.AccountUnknown, id) : null;
    }
}

/// <summary>What can happen to a number. These names are stored: add, never rename.</summary>
public abstract record AccountNumberEvent : ThingEvent
{
    public sealed record AccountNumberGiven(AccountId Account, string Number) : AccountNumberEvent;
    public sealed record AccountNumberTakenBack : AccountNumberEvent;

    public override StreamKind Kind => StreamKind.AccountNumber;

    public override Thing After(ThingId id, Thing? before) => AccountNumber.After(id, (AccountNumber?)before, this);
}
