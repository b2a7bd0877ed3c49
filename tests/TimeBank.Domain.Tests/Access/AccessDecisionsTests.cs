using NUnit.Framework;
using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;

namespace TimeBank.Domain.Tests.Access;

/// <summary>Standings, keys and links, given and taken back.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AccessDecisionsTests
{
    private static readonly PersonId s_olga = new(Guid.Parse("01990000-0000-7000-8000-000000000001"));
    private static readonly PersonId s_pete = new(Guid.Parse("01990000-0000-7000-8000-000000000002"));
    private static readonly Standing s_organiser = new(Role.Organiser);
    private static readonly RightId s_key = new(Uuid.Version7(Town.Noon, 50_000, 1));
    private static readonly RightId s_noRight = new(Uuid.Version7(Town.Noon, 50_001, 1));

    private readonly Town _town = new();

    [Test]
    public void The_operator_appoints_the_first_organiser_and_no_second()
    {
        _town.Authority = Authority.None;

        Appoint(s_olga).ShouldHappen().Standing.ShouldBe(s_organiser);
        _town.Bank!.Organisers.ShouldBe([s_olga]);
        Appoint(s_pete).ShouldBeRefused(RefusalCode.OrganiserThere);
    }

    [Test]
    public void A_standing_that_somebody_has_is_not_given_again_and_one_that_ended_is()
    {
        var grant = Give(s_olga, s_organiser).ShouldHappen();
        Give(s_olga, s_organiser).ShouldChangeNothing(_town).ShouldBe(grant);
        Give(s_pete, s_organiser).ShouldHappen();
        End(grant.Id).ShouldHappen().Active.ShouldBeFalse();
        End(grant.Id).ShouldChangeNothing(_town);
        _town.Bank!.Organisers.ShouldBe([s_pete]);

        Give(s_olga, s_organiser).ShouldHappen().ShouldBe(grant);
        _town.Bank!.Organisers.ShouldBe([s_pete, s_olga]);
    }

    [Test]
    public void A_bank_keeps_its_last_organiser()
    {
        var grant = Give(s_olga, s_organiser).ShouldHappen();

        End(grant.Id).ShouldBeRefused(RefusalCode.LastOrganiser);
    }

    [TestCase(Role.Coordinator, AccountKind.Project, AccountKind.Pot)]
    [TestCase(Role.Staff, AccountKind.Provider)]
    [TestCase(Role.Member, AccountKind.Member)]
    public void A_role_for_an_account_goes_with_its_kind_of_account(Role role, params AccountKind[] kinds)
    {
        foreach (var other in (AccountKind[])[AccountKind.Project, AccountKind.Provider, AccountKind.Member, AccountKind.Pot])
        {
            var given = Give(s_olga, new Standing(role, _town.Open(other)));
            if (kinds.Contains(other))
                given.ShouldHappen();
            else
                given.ShouldBeRefused(RefusalCode.StandingMisfits);
        }
        Give(s_olga, new Standing(role)).ShouldBeRefused(RefusalCode.StandingMisfits);
        Give(s_olga, new Standing(role, Town.Nobody)).ShouldBeRefused(RefusalCode.AccountUnknown);
    }

    [Test]
    public void A_neighbourhood_goes_with_its_coordinator_and_with_nobody_else()
    {
        Give(s_olga, new Standing(Role.NeighbourhoodCoordinator, null, "north")).ShouldHappen();
        Give(s_olga, new Standing(Role.NeighbourhoodCoordinator)).ShouldBeRefused(RefusalCode.StandingMisfits);
        Give(s_olga, new Standing(Role.Auditor, null, "north")).ShouldBeRefused(RefusalCode.StandingMisfits);
    }

    [Test]
    public void Nobody_is_organiser_and_safeguarding_lead_of_a_bank_at_a_time()
    {
        var lead = new Standing(Role.SafeguardingLead);
        var organiser = Give(s_olga, s_organiser).ShouldHappen();
        Give(s_olga, lead).ShouldBeRefused(RefusalCode.StandingMisfits);
        var listens = Give(s_pete, lead).ShouldHappen();
        Give(s_pete, s_organiser).ShouldBeRefused(RefusalCode.StandingMisfits);
        Give(s_pete, lead).ShouldChangeNothing(_town);

        End(listens.Id).ShouldHappen();
        Give(s_pete, s_organiser).ShouldHappen();
        End(organiser.Id).ShouldHappen();
        Give(s_olga, lead).ShouldHappen();
    }

    [Test]
    public void Nobody_makes_themselves_safeguarding_lead()
    {
        Decision<Grant> GiveAs(PersonId giver, Role role) =>
            _town.Do(d => AccessDecisions.Give(d, s_olga, new Standing(role), giver), AccessDecisions.RightsRead(s_olga, new Standing(role)));

        GiveAs(s_olga, Role.SafeguardingLead).ShouldBeRefused(RefusalCode.NotPermitted);
        GiveAs(s_olga, Role.Auditor).ShouldHappen();
        GiveAs(s_pete, Role.SafeguardingLead).ShouldHappen();
    }

    [Test]
    public void Standings_in_a_neighbourhood_are_given_and_ended_by_who_organises_it_and_no_others()
    {
        var member = _town.Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), AccountKind.Member, null, null, null, null, "north")).ShouldHappen().Id;
        var elsewhere = _town.Open(AccountKind.Member);
        _town.Authority = new Authority(false, [], ["north"], null, true);

        var grant = Give(s_pete, new Standing(Role.Member, member)).ShouldHappen();
        Give(s_pete, new Standing(Role.Member, elsewhere)).ShouldBeRefused(RefusalCode.NotPermitted);
        Give(s_pete, s_organiser).ShouldBeRefused(RefusalCode.NotPermitted);
        End(grant.Id).ShouldHappen();
    }

    [Test]
    public void A_key_counts_until_it_is_revoked_or_its_time_has_come()
    {
        var key = Make(expires: Town.Noon.AddDays(1)).ShouldHappen();

        key.IsValid(Town.Noon).ShouldBeTrue();
        key.IsValid(Town.Noon.AddDays(1)).ShouldBeFalse();
        var revoked = _town.Do(d => AccessDecisions.RevokeKey(d, s_key)).ShouldHappen();
        revoked.IsValid(Town.Noon).ShouldBeFalse();
        revoked.Halves.ShouldBeEmpty();
        _town.Do(d => AccessDecisions.RevokeKey(d, s_key)).ShouldChangeNothing(_town);
        _town.Do(d => AccessDecisions.RotateKey(d, s_key, "second", TimeSpan.Zero)).ShouldBeRefused(RefusalCode.KeyEnded);
    }

    [Test]
    public void While_a_key_is_rotated_two_secrets_count_and_never_three()
    {
        Make().ShouldHappen();
        var second = _town.Do(d => AccessDecisions.RotateKey(d, s_key, "second", TimeSpan.FromHours(1))).ShouldHappen();
        second.Halves.ShouldBe([new KeyHalf("second", null), new KeyHalf("first", Town.Noon.AddHours(1))]);
        var third = _town.Do(d => AccessDecisions.RotateKey(d, s_key, "third", TimeSpan.FromHours(2))).ShouldHappen();

        third.Halves.ShouldBe([new KeyHalf("third", null), new KeyHalf("second", Town.Noon.AddHours(2))]);
    }

    [Test]
    public void Keys_are_made_changed_and_revoked_by_who_organises_the_bank()
    {
        Make().ShouldHappen();
        _town.Authority = new Authority(false, [], ["north"], null, true);

        Make().ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Do(d => AccessDecisions.RotateKey(d, s_key, "second", TimeSpan.Zero)).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Do(d => AccessDecisions.RevokeKey(d, s_key)).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void A_key_ends_ahead_and_is_for_an_account_that_is_there()
    {
        Make(expires: Town.Noon).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        Make(account: Town.Nobody).ShouldBeRefused(RefusalCode.AccountUnknown);
        _town.Do(d => AccessDecisions.RotateKey(d, s_noRight, "x", TimeSpan.Zero), s_noRight).ShouldBeRefused(RefusalCode.RightUnknown);
    }

    [Test]
    public void Only_who_acts_for_an_account_links_it_and_only_to_a_key_that_counts()
    {
        Make().ShouldHappen();
        var (ann, garden) = (_town.Open(AccountKind.Member), _town.Open(AccountKind.Project));
        Link(ann).ShouldBeRefused(RefusalCode.NotPermitted);
        _town.Authority = new Authority(false, [ann, garden], [], null, false);

        Link(garden).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
        Link(ann, most: 0).ShouldBeRefused(RefusalCode.MinutesNotPositive);
        Link(ann, expires: Town.Noon).ShouldBeRefused(RefusalCode.ExpiryNotAhead);
        var link = Link(ann, most: 5).ShouldHappen();
        _town.Authority = _town.Authority with { Accounts = [garden] };
        _town.Do(d => AccessDecisions.EndLink(d, link.Id)).ShouldBeRefused(RefusalCode.RightUnknown);
        _town.Authority = Authority.Everything;
        _town.Do(d => AccessDecisions.EndLink(d, link.Id)).ShouldHappen().Active.ShouldBeFalse();
        _town.Do(d => AccessDecisions.EndLink(d, link.Id)).ShouldChangeNothing(_town);
        _town.Do(d => AccessDecisions.RevokeKey(d, s_key)).ShouldHappen();
        _town.Authority = new Authority(false, [ann], [], null, false);
        Link(ann).ShouldBeRefused(RefusalCode.KeyEnded);
    }

    [Test]
    public void Every_line_of_the_audit_trail_has_its_number_in_one_stream()
    {
        Make().ShouldHappen();
        Give(s_olga, s_organiser).ShouldHappen();
        _town.Do(d => AccessDecisions.Note(d, Noted.Exported, null)).ShouldHappen();

        var trail = _town.Events.Where(e => e.Kind == StreamKind.Audit).ToList();
        trail.ShouldAllBe(e => e.Stream == _town.Bank!.AuditStream);
        trail.Select(e => e.Version).ShouldBe([1, 2, 3]);
        _town.Bank!.AuditVersion.ShouldBe(3);
        _town.Bank!.AuditStream.ShouldNotBe(_town.Bank!.Stream);
    }

    [Test]
    public void Without_a_bank_there_are_no_rights()
    {
        var none = Town.WithoutBank();

        none.Do(d => AccessDecisions.Appoint(d, s_olga), RightId.OfStanding(s_olga, s_organiser)).ShouldBeRefused(RefusalCode.BankUnknown);
        none.Do(d => AccessDecisions.Note(d, Noted.SignedIn, null)).ShouldBeRefused(RefusalCode.BankUnknown);
        none.Do(d => AccessDecisions.RevokeKey(d, s_key), s_key).ShouldBeRefused(RefusalCode.BankUnknown);
    }

    private Decision<Grant> Give(PersonId person, Standing standing) => _town.Do(d => AccessDecisions.Give(d, person, standing), AccessDecisions.RightsRead(person, standing));

    private Decision<Grant> Appoint(PersonId person) => _town.Do(d => AccessDecisions.Appoint(d, person), AccessDecisions.RightsRead(person, s_organiser));

    private Decision<Grant> End(RightId id) => _town.Do(d => AccessDecisions.End(d, id));

    private Decision<Key> Make(DateTimeOffset? expires = null, AccountId? account = null) =>
        _town.Do(d => AccessDecisions.MakeKey(d, s_key, null, [Scope.TransfersWrite], account, false, expires, "first"));

    private Decision<Link> Link(AccountId account, long? most = null, DateTimeOffset? expires = null) =>
        _town.Do(d => AccessDecisions.MakeLink(d, s_key, account, most is { } m ? new Minutes(m) : null, expires), RightId.OfLink(s_key, account));
}
