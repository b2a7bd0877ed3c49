namespace TimeBank.Web;

/// <summary>How a caller said it: under which key, and whether for real.</summary>
public sealed record Said(string? Key = null, bool DryRun = false);
