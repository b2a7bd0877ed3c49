using TimeBank.Web;

namespace TimeBank.Postings;

/// <summary>How much bulk requests may take up.</summary>
public sealed record BulkLimits
{
    /// <summary>Bytes of results that are kept of one caller in one bank: a million lines are about half of it.</summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <summary>Requests of one caller in one bank whose results are kept.</summary>
    public int MostFiles { get; init; } = 1_000;

    /// <summary>Bytes of results that are kept of all callers together.</summary>
    public long MostBytesOfAll { get; init; } = 8L << 30;

    /// <summary>Requests of one caller that are under way at once.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>Lines of one request that are wrong in themselves, whatever stands in the ledger; then it ends.</summary>
    public int MostWrongLines { get; init; } = 1_000;
}

/// <summary>What the API answers about bulk requests, in order of precedence.</summary>
public static class BulkProblems
{
    public static readonly Problem TooManyAtOnce = new("TooManyBulksAtOnce", 429, "So many bulk requests of yours are under way already.",
        "Wait until one of them has ended, then send this one again.");
    public static readonly Problem TooManyWrongLines = new("TooManyWrongLines", 400, "Too many lines are wrong: nothing from this one on was read.",
        "Mend the lines whose results say why, then send them and the rest again, with the same keys.");
    public static readonly Problem ResultsTooLarge = new("ResultsTooLarge", 413, "The results of your bulk requests take too much room: nothing from this line on was read.",
        "Send the rest, with the same keys, in another request when this one has ended.");

    /// <summary>In order of precedence.</summary>
    public static readonly IReadOnlyList<Problem> All = [TooManyAtOnce, TooManyWrongLines, ResultsTooLarge];
}
