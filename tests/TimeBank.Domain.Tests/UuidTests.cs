using Shouldly;

namespace TimeBank.Domain.Tests;

public sealed class UuidTests
{
    private static readonly DateTimeOffset s_moment = new DateTimeOffset(2026, 11, 21, 23, 59, 59, 999, TimeSpan.Zero).AddMicroseconds(987);

    [Test]
    public void An_id_is_a_UUID_of_version_7_and_of_the_variant_of_RFC_9562()
    {
        var text = Uuid.Version7(s_moment, 65_535, uint.MaxValue).ToString();

        text[14].ShouldBe('7');
        "89ab".ShouldContain(text[19]);
        text[^4..].ShouldBe("0000");
    }

    [Test]
    public void An_id_tells_its_instant_to_the_microsecond() => Uuid.InstantOf(Uuid.Version7(s_moment, 77, 123_456_789)).ShouldBe(s_moment);

    [Test]
    public void Ids_sort_by_instant_then_by_number_whatever_chance_says()
    {
        Guid[] inOrder =
        [
            Uuid.FirstOf(s_moment),
            Uuid.Version7(s_moment, 0, 5),
            Uuid.Version7(s_moment, 1, uint.MaxValue),
            Uuid.Version7(s_moment, 2, 0),
            Uuid.Version7(s_moment, 3, 9),
            Uuid.Version7(s_moment, 4, 9),
            Uuid.Version7(s_moment, 1023, 9),
            Uuid.Version7(s_moment, 1024, 9),
            Uuid.Version7(s_moment, 65_535, 0),
            Uuid.Version7(s_moment.AddMicroseconds(1), 0, 0),
            Uuid.Version7(s_moment.AddMilliseconds(1), 0, 0),
            Uuid.Version7(s_moment.AddYears(100), 0, 0),
        ];

        inOrder.Select(g => g.ToString()).ShouldBe(inOrder.Select(g => g.ToString()).Order(StringComparer.Ordinal));
        inOrder.ShouldBeUnique();
    }

    [Test]
    public void A_transfer_is_its_posting_with_the_number_of_its_leg()
    {
        var posting = new PostingId(Uuid.Version7(s_moment, 3, 7));

        foreach (var leg in new[] { 1, 2, 255, 256, 10_000, 65_535 })
        {
            var transfer = TransferId.Of(posting, leg);
            transfer.Posting.ShouldBe(posting);
            transfer.Leg.ShouldBe(leg);
            Uuid.InstantOf(transfer.Value).ShouldBe(s_moment);
        }
        Should.Throw<ArgumentOutOfRangeException>(() => TransferId.Of(posting, 65_536));
        Should.Throw<OverflowException>(() => TransferId.Of(posting, -1));
    }

    [Test]
    public void An_account_s_settings_have_a_stream_of_their_own_which_leads_back_to_the_account()
    {
        var account = new AccountId(Uuid.WithLow16(Uuid.Version7(s_moment, 3, 7), 0x8001));

        account.SettingsStream.ShouldNotBe(account.Value);
        account.SettingsStream.ToString()[14].ShouldBe('8');
        AccountId.OfSettings(account.SettingsStream).ShouldBe(account);
    }

    [Test]
    public void What_a_command_mints_never_meets_the_numbers_of_its_transfers()
    {
        var draft = new Draft(new Ledger(Town.Id, null, Town.Noon, default), new PostingId(Uuid.Version7(s_moment, 0, 0)), TimeBank.Access.Authority.Everything);

        Guid[] minted = [draft.Mint(), draft.Mint()];

        minted.ShouldBeUnique();
        minted.ShouldAllBe(g => Uuid.Low16(g) >= 0x8000 && Uuid.Low16(g) > Postings.Posting.MostTransfers);
    }

    [TestCase("a", true)]
    [TestCase("law-school-2", true)]
    [TestCase("", false)]
    [TestCase(null, false)]
    [TestCase("-a", false)]
    [TestCase("a-", false)]
    [TestCase("Aa", false)]
    [TestCase("ä", false)]
    [TestCase("a b", false)]
    public void A_bank_s_name_is_plain(string? name, bool valid) => BankId.IsValid(name).ShouldBe(valid);

    [Test]
    public void A_bank_s_name_has_63_characters_at_most()
    {
        BankId.IsValid(new string('a', 63)).ShouldBeTrue();
        BankId.IsValid(new string('a', 64)).ShouldBeFalse();
    }
}
