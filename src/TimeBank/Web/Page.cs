namespace TimeBank.Web;

/// <summary>A part of a list.</summary>
/// <param name="Next">The cursor with which the same address goes on; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
