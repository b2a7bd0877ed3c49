using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Web;

/// <summary>A parameter in words, with the type that it stands for.</summary>
public sealed record ParameterWords(string Description, Type Type, params string[] Words);

/// <summary>What each parameter in a path or query means. One name means one thing, but where a path says otherwise.</summary>
public static class ApiParameters
{
    private static readonly Dictionary<string, ParameterWords> s_all = new()
    {
        ["bank"] = new("The bank's id.", typeof(string)),
        ["code"] = new("The code of a problem.", typeof(string)),
        ["id"] = new("Its id, as the answer that made it says.", typeof(Guid)),
        ["kind"] = new("Only of this kind.", typeof(TransferKind)),
        ["accounts kind"] = new("Only of this kind.", typeof(AccountKind)),
        ["status"] = new("Only with this status.", typeof(AccountStatus)),
        ["text"] = new("Only with this text in the name.", typeof(string)),
        ["account"] = new("Only what this account pays or receives.", typeof(Guid)),
        ["owner"] = new("Only rules of this account.", typeof(Guid)),
        ["open"] = new("Only what can still be captured.", typeof(bool)),
        ["category"] = new("Only of this category.", typeof(string)),
        ["clientReference"] = new("Only with this reference of the caller's own.", typeof(string)),
        ["postedFrom"] = new("Only what was posted at this instant or later.", typeof(DateTimeOffset)),
        ["postedTo"] = new("Only what was posted at this instant or earlier.", typeof(DateTimeOffset)),
        ["occurredFrom"] = new("Only help given on this date or later.", typeof(DateOnly)),
        ["occurredTo"] = new("Only help given on this date or earlier.", typeof(DateOnly)),
        ["at"] = new("As of this instant; now if left out.", typeof(DateTimeOffset)),
        ["by"] = new("By the time of posting, or by the date on which the help was given.", typeof(string), "posted", "occurred"),
        ["order"] = new("Which comes first.", typeof(string), "newest", "oldest"),
        ["from"] = new("From here on: an instant, or a date with by=occurred.", typeof(string)),
        ["to"] = new("Up to here: an instant, or a date with by=occurred.", typeof(string)),
    };

    public static ParameterWords? Find(string path, string name) =>
        path.EndsWith("/accounts", StringComparison.Ordinal) && s_all.TryGetValue("accounts " + name, out var words) ? words : s_all.GetValueOrDefault(name);
}
