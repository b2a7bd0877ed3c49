using static TimeBank.Postings.AccountKinds;

namespace TimeBank.Postings;

/// <summary>Why minutes move.</summary>
public enum TransferKind
{
    /// <summary>The person helped gives the helper what the help took.</summary>
    Exchange,
    /// <summary>A project, a pot or the community credits a volunteer.</summary>
    Earn,
    /// <summary>A member redeems hours at a provider.</summary>
    Spend,
    /// <summary>A provider gives back what a member spent.</summary>
    Refund,
    /// <summary>Freely given.</summary>
    Gift,
    /// <summary>Hours for a project, pot or provider to work with.</summary>
    Grant,
    /// <summary>Passed on by a reinvestment rule.</summary>
    Reinvest,
    /// <summary>A share passed on by the bank's policy.</summary>
    Levy,
    /// <summary>Hours that rested too long.</summary>
    Expire,
    /// <summary>A pot or the community makes good what an account has below zero.</summary>
    Forgive,
    /// <summary>A correction against the issuer.</summary>
    Adjust,
    /// <summary>Takes back another transfer, wholly or in part.</summary>
    Reversal,
}

/// <summary>A set of kinds of account.</summary>
[Flags]
public enum AccountKinds
{
    None = 0,
    Member = 1 << Accounts.AccountKind.Member,
    Project = 1 << Accounts.AccountKind.Project,
    Provider = 1 << Accounts.AccountKind.Provider,
    Pot = 1 << Accounts.AccountKind.Pot,
    Issuer = 1 << Accounts.AccountKind.Issuer,
    Earmark = 1 << Accounts.AccountKind.Earmark,
    Partner = 1 << Accounts.AccountKind.Partner,
    AnyButIssuer = Member | Project | Provider | Pot | Earmark,
    Any = AnyButIssuer | Issuer,
}

/// <summary>Which kinds of account pay and receive a kind of transfer, and whether only the engine makes it.</summary>
public sealed record TransferRule(TransferKind Kind, AccountKinds Payers, AccountKinds Payees, bool EngineOnly = false)
{
    /// <summary>The one table; the order is that of <see cref="TransferKind"/>.</summary>
    private static readonly TransferRule[] Table =
    [
        new(TransferKind.Exchange, Member, Member),
        new(TransferKind.Earn, Project | Pot | Issuer | Earmark, Member),
        new(TransferKind.Spend, Member, Provider),
        new(TransferKind.Refund, Provider, Member),
        new(TransferKind.Gift, AnyButIssuer, Member | Project | Provider | Pot),
        new(TransferKind.Grant, Issuer | Pot | Project | Provider, Project | Provider | Pot | Earmark | Member),
        new(TransferKind.Reinvest, AnyButIssuer, AnyButIssuer, EngineOnly: true),
        new(TransferKind.Levy, AnyButIssuer, Pot, EngineOnly: true),
        new(TransferKind.Expire, AnyButIssuer, Any, EngineOnly: true),
        new(TransferKind.Forgive, Pot | Issuer, AnyButIssuer),
        new(TransferKind.Adjust, Any, Any),
        new(TransferKind.Reversal, Any, Any, EngineOnly: true),
    ];

    public static IReadOnlyList<TransferRule> All => Table;

    public static TransferRule For(TransferKind kind) => Table[(int)kind];

    /// <summary>An adjustment always has the issuer on one side; every other kind goes by the table alone.</summary>
    public bool Allows(Accounts.AccountKind payer, Accounts.AccountKind payee) =>
        Payers.HasFlag(Of(payer)) && Payees.HasFlag(Of(payee)) &&
        (Kind != TransferKind.Adjust || payer == Accounts.AccountKind.Issuer || payee == Accounts.AccountKind.Issuer);

    private static AccountKinds Of(Accounts.AccountKind kind) => (AccountKinds)(1 << (int)kind);
}
