using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Contributions;
using TimeBank.Listings;
using TimeBank.Members;

namespace TimeBank.Domain.Tests;

/// <summary>Neighbours who arrange help, of whom one asked for it: Ann is to help Ben.</summary>
public sealed class Broker
{
    public Broker() => Asked = N.Town.Do(d => ListingDecisions.Post(
        d, new ThingId(d.Mint()), Ben, new ListingTerms(ListingKind.Request, "shopping", null, [], null, false, Town.Noon.AddDays(60)), Neighbours.Why)).ShouldHappen().Id;

    public Neighbours N { get; } = new();
    public AccountId Ann => N.Ann;
    public AccountId Ben => N.Ben;

    /// <summary>What Ben asks for.</summary>
    public ThingId Asked { get; }

    public Meeting Tomorrow => new(N.Town.Today.AddDays(1), new(10, 0), new(60));

    public static DateTimeOffset At(DateOnly date, TimeOnly time) => new(date.ToDateTime(time), TimeSpan.Zero);

    public Broker As(Authority authority)
    {
        N.As(authority);
        return this;
    }

    public Decision<ArrangementChange> Do(Func<Draft, Decision<ArrangementChange>> decide) =>
        N.Town.Do(decide, [], Member.IdOf(Ann), Member.IdOf(Ben), Member.IdOf(N.Cora), Member.IdOf(N.Garden), Member.IdOf(N.Pot), Member.IdOf(Town.Nobody));

    public Decision<ArrangementChange> Propose(AccountId helper, AccountId helped, Meeting? meeting) =>
        Do(d => Proposing.Propose(d, new ThingId(d.Mint()), helper, helped, "shopping", meeting, null));

    public Decision<ArrangementChange> Answer(AccountId answering, Meeting? meeting) => Do(d => Proposing.Answer(d, new ThingId(d.Mint()), Asked, answering, meeting, null));

    public Decision<ArrangementChange> Meet(ThingId id, Meeting meeting) => Do(d => ArrangementDecisions.Meet(d, id, meeting, null));
    public Decision<ArrangementChange> Agree(ThingId id, AccountId side, Yes? yes = null, long? version = null) => Do(d => ArrangementDecisions.Agree(d, id, side, yes, version, At));
    public Decision<ArrangementChange> Ask(ThingId id, AccountId side, Reply said) => Do(d => ArrangementDecisions.Ask(d, id, side, Means.Telephone, said, Neighbours.Why));
    public Decision<ArrangementChange> Complete(ThingId id, long? minutes = null) => Do(d => ArrangementDecisions.Complete(d, id, minutes is { } m ? new(m) : null, null, Wish.Hours, null));
    public Decision<ArrangementChange> Cancel(ThingId id) => Do(d => ArrangementDecisions.Cancel(d, id, Neighbours.Why));
    public Decision<ArrangementChange> Miss(ThingId id) => Do(d => ArrangementDecisions.Miss(d, id, null));
    public Decision<ArrangementChange> Remind(ThingId id) => Do(d => ArrangementDecisions.Remind(d, id));

    /// <summary>Ann answered what Ben asks for, and said when.</summary>
    public ThingId Answered(Meeting? meeting = null)
    {
        As(Neighbours.Holder(Ann));
        return Answer(Ann, meeting ?? Tomorrow).ShouldHappen().Arrangement.Id;
    }

    public ThingId Agreed(Meeting? meeting = null)
    {
        var id = Answered(meeting);
        As(Neighbours.Holder(Ben)).Agree(id, Ben).ShouldHappen();
        return id;
    }

    public Arrangement this[ThingId id] => N.Town.Thing<Arrangement>(id);
}
