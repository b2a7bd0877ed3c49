using System.Net;
using Shouldly;

namespace TimeBank.Tests.PaymentRequests;

[Category("Database")]
public sealed class PaymentRequestsOverHttpTests
{
    [Test]
    public async Task One_asks_and_the_other_pays_once_however_often_they_say_yes()
    {
        var organiser = RunningServer.Http;
        var bank = await organiser.OpenBankAsync();
        var (ann, ben) = (await organiser.OpenAccountAsync(bank, "member", "Ann"), await organiser.OpenAccountAsync(bank, "member", "Ben"));
        using var annHttp = (await organiser.JoinAsync(bank, new { role = "member", account = ann })).Http;
        using var benHttp = (await organiser.JoinAsync(bank, new { role = "member", account = ben })).Http;

        var asked = await annHttp.PostAsync($"{bank}/payment-requests", new { payer = ben, payee = ann, minutes = 45, memo = "Monday afternoon." });
        asked.Status.ShouldBe(HttpStatusCode.Created, asked.Text);
        ((string)(await benHttp.GetAnswerAsync($"{bank}/payment-requests?account={ben}&stage=asked"))["items"][0]!["memo"]!).ShouldBe("Monday afternoon.");
        (await annHttp.PostAsync($"{bank}/payment-requests/{asked.Id}/payment", new { })).Code.ShouldBe("NotPermitted");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => benHttp.PostAsync($"{bank}/payment-requests/{asked.Id}/payment", new { })));

        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        answers.Count(a => a.Body!["posting"] is not null).ShouldBe(1);
        (await annHttp.BalanceAsync(bank, ann), await benHttp.BalanceAsync(bank, ben)).ShouldBe((45, -45));
        (await annHttp.PostAsync($"{bank}/payment-requests/{asked.Id}/withdrawal", new { })).Code.ShouldBe("PaymentRequestPast");
    }
}
