using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Routes of signing in and out.</summary>
internal static class SessionsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/sessions", Open).Takes<SessionRequest>().Gives<TokenView>().GivesNothing()
            .Describe("Sign in", "By the door app the answer is a token for 30 minutes; by the door page it is a cookie, which counts for 10 minutes after its last use, or for 14 days on a device that they say is their own.");
        api.MapDelete("/sessions/current", Close).GivesNothing()
            .Describe("Sign out", "The session ends, also for whoever has a copy of its cookie or token.");
        api.MapPost("/sessions/passkey-options", (Delegate)AskForPasskey).Gives<PasskeyOptionsView>()
            .Describe("Ask for a passkey", "What the device is asked; its answer goes to sessions/passkey within ten minutes. Nobody need say who they are.");
        api.MapPost("/sessions/passkey", OpenWithPasskey).Takes<PasskeySessionRequest>().Gives<TokenView>().GivesNothing()
            .Describe("Sign in with a passkey", "It stands for both password and second factor.");
    }

    private static async Task Open(HttpContext http, SignIns signIns, SessionTickets tickets)
    {
        if (await RequestReader.ReadJson(http, SessionRequestValidator.Instance) is not { } request)
            return;
        var door = DoorOf(request.Door!.Value);
        await Enter(http, tickets, await signIns.WithPasswordAsync(request, door, http.RequestAborted), door, request.OwnDevice);
    }

    private static async Task OpenWithPasskey(HttpContext http, SignIns signIns, SessionTickets tickets)
    {
        if (await RequestReader.ReadJson(http, PasskeySessionRequestValidator.Instance) is not { } request)
            return;
        var door = DoorOf(request.Door!.Value);
        await Enter(http, tickets, await signIns.WithPasskeyAsync(http, request, door, http.RequestAborted), door, request.OwnDevice);
    }

    private static async Task AskForPasskey(HttpContext http, Passkeys passkeys) => await Answers.Write(http, await passkeys.AskToSignInAsync(http));

    private static async Task Close(HttpContext http, Sessions sessions, SignIns signIns)
    {
        if (await sessions.ReadAsync(http) is { } session)
            await signIns.SignOutAsync(session, http.RequestAborted);
        await SessionTickets.ForgetCookieAsync(http);
        await PeopleApi.Done(http);
    }

    private static async Task Enter(HttpContext http, SessionTickets tickets, SignInJudged judged, Door door, bool? ownDevice)
    {
        if (judged.Person is { } person)
            await PeopleApi.Opened(http, await tickets.OpenAsync(http, person, door, ownDevice ?? false));
        else
            await PeopleApi.Refuse(http, judged.Refused!);
    }

    private static Door DoorOf(PersonDoor door) => door == PersonDoor.Page ? Door.Page : Door.App;
}
