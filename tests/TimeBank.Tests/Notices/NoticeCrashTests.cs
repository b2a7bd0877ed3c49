using Shouldly;
using TimeBank.Tests.Access;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Notices;

/// <summary>A server that is killed while it follows the journal and sends letters.</summary>
[Category("Database")]
public sealed class NoticeCrashTests
{
    private const int Gifts = 60;

    [Test]
    public async Task Killed_in_between_it_tells_everything_once_and_sends_each_letter()
    {
        using var sink = await MailSink.StartAsync();
        using var folder = new TrialFolder();
        await using var server = await ServerProcess.StartAsync(["--data", folder.Data, .. sink.Settings.SelectMany(s => (string[])[$"--{s.Key}", s.Value!])]);
        var bank = await server.Http.OpenBankAsync();
        var (ann, ben) = (await server.Http.OpenAccountAsync(bank, "member", "Ann"), await server.Http.OpenAccountAsync(bank, "member", "Ben"));
        var login = await ComeInAsync(server.Http, sink, bank, ann);

        var giving = Enumerable.Range(0, Gifts).Select(i => GiveAsync(server.Http, bank, ann, ben, $"gift-{i}")).ToList();
        await Task.WhenAll(giving);
        await UntilAsync(() => Letters(sink) >= 5);
        await server.KillAsync();
        var before = Letters(sink);
        await server.StartAgainAsync();
        await UntilAsync(() => Notices(sink).Distinct().Count() == Gifts);

        before.ShouldBeLessThan(Gifts, "It was killed too late to show anything.");
        // One that the mail server had a moment before its sender died comes again under the same Message-ID; no other does.
        Letters(sink).ShouldBeInRange(Gifts, Gifts + 1);
        using var mine = new HttpClient { BaseAddress = server.Http.BaseAddress };
        mine.DefaultRequestHeaders.Authorization = await Logins.SignInAsync(server.Http.BaseAddress!, login, PeopleAtTheDoor.Secret);
        (await mine.GetAnswerAsync($"{bank}/notices?limit=500")).Ok()["items"].AsArray().Count.ShouldBe(Gifts);
    }

    /// <summary>Invited by a letter, whose code shows that they read what goes there.</summary>
    private static async Task<string> ComeInAsync(HttpClient organiser, MailSink sink, string bank, Guid account)
    {
        (await organiser.PostAsync($"{bank}/invitations", new { name = "Ann", email = "ann@example.org", standing = new { role = "member", account } })).Ok();
        await UntilAsync(() => sink.Letters.Count == 1);
        var login = PeopleAtTheDoor.NewLogin();
        using var nobody = new HttpClient { BaseAddress = organiser.BaseAddress };
        (await nobody.PostAsync("/v1/invitations/acceptance", new { code = PeopleAtTheDoor.CodeIn(sink.Letters[0].Text), login, password = PeopleAtTheDoor.Secret })).Ok();
        return login;
    }

    private static async Task GiveAsync(HttpClient http, string bank, Guid payer, Guid payee, string key) =>
        (await http.TransferAsync(bank, "gift", payer, payee, 1, key)).Ok();

    private static IEnumerable<string> Notices(MailSink sink) => sink.Letters.Where(l => l.Headers.ContainsKey("List-Unsubscribe")).Select(l => l.Id);

    private static int Letters(MailSink sink) => Notices(sink).Count();

    private static async Task UntilAsync(Func<bool> done)
    {
        for (var tries = 0; !done(); tries++)
        {
            tries.ShouldBeLessThan(3_000, "It did not come to that in two and a half minutes.");
            await Task.Delay(50);
        }
    }
}
