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
    public static async ValueTask<bool> Refused(HttpContext http, BankId bank, AccountId account, AccountQueries accounts)
    {
        var caller = http.Caller();
        if (caller.Reads(account, null))
            return false;
        if ((await SeenAsync(http, bank, accounts, [account])).Count > 0)
            return false;
        await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, account));
        return true;
    }

    /// <summary>Whether somebody sees what moved between two accounts: one of them must be theirs to see.</summary>
    public static async ValueTask<bool> SeesAsync(HttpContext http, BankId bank, AccountQueries accounts, params AccountId[] parties) =>
        (await SeenAsync(http, bank, accounts, parties)).Count > 0;

    /// <summary>Those of the accounts that are theirs to see, asked for together.</summary>
    public static async ValueTask<IReadOnlySet<AccountId>> SeenAsync(HttpContext http, BankId bank, AccountQueries accounts, IReadOnlyCollection<AccountId> parties)
    {
        var caller = http.Caller();
        Dictionary<AccountId, string> neighbourhoods = caller.ReadsWholeBank || caller.Authority.Neighbourhoods.IsEmpty
            ? [] : await accounts.NeighbourhoodsAsync(bank, parties, http.RequestAborted);
        return parties.Where(a => caller.Reads(a, neighbourhoods.GetValueOrDefault(a))).ToHashSet();
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
}
