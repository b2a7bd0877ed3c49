using FsCheck;
using Shouldly;
using TimeBank.Redemptions;

namespace TimeBank.Domain.Tests;

public sealed class VoucherCodeTests
{
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static VoucherCode Any(int seed)
    {
        var chance = new byte[VoucherCode.Chosen];
        new Random(seed).NextBytes(chance);
        return VoucherCode.Of(chance);
    }

    private static string Plain(VoucherCode code) => code.ToString().Replace("-", "", StringComparison.Ordinal);

    [Test]
    public void It_is_shown_in_groups_that_can_be_read_out() =>
        VoucherCode.Of([19, 7, 23, 15, 3, 20, 2, 22]).ToString().ShouldBe("K7QF-3M2P-B");

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void What_was_made_is_read_again(int seed) => VoucherCode.Parse(Any(seed).ToString()).ShouldBe(Any(seed));

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void Every_single_wrong_sign_is_noticed(int seed)
    {
        var plain = Plain(Any(seed));
        for (var i = 0; i < plain.Length; i++)
        {
            foreach (var wrong in Signs.Where(s => s != plain[i]))
                VoucherCode.Parse($"{plain[..i]}{wrong}{plain[(i + 1)..]}").ShouldBeNull();
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_two_signs_that_changed_places_are_noticed(int seed)
    {
        var plain = Plain(Any(seed));
        for (var i = 0; i < plain.Length; i++)
        {
            for (var j = i + 1; j < plain.Length; j++)
            {
                if (plain[i] == plain[j])
                    continue;
                var swapped = plain.ToCharArray();
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                VoucherCode.Parse(new string(swapped)).ShouldBeNull();
            }
        }
    }

    [Test]
    public void Small_letters_spaces_and_what_looks_alike_are_as_good()
    {
        var code = VoucherCode.Of([0, 1, 0, 1, 10, 11, 12, 13]);
        code.ToString().ShouldStartWith("0101-ABCD-");

        VoucherCode.Parse($"oi ol abcd {code.ToString()[^1]}").ShouldBe(code);
        VoucherCode.Parse(code.ToString().ToLowerInvariant()).ShouldBe(code);
    }

    [TestCase("")]
    [TestCase("K7QF-3M2P")]
    [TestCase("K7QF-3M2P-BB")]
    [TestCase("U7QF-3M2P-B")]
    [TestCase("K7QF-3M2P-é")]
    [TestCase("K7QF_3M2P_B")]
    public void What_cannot_be_a_code_is_none(string typed) => VoucherCode.Parse(typed).ShouldBeNull();

    [Test]
    public void Codes_that_differ_lead_to_different_things_and_the_same_to_the_same()
    {
        var codes = Enumerable.Range(0, 1_000).Select(Any).ToList();

        codes.Select(c => c.Voucher).Distinct().Count().ShouldBe(codes.Distinct().Count());
        Any(7).Voucher.ShouldBe(Any(7).Voucher);
    }
}
