using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Access;

public sealed record ErasureRequest;

public sealed class ErasureRequestValidator : FluentValidation.AbstractValidator<ErasureRequest>
{
    public static readonly ErasureRequestValidator Instance = new();
}

/// <summary>Routes of personal data: all of it in one call, and its erasure.</summary>
public static class PersonalDataApi
{
    public static void Map(RouteGroupBuilder api, RouteGroupBuilder bank)
    {
        api.MapGet("/me/data", Mine).Gives<PersonDataView>()
            .Describe("Export all that concerns you", "Your login, your standings, invitations that wait for you, and your accounts with every entry, hold and link and what was written about them, in all banks.");
        bank.MapGet("/people/{person}/data", OfPerson).Gives<PersonDataView>()
            .Describe("Export all that concerns a person", "What this bank keeps about them, also when their standings have ended, and while they have one here their login, without what is other banks' or the installation's. It stands in the audit trail.");
        bank.MapPost("/people/{person}/erasure", Erase).Takes<ErasureRequest>().Gives<ErasureAnswer>()
            .Describe("Erase a person", "Ends their standings here, removes every text about them and invitations that wait for them, and ends the login if no other bank knows them. " +
                "Their accounts must be closed. Entries stay, under a pseudonym. Doing it twice changes nothing.");
    }

    private static async Task Mine(HttpContext http, RightsQueries rights, Belongings belongings, PersonalDataExport export)
    {
        var person = http.Caller().Person!.Value;
        var shares = new List<BelongingsInBank>();
        foreach (var bank in await rights.BanksOfAsync(person, http.RequestAborted))
            shares.Add(await belongings.OfAsync(bank, person, alsoOnceShared: false, http.RequestAborted));
        await export.WriteAsync(http, person, shares, null, withLogin: true);
    }

    private static async Task OfPerson(string bank, string person, HttpContext http, Belongings belongings, PersonalDataExport export, AuditTrail trail)
    {
        var (here, id) = (new BankId(bank), new PersonId(Ids.OrUnknown(person)));
        var share = await belongings.OfAsync(here, id, alsoOnceShared: true, http.RequestAborted);
        if (share.Grants.Count == 0)
        {
            await Problems.Write(http, new Refusal(RefusalCode.RightUnknown, new Figure("person", id.Value)));
            return;
        }
        var noted = await trail.NoteAsync(here, Noted.PersonExported, id.Value, http.Caller().Actor);
        if (noted.Status != 200)
            await Answers.Write(http, noted, dryRun: false);
        else
            await export.WriteAsync(http, id, [share], here, withLogin: share.Grants.Any(g => g.Active));
    }

    private static async Task Erase(string bank, string person, HttpContext http, PersonalData data)
    {
        if (await RequestReader.ReadJson(http, ErasureRequestValidator.Instance) is not null)
            await Answers.Write(http, await data.EraseAsync(new BankId(bank), new PersonId(Ids.OrUnknown(person)), Said.Of(http), http.RequestAborted), dryRun: false);
    }
}
