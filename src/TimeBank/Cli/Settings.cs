using System.CommandLine;

namespace TimeBank.Cli;

/// <summary>Settings of every verb, as ASP.NET Core reads them; what would be ignored in silence is refused instead.</summary>
public static class Settings
{
    public const string Help = "Settings: --data FOLDER, --urls URL, --ConnectionStrings:TimeBank TEXT, --ConnectionStrings:TimeBankOwner TEXT, and those of ASP.NET Core (such as --Logging:LogLevel:Default Debug); for who may do what also Site:, Limits:, Mail: and Outside:, see the README.";

    private static readonly string[] s_known =
    [
        "data", "urls", "connectionstrings:timebank", "connectionstrings:timebankowner",
        "environment", "contentroot", "applicationname", "allowedhosts", "shutdowntimeoutseconds",
    ];

    /// <summary>What ASP.NET Core reads as a whole, whatever is in it.</summary>
    private static readonly string[] s_sections = ["logging:", "kestrel:", "site:", "limits:", "mail:", "outside:"];

    /// <summary>What the verb itself did not take, checked.</summary>
    public static string[] Of(ParseResult parsed)
    {
        RefuseAsFile(parsed);
        var tokens = parsed.UnmatchedTokens.ToArray();
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (!token.StartsWith("--", StringComparison.Ordinal))
                throw new CliException($"What is '{token}'? {Help}");
            var name = token[2..].Split('=')[0];
            if (!IsKnown(name))
                throw new CliException($"There is no option and no setting '--{name}'. {Help}");
            if (token.Contains('=', StringComparison.Ordinal))
                continue;
            if (i + 1 == tokens.Length || tokens[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new CliException($"'{token}' has no value. {Help}");
            i++;
        }
        return tokens;
    }

    /// <summary>What every verb begins with, so that all of them find the same ledger: appsettings*.json beside the program, then the environment, then the command line.</summary>
    public static WebApplicationBuilder Builder(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        if (builder.Configuration.GetConnectionString("TimeBankOwner") is { Length: > 0 } && builder.Configuration.GetConnectionString("TimeBank") is not { Length: > 0 })
            throw new CliException("ConnectionStrings:TimeBankOwner alone names no ledger: give ConnectionStrings:TimeBank too, or neither.");
        return builder;
    }

    private static bool IsKnown(string name)
    {
        var lower = name.ToLowerInvariant();
        return s_known.Contains(lower) || s_sections.Any(s => lower.StartsWith(s, StringComparison.Ordinal));
    }

    /// <summary>A slip before a file's name would be taken for the name itself.</summary>
    private static void RefuseAsFile(ParseResult parsed)
    {
        foreach (var token in parsed.CommandResult.Command.Arguments.SelectMany(a => parsed.GetResult(a)?.Tokens ?? []))
        {
            var name = token.Value.Split('=')[0];
            if (name.StartsWith('-'))
                throw new CliException($"'{name}' stands where the name of a file should. Either there is no such option, or it goes after the name; a file that is called so is ./{name}. {Help}");
        }
    }
}
