using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Safeguarding;

namespace TimeBank.Domain.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ApartTests
{
    private readonly Neighbours _n = new();

    public static Authority Lead => Authority.None with { Safeguards = true };

    private ThingId Id => Apart.IdOf(_n.Ann, _n.Ben);

    [Test]
    public void Two_have_one_id_whichever_is_named_first_and_others_another()
    {
        Apart.IdOf(_n.Ann, _n.Ben).ShouldBe(Apart.IdOf(_n.Ben, _n.Ann));
        Apart.IdOf(_n.Ann, _n.Cora).ShouldNotBe(Id);
    }

    [Test]
    public void The_lead_keeps_two_apart_and_lets_them_meet_again()
    {
        Refuses().ShouldBeNull();

        var kept = Keep(_n.Ann, _n.Ben).ShouldHappen();

        kept.Id.ShouldBe(Id);
        Refuses()!.Code.ShouldBe(RefusalCode.NotAvailable);
        Refuses()!.Figures.ShouldBeEmpty("Nobody is told of whom.");
        Keep(_n.Ben, _n.Ann).ShouldChangeNothing(_n.Town);
        End(Id).ShouldHappen().Is.ShouldBe(ApartStage.Ended);
        Refuses().ShouldBeNull();
        End(Id).ShouldChangeNothing(_n.Town);
        Keep(_n.Ann, _n.Ben).ShouldHappen().Is.ShouldBe(ApartStage.Kept);
    }

    [Test]
    public void Nobody_whose_account_it_is_sees_it_in_a_list_of_theirs() => Keep(_n.Ann, _n.Ben).ShouldHappen().Parties.ShouldBeEmpty();

    [Test]
    public void Nobody_else_keeps_apart_or_ends_it()
    {
        Keep(_n.Ann, _n.Ben).ShouldHappen();
        foreach (var other in (Authority[])[Authority.None, Authority.Everything, Neighbours.Organiser(), Neighbours.Holder(_n.Ann), Neighbours.OfApp])
        {
            _n.As(other).Town.Do(d => ApartDecisions.Keep(d, _n.Ann, _n.Ben)).ShouldBeRefused(RefusalCode.NotPermitted);
            _n.As(other).Town.Do(d => ApartDecisions.End(d, Id)).ShouldBeRefused(RefusalCode.NotPermitted);
        }
    }

    [Test]
    public void Two_are_two_persons_of_this_bank()
    {
        Keep(_n.Ann, _n.Ann).ShouldBeRefused(RefusalCode.SameAccount);
        Keep(Town.Nobody, _n.Ann).ShouldBeRefused(RefusalCode.AccountUnknown);
        Keep(_n.Ann, _n.Garden).ShouldBeRefused(RefusalCode.WrongKindOfAccount).Figure("accountKind").ShouldBe(AccountKind.Project);
        End(Town.NoThing).ShouldBeRefused(RefusalCode.ApartUnknown);
        new Town().Do(d => ApartDecisions.End(d, Town.NoThing)).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    private Decision<Apart> Keep(AccountId a, AccountId b) => _n.As(Lead).Town.Do(d => ApartDecisions.Keep(d, a, b), [], Apart.IdOf(a, b));

    private Decision<Apart> End(ThingId id) => _n.As(Lead).Town.Do(d => ApartDecisions.End(d, id));

    private Refusal? Refuses()
    {
        Refusal? said = null;
        _n.As(Neighbours.Organiser()).Town.Do<TimeBank.Banks.Bank>(d =>
        {
            said = Apart.Refuses(d, _n.Ben, _n.Ann);
            return d.Bank!;
        }, [], Id);
        return said;
    }
}
