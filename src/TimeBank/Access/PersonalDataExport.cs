using System.Text.Json;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Writes all that concerns a person, as it is read: a passbook may have a hundred thousand entries.</summary>
public sealed class PersonalDataExport(
    PeopleQueries people, AccountQueries accounts, EntryQueries entries, HoldQueries holds, RightsQueries rights, PersonalTexts texts, ThingQueries things, NoticeQueries notices, TimeProvider clock)
{
    private const int AtOnce = 500;

    /// <param name="shares">What is theirs, bank by bank.</param>
    /// <param name="asking">The bank whose organiser asks; null: the person.</param>
    /// <param name="withLogin">Whether the login is told, too.</param>
    public async Task WriteAsync(HttpContext http, PersonId person, IReadOnlyList<BelongingsInBank> shares, BankId? asking, bool withLogin)
    {
        var cancel = http.RequestAborted;
        // What may fail is read before the answer begins.
        var login = withLogin ? await people.DataOfAsync(person, asking, cancel) : null;
        var invitations = await people.InvitationsToAsync(person, asking, cancel);
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WritePropertyName("person");
        if (login is null)
            Write(json, new { Id = person });
        else
            Write(json, login);
        json.WriteStartArray("banks");
        foreach (var share in shares)
        {
            json.WriteStartObject();
            json.WriteString("bank", share.Bank.Value);
            json.WritePropertyName("standings");
            Write(json, share.Grants.Select(GrantView.Of));
            json.WritePropertyName("noticeSettings");
            Write(json, (await notices.SettingsAsync(share.Bank, person.Value, cancel)).Settings);
            json.WriteStartArray("accounts");
            foreach (var account in share.Accounts)
                await WriteAccountAsync(http, json, share.Bank, account);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("invitations");
        Write(json, invitations);
        json.WriteEndObject();
        await json.FlushAsync(cancel);
    }

    private async Task WriteAccountAsync(HttpContext http, Utf8JsonWriter json, BankId bank, AccountId account)
    {
        var cancel = http.RequestAborted;
        var now = clock.GetUtcNow();
        json.WriteStartObject();
        json.WriteString("id", account.Value);
        if ((await accounts.FindAsync(bank, account, now, cancel))?.Name is { } name)
            json.WriteString("name", name);
        json.WritePropertyName("texts");
        Write(json, (await texts.OfSettingsAsync(bank, account, cancel)).Select(PersonText.Of));
        json.WritePropertyName("links");
        Write(json, (await rights.ListAsync(bank, RightsTable.LinkKind, null, account, activeOnly: false, Guid.Empty, int.MaxValue, cancel)).Select(r => LinkView.Of((Link)r.Right)));
        json.WritePropertyName("permissions");
        Write(json, (await rights.ListAsync(bank, RightsTable.PermissionKind, null, account, activeOnly: false, Guid.Empty, int.MaxValue, cancel)).Select(r => PermissionView.Of((Permission)r.Right)));
        json.WriteStartArray("holds");
        var last = Guid.Empty;
        await WritePagesAsync<PersonHold>(http, json, async () =>
        {
            var page = await holds.ListAsync(bank, account, openOnly: false, last, AtOnce, now, cancel);
            last = page.Count == 0 ? last : page[^1].Hold.Id.Value;
            return page.ConvertAll(h => PersonHold.Of(h, now));
        });
        json.WriteEndArray();
        json.WriteStartArray("things");
        var seen = Guid.Empty;
        await WritePagesAsync<PersonThing>(http, json, async () =>
        {
            var page = await things.OfAccountAsync(bank, account, seen, AtOnce, cancel);
            seen = page.Count == 0 ? seen : page[^1].Thing.Id.Value;
            return page.ConvertAll(t => PersonThing.Of(t, account));
        });
        json.WriteEndArray();
        json.WriteStartArray("notices");
        var told = Guid.Empty;
        await WritePagesAsync<PersonNotice>(http, json, async () =>
        {
            var page = await notices.OfAccountAsync(bank, account, told, AtOnce, cancel);
            told = page.Count == 0 ? told : page[^1].Id;
            return page.ConvertAll(PersonNotice.Of);
        });
        json.WriteEndArray();
        json.WriteStartArray("entries");
        long? after = null;
        await WritePagesAsync<PersonEntry>(http, json, async () =>
        {
            var page = await entries.ByPostedAsync(bank, account, false, null, null, after, AtOnce, cancel);
            after = page.Count == 0 ? after : page[^1].Version;
            return [.. page.Select(PersonEntry.Of)];
        });
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task WritePagesAsync<T>(HttpContext http, Utf8JsonWriter json, Func<Task<List<T>>> next)
    {
        while (await next() is { Count: > 0 } page)
        {
            foreach (var one in page)
                Write(json, one);
            await json.FlushAsync(http.RequestAborted);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }

    private static void Write<T>(Utf8JsonWriter json, T value) => JsonSerializer.Serialize(json, value, ApiJson.Options);
}
