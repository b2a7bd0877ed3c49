using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Safeguarding;

/// <summary>Routes of who is kept apart, which are the safeguarding lead's alone, and of people under 18.</summary>
public static class SafeguardingApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/apart", Keep).Takes<KeepApartRequest>().Gives<ApartAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Keep two people apart", "For the safeguarding lead. Nothing brings them together from now on, and nobody else is told.");
        bank.MapGet("/apart", List).Gives<Page<ApartAnswer>>().Paged().Describe("List who is kept apart", "For the safeguarding lead.");
        bank.MapPost("/apart/{id}/end", End).Takes<EndApartRequest>().Gives<ApartAnswer>().KeyNeeded().DryRunnable()
            .Describe("Keep two people apart no longer", "For the safeguarding lead. Twice changes nothing.");
        bank.MapPost("/members/{id}/youth", Mark).Takes<MarkYouthRequest>().Gives<YouthAnswer>().KeyNeeded().DryRunnable()
            .Describe("Mark somebody as under 18", "Until a date; no date of birth is kept. Until then they have no listing, nobody is given their address, and they do what a guardian agreed to.");
        bank.MapGet("/members/{id}/youth", Show).Gives<YouthView>().Describe("Show that somebody is under 18", "With what their guardian agreed to.");
        bank.MapPost("/members/{id}/youth/consent", Consent).Takes<GuardianConsentRequest>().Gives<YouthAnswer>().KeyNeeded().DryRunnable()
            .Describe("Record a guardian's consent", "Who agreed, how they said it, until when, and to which activities and projects. Said once more, it counts as it was said last.");
        bank.MapPost("/members/{id}/youth/withdrawal", Withdraw).Takes<WithdrawConsentRequest>().Gives<YouthAnswer>().KeyNeeded().DryRunnable()
            .Describe("Withdraw a guardian's consent", "From now on nothing that they did is confirmed. Twice changes nothing.");
    }

    private static async Task Keep(string bank, HttpContext http, SafeguardingCommands commands)
    {
        if (await Body.Read(http, KeepApartRequestValidator.Instance) is var (request, said))
            await Answers.Write(http, await commands.KeepApartAsync(new BankId(bank), request, said), said.DryRun);
    }

    private static Task End(string bank, string id, HttpContext http, SafeguardingCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, EndApartRequestValidator.Instance, commands.EndApartAsync);

    /// <summary>Whom the door lets in reads all.</summary>
    private static Task List(string bank, string? stage, HttpContext http, ThingRoutes things) => things.ListAsync<Apart, ApartStage, ApartAnswer>(
        bank, http, _ => ValueTask.FromResult(false), _ => ValueTask.FromResult<Func<ThingRow<Apart>, ApartAnswer>>(row => ApartAnswer.Of(row.Thing)));

    private static Task Mark(string bank, string id, HttpContext http, SafeguardingCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, MarkYouthRequestValidator.Instance, commands.MarkAsync);

    private static Task Consent(string bank, string id, HttpContext http, SafeguardingCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, GuardianConsentRequestValidator.Instance, commands.ConsentAsync);

    private static Task Withdraw(string bank, string id, HttpContext http, SafeguardingCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, WithdrawConsentRequestValidator.Instance, commands.WithdrawAsync);

    private static Task Show(string bank, string id, HttpContext http, ThingRoutes things) => things.ShowAsync<Youth, YouthView>(
        bank, Youth.IdOf(new AccountId(Ids.OrUnknown(id))).ToString(), http, (RefusalCode.MemberUnknown, "account"), YouthView.Of);
}
