using Shouldly;
using TimeBank.Reports;

namespace TimeBank.Domain.Tests.Reports;

public sealed class SankeyTests
{
    private const double Exactly = 1e-6;

    private static readonly string[] s_order = ["issuer", "project", "member", "provider"];

    private static Sankey Of(params (string From, string To, long Minutes)[] flows) =>
        Sankey.Of(flows.Select(f => new Flow(f.From, f.To, new Minutes(f.Minutes))), s_order, height: 200, gap: 10, least: 30);

    [Test]
    public void Blocks_and_bands_are_as_high_as_they_have_minutes()
    {
        var picture = Of(("issuer", "member", 100), ("member", "provider", 250), ("member", "member", 50));

        picture.Bands.Select(b => (b.Flow.From, b.Flow.To, b.Height)).ShouldBe([("issuer", "member", 50), ("member", "member", 25), ("member", "provider", 125)]);
        picture.From.Select(n => (n.Name, n.Minutes.Value, n.Height)).ShouldBe([("issuer", 100, 50), ("member", 300, 150)]);
        picture.To.Select(n => (n.Name, n.Minutes.Value, n.Height)).ShouldBe([("member", 150, 75), ("provider", 250, 125)]);
    }

    [Test]
    public void What_leaves_one_side_arrives_at_the_other()
    {
        var picture = Of(("issuer", "project", 7), ("project", "member", 5), ("member", "provider", 3), ("provider", "project", 2), ("member", "member", 1));

        picture.From.Sum(n => n.Minutes.Value).ShouldBe(18);
        picture.To.Sum(n => n.Minutes.Value).ShouldBe(18);
        foreach (var node in picture.From)
            picture.Bands.Where(b => b.Flow.From == node.Name).Sum(b => b.Height).ShouldBe(node.Height, Exactly, node.Name);
        foreach (var node in picture.To)
            picture.Bands.Where(b => b.Flow.To == node.Name).Sum(b => b.Height).ShouldBe(node.Height, Exactly, node.Name);
    }

    [Test]
    public void Nothing_lies_on_anything_else_whatever_flows()
    {
        var seed = Environment.TickCount;
        var dice = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var names = Enumerable.Range(0, dice.Next(1, 9)).Select(i => $"n{i}").ToArray();
            var flows = Enumerable.Range(0, dice.Next(1, 20)).Select(_ => (names[dice.Next(names.Length)], names[dice.Next(names.Length)], (long)Math.Pow(10, dice.NextDouble() * 9))).ToArray();
            var picture = Of(flows);
            var said = $"seed {seed}, round {round}";

            foreach (var column in (IReadOnlyList<SankeyNode>[])[picture.From, picture.To])
            {
                column[0].Top.ShouldBeGreaterThanOrEqualTo(0, said);
                foreach (var (upper, lower) in column.Zip(column.Skip(1)))
                {
                    // The blocks, and the room of their names.
                    (upper.Top + upper.Height + 10 - Exactly).ShouldBeLessThanOrEqualTo(lower.Top, said);
                    (lower.Middle - upper.Middle).ShouldBeGreaterThanOrEqualTo(30, said);
                }
                (column[^1].Top + column[^1].Height).ShouldBeLessThanOrEqualTo(picture.Height + Exactly, said);
            }
            foreach (var node in picture.From)
                Fill(picture.Bands.Where(b => b.Flow.From == node.Name).Select(b => (b.FromTop, b.Height)), node, said);
            foreach (var node in picture.To)
                Fill(picture.Bands.Where(b => b.Flow.To == node.Name).Select(b => (b.ToTop, b.Height)), node, said);
        }
    }

    [Test]
    public void Flows_between_the_same_two_are_one_and_those_of_nothing_are_none()
    {
        var picture = Of(("issuer", "member", 1), ("issuer", "member", 2), ("member", "provider", 0));

        picture.Bands.ShouldHaveSingleItem().Flow.Minutes.Value.ShouldBe(3);
        picture.To.ShouldHaveSingleItem().Name.ShouldBe("member");
        Of().Bands.ShouldBeEmpty();
        Of(("member", "member", 0)).Height.ShouldBe(0);
    }

    [Test]
    public void Columns_are_in_the_order_that_was_asked_for_and_who_is_not_in_it_comes_last()
    {
        var picture = Of(("zoo", "member", 1), ("provider", "member", 1), ("issuer", "member", 1));

        picture.From.Select(n => n.Name).ShouldBe(["issuer", "provider", "zoo"]);
    }

    /// <summary>The ends of bands fill their block from its top to its bottom, one under the other.</summary>
    private static void Fill(IEnumerable<(double Top, double Height)> ends, SankeyNode node, string said)
    {
        var top = node.Top;
        foreach (var (at, height) in ends.OrderBy(e => e.Top))
        {
            at.ShouldBe(top, Exactly, said);
            top += height;
        }
        top.ShouldBe(node.Top + node.Height, Exactly, said);
    }
}
