using Shouldly;

namespace TimeBank.Domain.Tests;

public sealed class MinutesTests
{
    [TestCase(0)]
    [TestCase(9_007_199_254_740_991)]
    [TestCase(-9_007_199_254_740_991)]
    public void Minutes_are_whole_and_within_what_every_reader_of_json_reads_exactly(long value) => new Minutes(value).Value.ShouldBe(value);

    [TestCase(9_007_199_254_740_992)]
    [TestCase(-9_007_199_254_740_992)]
    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    public void Minutes_beyond_the_range_do_not_exist(long value)
    {
        Minutes.InRange(value).ShouldBeFalse();
        Should.Throw<OverflowException>(() => new Minutes(value));
    }

    [Test]
    public void Arithmetic_is_checked()
    {
        var most = new Minutes(Minutes.Limit);

        Should.Throw<OverflowException>(() => most + new Minutes(1));
        Should.Throw<OverflowException>(() => -most - new Minutes(1));
        Minutes.CanAdd(most, new Minutes(1)).ShouldBeFalse();
        Minutes.CanAdd(most, new Minutes(-1)).ShouldBeTrue();
        Minutes.CanAdd(most, most).ShouldBeFalse();
    }

    [Test]
    public void Minutes_add_subtract_and_compare_as_numbers_do()
    {
        var (two, five) = (new Minutes(2), new Minutes(5));

        (two + five).ShouldBe(new Minutes(7));
        (two - five).ShouldBe(new Minutes(-3));
        (-five).ShouldBe(new Minutes(-5));
        (two < five && five > two && two <= five && five >= two && !(five < two) && !(two > five)).ShouldBeTrue();
        two.CompareTo(five).ShouldBeLessThan(0);
        default(Minutes).ShouldBe(Minutes.Zero);
        five.ToString().ShouldBe("5");
    }
}
