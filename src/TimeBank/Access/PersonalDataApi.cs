using System.Text.Json;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What is kept about a person in one bank.</summary>
public sealed record PersonInBank(string Bank, IReadOnlyList<GrantView> Standings, IReadOnlyList<PersonAccount> Accounts);

public sealed record PersonAccount(AccountId Id, string? Name, IReadOnlyList<PersonEntry> Entries);

/// <summary>An entry with what was written about it.</summary>
public sealed record PersonEntry(
    TransferId Transfer, DateTimeOffset Posted, DateOnly Occurred, Minutes Minutes, Minutes Balance, AccountId Counterparty,
    string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata, string? Reason)
{
    public static PersonEntry Of(EntryRow e) => new(
        e.Moved.Transfer, e.Posted, e.Moved.Occurred, e.Amount, e.Balance, e.Moved.Counterparty, e.Moved.Category,
        e.Text?.Memo, e.Text?.ClientReference, e.Text?.Metadata, e.Text?.Reason);
}

/// <summary>All that concerns a person, in one answer.</summary>
public sealed record PersonDataView(JsonElement Person, IReadOnlyList<PersonInBank> Banks);

public sealed record ErasureRequest;

public sealed class ErasureRequestValidator : FluentValidation.AbstractValidator<ErasureRequest>
{
    public static readonly ErasureRequestValidator Instance = new();
}

/// <summary>Routes of personal data: all of it in one call, and its erasure.</summary>
public static class PersonalDataApi
{
    private const int EntriesAtOnce = 500;

    public static void Map(RouteGroupBuilder api, RouteGroupBuilder bank)
    {
        api.MapGet("/me/data", Mine).Gives<PersonDataView>()
            .Describe("Export all that concerns you", "Your login, your standings, and your accounts with every entry and what was written about it, in all banks.");
        bank.MapGet("/people/{person}/data", OfPerson).Gives<PersonDataView>()
            .Describe("Export all that concerns a person", "What this bank keeps about them, and their login, without what is other banks' or the installation's. It stands in the audit trail.");
        bank.MapPost("/people/{person}/erasure", Erase).Takes<ErasureRequest>().Gives<ErasureAnswer>()
            .Describe("Erase a person", "Ends their standings here, removes every text about them, and ends the login if no other bank knows them. " +
                "Their accounts must be closed, and concerns about them, too. Entries stay, under a pseudonym. Doing it twice changes nothing.");
    }

    private static async Task Mine(HttpContext http, RightsQueries rights, PeopleQueries people, AccountQueries accounts, EntryQueries entries, TimeProvider clock)
    {
        var person = http.Caller().Person!.Value;
        var grants = await rights.GrantsOfAsync(person, http.RequestAborted);
        await WriteAsync(http, person, null, grants.GroupBy(g => g.Bank), people, accounts, entries, clock);
    }

    private static async Task OfPerson(
        string bank, string person, HttpContext http, RightsQueries rights, PeopleQueries people, AccountQueries accounts, EntryQueries entries, AuditTrail trail, TimeProvider clock)
    {
        var id = new PersonId(Ids.OrUnknown(person));
        var grants = (await rights.GrantsOfAsync(id, http.RequestAborted)).Where(g => g.Bank.Value == bank).ToList();
        if (grants.Count == 0)
        {
            await Problems.Write(http, new Refusal(RefusalCode.RightUnknown, new Figure("person", id.Value)));
            return;
        }
        var noted = await trail.NoteAsync(new BankId(bank), Noted.PersonExported, id.Value, http.Caller().Actor);
        if (noted.Status != 200)
            await Answers.Write(http, noted, dryRun: false);
        else
            await WriteAsync(http, id, new BankId(bank), grants.GroupBy(g => g.Bank), people, accounts, entries, clock);
    }

    private static async Task Erase(string bank, string person, HttpContext http, PersonalData data)
    {
        if (await RequestReader.ReadJson(http, ErasureRequestValidator.Instance) is not null)
            await Answers.Write(http, await data.EraseAsync(new BankId(bank), new PersonId(Ids.OrUnknown(person)), Said.Of(http), http.RequestAborted), dryRun: false);
    }

    /// <summary>Written as it is read: a passbook may have a hundred thousand entries.</summary>
    private static async Task WriteAsync(
        HttpContext http, PersonId person, BankId? asking, IEnumerable<IGrouping<BankId, PersonGrant>> banks, PeopleQueries people, AccountQueries accounts, EntryQueries entries, TimeProvider clock)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WritePropertyName("person");
        JsonSerializer.Serialize(json, await people.DataOfAsync(person, asking, http.RequestAborted), ApiJson.Options);
        json.WriteStartArray("banks");
        foreach (var bank in banks)
        {
            json.WriteStartObject();
            json.WriteString("bank", bank.Key.Value);
            json.WritePropertyName("standings");
            JsonSerializer.Serialize(json, bank.Select(g => GrantView.Of(new Grant(g.Id, person, g.Standing, true))), ApiJson.Options);
            json.WriteStartArray("accounts");
            foreach (var account in bank.Where(g => g.Standing.Role == Role.Member).Select(g => g.Standing.Account!.Value).Distinct())
            {
                json.WriteStartObject();
                json.WriteString("id", account.Value);
                if ((await accounts.FindAsync(bank.Key, account, clock.GetUtcNow(), http.RequestAborted))?.Name is { } name)
                    json.WriteString("name", name);
                json.WriteStartArray("entries");
                long? after = null;
                while (await entries.ByPostedAsync(bank.Key, account, false, null, null, after, EntriesAtOnce, http.RequestAborted) is { Count: > 0 } page)
                {
                    foreach (var entry in page)
                        JsonSerializer.Serialize(json, PersonEntry.Of(entry), ApiJson.Options);
                    after = page[^1].Version;
                    await json.FlushAsync(http.RequestAborted);
                    await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }
}
