using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Routes of new passwords for who has lost theirs.</summary>
internal static class ResetsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/password-resets", Ask).Takes<ResetRequest>().GivesNothing(StatusCodes.Status202Accepted)
            .Describe("Ask for a new password by e-mail", "The answer is always the same. If a login has this address, and its owner was seen to read it, a letter goes there.");
        api.MapPut("/password-resets", Set).Takes<NewPasswordRequest>().GivesNothing()
            .Describe("Set a new password by a letter's token", "Once, within two hours. All sessions of the login end; its second factor stays.");
        api.MapPost("/codes/acceptance", Accept).Takes<CodeAcceptanceRequest>().GivesNothing()
            .Describe("Set a new password by a printed code", "Once, within 14 days. All sessions of the login end.");
    }

    private static async Task Ask(HttpContext http, PasswordResets resets, Site site)
    {
        if (await RequestReader.ReadJson(http, ResetRequestValidator.Instance) is not { } request)
            return;
        if (resets.TryAdd(new ResetAsked(request.Email!, Links.Start(http, site))))
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        else
            await Problems.Write(http, ProblemTable.Overloaded);
    }

    private static async Task Set(HttpContext http, PeopleCommands commands)
    {
        if (await RequestReader.ReadJson(http, NewPasswordRequestValidator.Instance) is not { } request)
            return;
        await Answer(http, await commands.ResetPasswordAsync(new PersonId(request.Person!.Value), request.Token!, request.Password!, http.RequestAborted));
    }

    private static async Task Accept(HttpContext http, PasswordCodes codes)
    {
        if (await RequestReader.ReadJson(http, CodeAcceptanceRequestValidator.Instance) is not { } request)
            return;
        await Answer(http, await codes.AcceptAsync(request.Code!, request.Password!, http.RequestAborted));
    }

    private static Task Answer(HttpContext http, bool set) => set ? PeopleApi.Done(http) : PeopleApi.Refuse(http, PeopleProblems.CodeRefused);
}
