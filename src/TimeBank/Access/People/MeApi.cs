using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A standing, by its bank.</summary>
public sealed record StandingView(RightId Id, Role Role, AccountId? Account, string? Neighbourhood)
{
    public static StandingView Of(RightId id, Standing standing) => new(id, standing.Role, standing.Account, standing.Neighbourhood);
}

public sealed record MyBankView(string Bank, IReadOnlyList<StandingView> Standings);

/// <summary>Who signed in, and what they are where.</summary>
public sealed record MeView(PersonId Person, string Login, string? Name, string? Email, bool IsOperator, bool SecondFactor, IReadOnlyList<MyBankView> Banks);

/// <summary>The secret for an authenticator app.</summary>
/// <param name="Key">To be typed in.</param>
/// <param name="Uri">The same, to be shown as a QR code.</param>
public sealed record AuthenticatorView(string Key, string Uri);

/// <summary>Codes to be kept on paper; each stands in for the authenticator app once.</summary>
/// <param name="Token">A new one for an app, whose former token ended; null for a page, which got a new cookie.</param>
public sealed record RecoveryCodesView(IReadOnlyList<string> RecoveryCodes, TokenView? Token);

/// <summary>Routes of one's own login.</summary>
internal static class MeApi
{
    private const string EndsSessions = "All other sessions end; this page gets a new cookie, an app a new token.";

    public static void Map(RouteGroupBuilder api)
    {
        var me = api.MapGroup("/me");
        me.MapGet("", Show).Gives<MeView>().Describe("Show who I am", "The login, and every standing in every bank.");
        me.MapPut("/password", ChangePassword).Takes<ChangePasswordRequest>().Gives<TokenView>().GivesNothing()
            .Describe("Change my password", EndsSessions);
        me.MapPost("/authenticator", BeginAuthenticator).Takes<ConfirmationRequest>().Gives<AuthenticatorView>()
            .Describe("Begin with an authenticator app", "Shows a new secret. It counts when a code of it was sent.");
        me.MapPut("/authenticator", TurnOnAuthenticator).Takes<AuthenticatorRequest>().Gives<RecoveryCodesView>()
            .Describe("Turn on my second factor", "By a code of the secret shown last. The answer has recovery codes, shown this one time. " + EndsSessions);
        me.MapDelete("/authenticator", TurnOffAuthenticator).Takes<ConfirmationRequest>().Gives<TokenView>().GivesNothing()
            .Describe("Turn off my second factor", EndsSessions);
        me.MapPost("/recovery-codes", NewRecoveryCodes).Takes<ConfirmationRequest>().Gives<RecoveryCodesView>()
            .Describe("Make new recovery codes", "The former ones count no more.");
        me.MapGet("/passkeys", ListPasskeys).Gives<IReadOnlyList<PasskeyView>>().Describe("List my passkeys", "Oldest first.");
        me.MapPost("/passkeys/options", AskToMakePasskey).Takes<ConfirmationRequest>().Gives<PasskeyOptionsView>()
            .Describe("Begin with a passkey", "What the device is asked; its answer goes to me/passkeys within ten minutes.");
        me.MapPost("/passkeys", AddPasskey).Takes<NewPasskeyRequest>().Gives<PasskeyView>(201).Describe("Add a passkey", $"Up to {Passkeys.Most}.");
        me.MapDelete("/passkeys/{id}", RemovePasskey).Gives<TokenView>().GivesNothing()
            .Describe("Remove a passkey", "It lets nobody in any more. " + EndsSessions);
    }

    private static async Task Show(HttpContext http, PeopleQueries people, RightsQueries rights)
    {
        if (await MeAsync(http, people) is not { } me)
            return;
        var banks = (await rights.GrantsOfAsync(me.PersonId, http.RequestAborted)).GroupBy(g => g.Bank)
            .Select(b => new MyBankView(b.Key.Value, [.. b.Select(g => StandingView.Of(g.Id, g.Standing))]));
        await Answers.Write(http, new MeView(me.PersonId, me.UserName!, me.DisplayName, me.Email, me.IsOperator, me.TwoFactorEnabled, [.. banks]));
    }

    private static async Task ChangePassword(HttpContext http, PeopleQueries people, PeopleCommands commands, SessionTickets tickets)
    {
        if (await MeAsync(http, people) is not { } me || await RequestReader.ReadJson(http, ChangePasswordRequestValidator.Instance) is not { } request)
            return;
        if (await commands.ChangePasswordAsync(me, request.Old!, request.New!, http.Caller().Actor, http.RequestAborted))
            await PeopleApi.Opened(http, await tickets.OpenAsync(http, me, http.Caller().Door));
        else
            await PeopleApi.Refuse(http, PeopleProblems.PasswordWrong);
    }

    private static async Task BeginAuthenticator(HttpContext http, PeopleQueries people, PeopleCommands commands, SecondFactor secondFactor)
    {
        if (await ConfirmedAsync(http, people, commands) is not { } me)
            return;
        var key = await secondFactor.BeginAsync(me, http.RequestAborted);
        await Answers.Write(http, new AuthenticatorView(key, OneTimePassword.UriOf(key, me.UserName!)));
    }

    private static async Task TurnOnAuthenticator(HttpContext http, PeopleQueries people, PeopleCommands commands, SessionTickets tickets)
    {
        if (await MeAsync(http, people) is not { } me || await RequestReader.ReadJson(http, AuthenticatorRequestValidator.Instance) is not { } request)
            return;
        if (await commands.TurnOnSecondFactorAsync(me, request.Code!, http.Caller().Actor, http.RequestAborted) is { } codes)
            await Answers.Write(http, new RecoveryCodesView(codes, await tickets.OpenAsync(http, me, http.Caller().Door)));
        else
            await PeopleApi.Refuse(http, PeopleProblems.CodeRefused);
    }

    private static async Task TurnOffAuthenticator(HttpContext http, PeopleQueries people, PeopleCommands commands, SessionTickets tickets)
    {
        if (await ConfirmedAsync(http, people, commands) is not { } me)
            return;
        if (!me.TwoFactorEnabled)
        {
            await PeopleApi.Refuse(http, PeopleProblems.SecondFactorOff);
            return;
        }
        await commands.TurnOffSecondFactorAsync(me, http.Caller().Actor, http.RequestAborted);
        await PeopleApi.Opened(http, await tickets.OpenAsync(http, me, http.Caller().Door));
    }

    private static async Task NewRecoveryCodes(HttpContext http, PeopleQueries people, PeopleCommands commands)
    {
        if (await ConfirmedAsync(http, people, commands) is not { } me)
            return;
        if (me.TwoFactorEnabled)
            await Answers.Write(http, new RecoveryCodesView(await commands.NewRecoveryCodesAsync(me, http.Caller().Actor, http.RequestAborted), null));
        else
            await PeopleApi.Refuse(http, PeopleProblems.SecondFactorOff);
    }

    private static async Task ListPasskeys(HttpContext http, PeopleQueries people, Passkeys passkeys)
    {
        if (await MeAsync(http, people) is { } me)
            await Answers.Write(http, await passkeys.ListAsync(me));
    }

    private static async Task AskToMakePasskey(HttpContext http, PeopleQueries people, PeopleCommands commands, Passkeys passkeys)
    {
        if (await ConfirmedAsync(http, people, commands) is not { } me)
            return;
        if (await passkeys.AreManyAsync(me))
            await PeopleApi.Refuse(http, PeopleProblems.TooManyPasskeys);
        else
            await Answers.Write(http, await passkeys.AskToMakeAsync(http, me));
    }

    private static async Task AddPasskey(HttpContext http, PeopleQueries people, PeopleCommands commands, Passkeys passkeys)
    {
        if (await MeAsync(http, people) is not { } me || await RequestReader.ReadJson(http, NewPasskeyRequestValidator.Instance) is not { } request)
            return;
        if (await passkeys.AreManyAsync(me))
            await PeopleApi.Refuse(http, PeopleProblems.TooManyPasskeys);
        else if (await commands.AddPasskeyAsync(http, me, request, http.Caller().Actor) is { } made)
            await Answers.Write(http, made, StatusCodes.Status201Created);
        else
            await PeopleApi.Refuse(http, PeopleProblems.PasskeyRefused);
    }

    private static async Task RemovePasskey(string id, HttpContext http, PeopleQueries people, PeopleCommands commands, SessionTickets tickets)
    {
        if (await MeAsync(http, people) is not { } me)
            return;
        if (await commands.RemovePasskeyAsync(me, Ids.OrUnknown(id), http.Caller().Actor))
            await PeopleApi.Opened(http, await tickets.OpenAsync(http, me, http.Caller().Door));
        else
            await PeopleApi.Refuse(http, PeopleProblems.PasskeyUnknown);
    }

    /// <summary>Null if a problem was answered.</summary>
    private static async Task<Person?> MeAsync(HttpContext http, PeopleQueries people)
    {
        if (http.Caller().Person is { } id && await people.FindAsync(id, http.RequestAborted) is { } me)
            return me;
        await PeopleApi.Refuse(http, ProblemTable.SignInNeeded);
        return null;
    }

    /// <summary>Whoever signed in, with their password said once more; null if a problem was answered.</summary>
    private static async Task<Person?> ConfirmedAsync(HttpContext http, PeopleQueries people, PeopleCommands commands)
    {
        if (await MeAsync(http, people) is not { } me || await RequestReader.ReadJson(http, ConfirmationRequestValidator.Instance) is not { } request)
            return null;
        if (await commands.IsPasswordAsync(me, request.Password!, http.Caller().Actor, http.RequestAborted))
            return me;
        await PeopleApi.Refuse(http, PeopleProblems.PasswordWrong);
        return null;
    }
}
