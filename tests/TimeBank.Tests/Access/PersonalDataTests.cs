using System.Net;
using Shouldly;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Access;

/// <summary>What is kept about a person: all of it in one call, and all of it gone when they are erased, while the books stay.</summary>
[Category("Database")]
public sealed class PersonalDataTests
{
    private const string Secretly = "Fetched her heart pills from the pharmacy";

    [Test]
    public async Task Everything_about_a_person_comes_in_one_call_to_them_and_to_their_organiser()
    {
        var (bank, ann, http, person, _) = await AnnAsync(RunningServer.Http);

        foreach (var (who, path) in new[] { (http, "/v1/me/data"), (RunningServer.Http, $"{bank}/people/{person}/data") })
        {
            var data = await who.GetAnswerAsync(path);
            data.Status.ShouldBe(HttpStatusCode.OK, data.Text);
            ((Guid)data["person"]["id"]!).ShouldBe(person);
            var account = data["banks"]!.AsArray().Single()!["accounts"]!.AsArray().Single()!;
            ((Guid)account["id"]!).ShouldBe(ann);
            ((string?)account["name"]).ShouldBe("Ann Fenwick");
            ((string?)account["entries"]!.AsArray().Single()!["memo"]).ShouldBe(Secretly);
        }
        (await RunningServer.Http.GetAnswerAsync($"{bank}/audit"))["items"]!.AsArray().ShouldContain(l => (string)l!["what"]! == "personExported");
    }

    [Test]
    public async Task Who_is_erased_leaves_no_trace_but_entries_and_the_books_are_whole_also_after_a_rebuild()
    {
        await using var ledger = await LedgerOfItsOwn.OpenAsync();
        var organiser = ledger.Http;
        var (bank, ann, http, person, ben) = await AnnAsync(organiser);
        var concern = await organiser.PostAsync($"{bank}/concerns", new { account = ann, text = "Ann Fenwick forgets things." });
        var (lead, _) = await organiser.JoinAsync(bank, new { role = "safeguardingLead" });
        (await organiser.PostAsync($"{bank}/people/{person}/erasure", new { })).Code.ShouldBe("AccountStillOpen");
        var chest = await organiser.OpenAccountAsync(bank, "pot", "Chest");
        var closed = await organiser.PostAsync($"{bank}/accounts/{ann}/closure", new { });
        closed.Status.ShouldBe(HttpStatusCode.OK, closed.Text);
        (await organiser.BalanceAsync(bank, chest)).ShouldBe(45, "What a member leaves goes to the oldest pot.");

        (await lead.PostAsync($"{bank}/concerns/{concern.Id}/notes", new { text = "Rang Ann Fenwick about the pills." })).Status.ShouldBe(HttpStatusCode.Created);

        (await organiser.GetAnswerAsync($"{bank}/accounts?text=fenwick"))["items"].AsArray().Count.ShouldBe(1);
        var erased = await organiser.PostAsync($"{bank}/people/{person}/erasure", new { });
        erased.Status.ShouldBe(HttpStatusCode.OK, erased.Text);
        (await organiser.GetAnswerAsync($"{bank}/accounts?text=fenwick"))["items"].AsArray().ShouldBeEmpty();
        ((bool)erased["loginEnded"]!).ShouldBeTrue();
        (await http.GetAnswerAsync("/v1/me")).Code.ShouldBe("SignInNeeded");
        var kept = await lead.GetAnswerAsync($"{bank}/concerns/{concern.Id}");
        ((string)kept["concern"]!["text"]!).ShouldContain("forgets", customMessage: "An organiser puts nothing away that only the lead reads, and is not told of it.");
        (await lead.PostAsync($"{bank}/concerns/{concern.Id}/closure", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await lead.GetAnswerAsync($"{bank}/concerns/{concern.Id}")).Code.ShouldBe("NotFound");
        var shown = await organiser.GetAnswerAsync($"{bank}/accounts/{ann}");
        ((string)shown["name"]!).ShouldStartWith("Former member ");
        var entries = (await organiser.GetAnswerAsync($"{bank}/accounts/{ann}/entries"))["items"]!.AsArray();
        entries.Count.ShouldBe(2);
        entries.ShouldAllBe(e => e!["memo"] == null);
        (await organiser.BalanceAsync(bank, ben)).ShouldBe(-45);
        (await organiser.PostAsync($"{bank}/people/{person}/erasure", new { })).Status.ShouldBe(HttpStatusCode.OK, "Twice changes nothing.");

        await new TimeBank.Store.Rebuild(ledger.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);
        (await ledger.VerifyAsync()).Differences.ShouldBeEmpty();
        foreach (var trace in (string[])["Fenwick", "pills", "forgets", "kitchen", "the old oak", "from80"])
        {
            (await Sql.AskAsync(ledger.Superuser, $"""
                select (select count(*) from timebank.mt_events e where e::text ilike '%{trace}%') + (select count(*) from timebank.texts t where t::text ilike '%{trace}%')
                  + (select count(*) from timebank.listing_search l where l::text ilike '%{trace}%')
                  + (select count(*) from timebank.listing_words l where l::text ilike '%{trace}%')
                  + (select count(*) from timebank.concerns c where c::text ilike '%{trace}%') + (select count(*) from timebank.concern_notes n where n::text ilike '%{trace}%') + (select count(*) from timebank.idempotency_keys k where k::text ilike '%{trace}%')
                  + (select count(*) from people.persons u where u::text ilike '%{trace}%')
                """)).ShouldBe("0", trace);
        }
    }

    private static async Task<(string Bank, Guid Ann, HttpClient Http, Guid Person, Guid Ben)> AnnAsync(HttpClient organiser)
    {
        var bank = await organiser.OpenBankAsync();
        var ann = await organiser.OpenAccountAsync(bank, "member", "Ann Fenwick");
        var ben = await organiser.OpenAccountAsync(bank, "member", "Ben");
        var (http, person) = await organiser.JoinAsync(bank, new { role = "member", account = ann });
        var helped = await organiser.PostAsync($"{bank}/transfers", new { kind = "exchange", yes = "paper", payer = ben, payee = ann, minutes = 45, memo = Secretly });
        helped.Status.ShouldBe(HttpStatusCode.Created, helped.Text);
        var offer = new { account = ann, kind = "offer", category = "company", title = "Ann Fenwick plays cards", description = "At her kitchen table" };
        (await http.PostAsync($"{bank}/listings", offer)).Status.ShouldBe(HttpStatusCode.Created);
        (await http.PostAsync($"{bank}/members", new { account = ann, how = "page", address = "Under the old oak", ageBand = "from80" })).Status.ShouldBe(HttpStatusCode.Created);
        return (bank, ann, http, person, ben);
    }
}
