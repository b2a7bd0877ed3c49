using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Members;

namespace TimeBank.Domain.Tests;

/// <summary>The way in: who says what, what must have been agreed, and who waits.</summary>
public sealed class MemberTests
{
    private Club _club = null!;

    [SetUp]
    public void Begin() => _club = new Club();

    [Test]
    public void Nobody_is_admitted_who_has_not_agreed()
    {
        _club.Apply().ShouldHappen();
        _club.Say("admit").ShouldBeRefused(RefusalCode.AgreementNeeded);
        _club.Step(JoiningStep.Agreed).ShouldBeRefused(RefusalCode.AgreementNeeded);
        _club.Step(JoiningStep.Agreed, "2026-1", daysAgo: 2).ShouldHappen();

        _club.Say("admit").ShouldHappen();

        _club.Member.Joining[JoiningStep.Agreed].ShouldBe(new StepTaken(_club.Town.Today.AddDays(-2), "2026-1"));
    }

    [Test]
    public void Who_has_left_begins_anew_and_agrees_anew()
    {
        _club.Bring(MemberStage.Left);
        _club.Apply().ShouldHappen();

        _club.Member.Joining.ShouldBeEmpty();
        _club.Say("admit").ShouldBeRefused(RefusalCode.AgreementNeeded);
    }

    [Test]
    public void Who_was_invited_and_applies_keeps_the_steps_that_were_taken()
    {
        _club.Bring(MemberStage.Invited);
        _club.Apply().ShouldHappen();

        _club.Member.Is.ShouldBe(MemberStage.Applied);
        _club.Member.Joining.Keys.ShouldBe([JoiningStep.Agreed]);
    }

    [Test]
    public void Whoever_waits_for_seven_days_after_the_last_step_is_seen()
    {
        _club.Apply().ShouldHappen();
        _club.Member.Due.ShouldBe(Town.Noon.AddDays(7));
        _club.Town.Now += TimeSpan.FromDays(5);

        _club.Step(JoiningStep.Talked).ShouldHappen();
        _club.Member.Due.ShouldBe(Town.Noon.AddDays(12));

        _club.Step(JoiningStep.Agreed, "2026-1").ShouldHappen();
        _club.Say("admit").ShouldHappen();
        _club.Member.Due.ShouldBe(Town.Noon.AddDays(12), "Nothing was proposed to her yet.");
        _club.Step(JoiningStep.FirstHelpProposed).ShouldHappen();
        _club.Member.Due.ShouldBeNull();
    }

    [Test]
    public void A_step_said_twice_is_taken_once_and_said_otherwise_is_corrected()
    {
        _club.Apply().ShouldHappen();
        _club.Step(JoiningStep.Talked).ShouldHappen();
        _club.Step(JoiningStep.Talked).ShouldChangeNothing(_club.Town);
        _club.Step(JoiningStep.Talked, daysAgo: -1).ShouldBeRefused(RefusalCode.OccurredInFuture);

        _club.Step(JoiningStep.Talked, daysAgo: 3).ShouldHappen();

        _club.Member.Joining[JoiningStep.Talked].On.ShouldBe(_club.Town.Today.AddDays(-3));
    }

    [Test]
    public void The_way_in_is_the_organisers_matter_and_what_they_say_of_themselves_is_their_own()
    {
        var (ann, other) = (Neighbours.Holder(_club.Ann), Neighbours.Holder(_club.Town.Open(AccountKind.Member)));
        _club.As(ann).Apply(Approach.Invited).ShouldBeRefused(RefusalCode.NotPermitted);
        _club.As(other).Apply().ShouldBeRefused(RefusalCode.NotPermitted);
        _club.As(ann).Apply().ShouldHappen();
        foreach (var (may, command, does) in ((Authority, string, bool)[])[(ann, "step", false), (ann, "admit", false), (ann, "rewrite", true), (ann, "leave", true),
            (other, "rewrite", false), (other, "leave", false), (other, "pause", false), (other, "return", false)])
            (_club.As(may).Say(command).Refusal?.Code).ShouldBe(does ? null : RefusalCode.NotPermitted, command);
    }

    [TestCase(AccountKind.Project), TestCase(AccountKind.Provider), TestCase(AccountKind.Pot)]
    public void A_membership_belongs_to_a_members_account(AccountKind kind)
    {
        var account = _club.Town.Open(kind);

        _club.Town.Do(d => MemberDecisions.Apply(d, account, Approach.Page, Club.Nothing, null), [], Member.IdOf(account)).ShouldBeRefused(RefusalCode.WrongKindOfAccount);
    }

    [Test]
    public void An_account_has_one_membership_whose_id_is_its_own()
    {
        _club.Apply().ShouldHappen();
        _club.Apply().ShouldBeRefused(RefusalCode.MemberPast);
        Uuid.WithVersion(Member.IdOf(_club.Ann).Value, 7).ShouldBe(_club.Ann.Value);
    }

    [Test]
    public void The_safeguarding_lead_pauses_at_once_and_nobody_else_lets_them_return()
    {
        _club.Bring(MemberStage.Active);
        var lead = ApartTests.Lead;

        _club.As(lead).Say("pause").ShouldHappen();

        _club.Member.Is.ShouldBe(MemberStage.Paused);
        ((Member)_club.Member.For(_club.Ann)).Kept.ShouldBeNull("No reason is shown, nor by whom.");
        foreach (var other in (Authority[])[Neighbours.Holder(_club.Ann), Neighbours.Organiser(), Authority.Everything])
            _club.As(other).Say("return").ShouldBeRefused(RefusalCode.NotPermitted);
        _club.As(lead).Say("pause").ShouldChangeNothing(_club.Town);
        _club.As(lead).Say("return").ShouldHappen().Is.ShouldBe(MemberStage.Active);
        _club.As(Neighbours.Holder(_club.Ann)).Say("pause").ShouldHappen();
        _club.Say("return").ShouldHappen();
    }

    [Test]
    public void Who_paused_by_themselves_stays_paused_when_the_lead_says_so_and_who_leaves_comes_back_paused()
    {
        _club.Bring(MemberStage.Paused);
        _club.As(ApartTests.Lead).Say("pause").ShouldHappen();
        _club.As(Authority.Everything).Say("return").ShouldBeRefused(RefusalCode.NotPermitted);

        _club.Say("leave").ShouldHappen();
        _club.Apply().ShouldHappen();
        _club.Step(JoiningStep.Agreed, "1").ShouldHappen();

        _club.Say("admit").ShouldHappen().Is.ShouldBe(MemberStage.Paused);
    }

    [Test]
    public void The_lead_does_nothing_else_for_a_member()
    {
        _club.Bring(MemberStage.Active);
        _club.As(ApartTests.Lead);

        _club.Say("rewrite").ShouldBeRefused(RefusalCode.NotPermitted);
        _club.Say("leave").ShouldBeRefused(RefusalCode.NotPermitted);
        _club.Say("step").ShouldBeRefused(RefusalCode.NotPermitted);
    }

    [Test]
    public void Who_becomes_a_member_is_given_welcome_hours_once_by_the_community()
    {
        var club = new Club();
        club.Town.Change(p => p with { WelcomeHours = new(120) });
        club.Bring(MemberStage.Active);

        (club.Town.Balance(club.Ann), club.Town.Balance(club.Town.Issuer)).ShouldBe((120, -120));
        club.Member.Joining[JoiningStep.WelcomeHoursGiven].On.ShouldBe(club.Town.Today);
        club.Say("admit").ShouldChangeNothing(club.Town);
    }

    [Test]
    public void Nobody_stays_outside_because_the_welcome_hours_cannot_be_taken()
    {
        var club = new Club();
        club.Town.Change(p => p with { WelcomeHours = new(120) });
        club.Town.Do(d => AccountDecisions.Freeze(d, club.Ann, null)).ShouldHappen();
        club.Bring(MemberStage.Active);

        club.Town.Balance(club.Ann).ShouldBe(0);
        club.Member.Joining.ShouldNotContainKey(JoiningStep.WelcomeHoursGiven);
    }
}
