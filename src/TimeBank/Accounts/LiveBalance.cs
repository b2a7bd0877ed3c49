using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>Tells a page that is open that the hours it shows have changed elsewhere.</summary>
internal static class LiveBalance
{
    private const string Path = "/banks/{bank}/accounts/{id}/changes";

    public static string Address(string bank, AccountId account) => $"/banks/{bank}/accounts/{account}/changes";

    public static void Map(WebApplication app) => app.MapGet(Path, Tell).ExcludeFromDescription();

    private static async Task Tell(string bank, string id, HttpContext http, AccountQueries accounts, TimeProvider clock)
    {
        var (of, account) = (new BankId(bank), new AccountId(Ids.OrUnknown(id)));
        if (!await Sight.SeesAsync(http, of, accounts, account) || await LookAsync(http.RequestAborted) is not { } known)
            await Problems.Write(http, Refusal.Of(RefusalCode.NotPermitted, account));
        else
            await LiveChanges.TellAsync(http, known, LookAsync);

        Task<BalanceRow?> LookAsync(CancellationToken cancel) => accounts.BalanceAsync(of, account, null, clock.GetUtcNow(), cancel);
    }
}
