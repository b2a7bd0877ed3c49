using Shouldly;
using TimeBank.Access;
using TimeBank.Credentials;

namespace TimeBank.Domain.Tests;

public sealed class MemberCredentialsTests
{
    private const string Unknown = "unknown", Same = "nothing happens";

    private Neighbours _n = null!;

    [SetUp]
    public void A_town_where_nobody_has_shown_anything()
    {
        _n = new Neighbours();
        _n.Town.Asked.Add(MemberCredentials.IdOf(_n.Ann));
    }

    private DateOnly Today => _n.Town.Today;

    private Decision<MemberCredentials> Record(string kind = "first-aid", DateOnly? until = null, PersonId? by = null) =>
        _n.Town.Do(d => CredentialDecisions.Record(d, _n.Ann, new Credential(new ThingId(d.Mint()), kind, Today, by, until)));

    private Decision<MemberCredentials> Revoke(DateOnly? on = null, int which = 0) =>
        _n.Town.Do(d => CredentialDecisions.Revoke(d, _n.Ann, Held?.Credentials[which].Id ?? Town.NoThing, on ?? Today));

    private MemberCredentials? Held => _n.Town.Knows(MemberCredentials.IdOf(_n.Ann)) ? _n.Town.Thing<MemberCredentials>(MemberCredentials.IdOf(_n.Ann)) : null;

    /// <summary>None ever, held, none left: what each command leads to.</summary>
    [TestCase("record", null, "Held"), TestCase("record", CredentialsStage.Held, "Held"), TestCase("record", CredentialsStage.NoneLeft, "Held")]
    [TestCase("revoke", null, Unknown), TestCase("revoke", CredentialsStage.Held, "NoneLeft"), TestCase("revoke", CredentialsStage.NoneLeft, Same)]
    public void Each_command_leads_where_the_table_says(string command, CredentialsStage? stage, string leads)
    {
        if (stage is not null)
            Record().ShouldHappen();
        if (stage == CredentialsStage.NoneLeft)
            Revoke().ShouldHappen();
        Held?.Stage.ShouldBe(stage);

        var decision = command == "record" ? Record() : Revoke();

        if (leads == Unknown)
            decision.ShouldBeRefused(RefusalCode.CredentialUnknown);
        else if (leads == Same)
            decision.ShouldChangeNothing(_n.Town);
        else
            decision.ShouldHappen().Stage.ToString().ShouldBe(leads);
    }

    [Test]
    public void Who_organises_the_member_records_them_and_nobody_for_themselves()
    {
        _n.As(Neighbours.Holder(_n.Ann));
        Record().ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Neighbours.Holder(_n.Garden));
        Record().ShouldBeRefused(RefusalCode.NotPermitted);
        _n.Town.Change(_n.Ann, a => a with { Neighbourhood = "north" });
        _n.As(Authority.None with { Neighbourhoods = ["south"] });
        Record().ShouldBeRefused(RefusalCode.NotPermitted);
        _n.As(Authority.None with { Neighbourhoods = ["north"] });
        Record(by: new PersonId(Town.Nobody.Value)).ShouldHappen().Credentials.ShouldHaveSingleItem().SeenBy.ShouldBe(new PersonId(Town.Nobody.Value));
    }

    [Test]
    public void A_day_on_which_it_was_revoked_is_corrected_to_an_earlier_one_only()
    {
        Record().ShouldHappen();
        _n.Town.Now += TimeSpan.FromDays(9);
        Revoke(Today.AddDays(-3)).ShouldHappen();

        Revoke().ShouldChangeNothing(_n.Town);
        Revoke(Today.AddDays(-5)).ShouldHappen().Credentials[0].RevokedOn.ShouldBe(Today.AddDays(-5));
    }

    [Test]
    public void What_ends_first_is_due_unless_another_of_its_kind_lasts_longer()
    {
        Record(until: Today.AddDays(5)).ShouldHappen().Due.ShouldBe(new DateTimeOffset(Today.AddDays(5), TimeOnly.MinValue, TimeSpan.Zero));
        Record("training-saw", Today.AddDays(9)).ShouldHappen().EndingBy(Today.AddDays(7)).Select(c => c.Kind).ShouldBe(["first-aid"]);
        Record(until: Today.AddDays(30)).ShouldHappen().Due.ShouldBe(new DateTimeOffset(Today.AddDays(9), TimeOnly.MinValue, TimeSpan.Zero));
        Record("training-saw").ShouldHappen().EndingBy(Today.AddDays(29)).ShouldBeEmpty();
        Revoke(which: 3).ShouldHappen().EndingBy(Today.AddDays(29)).Select(c => c.Until).ShouldBe([Today.AddDays(9)]);
    }
}
