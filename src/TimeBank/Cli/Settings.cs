using System.CommandLine;

namespace TimeBank.Cli;

/// <summary>Settings on the command line, as ASP.NET Core reads them; what would be ignored in silence is refused instead.</summary>
public static class Settings
{
    public const string Help = "Settings: --data FOLDER, --urls URL, --ConnectionStrings:TimeBank TEXT, and all others of ASP.NET Core (such as --Logging:LogLevel:Default Debug).";

    private static readonly string[] s_known = ["data", "urls", "environment", "contentroot", "applicationname", "allowedhosts", "shutdowntimeoutseconds"];

    /// <summary>What the verb itself did not take, checked.</summary>
    public static string[] Of(ParseResult parsed)
    {
        var tokens = parsed.UnmatchedTokens.ToArray();
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (!token.StartsWith("--", StringComparison.Ordinal))
                throw new CliException($"What is '{token}'? {Help}");
            var name = token[2..].Split('=')[0];
            if (!name.Contains(':', StringComparison.Ordinal) && !s_known.Contains(name.ToLowerInvariant()))
                throw new CliException($"There is no setting '--{name}'. {Help}");
            if (token.Contains('=', StringComparison.Ordinal))
                continue;
            if (i + 1 == tokens.Length || tokens[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new CliException($"'{token}' has no value. {Help}");
            i++;
        }
        return tokens;
    }
}
