using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>Routes of strangers who would like to join.</summary>
public static class ApplicationsApi
{
    public static void Map(RouteGroupBuilder bank) =>
        bank.MapPost("/applications", Ask).Takes<ApplicationRequest>().Gives<ApplicationReceived>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Ask to join", "For anybody, without signing in: a name, and how they can be reached. It waits on the organisers' list. A bank that takes no applications answers as if it were not there; the answer does not say whether somebody is known.");

    private static async Task Ask(string bank, HttpContext http, ApplicationCommands commands)
    {
        if (await Body.Read(http, ApplicationRequestValidator.Instance) is var (request, said))
            await Answers.Write(http, await commands.AskAsync(new BankId(bank), request, said, http.RequestAborted), said.DryRun);
    }
}
