using System.Diagnostics;

namespace TimeBank.Redemptions;

/// <summary>A voucher is good for what its booking is good for.</summary>
public enum VoucherStage { Made }

/// <summary>What a code leads to. Its id follows from the code, so that the desk finds it without a search.</summary>
public sealed record Voucher(ThingId Id, ThingId Booking, AccountId Member, AccountId Provider) : Thing(Id)
{
    public override Enum Stage => VoucherStage.Made;

    public override IEnumerable<AccountId> Parties => [Member, Provider];

    public override IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) => [Booking];

    public static Voucher After(ThingId id, Voucher? before, VoucherEvent happened) => (before, happened) switch
    {
        (null, VoucherEvent.VoucherMade e) => new Voucher(id, e.Booking, e.Member, e.Provider),
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to a voucher that is there already."),
    };
}

/// <summary>What can happen to a voucher. These names are stored: add, never rename.</summary>
public abstract record VoucherEvent : ThingEvent
{
    public sealed record VoucherMade(ThingId Booking, AccountId Member, AccountId Provider) : VoucherEvent;

    public override StreamKind Kind => StreamKind.Voucher;

    public override Thing After(ThingId id, Thing? before) => Voucher.After(id, (Voucher?)before, this);
}
