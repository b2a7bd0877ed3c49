using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Safeguarding;

namespace TimeBank.Domain.Tests;

/// <summary>Strangers who ask to join: nobody speaks for them, and nothing is theirs until an organiser admits them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ApplyingTests
{
    private Town _town = new(BankPolicy.Default with { WelcomeHours = new(60) });

    [Test]
    public void A_stranger_applies_by_nobody_s_word_and_gets_no_hours()
    {
        _town.Authority = Authority.None;

        var asked = Ask().ShouldHappen();

        (asked.Is, asked.How, asked.Stranger).ShouldBe((MemberStage.Applied, Approach.Page, true));
        (_town[asked.Account].Status, _town[asked.Account].Balance).ShouldBe((AccountStatus.Frozen, Minutes.Zero));
    }

    [Test]
    public void Nothing_comes_to_a_stranger_s_account_or_leaves_it_before_they_are_admitted()
    {
        var asked = Ask().ShouldHappen().Account;
        var ann = _town.Open(AccountKind.Member, 100);

        _town.Post(TransferKind.Gift, ann, asked, 10).ShouldBeRefused(RefusalCode.AccountFrozen);
        _town.Do(d => MemberDecisions.Admit(d, asked)).ShouldBeRefused(RefusalCode.AgreementNeeded);
        _town.Do(d => MemberDecisions.TakeStep(d, asked, JoiningStep.Agreed, d.Today, "1")).ShouldHappen();
        _town.Do(d => MemberDecisions.Admit(d, asked)).ShouldHappen().Is.ShouldBe(MemberStage.Active);

        (_town[asked].Status, _town[asked].Balance).ShouldBe((AccountStatus.Open, new Minutes(60)));
        _town.Post(TransferKind.Gift, ann, asked, 10).ShouldHappen();
    }

    [Test]
    public void An_account_that_an_organiser_froze_stays_frozen_when_its_holder_is_admitted()
    {
        var ann = _town.Open(AccountKind.Member);
        _town.Do(d => MemberDecisions.Apply(d, ann, Approach.Page, Club.Nothing, null)).ShouldHappen();
        _town.Do(d => AccountDecisions.Freeze(d, ann, null)).ShouldHappen();
        _town.Do(d => MemberDecisions.TakeStep(d, ann, JoiningStep.Agreed, d.Today, "1")).ShouldHappen();

        _town.Do(d => MemberDecisions.Admit(d, ann)).ShouldHappen();

        _town[ann].Status.ShouldBe(AccountStatus.Frozen);
    }

    [Test]
    public void A_bank_that_takes_no_strangers_is_to_them_as_if_it_were_not_there()
    {
        _town = new Town(BankPolicy.Default with { TakesApplications = false });
        Ask().ShouldBeRefused(RefusalCode.BankUnknown);
        _town = Town.WithoutBank();
        Ask().ShouldBeRefused(RefusalCode.BankUnknown);
    }

    [Test]
    public void So_many_wait_and_no_more_are_taken()
    {
        Ask(Enrolment.MostStrangers - 1).ShouldHappen();
        Ask(Enrolment.MostStrangers).ShouldBeRefused(RefusalCode.ApplicationsFull).Figure("most").ShouldBe(Enrolment.MostStrangers);
    }

    /// <summary>In 2026: of a year its last day counts.</summary>
    [TestCase(null, false, null), TestCase(1950, false, null), TestCase(2007, false, null), TestCase(2008, false, "2026-12-31"), TestCase(2015, true, "2033-12-31")]
    [TestCase(null, true, "2044-03-14"), TestCase(1950, true, null)]
    public void Who_is_under_18_is_marked_on_the_way_in(int? bornIn, bool saysSo, string? until)
    {
        var age = new Age(bornIn, saysSo);
        var (asked, enrolled, applied) = (Ask(age: age).ShouldHappen().Account, Enrol(age).Account, _town.Open(AccountKind.Member));
        _town.Do(d => MemberDecisions.Apply(d, applied, Approach.Paper, Club.Nothing, null, age)).ShouldHappen();

        foreach (var account in (AccountId[])[asked, enrolled, applied])
            (_town.Knows(Youth.IdOf(account)) ? _town.Thing<Youth>(Youth.IdOf(account)).Until : (DateOnly?)null).ShouldBe(until is null ? null : DateOnly.Parse(until, null));
    }

    [Test]
    public void Who_is_under_18_and_enrolled_is_a_member_once_a_guardian_has_agreed()
    {
        Enrol(default, agreed: true).Is.ShouldBe(MemberStage.Active);
        var member = Enrol(new Age(2015), agreed: true);

        (member.Is, _town[member.Account].Balance, member.Joining.ContainsKey(JoiningStep.Agreed)).ShouldBe((MemberStage.Invited, Minutes.Zero, true));
        _town.Do(d => MemberDecisions.Admit(d, member.Account)).ShouldBeRefused(RefusalCode.GuardianNeeded);
    }

    [Test]
    public void Who_writes_of_themselves_that_they_are_under_18_is_marked_and_what_an_organiser_wrote_down_stays()
    {
        var ann = _town.Open(AccountKind.Member);
        _town.Do(d => MemberDecisions.Apply(d, ann, Approach.Paper, Club.Nothing, null)).ShouldHappen();
        _town.Do(d => MemberDecisions.Rewrite(d, ann, Club.Nothing, null, 1, new Age(null, true))).ShouldHappen();
        _town.Thing<Youth>(Youth.IdOf(ann)).Until.ShouldBe(_town.Today.AddYears(18));
        _town.Do(d => YouthDecisions.Mark(d, ann, _town.Today.AddDays(9))).ShouldHappen();

        _town.Do(d => MemberDecisions.Rewrite(d, ann, Club.Nothing, null, 2, new Age(null, true))).ShouldHappen();

        _town.Thing<Youth>(Youth.IdOf(ann)).Until.ShouldBe(_town.Today.AddDays(9));
    }

    private Decision<Member> Ask(int waiting = 0, Age age = default)
    {
        var asked = _town.Do(d => Enrolment.Ask(d, new AccountId(d.Mint()), Somebody(Approach.Page, age), waiting));
        if (asked.Answer is { } member)
            _town.Asked.AddRange([Youth.IdOf(member.Account), member.Id]);
        return asked;
    }

    private Member Enrol(Age age, bool agreed = false)
    {
        var agreement = agreed ? new Agreement("1", _town.Today) : null;
        var member = _town.Do(d => Enrolment.Enrol(d, new AccountId(d.Mint()), Somebody(Approach.Invited, age) with { Agreed = agreement })).ShouldHappen();
        _town.Asked.Add(Youth.IdOf(member.Account));
        return member;
    }

    private static Newcomer Somebody(Approach how, Age age) => new(Neighbours.Why, "north", null, how, Club.Nothing, Neighbours.Why, null, age);
}
