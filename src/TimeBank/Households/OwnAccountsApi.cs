using TimeBank.Access;
using TimeBank.Web;

namespace TimeBank.Households;

/// <summary>The route by which somebody of a household gets an account of their own.</summary>
internal static class OwnAccountsApi
{
    public static void Map(RouteGroupBuilder bank) =>
        bank.MapPost("/members/{id}/own-accounts", Make).Takes<OwnAccountRequest>().Gives<OwnAccountView>(201).KeyNeeded()
            .Describe("Give somebody of a household an account of their own", "Enrols them where the shared account belongs, and invites them to a login for it, or gives it to the person of those who share the account. What they share stays theirs until that standing is ended.");

    private static async Task Make(string bank, string id, HttpContext http, OwnAccounts own, Site site)
    {
        if (await Body.Read(http, OwnAccountRequestValidator.Instance) is not var (request, said))
            return;
        var (made, refused) = await own.MakeAsync(
            new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, http.Caller(), said, Links.Start(http, site), http.RequestAborted);
        if (refused is not null)
        {
            await Answers.Write(http, refused, said.DryRun);
            return;
        }
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Location = $"/v1/banks/{bank}/members/{made!.Id}";
        await Answers.Write(http, made, StatusCodes.Status201Created);
    }
}
