using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>A person with what they are in a bank.</summary>
/// <param name="Name">Null once they were erased.</param>
public sealed record PersonOfBankView(PersonId Id, string? Name, IReadOnlyList<StandingView> Standings);

/// <summary>Routes of who comes into a bank, and who is in it.</summary>
internal static class InvitationsApi
{
    public static void Map(RouteGroupBuilder api, RouteGroupBuilder bank)
    {
        bank.MapPost("/invitations", Invite).Takes<InvitationRequest>().Gives<InvitationMadeView>(201)
            .Describe("Invite somebody", "The answer has a code to be printed, shown this one time; it counts once, for 14 days. With an address a letter goes there too.");
        bank.MapGet("/invitations", List).Gives<Page<InvitationView>>().Paged().Describe("List open invitations", "Without their codes, oldest first. Who organises a neighbourhood sees those that they made.");
        bank.MapDelete("/invitations/{id}", Withdraw).GivesNothing().Describe("Withdraw an invitation", "Its code counts no more.");
        api.MapPost("/invitations/acceptance", Accept).Takes<AcceptanceRequest>().Gives<AcceptedView>(201)
            .Describe("Accept an invitation", "With the code, and a login and a password of one's own. Who has a login already signs in first and sends the code alone.");
        bank.MapGet("/people", People).Gives<Page<PersonOfBankView>>().Paged().Describe("List people", "Everybody with a standing in this bank, in the order of their ids.");
        bank.MapPost("/people/{person}/codes", Print).Takes<PrintCodeRequest>().Gives<PasswordCodeView>(201)
            .Describe("Print a code for a new password", "For a member who has lost theirs. It counts once, for 14 days, in place of former ones. Not for who is more than a member of this bank; who organises a neighbourhood prints them for its members.");
    }

    private static async Task Invite(string bank, HttpContext http, BankQueries banks, Invitations invitations, Site site)
    {
        if (await RequestReader.ReadJson(http, InvitationRequestValidator.Instance) is not { } request || await Missing.Bank(http, banks, bank))
            return;
        var (made, refused) = await invitations.MakeAsync(new BankId(bank), request, http.Caller(), Links.Start(http, site), http.RequestAborted);
        if (refused is not null)
        {
            await Answers.Write(http, refused, dryRun: false);
            return;
        }
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Location = $"/v1/banks/{bank}/invitations/{made!.Id}";
        await Answers.Write(http, made, StatusCodes.Status201Created);
    }

    private static async Task List(string bank, HttpContext http, BankQueries banks, Invitations invitations)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var rows = await invitations.ListAsync(new BankId(bank), http.Caller().ReadsWholeBank ? null : http.Caller().Person, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, i => Query.ToCursor(i.Id), i => i));
    }

    private static async Task Withdraw(string bank, string id, HttpContext http, Invitations invitations)
    {
        if (await invitations.WithdrawAsync(new BankId(bank), MadeBy(http), Ids.OrUnknown(id), http.Caller().Actor, http.RequestAborted))
            await PeopleApi.Done(http);
        else
            await PeopleApi.Refuse(http, PeopleProblems.InvitationUnknown);
    }

    private static async Task Accept(HttpContext http, Invitations invitations)
    {
        var signedIn = http.Caller().Person;
        var validator = signedIn is null ? AcceptanceRequestValidator.Instance : AcceptanceRequestValidator.OfSignedIn;
        if (await RequestReader.ReadJson(http, validator) is not { } request)
            return;
        var (accepted, problem, refused) = await invitations.AcceptAsync(request, signedIn, http.RequestAborted);
        await (problem is not null ? PeopleApi.Refuse(http, problem)
            : refused is not null ? Answers.Write(http, refused, dryRun: false)
            : Answers.Write(http, accepted, StatusCodes.Status201Created));
    }

    private static async Task People(string bank, HttpContext http, BankQueries banks, PeopleOfBankQueries ofBank, PeopleQueries people)
    {
        var query = new Query(http);
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var grants = await ofBank.ListAsync(new BankId(bank), after, limit + 1, http.RequestAborted);
        var names = await people.NamesAsync(grants.Select(g => g.Person).Distinct(), http.RequestAborted);
        await Answers.Write(http, query.Page([.. grants.GroupBy(g => g.Person)], limit, p => Query.ToCursor(p.Key), p => new PersonOfBankView(
            p.Key, names.GetValueOrDefault(p.Key), [.. p.Select(g => StandingView.Of(g.Id, g.Standing))])));
    }

    /// <summary>Whose invitations are theirs to see; null: everybody's.</summary>
    private static PersonId? MadeBy(HttpContext http) => http.Caller().Authority.WholeBank ? null : http.Caller().Person;

    private static async Task Print(string bank, string person, HttpContext http, AccountQueries accounts, PasswordCodes codes)
    {
        if (await RequestReader.ReadJson(http, PrintCodeRequestValidator.Instance) is not { } request)
            return;
        var (code, problem) = await codes.PrintAsync(
            new BankId(bank), new PersonId(Ids.OrUnknown(person)), request.EndsSecondFactor == true, http.Caller().Actor,
            async held => http.Caller().Authority.WholeBank || (held.Count > 0 && (await Sight.SeenAsync(http, new BankId(bank), accounts, held)).Count == held.Count), http.RequestAborted);
        if (problem is not null)
        {
            await PeopleApi.Refuse(http, problem);
            return;
        }
        http.Response.Headers.CacheControl = "no-store";
        await Answers.Write(http, code, StatusCodes.Status201Created);
    }
}
