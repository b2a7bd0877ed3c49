using TimeBank.Projections;

namespace TimeBank.Web;

/// <summary>Ids in addresses.</summary>
public static class Ids
{
    /// <summary>Above every id that was ever made.</summary>
    public static readonly Guid Largest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>What is not an id is the id of nothing: it is answered like any unknown one.</summary>
    public static Guid OrUnknown(string text) => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty;
}

/// <summary>Answers for what is not there.</summary>
public static class Missing
{
    /// <summary>True if there is no such bank, and that was answered.</summary>
    public static async ValueTask<bool> Bank(HttpContext http, BankQueries banks, string bank)
    {
        if (await banks.ExistsAsync(new BankId(bank), http.RequestAborted))
            return false;
        await Problems.Write(http, new Refusal(RefusalCode.BankUnknown));
        return true;
    }
}
