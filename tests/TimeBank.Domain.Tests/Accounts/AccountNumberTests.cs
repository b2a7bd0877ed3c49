using Shouldly;
using TimeBank.Accounts;
using TimeBank.Members;

namespace TimeBank.Domain.Tests;

/// <summary>Numbers by which accounts are known, and what each stage of one lets happen.</summary>
public sealed class AccountNumberTests
{
    private Town _town = null!;
    private AccountId _ann, _ben;

    [SetUp]
    public void Open()
    {
        _town = new Town();
        _ann = _town.Open(AccountKind.Member);
        _ben = _town.Open(AccountKind.Member);
        _town.Asked.AddRange([AccountNumber.IdOf("a-17"), AccountNumber.IdOf("17"), AccountNumber.IdOf("18"), AccountNumber.IdOf("19")]);
    }

    private Decision<AccountNumber> Give(AccountId account, string number) => _town.Do(d => AccountNumber.Give(d, account, number));

    private Decision<AccountNumber> TakeBack(AccountId account, string number) => _town.Do(d => AccountNumber.TakeBack(d, account, number));

    [Test]
    public void A_number_stands_for_one_account_until_it_is_taken_back()
    {
        Give(_ann, "A-17").ShouldHappen().Account.ShouldBe(_ann);
        Give(_ben, "a-17").ShouldBeRefused(RefusalCode.NumberTaken);
        TakeBack(_ben, "A-17").ShouldBeRefused(RefusalCode.NumberUnknown);

        TakeBack(_ann, "a-17").ShouldHappen().Is.ShouldBe(AccountNumberStage.Free);

        Give(_ben, "a-17").ShouldHappen().Account.ShouldBe(_ben);
    }

    /// <summary>Stages by commands: by whoever has it, and by somebody else.</summary>
    [TestCase("none", "give", null, 1), TestCase("none", "takeBack", RefusalCode.NumberUnknown, 0)]
    [TestCase("inUse", "give", null, 0), TestCase("inUse", "takeBack", null, 1)]
    [TestCase("inUse", "giveOther", RefusalCode.NumberTaken, 0), TestCase("inUse", "takeBackOther", RefusalCode.NumberUnknown, 0)]
    [TestCase("free", "give", null, 1), TestCase("free", "takeBack", null, 0)]
    [TestCase("free", "giveOther", null, 1), TestCase("free", "takeBackOther", RefusalCode.NumberUnknown, 0)]
    public void Every_stage_lets_happen_what_the_table_says(string stage, string command, RefusalCode? refused, int events)
    {
        if (stage != "none")
            Give(_ann, "17").ShouldHappen();
        if (stage == "free")
            TakeBack(_ann, "17").ShouldHappen();
        var happened = 0;

        var said = _town.Do(d =>
        {
            var decision = command.StartsWith("give", StringComparison.Ordinal)
                ? AccountNumber.Give(d, command.EndsWith("Other", StringComparison.Ordinal) ? _ben : _ann, "17")
                : AccountNumber.TakeBack(d, command.EndsWith("Other", StringComparison.Ordinal) ? _ben : _ann, "17");
            happened = d.Events.Count;
            return decision;
        });

        (said.Refusal?.Code).ShouldBe(refused);
        happened.ShouldBe(events);
    }

    [TestCase("17", true), TestCase("A-17", true), TestCase("2019/4.b_c", true), TestCase("", false), TestCase("-1", false), TestCase("1 7", false), TestCase("é", false), TestCase("=1", false)]
    public void A_number_is_letters_and_digits(string number, bool valid) => AccountNumber.IsValid(number).ShouldBe(valid);

    [Test]
    public void Who_is_enrolled_has_account_number_and_membership_or_none_of_them()
    {
        Give(_ann, "17").ShouldHappen();
        var profile = new Profile([], [], [], [], null);
        Decision<Member> Enrol(string number, Agreement? agreed) => _town.Do(d => Enrolment.Enrol(
            d, new AccountId(d.Mint()), new Newcomer(new Texts.TextRef(default, ""), null, number, Approach.Paper, profile, null, agreed)));

        Enrol("17", null).ShouldBeRefused(RefusalCode.NumberTaken);
        Enrol("18", new Agreement("1", _town.Today.AddDays(1))).ShouldBeRefused(RefusalCode.OccurredInFuture);
        Enrol("18", null).ShouldHappen().Is.ShouldBe(MemberStage.Applied);
        Enrol("19", new Agreement("1", _town.Today)).ShouldHappen().Is.ShouldBe(MemberStage.Active);
    }
}
