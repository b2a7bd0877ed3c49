using Shouldly;
using TimeBank.Access;
using TimeBank.FairPlay;
using TimeBank.Texts;

namespace TimeBank.Domain.Tests;

/// <summary>Questions: both stages against both commands, and who answers them.</summary>
public sealed class QuestionTests
{
    private Neighbours _n = null!;

    [SetUp]
    public void Ann_who_worked_long() => _n = new Neighbours();

    private Facts LongDay(long minutes = 1_000) => new(QuestionKind.TooManyHoursInADay, [_n.Ann], _n.Town.Today, new(minutes));

    private Decision<Question> Raise(Facts facts) => _n.As(Authority.Everything).Town.Do(d => QuestionDecisions.Raise(d, facts), [], facts.QuestionId());

    private Decision<Question> PutAside(Facts facts, Authority by) => _n.As(by).Town.Do(d => QuestionDecisions.PutAside(d, facts.QuestionId(), Neighbours.Why), [], facts.QuestionId());

    [Test]
    public void Open_raise_nothing_happens() => Raise(Given(LongDay())).ShouldChangeNothing(_n.Town);

    [Test]
    public void Open_put_aside_keeps_the_note() =>
        PutAside(Given(LongDay()), Neighbours.Organiser()).ShouldHappen().ShouldSatisfyAllConditions(q => q.Is.ShouldBe(QuestionStage.PutAside), q => q.Reason.ShouldBe(Neighbours.Why));

    [Test]
    public void Put_aside_raise_nothing_happens()
    {
        PutAside(Given(LongDay()), Neighbours.Organiser()).ShouldHappen();

        Raise(LongDay()).ShouldChangeNothing(_n.Town).Is.ShouldBe(QuestionStage.PutAside);
    }

    [Test]
    public void Put_aside_put_aside_nothing_happens()
    {
        PutAside(Given(LongDay()), Neighbours.Organiser()).ShouldHappen();

        PutAside(LongDay(), Neighbours.Organiser()).ShouldChangeNothing(_n.Town);
    }

    [Test]
    public void Other_facts_are_another_question()
    {
        PutAside(Given(LongDay()), Neighbours.Organiser()).ShouldHappen();

        Raise(LongDay(1_060)).ShouldHappen().Is.ShouldBe(QuestionStage.Open);
        LongDay().QuestionId().ShouldBe(LongDay().QuestionId());
        (LongDay() with { On = _n.Town.Today.AddDays(1) }).QuestionId().ShouldNotBe(LongDay().QuestionId());
        (LongDay() with { Accounts = [_n.Ben] }).QuestionId().ShouldNotBe(LongDay().QuestionId());
    }

    [Test]
    public void Nobody_answers_one_about_themselves_or_their_household_and_to_others_it_is_not_there()
    {
        var facts = Given(LongDay());

        PutAside(facts, Neighbours.Organiser(_n.Ann)).ShouldBeRefused(RefusalCode.OwnHours);
        PutAside(facts, Neighbours.Organiser() with { Household = [_n.Ann] }).ShouldBeRefused(RefusalCode.OwnHours);
        PutAside(facts, Neighbours.Holder(_n.Ann)).ShouldBeRefused(RefusalCode.QuestionUnknown);
        _n.As(Neighbours.Holder(_n.Ben)).Town.Do(d => QuestionDecisions.Raise(d, facts)).ShouldBeRefused(RefusalCode.NotPermitted);
    }

    private Facts Given(Facts facts)
    {
        Raise(facts).ShouldHappen().Is.ShouldBe(QuestionStage.Open);
        return facts;
    }
}
