namespace TimeBank.Reports;

/// <summary>So much went from one to another.</summary>
public sealed record Flow(string From, string To, Minutes Minutes);

/// <summary>One end of a picture of flows: a block as high as all that leaves it, or arrives at it.</summary>
/// <param name="Top">From the upper edge of the picture.</param>
public sealed record SankeyNode(string Name, Minutes Minutes, double Top, double Height)
{
    public double Middle => Top + Height / 2;
}

/// <summary>A flow as a band, from the block at its start to the block at its end; it is as high at one end as at the other.</summary>
/// <param name="FromTop">Where it leaves, from the upper edge of the picture.</param>
/// <param name="ToTop">Where it arrives.</param>
public sealed record SankeyBand(Flow Flow, double FromTop, double ToTop, double Height);

/// <summary>A Sankey diagram of two columns: from whom hours went, and to whom. Heights are in proportion to minutes by one measure for all of it, and neither
/// blocks nor the ends of bands lie on each other.</summary>
/// <remarks>Hours go in circles, from members by way of providers and projects to members: so whoever gives and receives stands on both sides.</remarks>
public sealed record Sankey(IReadOnlyList<SankeyNode> From, IReadOnlyList<SankeyNode> To, IReadOnlyList<SankeyBand> Bands, double Height)
{
    /// <summary>Lays flows out within a height.</summary>
    /// <param name="order">The names from top to bottom; others come after them in the order in which they are met.</param>
    /// <param name="gap">Between the blocks of a column.</param>
    /// <param name="least">The room that a block is given at least, so that its name can stand beside it: the block itself is as high as its minutes.</param>
    /// <remarks>Flows of no minutes are left out, and those between the same two are one.</remarks>
    public static Sankey Of(IEnumerable<Flow> flows, IReadOnlyList<string> order, double height, double gap, double least)
    {
        var merged = flows.GroupBy(f => (f.From, f.To)).Select(g => new Flow(g.Key.From, g.Key.To, new Minutes(checked(g.Sum(f => f.Minutes.Value)))))
            .Where(f => f.Minutes.Value > 0).ToList();
        var names = order.Concat(merged.SelectMany(f => (string[])[f.From, f.To])).Distinct().ToList();
        var total = merged.Sum(f => f.Minutes.Value);
        if (total == 0)
            return new Sankey([], [], [], 0);
        var scale = height / total;
        var from = Column(names, merged.ToLookup(f => f.From), scale, gap, least);
        var to = Column(names, merged.ToLookup(f => f.To), scale, gap, least);
        var (left, right) = (from.ToDictionary(n => n.Name, n => n.Top), to.ToDictionary(n => n.Name, n => n.Top));
        var bands = new List<SankeyBand>(merged.Count);
        foreach (var flow in merged.OrderBy(f => names.IndexOf(f.From)).ThenBy(f => names.IndexOf(f.To)))
        {
            var thick = flow.Minutes.Value * scale;
            bands.Add(new SankeyBand(flow, left[flow.From], right[flow.To], thick));
            left[flow.From] += thick;
            right[flow.To] += thick;
        }
        return new Sankey(from, to, bands, Math.Max(Bottom(from, least), Bottom(to, least)));
    }

    private static List<SankeyNode> Column(List<string> names, ILookup<string, Flow> flows, double scale, double gap, double least)
    {
        var (nodes, top) = (new List<SankeyNode>(), 0.0);
        foreach (var name in names.Where(flows.Contains))
        {
            var minutes = new Minutes(flows[name].Sum(f => f.Minutes.Value));
            var high = minutes.Value * scale;
            // A low block stands in the middle of the room that its name needs.
            nodes.Add(new SankeyNode(name, minutes, top + Math.Max(0, (least - high) / 2), high));
            top += Math.Max(high, least) + gap;
        }
        return nodes;
    }

    private static double Bottom(List<SankeyNode> nodes, double least) => nodes[^1].Middle + Math.Max(nodes[^1].Height, least) / 2;
}
