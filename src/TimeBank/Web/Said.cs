using TimeBank.Store;

namespace TimeBank.Web;

/// <summary>How a caller said it: under which key, whether for real, and after which other command, where order counts.</summary>
public sealed record Said(string? Key = null, bool DryRun = false, Task<Outcome>? After = null);
