using TimeBank.Projections;

namespace TimeBank.Web;

/// <summary>Whose figures a caller sees: their own accounts', those of a neighbourhood that they organise, or all.</summary>
public static class Sight
{
    /// <summary>True if the account is not theirs to see, and that was answered.</summary>
    public static async ValueTask<bool> Refused(HttpContext http, AccountId account, string? neighbourhood)
    {
        if (http.Caller().Reads(account, neighbourhood))
            return false;
        await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, account));
        return true;
    }

    /// <summary>The same, where the neighbourhood is not known yet.</summary>
    /// <param name="banks">Where a bank that publishes its balances shows them to everybody in it.</param>
    public static async ValueTask<bool> Refused(HttpContext http, BankId bank, AccountId account, AccountQueries accounts, BankQueries? banks = null)
    {
        var caller = http.Caller();
        if (caller.Reads(account, null))
            return false;
        if (banks is not null && (await banks.FindAsync(bank, http.RequestAborted))?.Policy.PublishesBalances == true)
            return false;
        return await Refused(http, account, await NeighbourhoodAsync(http, caller, bank, account, accounts));
    }

    /// <summary>Whether somebody sees what moved between two accounts: one of them must be theirs to see.</summary>
    public static async ValueTask<bool> SeesAsync(HttpContext http, BankId bank, AccountQueries accounts, params AccountId[] parties)
    {
        var caller = http.Caller();
        foreach (var account in parties)
        {
            if (caller.Reads(account, null) || caller.Reads(account, await NeighbourhoodAsync(http, caller, bank, account, accounts)))
                return true;
        }
        return false;
    }

    /// <summary>Lists are for who reads everything, or of one account that is theirs to see. True if that was answered.</summary>
    public static async ValueTask<bool> RefusedList(HttpContext http, BankId bank, string parameter, Guid? account, AccountQueries accounts)
    {
        if (http.Caller().ReadsWholeBank)
            return false;
        if (account is { } one)
            return await Refused(http, bank, new AccountId(one), accounts);
        await Problems.Write(http, new Refusal(RefusalCode.NotPermitted, new Figure("parameter", parameter)));
        return true;
    }

    private static async ValueTask<string?> NeighbourhoodAsync(HttpContext http, Caller caller, BankId bank, AccountId account, AccountQueries accounts) =>
        caller.Authority.Neighbourhoods.IsEmpty ? null : await accounts.NeighbourhoodAsync(bank, account, http.RequestAborted);
}
