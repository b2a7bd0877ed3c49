using System.Net;
using Shouldly;

namespace TimeBank.Tests.Postings;

[Category("Database")]
public sealed class TransferTests
{
    [Test]
    public async Task A_transfer_moves_minutes_and_leaves_the_sum_at_zero()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var ann = await http.OpenAccountAsync(bank, "member", "Ann");
        var ben = await http.OpenAccountAsync(bank, "member", "Ben");

        var answer = await http.TransferAsync(bank, "exchange", ann, ben, 90);

        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        (await http.BalanceAsync(bank, ann)).ShouldBe(-90);
        (await http.BalanceAsync(bank, ben)).ShouldBe(90);
        ((long)(await http.GetAnswerAsync($"{bank}/trial-balance"))["sum"]).ShouldBe(0);
    }

    [Test]
    public async Task Two_hundred_parallel_requests_with_one_key_make_one_transfer_and_get_one_answer()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var ann = await http.OpenAccountAsync(bank, "member", "Ann");
        var ben = await http.OpenAccountAsync(bank, "member", "Ben");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => http.TransferAsync(bank, "exchange", ann, ben, 7, "the-one-key")));

        answers.ShouldAllBe(a => a.Status == HttpStatusCode.Created);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await http.BalanceAsync(bank, ben)).ShouldBe(7);
    }
}
