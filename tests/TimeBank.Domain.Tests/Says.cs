using NUnit.Framework;

namespace TimeBank.Domain.Tests;

/// <summary>What a test expects a decision to say. Each of these fails when the decision says anything else.</summary>
public static class Says
{
    /// <summary>It happened: the answer.</summary>
    public static TAnswer ShouldHappen<TAnswer>(this Decision<TAnswer> decision) where TAnswer : class => decision.Refusal is { } refusal
        ? throw new AssertionException($"Refused: {Of(refusal)}")
        : decision.Answer ?? throw new AssertionException("Neither an answer nor a refusal.");

    /// <summary>It was refused, with this code: the refusal, for its figures.</summary>
    public static Refusal ShouldBeRefused<TAnswer>(this Decision<TAnswer> decision, RefusalCode code) where TAnswer : class
    {
        if (decision.Refusal is not { } refusal)
            throw new AssertionException($"It happened; {code} was expected.");
        return refusal.Code == code ? refusal : throw new AssertionException($"{code} was expected, not {Of(refusal)}");
    }

    /// <summary>It was accepted and nothing was recorded.</summary>
    public static TAnswer ShouldChangeNothing<TAnswer>(this Decision<TAnswer> decision, Town town) where TAnswer : class
    {
        var answer = decision.ShouldHappen();
        return town.Last.Count == 0
            ? answer
            : throw new AssertionException($"It recorded {string.Join(", ", town.Last.Select(e => e.Happened.GetType().Name))}.");
    }

    /// <summary>A figure of a refusal, by its name.</summary>
    public static object Figure(this Refusal refusal, string name) =>
        refusal.Figures.Where(f => f.Name == name).Select(f => f.Value).SingleOrDefault()
            ?? throw new AssertionException($"No figure '{name}' in {Of(refusal)}");

    private static string Of(Refusal refusal) => $"{refusal.Code} ({string.Join(", ", refusal.Figures.Select(f => $"{f.Name} {f.Value}"))})";
}
