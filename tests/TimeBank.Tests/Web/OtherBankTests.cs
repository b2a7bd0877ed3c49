using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using TimeBank.Web;

namespace TimeBank.Tests.Web;

/// <summary>What belongs to another bank is answered byte for byte like what there never was, in every place where an id is accepted.</summary>
[Category("Database")]
public sealed partial class OtherBankTests
{
    /// <summary>A bank that takes applications shows itself to everybody.</summary>
    private static readonly string[] s_forStrangers = ["POST /v1/banks/{bank}/applications"];

    [Test]
    public async Task An_id_of_another_bank_is_answered_like_an_unknown_one_wherever_it_stands()
    {
        // Somebody whose password may be tried and whose sessions may end.
        using var http = RunningServer.Client(RunningServer.App, "odile-the-operator");
        var (mine, theirs) = (await OperationRequests.OpenAsync(http), await OperationRequests.OpenAsync(http));
        var ids = Ids(mine).Zip(Ids(theirs), (a, b) => (Mine: a.Id, Theirs: b.Id, a.Name)).ToList();
        var (offenders, places) = (new List<string>(), 0);
        foreach (var (operation, request) in mine.All().Where(o => o.Key.Contains("{bank}", StringComparison.Ordinal)))
        {
            foreach (var (own, foreign, name) in ids.Where(i => Says(request, i.Mine)))
            {
                // A person is no bank's: whom the operator appoints is the operator's word.
                if (name == nameof(OperationRequests.AnnPerson) && operation == "POST /v1/banks/{bank}/organisers")
                    continue;
                // The id of a bulk request is the caller's own to choose.
                if (operation == "POST /v1/banks/{bank}/postings/bulk" && name == nameof(OperationRequests.Bulk))
                    continue;
                places++;
                // Each time anew: lines of bulk requests have keys of their own.
                AskedRequest Anew() => mine.All()[operation] with { Path = request.Path.Replace($"&id={mine.Bulk}", "", StringComparison.Ordinal) };
                var unknown = Guid.CreateVersion7();
                var method = new HttpMethod(operation.Split(' ')[0]);
                var answers = new[] { await With(Anew(), own, foreign).SendAsync(http, method), await With(Anew(), own, unknown).SendAsync(http, method) };
                var (found, expected) = (Plain(answers[0], foreign), Plain(answers[1], unknown));
                if (found != expected || (int)answers[0].Status is >= 200 and < 300 && answers[0].Text.Contains(foreign.ToString(), StringComparison.Ordinal) && !answers[0].Text.Contains("\"code\":", StringComparison.Ordinal))
                    offenders.Add($"{operation} with another bank's {name}: {answers[0]}\n  and with an unknown one: {answers[1]}");
            }
        }
        places.ShouldBeGreaterThan(40);
        offenders.ShouldBeEmpty();
    }

    [Test]
    public async Task Another_bank_is_answered_like_one_that_there_never_was()
    {
        var mine = await RunningServer.Http.OpenBankAsync();
        var theirs = await OperationRequests.OpenAsync(RunningServer.Http);
        var (organiser, _) = await RunningServer.Http.JoinAsync(mine, new { role = "organiser" });
        foreach (var (operation, request) in theirs.All().Where(o => o.Key.Contains("{bank}", StringComparison.Ordinal) && !s_forStrangers.Contains(o.Key)))
        {
            var method = new HttpMethod(operation.Split(' ')[0]);
            var there = await request.SendAsync(organiser, method);
            var nowhere = await (request with { Path = request.Path.Replace(theirs.Bank, "/v1/banks/there-never-was", StringComparison.Ordinal) }).SendAsync(organiser, method);

            (there.Status, there.Text).ShouldBe((nowhere.Status, nowhere.Text), operation);
            there.Code.ShouldBe("BankUnknown", operation);
        }
    }

    [Test]
    public async Task Who_says_that_they_act_for_an_account_of_another_bank_is_answered_as_for_an_unknown_one()
    {
        var (mine, theirs) = (await OperationRequests.OpenAsync(RunningServer.Http), await OperationRequests.OpenAsync(RunningServer.Http));
        async Task<Answer> AskAsync(string operation, AskedRequest request, Guid actsFor)
        {
            using var http = new HttpClient { BaseAddress = mine.AnnHttp.BaseAddress };
            http.DefaultRequestHeaders.Authorization = mine.AnnHttp.DefaultRequestHeaders.Authorization;
            http.DefaultRequestHeaders.Add("Acting-For", actsFor.ToString());
            return await request.SendAsync(http, new HttpMethod(operation.Split(' ')[0]));
        }
        foreach (var (operation, request) in mine.All().Where(o => o.Key.Contains("{bank}", StringComparison.Ordinal) && !s_forStrangers.Contains(o.Key)))
        {
            var (foreign, unknown) = (await AskAsync(operation, request, theirs.Ben), await AskAsync(operation, request, Guid.CreateVersion7()));

            (foreign.Status, foreign.Text).ShouldBe((unknown.Status, unknown.Text), operation);
            foreign.Code.ShouldBe("BankUnknown", operation);
        }
    }

    [Test]
    public async Task A_cursor_of_another_bank_is_a_place_in_ones_own_lists_and_shows_nothing_else()
    {
        var (mine, theirs) = (await OperationRequests.OpenAsync(RunningServer.Http), await OperationRequests.OpenAsync(RunningServer.Http));
        var (foreign, paged) = (Ids(theirs).Select(i => i.Id.ToString()).ToList(), 0);
        foreach (var (operation, request) in theirs.All().Where(o => o.Key.StartsWith("GET /v1/banks/{bank}", StringComparison.Ordinal)))
        {
            var there = await (request with { Path = With(request.Path, "limit=1") }).SendAsync(RunningServer.Http, HttpMethod.Get);
            if (there.Body is not JsonObject page || (string?)page["next"] is not { } cursor)
                continue;
            paged++;
            var here = await (mine.All()[operation] with { Path = With(mine.All()[operation].Path, $"cursor={cursor}") }).SendAsync(RunningServer.Http, HttpMethod.Get);

            ((int)here.Status).ShouldBe(200, $"{operation}: {here}");
            foreign.Where(id => here.Text.Contains(id, StringComparison.Ordinal)).ShouldBeEmpty($"{operation}: {here}");
        }
        paged.ShouldBeGreaterThan(8);

        static string With(string path, string parameter) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}";
    }

    private static IEnumerable<(string Name, Guid Id)> Ids(OperationRequests of) =>
        typeof(OperationRequests).GetProperties().Where(p => p.PropertyType == typeof(Guid)).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => (p.Name, (Guid)p.GetValue(of)!));

    private static string BodyOf(AskedRequest request) => request.Body is null ? "" : request.Body as string ?? ApiJson.Write(request.Body);

    private static bool Says(AskedRequest request, Guid id) => (request.Path + BodyOf(request)).Contains(id.ToString(), StringComparison.Ordinal);

    private static AskedRequest With(AskedRequest request, Guid own, Guid other) => request with
    {
        Path = request.Path.Replace(own.ToString(), other.ToString(), StringComparison.Ordinal),
        Body = request.Body is null ? null : BodyOf(request).Replace(own.ToString(), other.ToString(), StringComparison.Ordinal),
    };

    private static string Plain(Answer answer, Guid id) => $"{answer.Status} {Id().Replace(answer.Text.Replace(id.ToString(), "ID", StringComparison.Ordinal), "made")}";

    /// <summary>What was made anew has an id of its own.</summary>
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();
}
