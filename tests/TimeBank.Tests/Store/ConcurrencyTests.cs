using System.Collections.Concurrent;
using System.Net;
using Shouldly;
using TimeBank.Accounts;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Reinvestment;
using TimeBank.Web;

namespace TimeBank.Tests.Store;

/// <summary>Two servers on one bank, all commands at once: what was committed, decided again one by one in the order of the
/// journal, gives the same events and the answers that callers got.</summary>
[Category("Database")]
public sealed class ConcurrencyTests
{
    private static readonly TimeSpan s_running = TimeSpan.FromSeconds(4);

    [Test]
    public async Task Two_servers_in_one_process_keep_one_order()
    {
        await using var second = await RunningServer.StartServer(RunningServer.Store);
        using var http = RunningServer.Client(second);
        await RunAsync(RunningServer.Http, http);
    }

    [Test]
    public async Task Two_processes_keep_one_order()
    {
        var store = RunningServer.Store;
        await using var second = await ServerProcess.StartAsync(
            "--data", RunningServer.DataFolder + "-second",
            "--ConnectionStrings:TimeBank", store.ServerConnectionString, "--ConnectionStrings:TimeBankOwner", store.OwnerConnectionString);
        await RunAsync(RunningServer.Http, second.Http);
    }

    private static async Task RunAsync(params HttpClient[] servers)
    {
        var bank = await servers[0].OpenBankAsync(new { limits = new { member = new { floor = -300, ceiling = 2000 } } });
        var people = new People(
            [.. await Task.WhenAll(Enumerable.Range(0, 5).Select(i => servers[0].OpenAccountAsync(bank, "member", $"Member {i}")))],
            [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(i => servers[0].OpenAccountAsync(bank, "provider", $"Provider {i}")))],
            [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(i => servers[0].OpenAccountAsync(bank, "project", $"Project {i}")))],
            await servers[0].IssuerAsync(bank));
        var told = new ConcurrentBag<Told>();
        var until = DateTime.UtcNow + s_running;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => new Caller(servers[n % servers.Length], bank, people, n, told).RunAsync(until)));

        var answered = told.ToList();
        var turnedAway = answered.Count(t => t.Answer.Status == HttpStatusCode.ServiceUnavailable);
        turnedAway.ShouldBeLessThan(answered.Count / 20 + 1);
        answered.ShouldAllBe(t => (int)t.Answer.Status < 500 || t.Answer.Status == HttpStatusCode.ServiceUnavailable);
        answered.Count(t => t.Answer.Status is HttpStatusCode.Created or HttpStatusCode.OK).ShouldBeGreaterThan(50);
        answered.Count(t => t.Answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBeGreaterThan(5);

        var replay = await DecidedAgain.ReadAsync(new BankId(bank["/v1/banks/".Length..]));
        replay.Check(answered);
        TestContext.Out.WriteLine($"{answered.Count} answers, {turnedAway} turned away, {replay.Postings} postings");

        long sum = 0;
        foreach (var account in replay.Accounts)
        {
            var shown = await servers[1].GetAnswerAsync($"{bank}/accounts/{account.Id}");
            ((long)shown["balance"]).ShouldBe(account.Balance.Value);
            ((long)shown["held"]).ShouldBe(account.Held.Value);
            sum += account.Balance.Value;
        }
        sum.ShouldBe(0);
    }

    private sealed record People(Guid[] Members, Guid[] Providers, Guid[] Projects, Guid Issuer);

    /// <summary>One connection, one command after the other, all kinds of them.</summary>
    private sealed class Caller(HttpClient http, string bank, People people, int seed, ConcurrentBag<Told> told)
    {
        private readonly Random _random = new(seed);
        private readonly List<Guid> _transfers = [], _holds = [];

        public async Task RunAsync(DateTime until)
        {
            // A slow machine gets the time that it needs to say enough.
            while (DateTime.UtcNow < until || (told.Count < 400 && DateTime.UtcNow < until.AddSeconds(30)))
                await SayAsync();
        }

        private Task SayAsync() => _random.Next(20) switch
        {
            < 7 => TransferAsync(TransferKind.Exchange, Any(people.Members), Any(people.Members)),
            < 9 => TransferAsync(TransferKind.Spend, Any(people.Members), Any(people.Providers)),
            < 10 => TransferAsync(TransferKind.Grant, people.Issuer, Any(people.Projects)),
            < 11 => TransferAsync(TransferKind.Earn, Any(people.Projects), Any(people.Members)),
            < 13 => PostAsync(),
            < 15 => HoldAsync(),
            < 17 => EndHoldAsync(),
            < 18 => ReverseAsync(),
            < 19 => FreezeAsync(),
            _ => WriteRuleAsync(),
        };

        private async Task TransferAsync(TransferKind kind, Guid payer, Guid payee)
        {
            Leg[] legs = [MakeLeg(kind, payer, payee)];
            var answer = await TellAsync($"{bank}/transfers", Body(legs[0]), Wants.Of([payer, payee]), a => Id(a, "posting"),
                draft => Answered(Posting.Post(draft, legs, PostingMode.Normal)));
            if (answer.Status == HttpStatusCode.Created)
                _transfers.Add(answer.Id);
        }

        private Task PostAsync()
        {
            Leg[] legs = [.. Enumerable.Range(0, 3).Select(_ => MakeLeg(TransferKind.Exchange, Any(people.Members), Any(people.Members)))];
            return TellAsync($"{bank}/postings", new { legs = legs.Select(Body) }, Wants.Of(legs.SelectMany(l => (Guid[])[l.Payer.Value, l.Payee.Value])), a => Id(a, "id"),
                draft => Answered(Posting.Post(draft, legs, PostingMode.Normal)));
        }

        private async Task HoldAsync()
        {
            var (payer, payee, minutes, expires) = (Any(people.Members), Any(people.Providers), new Minutes(_random.Next(1, 90)), new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero));
            var answer = await TellAsync($"{bank}/holds", new { yes = "paper", payer, payee, minutes, expiresAt = expires }, Wants.Of([payer, payee]), a => Uuid.WithLow16(a.Id, 0),
                draft => Answered(Hold.Place(draft, new HoldId(draft.Mint()), TransferKind.Spend, new(payer), new(payee), minutes, expires, null, null, TimeBank.Access.Yes.Paper)));
            if (answer.Status == HttpStatusCode.Created)
                _holds.Add(answer.Id);
        }

        private Task EndHoldAsync()
        {
            if (_holds.Count == 0)
                return HoldAsync();
            var hold = new HoldId(_holds[_random.Next(_holds.Count)]);
            Minutes? minutes = _random.Next(2) == 0 ? null : new Minutes(_random.Next(1, 90));
            return _random.Next(4) == 0
                ? TellAsync($"{bank}/holds/{hold}/release", new { }, new Wants([], hold, null), _ => null, draft => Answered(Hold.Release(draft, hold)))
                : TellAsync($"{bank}/holds/{hold}/capture", new { minutes }, new Wants([], hold, null), a => a.Body!["posting"] is { } p ? Guid.Parse((string)p["id"]!) : null,
                    draft => Answered(Hold.Capture(draft, hold, minutes)));
        }

        private Task ReverseAsync()
        {
            if (_transfers.Count == 0)
                return PostAsync();
            var transfer = new TransferId(_transfers[_random.Next(_transfers.Count)]);
            Minutes? minutes = _random.Next(2) == 0 ? null : new Minutes(_random.Next(1, 50));
            return TellAsync($"{bank}/transfers/{transfer}/reversal", new { minutes, reason = "By mistake" }, new Wants([], null, transfer.Posting), a => Id(a, "id"),
                draft => Answered(Reversal.Reverse(draft, transfer, minutes, DecidedAgain.Mistake, false)), transfer.Value);
        }

        private async Task FreezeAsync()
        {
            var account = new AccountId(Any(people.Members));
            await TellAsync($"{bank}/accounts/{account}/freeze", new { }, Wants.Of([account.Value]), _ => null, draft => Answered(AccountDecisions.Freeze(draft, account, null)), account.Value, HttpMethod.Put);
            await TellAsync($"{bank}/accounts/{account}/freeze", null, Wants.Of([account.Value]), _ => null, draft => Answered(AccountDecisions.Unfreeze(draft, account, null)), account.Value, HttpMethod.Delete);
        }

        private Task WriteRuleAsync()
        {
            var (owner, target) = (Any(people.Providers), Any(people.Projects));
            var terms = new RuleTerms([TransferKind.Spend], _random.Next(100, 5000), [new RuleTarget(new(target), 1)]);
            return TellAsync($"{bank}/rules", new { owner, kinds = (string[])["spend"], share = terms.Share, targets = new[] { new { account = target } } },
                Wants.Of([owner, target]), a => Uuid.WithLow16(a.Id, 0), draft => Answered(Rule.Write(draft, new RuleId(draft.Mint()), new(owner), terms)));
        }

        private async Task<Answer> TellAsync(
            string path, object? body, Wants wants, Func<Answer, Guid?> postingOf, Func<Draft, object> decide, Guid? inPath = null, HttpMethod? method = null)
        {
            var sent = DateTimeOffset.UtcNow;
            var answer = await http.SayAsync(method ?? HttpMethod.Post, path, body, Guid.NewGuid().ToString());
            var accepted = answer.Status is HttpStatusCode.Created or HttpStatusCode.OK;
            told.Add(new Told($"{method ?? HttpMethod.Post} {path} {(body is null ? "" : ApiJson.Write(body))}", answer, sent, DateTimeOffset.UtcNow, wants, accepted ? postingOf(answer) : null, decide, inPath));
            return answer;
        }

        private Leg MakeLeg(TransferKind kind, Guid payer, Guid payee) => new(kind, new(payer), new(payee), new Minutes(_random.Next(1, 120)), Yes: TimeBank.Access.Yes.Paper);

        private static object Body(Leg leg) => new { kind = leg.Kind, yes = "paper", payer = leg.Payer, payee = leg.Payee, minutes = leg.Minutes };

        private static Guid? Id(Answer answer, string member) => Guid.Parse((string)answer[member]!);

        private Guid Any(Guid[] ids) => ids[_random.Next(ids.Length)];

        private static object Answered<T>(Decision<T> decision) where T : class => (object?)decision.Refusal ?? decision.Answer!;
    }
}
