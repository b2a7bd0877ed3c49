using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace TimeBank.Tests.Postings;

[Category("Database")]
public sealed class PostingsOverHttpTests
{
    private static HttpClient Http => RunningServer.Http;
    private string _bank = "";
    private Guid _ann, _ben, _cat, _clinic, _garden;

    [SetUp]
    public async Task Open()
    {
        _bank = await Http.OpenBankAsync();
        _ann = await Http.OpenAccountAsync(_bank, "member", "Ann", floor: -100);
        _ben = await Http.OpenAccountAsync(_bank, "member", "Ben", floor: 0);
        _cat = await Http.OpenAccountAsync(_bank, "member", "Cat", floor: 0);
        _clinic = await Http.OpenAccountAsync(_bank, "provider", "Clinic");
        _garden = await Http.OpenAccountAsync(_bank, "project", "Garden");
    }

    [Test]
    public async Task The_id_of_a_transfer_is_no_posting()
    {
        var made = await Http.TransferAsync(_bank, "exchange", _ann, _ben, 1);
        (await Http.GetAnswerAsync($"{_bank}/postings/{(string)made["posting"]!}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Http.GetAnswerAsync($"{_bank}/postings/{made.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task All_that_was_said_of_a_transfer_is_kept_and_returned()
    {
        var made = await Http.PostAsync($"{_bank}/transfers", new
        {
            kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 30, occurred = "2026-01-02", category = "elder-care",
            memo = "Shopping & a walk", clientReference = "sheet 7/3", metadata = new Dictionary<string, string> { ["Room"] = "2", ["sheet"] = "Nov" },
        });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        made.Text.ShouldNotContain("Shopping", Case.Insensitive, "What is recorded under a key holds no text about people.");

        var kept = await Http.GetAnswerAsync(made.Headers.Location!.ToString());

        foreach (var (member, value) in new[] { ("occurred", "2026-01-02"), ("category", "elder-care"), ("memo", "Shopping & a walk"), ("clientReference", "sheet 7/3"), ("posted", (string)made["posted"]!) })
            ((string?)kept[member]).ShouldBe(value);
        kept["metadata"].ToJsonString().ShouldBe("""{"Room":"2","sheet":"Nov"}""");
        ((string?)(await Http.GetAnswerAsync($"{_bank}/postings/{(string)made["posting"]!}"))["transfers"][0]!["memo"]).ShouldBe("Shopping & a walk");
    }

    [Test]
    public async Task A_posting_is_made_wholly_or_not_at_all_and_names_the_leg_that_is_refused()
    {
        object Leg(Guid payer, Guid payee, long minutes) => new { kind = "exchange", yes = "paper", payer, payee, minutes };
        var refused = await Http.PostAsync($"{_bank}/postings", new { legs = new[] { Leg(_ann, _ben, 50), Leg(_ben, _cat, 51) } });
        (refused.Status, refused.Code, (int)refused["leg"], (long)refused["available"]).ShouldBe((HttpStatusCode.UnprocessableEntity, "BelowFloor", 2, 50));
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(0);

        var made = await Http.PostAsync($"{_bank}/postings", new { legs = new[] { Leg(_ann, _ben, 50), Leg(_ben, _cat, 20) } });

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(30);
        (await Http.BalanceAsync(_bank, _cat)).ShouldBe(20);
        var thousandAndOne = await Http.PostAsync($"{_bank}/postings", new { legs = Enumerable.Repeat(Leg(_ann, _ben, 1), 1001) });
        thousandAndOne.Code.ShouldBe("Invalid");
    }

    [Test]
    public async Task Closed_books_take_an_earlier_date_only_by_an_override_with_a_reason()
    {
        var tag = (await Http.GetAnswerAsync($"{_bank}/policy")).Headers.ETag!.Tag;
        (await Http.SayAsync(HttpMethod.Put, $"{_bank}/policy", new { booksClosedThrough = "2026-01-31" }, ifMatch: tag)).Status.ShouldBe(HttpStatusCode.OK);
        object Say(bool? over, string? reason) => new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 1, occurred = "2026-01-31", @override = over, reason };

        (await Http.PostAsync($"{_bank}/transfers", Say(null, null))).Code.ShouldBe("BooksClosed");
        (await Http.PostAsync($"{_bank}/transfers", Say(true, null))).Code.ShouldBe("Invalid");
        var made = await Http.PostAsync($"{_bank}/transfers", Say(true, "found in a drawer"));

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        var kept = await Http.GetAnswerAsync($"{_bank}/transfers/{made.Id}");
        ((string?)kept["reason"], (string?)kept["override"]).ShouldBe(("found in a drawer", "organiser"));
    }

    [Test]
    public async Task A_list_is_narrowed_by_each_filter()
    {
        var ids = new Dictionary<string, Guid>();
        foreach (var (name, body) in new (string, object)[]
        {
            ("plain", new { kind = "exchange", yes = "paper", payer = _ann, payee = _ben, minutes = 40 }),
            ("care", new { kind = "exchange", yes = "paper", payer = _ben, payee = _cat, minutes = 5, category = "care", clientReference = "r-1", occurred = "2026-01-05" }),
            ("spent", new { kind = "spend", yes = "paper", payer = _ben, payee = _clinic, minutes = 5, occurred = "2026-01-06" }),
        })
        {
            var made = await Http.PostAsync($"{_bank}/transfers", body);
            made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
            ids[name] = made.Id;
        }
        var posted = Uri.EscapeDataString((string)(await Http.GetAnswerAsync($"{_bank}/transfers/{ids["care"]}"))["posted"]!);

        foreach (var (query, names) in new[]
        {
            ("", "spent care plain"), ("kind=spend", "spent"), ($"account={_cat}", "care"), ($"account={_ben}", "spent care plain"), ("category=care", "care"),
            ("clientReference=r-1", "care"), ("clientReference=r-2", ""), ("occurredFrom=2026-01-05&occurredTo=2026-01-05", "care"), ("occurredTo=2026-01-06", "spent care"),
            ($"postedFrom={posted}", "spent care"), ($"postedTo={posted}", "care plain"), ($"account={_ben}&kind=exchange", "care plain"), ($"account={Guid.CreateVersion7()}", ""),
        })
        {
            foreach (var limit in (int[])[1, 100])
            {
                var found = new List<Guid>();
                for (var path = $"{_bank}/transfers?limit={limit}&{query}"; path is not null;)
                {
                    var page = await Http.GetAnswerAsync(path);
                    page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
                    found.AddRange(page["items"].AsArray().Select(t => Guid.Parse((string)t!["id"]!)));
                    path = page.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
                }
                found.ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => ids[n]), $"{query} by {limit}");
            }
        }
    }

    [Test]
    public async Task A_reversal_takes_back_a_part_then_the_rest_and_never_more()
    {
        var made = await Http.TransferAsync(_bank, "exchange", _ann, _ben, 50);
        var path = $"{_bank}/transfers/{made.Id}/reversal";

        var part = await Http.PostAsync(path, new { minutes = 20, reason = "half of it" });
        (await Http.PostAsync(path, new { minutes = 31, reason = "more" })).Code.ShouldBe("ReversalExceedsRest");
        var rest = await Http.PostAsync(path, new { reason = "the rest" });
        (await Http.PostAsync(path, new { reason = "more" })).Code.ShouldBe("ReversalExceedsRest");

        part.Status.ShouldBe(HttpStatusCode.Created, part.Text);
        ((long)rest["transfers"][0]!["minutes"]!).ShouldBe(30);
        (await Http.BalanceAsync(_bank, _ann)).ShouldBe(0);
        ((long)(await Http.GetAnswerAsync($"{_bank}/transfers/{made.Id}"))["reversed"]).ShouldBe(50);
        var kept = await Http.GetAnswerAsync($"{_bank}/transfers/{(string)part["transfers"][0]!["id"]!}");
        ((string?)kept["reason"], (string?)kept["reverses"]).ShouldBe(("half of it", made.Id.ToString()));
        (await Http.PostAsync($"{_bank}/transfers/{(string)kept["id"]!}/reversal", new { reason = "again" })).Code.ShouldBe("ReversalOfReversal");
    }

    [Test]
    public async Task Who_lacks_what_a_reversal_takes_is_named_and_only_an_override_goes_below_the_floor()
    {
        var made = await Http.TransferAsync(_bank, "exchange", _ann, _ben, 50);
        await Http.TransferAsync(_bank, "exchange", _ben, _cat, 40);
        var path = $"{_bank}/transfers/{made.Id}/reversal";

        var refused = await Http.PostAsync(path, new { reason = "it was a mistake" });
        (await Http.PostAsync(path, new { })).Code.ShouldBe("ReasonNeeded");
        (await Http.PostAsync(path, new { @override = true })).Code.ShouldBe("Invalid");
        var forced = await Http.PostAsync(path, new { @override = true, reason = "it was a mistake" });

        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, "ReversalFallsShort"));
        var shortfall = refused["shortfalls"].AsArray().Single()!;
        ((string?)shortfall["account"], (long)shortfall["short"]!).ShouldBe((_ben.ToString(), 40));
        forced.Status.ShouldBe(HttpStatusCode.Created, forced.Text);
        (await Http.BalanceAsync(_bank, _ben)).ShouldBe(-40);
        ((string?)(await Http.GetAnswerAsync($"{_bank}/transfers/{(string)forced["transfers"][0]!["id"]!}"))["override"]).ShouldBe("organiser");
    }

    [Test]
    public async Task A_dry_run_answers_the_same_and_writes_nothing()
    {
        var rule = await Http.PostAsync($"{_bank}/rules", new { owner = _clinic, kinds = (string[])["spend"], share = 3000, targets = new[] { new { account = _garden } } });
        rule.Status.ShouldBe(HttpStatusCode.Created, rule.Text);
        var number = await JournalNumberAsync();
        var body = new { kind = "spend", yes = "paper", payer = _ann, payee = _clinic, minutes = 60, memo = "m" };

        var dry = await Http.SayAsync(HttpMethod.Post, $"{_bank}/transfers?dryRun=true", body);
        var dryRefusal = await Http.SayAsync(HttpMethod.Post, $"{_bank}/transfers?dryRun=true", new { kind = "spend", yes = "paper", payer = _ann, payee = _clinic, minutes = 101 });

        dry.Status.ShouldBe(HttpStatusCode.OK, dry.Text);
        dry.Headers.Location.ShouldBeNull();
        dryRefusal.Code.ShouldBe("BelowFloor");
        (await JournalNumberAsync()).ShouldBe(number);
        (await Http.BalanceAsync(_bank, _ann)).ShouldBe(0);
        var real = await Http.PostAsync($"{_bank}/transfers", body);
        Plain(dry).ShouldBe(Plain(real));
    }

    /// <summary>An answer without ids and moments, which are new each time.</summary>
    private static string Plain(Answer answer)
    {
        var copy = answer.Body!.DeepClone().AsObject();
        foreach (var member in (string[])["id", "posting", "posted"])
            copy.Remove(member).ShouldBeTrue();
        copy["rules"]![0]!["parts"]![0]!.AsObject().Remove("transfer").ShouldBeTrue();
        return copy.ToJsonString();
    }

    private Task<string> JournalNumberAsync() => Store.Sql.AskAsync(
        RunningServer.Store.OwnerConnectionString, $"select max(number) from timebank.journal where bank = '{_bank["/v1/banks/".Length..]}'");
}
