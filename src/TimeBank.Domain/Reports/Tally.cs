using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Reports;

/// <summary>What a bank's hours are added up by. These names are stored.</summary>
public enum TallyOf
{
    /// <summary>From one kind of account to another: all that moved.</summary>
    Flow,
    /// <summary>Help, by what it was.</summary>
    Category,
    /// <summary>Help, by the project that it was for.</summary>
    Project,
    /// <summary>Help, by the neighbourhood of the member who gave it.</summary>
    Giver,
    /// <summary>Help, by the neighbourhood of the member who received it.</summary>
    Receiver,
}

/// <summary>Whose side of a transfer it is, as they were when it was posted.</summary>
public sealed record TallyParty(AccountId Account, AccountKind Kind, string? Neighbourhood);

/// <summary>Something that moved hours, or was given without any, as far as it is added up.</summary>
/// <param name="Kind">Null: help for which nobody wanted hours.</param>
/// <param name="Occurred">The date on which the help was given.</param>
/// <param name="Payer">Who paid; of help without hours who was helped.</param>
/// <param name="Payee">Who received the hours; of help who gave it.</param>
/// <param name="Minutes">Below zero: so much of it was taken back.</param>
/// <param name="Times">One; none for a further part of the same help, or where a part was taken back; minus one where all of it was.</param>
public sealed record Tallied(TransferKind? Kind, DateOnly Occurred, string? Category, AccountId? Project, TallyParty Payer, TallyParty Payee, long Minutes, long Times)
{
    /// <summary>Whether somebody gave time to somebody: hours that were given away, granted or passed on are no help.</summary>
    public bool IsHelp => Kind is null or TransferKind.Exchange or TransferKind.Earn or TransferKind.Spend;

    /// <summary>The first day of the month in which it counts.</summary>
    public DateOnly Month => new(Occurred.Year, Occurred.Month, 1);
}

/// <summary>One sum of a bank.</summary>
/// <param name="What">The category, the project's id or the neighbourhood; empty: none.</param>
/// <param name="From">Of a flow the payer's kind.</param>
/// <param name="To">Of a flow the payee's kind.</param>
public readonly record struct TallyKey(TallyOf Of, DateOnly Month, TransferKind? Kind, string What, AccountKind? From = null, AccountKind? To = null);

/// <summary>Minutes, and how often.</summary>
public readonly record struct TallySum(long Minutes, long Times)
{
    public static TallySum operator +(TallySum a, TallySum b) => new(checked(a.Minutes + b.Minutes), checked(a.Times + b.Times));
}

/// <summary>What a member gave and received in a month.</summary>
public readonly record struct MemberSum(TallySum Given, TallySum Received)
{
    public static MemberSum operator +(MemberSum a, MemberSum b) => new(a.Given + b.Given, a.Received + b.Received);
}

/// <summary>What a part of the journal adds to the sums of its bank.</summary>
public sealed class Tally
{
    private readonly Dictionary<TallyKey, TallySum> _sums = [];
    private readonly Dictionary<(AccountId Account, DateOnly Month), MemberSum> _members = [];

    public IReadOnlyDictionary<TallyKey, TallySum> Sums => _sums;

    public IReadOnlyDictionary<(AccountId Account, DateOnly Month), MemberSum> Members => _members;

    /// <summary>Adds what moved to the flows, and what was help to the sums by category, project and neighbourhood, and to those of the members.</summary>
    /// <remarks>Who pays for work on a project is no member who was helped; who gives a service that is redeemed is a provider, and no member who gave.</remarks>
    public void Add(Tallied one)
    {
        Add(one, new TallyKey(TallyOf.Flow, one.Month, one.Kind, "", one.Payer.Kind, one.Payee.Kind));
        if (!one.IsHelp)
            return;
        Add(one, TallyOf.Category, one.Category ?? "");
        Add(one, TallyOf.Project, one.Project?.ToString() ?? "");
        var sum = new TallySum(one.Minutes, one.Times);
        if (one.Payee.Kind == AccountKind.Member)
        {
            Add(one, TallyOf.Giver, one.Payee.Neighbourhood ?? "");
            Add(one.Payee, one.Month, new MemberSum(sum, default));
        }
        if (one.Payer.Kind == AccountKind.Member)
        {
            Add(one, TallyOf.Receiver, one.Payer.Neighbourhood ?? "");
            Add(one.Payer, one.Month, new MemberSum(default, sum));
        }
    }

    private void Add(Tallied one, TallyOf of, string what) => Add(one, new TallyKey(of, one.Month, one.Kind, what));

    private void Add(Tallied one, TallyKey key) => _sums[key] = _sums.GetValueOrDefault(key) + new TallySum(one.Minutes, one.Times);

    private void Add(TallyParty member, DateOnly month, MemberSum sum) =>
        _members[(member.Account, month)] = _members.GetValueOrDefault((member.Account, month)) + sum;
}
