using System.Diagnostics;
using System.Net;
using System.Text;

namespace TimeBank.Bench;

/// <summary>Many transfers in a bank before something is measured: through bulk, or where that is missing by large postings.</summary>
public static class Filling
{
    private const int LegsOfPosting = 1_000;

    public static async Task TransfersAsync(BenchRun run, Community community, int count)
    {
        run.Say($"filling in {count:N0} transfers");
        var since = Stopwatch.StartNew();
        if (await BulkClient.IsThereAsync(community.Ledger.Server, community.Bank, run.Cancel))
            await BulkClient.PostAsync(run, community, count);
        else
            await PostingsAsync(run, community, count);
        run.Say($"  {Row.Number(count / since.Elapsed.TotalSeconds)}/s");
    }

    private static Task PostingsAsync(BenchRun run, Community community, int count) => Parallel.ForAsync(
        0, count / LegsOfPosting + 1, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = run.Cancel }, async (_, cancel) =>
        {
            var body = new StringBuilder("{\"legs\":[");
            for (var leg = 0; leg < LegsOfPosting; leg++)
            {
                var (payer, payee) = Two(community.Members);
                body.Append(leg == 0 ? "" : ",").Append($$"""{"kind":"exchange","payer":"{{payer}}","payee":"{{payee}}","minutes":1,"yes":"paper"}""");
            }
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/banks/{community.Bank}/postings")
            {
                Content = new StringContent(body.Append("]}").ToString(), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            using var response = await community.Ledger.Server.Http.SendAsync(request, cancel);
            if (response.StatusCode != HttpStatusCode.Created)
                throw new BenchException($"A posting was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel)}");
        });

    /// <summary>Two different members.</summary>
    public static (Guid, Guid) Two(IReadOnlyList<Guid> members)
    {
        var payer = Random.Shared.Next(members.Count);
        var payee = (payer + Random.Shared.Next(1, members.Count)) % members.Count;
        return (members[payer], members[payee]);
    }
}
