using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

public sealed class HashChainTests
{
    private static readonly DateTimeOffset s_posted = new DateTimeOffset(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero).AddMicroseconds(793);

    private static string Hash(
        byte[]? former = null, string bank = "town", long number = 1, DateTimeOffset? posted = null, string stream = "0199f2d4-7a10-7c3e-8b00-0000000080a1",
        long version = 1, string type = "hours_credited", string body = "{\"minutes\":90}", string? correlation = "c", string? causation = null, string? headers = null)
    {
        using var chain = new HashChain();
        chain.Begin(former ?? HashChain.Start, bank, number, posted ?? s_posted);
        chain.Add(Guid.Parse(stream), version, type, System.Text.Encoding.UTF8.GetBytes(body), correlation, causation, headers);
        return Convert.ToHexStringLower(chain.End());
    }

    // Worked out by hand (Python's hashlib) from the form that HashChain describes.
    [Test]
    public void The_chain_is_what_it_ever_was() => Hash().ShouldBe("b24ac75abe9abd99a2ec8f6e6bddc35b59281bfdd99644e915ff5e11d1aa2624");

    [Test]
    public void Whatever_is_altered_alters_the_hash()
    {
        var former = new byte[HashChain.Size];
        former[31] = 1;
        string[] hashes =
        [
            Hash(), Hash(former), Hash(bank: "tow"), Hash(number: 2), Hash(posted: s_posted.AddMicroseconds(1)), Hash(stream: "0199f2d4-7a10-7c3e-8b00-0000000080a2"),
            Hash(version: 2), Hash(type: "hours_debited"), Hash(body: "{\"minutes\":91}"), Hash(correlation: "d"), Hash(correlation: null),
            Hash(headers: "{}"), Hash(headers: "{ }"), Hash(causation: "{}"),
            // What moves from one member to its neighbour is seen, too.
            Hash(causation: "c", correlation: null), Hash(type: "hours_credite", body: "d{\"minutes\":90}"),
        ];

        hashes.ShouldBeUnique();
    }

    [Test]
    public void One_chain_may_be_used_for_batch_after_batch()
    {
        using var chain = new HashChain();
        chain.Begin(HashChain.Start, "town", 1, s_posted);
        var first = chain.End();
        chain.Begin(HashChain.Start, "town", 1, s_posted);

        chain.End().ShouldBe(first);
    }
}
