using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>Routes of how people want to be told: their own, and those of members who have no login.</summary>
public static class NoticeSettingsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapGet("/notice-settings", ShowOwn).Gives<NoticeSettingsView>()
            .Describe("Show how you want to be told", "Each kind of notice with its ways, as they count. Its ETag is what a change must match.");
        bank.MapPut("/notice-settings", SetOwn).Takes<NoticeSettingsRequest>().Gives<NoticeSettingsView>().IfMatchNeeded()
            .Describe("Set how you want to be told", "Each kind by the program, by mail, by telephone or on paper; the letter of the week; the language. The whole of it: what is left out has its default.");
        bank.MapGet("/accounts/{id}/notice-settings", ShowOf).Gives<NoticeSettingsView>()
            .Describe("Show how a member without a login wants to be told", "For those who organise them. Who has a login sets it themselves.");
        bank.MapPut("/accounts/{id}/notice-settings", SetOf).Takes<NoticeSettingsRequest>().Gives<NoticeSettingsView>().IfMatchNeeded()
            .Describe("Set how a member without a login wants to be told", "As they said it, on the telephone or on paper.");
    }

    private static Task ShowOwn(string bank, HttpContext http, NoticeQueries notices) => ShowAsync(bank, http.Caller().Id!.Value, http, notices);

    private static async Task ShowOf(string bank, string id, HttpContext http, NoticeQueries notices, AccountQueries accounts, TimeProvider clock)
    {
        var account = new AccountId(Ids.OrUnknown(id));
        if (!await IsRefusedAsync(bank, account, http, accounts, clock))
            await ShowAsync(bank, account.Value, http, notices);
    }

    private static async Task SetOwn(string bank, HttpContext http, NoticeCommands commands)
    {
        if (await RequestReader.ReadJson(http, NoticeSettingsRequestValidator.Instance) is { } request)
            await SetAsync(bank, http.Caller().Id!.Value, request, http, commands);
    }

    private static async Task SetOf(string bank, string id, HttpContext http, NoticeCommands commands, AccountQueries accounts, TimeProvider clock)
    {
        var account = new AccountId(Ids.OrUnknown(id));
        if (await RequestReader.ReadJson(http, NoticeSettingsRequestValidator.Instance) is { } request && !await IsRefusedAsync(bank, account, http, accounts, clock))
            await SetAsync(bank, account.Value, request, http, commands);
    }

    private static async Task ShowAsync(string bank, Guid recipient, HttpContext http, NoticeQueries notices)
    {
        var (settings, version) = await notices.SettingsAsync(new BankId(bank), recipient, http.RequestAborted);
        ETags.Set(http, version);
        await Answers.Write(http, NoticeSettingsView.Of(settings));
    }

    private static async Task SetAsync(string bank, Guid recipient, NoticeSettingsRequest request, HttpContext http, NoticeCommands commands)
    {
        if (await ETags.Require(http) is not { } expected)
            return;
        var settings = request.ToSettings();
        if (await commands.SetAsync(new BankId(bank), recipient, settings, expected, http.RequestAborted) is not { } version)
        {
            await Problems.Write(http, new Refusal(RefusalCode.VersionMismatch));
            return;
        }
        ETags.Set(http, version);
        await Answers.Write(http, NoticeSettingsView.Of(settings));
    }

    private static async Task<bool> IsRefusedAsync(string bank, AccountId account, HttpContext http, AccountQueries accounts, TimeProvider clock)
    {
        if (await accounts.FindAsync(new BankId(bank), account, clock.GetUtcNow(), http.RequestAborted) is { } found)
            return await Sight.Refused(http, account, found.Account.CoordinatedIn);
        await Problems.Write(http, Refusal.Of(RefusalCode.AccountUnknown, account));
        return true;
    }
}
