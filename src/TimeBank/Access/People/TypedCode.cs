namespace TimeBank.Access;

/// <summary>What somebody typed or pasted from a letter or from paper: a code by itself, or the whole address that has it after its #.</summary>
public static class TypedCode
{
    /// <summary>The code, whichever way it came; as it was typed if it is no address.</summary>
    public static string? Code(string? typed) => Parts(typed).GetValueOrDefault("code") ?? typed?.Trim();

    /// <summary>Whose password a letter is for, and its token; null if it is no such letter's address.</summary>
    public static (PersonId Person, string Token)? Reset(string? typed) =>
        Parts(typed) is var parts && Guid.TryParse(parts.GetValueOrDefault("person"), out var person) && parts.GetValueOrDefault("token") is { Length: > 0 } token
            ? (new PersonId(person), token)
            : null;

    private static Dictionary<string, string> Parts(string? typed) =>
        (typed?[(typed.IndexOf('#', StringComparison.Ordinal) + 1)..] ?? "").Trim().Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2)
            .DistinctBy(p => p[0]).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
}
