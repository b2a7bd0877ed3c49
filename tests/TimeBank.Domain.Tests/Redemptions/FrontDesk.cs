using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Redemptions;
using TimeBank.Texts;

namespace TimeBank.Domain.Tests;

/// <summary>A clinic that offers advice, members who book it, and all who stand at its desk.</summary>
public sealed class FrontDesk
{
    public static readonly TextRef Text = new(new TextId(Town.Nobody.Value), "text");

    private int _codes;

    public FrontDesk()
    {
        (Ann, Ben) = (Town.Open(AccountKind.Member, 300), Town.Open(AccountKind.Member));
        (Clinic, Library) = (Town.Open(AccountKind.Provider), Town.Open(AccountKind.Provider));
    }

    public Town Town { get; } = new();

    /// <summary>Members: Ann has five hours, Ben has nothing to do with it.</summary>
    public AccountId Ann { get; }
    public AccountId Ben { get; }
    public AccountId Clinic { get; }
    public AccountId Library { get; }

    public static Authority Holder(AccountId account) => Neighbours.Holder(account);
    public static Authority Organiser => Neighbours.Organiser();
    public static Authority App => Neighbours.OfApp;

    public FrontDesk As(Authority authority)
    {
        Town.Authority = authority;
        return this;
    }

    public Decision<T> Do<T>(Func<Draft, Decision<T>> decide) where T : class =>
        Town.Do(decide, RightId.OfLink(Neighbours.App, Ann), RightId.OfLink(Neighbours.App, Clinic), RightId.OfLink(Neighbours.App, Ben));

    /// <summary>The app may debit Ann.</summary>
    public void Link(long most) => As(Holder(Ann)).Do(d => (Decision<Right>)d.Record(new AccessEvent.LinkMade(RightId.OfLink(Neighbours.App, Ann), Neighbours.App, Ann, new Minutes(most), null))).ShouldHappen();

    public static ServiceTerms Terms(long asks = 60, long? lasts = 60, long? most = null, int noShow = 0) =>
        new("advice", lasts is { } l ? new Minutes(l) : null, new Minutes(asks), most is { } m ? new Minutes(m) : null, noShow);

    public ThingId Offer(ServiceTerms? terms = null) =>
        As(Holder(Clinic)).Do(d => ServiceDecisions.Offer(d, new ThingId(d.Mint()), Clinic, terms ?? Terms(), Text, Text)).ShouldHappen().Id;

    public IReadOnlyList<VoucherCode> Codes(params int[] numbers)
    {
        var codes = (numbers.Length > 0 ? numbers : [++_codes]).Select(n => VoucherCode.Of([(byte)n, (byte)(n >> 5), (byte)(n >> 10), 1, 2, 3, 4, 5])).ToList();
        Town.Asked.AddRange(codes.Select(c => c.Voucher));
        return codes;
    }

    public Decision<Booking> Book(ThingId service, AccountId? member = null, DateOnly? date = null, Yes? yes = null, IReadOnlyList<VoucherCode>? codes = null)
    {
        var given = codes ?? Codes();
        return Do(d => BookingDecisions.Book(d, new ThingId(d.Mint()), service, member ?? Ann, date ?? Town.Today, yes, null, given, Broker.At));
    }

    public Decision<Quote> Quote(ThingId service, DateOnly? on = null)
    {
        var codes = Codes();
        return Do(d => BookingDecisions.QuoteFor(d, service, Ann, on, codes, Broker.At));
    }

    /// <summary>Ann books for today.</summary>
    public Booking Booked(ServiceTerms? terms = null, DateOnly? date = null)
    {
        var service = Offer(terms);
        return As(Holder(Ann)).Book(service, date: date).ShouldHappen();
    }

    public static ThingId VoucherOf(Booking b) => VoucherCode.Parse(b.Code)!.Voucher;

    public Decision<BookingChange> Take(Booking b, long? minutes = null) => Do(d => Redeeming.Take(d, VoucherOf(b), Of(minutes)));
    public Decision<BookingChange> Cancel(Booking b) => Do(d => BookingDecisions.Cancel(d, b.Id));
    public Decision<BookingChange> Miss(Booking b) => Do(d => BookingDecisions.Miss(d, b.Id));
    public Decision<BookingChange> Refund(Booking b, long? minutes = null) => Do(d => Redeeming.Refund(d, b.Id, Of(minutes), null));

    public Decision<BookingChange> Expire(Booking b)
    {
        Town.ExpireWhatIsDue();
        return As(Authority.Everything).Do(d => BookingDecisions.Expire(d, b.Id));
    }

    public Decision<BookingChange> Remind(Booking b) => As(Authority.Everything).Do(d => BookingDecisions.Remind(d, b.Id));

    public Booking Now(Booking b) => Town.Thing<Booking>(b.Id);
    public Service ServiceOf(Booking b) => Town.Thing<Service>(b.Service);

    public (long Balance, long Held) Has(AccountId account) => (Town[account].Balance.Value, Town[account].Held.Value);

    private static Minutes? Of(long? minutes) => minutes is { } m ? new Minutes(m) : null;
}
