using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Notices;
using TimeBank.Store;
using TimeBank.Tests.Access;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Notices;

/// <summary>Letters, as a real mail server takes them.</summary>
[Category("Database")]
public sealed class NoticeMailTests
{
    private const string OneClick = "List-Unsubscribe=One-Click";

    private MailSink _sink = null!;
    private NoticeTown _town = null!;

    [SetUp]
    public async Task Start()
    {
        _sink = await MailSink.StartAsync();
        _town = await NoticeTown.OpenOwnAsync(_sink.Settings);
    }

    [TearDown]
    public async Task Stop()
    {
        await _town.DisposeAsync();
        _sink.Dispose();
    }

    private Task<HttpResponseMessage> PressAsync(string address) => PeopleAtTheDoor.Anybody(_town.App).PostAsync(address, new StringContent(OneClick, null, "application/x-www-form-urlencoded"));

    /// <summary>Ann gives; follows; sends. Answers what her mail server has by then.</summary>
    private async Task<IReadOnlyList<SunkLetter>> GiftAndSendAsync()
    {
        await _town.GiftAsync();
        await _town.FollowAsync();
        await _town.SendAsync();
        return _sink.Letters;
    }

    [Test]
    public async Task The_safeguarding_lead_hears_in_their_language_that_a_concern_waits_and_nothing_of_it()
    {
        var (lead, person) = await _town.Organiser.JoinAsync(_town.Bank, new { role = "safeguardingLead" });
        await _town.Own.HarmAsync($"update people.persons set email = 'hana@example.org', normalized_email = 'HANA@EXAMPLE.ORG', email_confirmed = true where id = '{person}'");
        await _town.DoneAsync(lead.SayAsync(HttpMethod.Put, $"{_town.Bank}/notice-settings", new { language = "cy" }, ifMatch: "\"1\""));
        var (ben, _, _) = await _town.JoinByMailAsync(_town.Ben);

        var raised = await _town.DoneAsync(ben.PostAsync($"{_town.Bank}/concerns", new { account = _town.Ann, text = "She has bruises." }));
        await _town.SendAsync();
        await _town.SendAsync();

        var letter = _sink.Letters.ShouldHaveSingleItem();
        (letter.To, letter.Headers["Content-Language"]).ShouldBe(("hana@example.org", "cy"));
        letter.Text.ShouldContain("Mae pryder yn aros amdanoch.");
        foreach (var secret in (string[])["bruises", "Ann", "Ben", raised.Id.ToString()])
            (letter.Text + letter.Subject).ShouldNotContain(secret);
        (await _town.ToldAsync(lead)).ShouldBe(["Mae pryder yn aros amdanoch."]);
        (await _town.ToldAsync(ben)).ShouldBeEmpty();
        await _town.DoneAsync(lead.PostAsync($"{_town.Bank}/concerns", new { account = _town.Ann, text = "Somebody telephoned.", way = "telephone" }));
        (await PressAsync(letter.Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await _town.DoneAsync(ben.PostAsync($"{_town.Bank}/concerns", new { account = _town.Ann, text = "Once more." }));
        await _town.SendAsync();
        _sink.Letters.Count.ShouldBe(1, "Nobody is told what they did, and who switched the letters off gets none.");
        (await _town.ToldAsync(lead)).Count.ShouldBe(2);
    }

    [Test]
    public async Task A_letter_comes_once_in_the_members_language()
    {
        var (ann, _, email) = await _town.JoinByMailAsync(_town.Ann);
        await _town.DoneAsync(ann.SayAsync(HttpMethod.Put, $"{_town.Bank}/notice-settings", new { language = "ar" }, ifMatch: "\"1\""));

        var letter = (await GiftAndSendAsync()).Single();
        await _town.SendAsync();

        _sink.Letters.Count.ShouldBe(1);
        (letter.To, letter.Subject).ShouldBe((email, "A bank for tests: ساعات أعطيتها"));
        letter.Text.ShouldContain("أعطيت 1 س 30 د إلى Ben.");
        letter.Text.ShouldContain(letter.Stop);
        letter.Headers["List-Unsubscribe-Post"].ShouldBe(OneClick);
        letter.Headers["Content-Language"].ShouldBe("ar");
        letter.Stop.ShouldStartWith($"{_town.App.Urls.First()}/v1/unsubscriptions?token=");
        letter.Stop.ShouldNotContain("example.org");
        ann.Dispose();
    }

    [Test]
    public async Task Looking_at_the_address_changes_nothing_and_its_button_ends_letters_of_that_kind_for_who_never_signed_in()
    {
        (await _town.JoinByMailAsync(_town.Ann)).Http.Dispose();
        var letter = (await GiftAndSendAsync()).Single();
        using var nobody = PeopleAtTheDoor.Anybody(_town.App);
        for (var i = 0; i < 2; i++)
        {
            using var page = await nobody.GetAsync(letter.Stop);
            var text = await page.Content.ReadAsStringAsync();
            (page.StatusCode, page.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "text/html"));
            text.ShouldContain("Do you want no more letters of this kind: Hours that you gave?");
            text.ShouldContain("<form method=\"post\"");
            text.ShouldNotContain("@");
        }
        (await GiftAndSendAsync()).Count.ShouldBe(2);

        for (var i = 0; i < 2; i++)
            (await (await PressAsync(letter.Stop)).Content.ReadAsStringAsync()).ShouldContain("You will get no more of these letters.");
        (await GiftAndSendAsync()).Count.ShouldBe(2);
        // Other kinds come.
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/members", new { account = _town.Ann, how = "invited" }));
        await _town.FollowAsync();
        await _town.SendAsync();
        _sink.Letters.Count.ShouldBe(3);
        (await PressAsync(letter.Stop + "&all=true")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var issuer = await _town.Organiser.IssuerAsync(_town.Bank);
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/members/{_town.Ann}/departure", new { forgiveFrom = issuer, reason = "Moved away." }));
        await _town.FollowAsync();
        await _town.SendAsync();
        _sink.Letters.Count.ShouldBe(3);
    }

    [Test, Category("Browser")]
    public async Task The_button_works_in_a_browser()
    {
        var chromium = Tools.RequireAny("apt-get install chromium", "chromium", "chromium-browser", "google-chrome");
        (await _town.JoinByMailAsync(_town.Ann)).Http.Dispose();
        var letter = (await GiftAndSendAsync()).Single();
        await using var page = await BrowserPage.OpenAsync(chromium, letter.Stop);

        await page.EvaluateAsync("document.querySelector('button').click(); ''");
        var says = "";
        for (var tries = 0; tries < 100 && !says.Contains("no more of these", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(100);
            says = await page.EvaluateAsync("document.body ? document.body.innerText : ''");
        }

        says.ShouldContain("You will get no more of these letters.");
        (await GiftAndSendAsync()).Count.ShouldBe(1);
    }

    [Test]
    public async Task An_address_that_was_made_up_cut_off_or_sent_to_another_mail_box_counts_nothing()
    {
        var (_, person, _) = await _town.JoinByMailAsync(_town.Ann);
        var letter = (await GiftAndSendAsync()).Single();
        var start = letter.Stop[..letter.Stop.IndexOf("token=", StringComparison.Ordinal)];
        await _town.Own.HarmAsync($"update people.persons set email = 'new@example.org' where id = '{person}'");

        foreach (var address in (string[])[letter.Stop, letter.Stop[..^3], start + "token=", start + "token=x", start + "token=%00%ff", start, start + $"token={new string('a', 3000)}", start + "token=a&token=b"])
        {
            ((int)(await PeopleAtTheDoor.Anybody(_town.App).GetAsync(address)).StatusCode).ShouldBeOneOf(400, 404);
            ((int)(await PressAsync(address)).StatusCode).ShouldBeOneOf(400, 404);
        }
        (await PressAsync(letter.Stop + "&all=perhaps")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await GiftAndSendAsync()).Count.ShouldBe(2);
    }

    [Test]
    public async Task What_no_letter_told_the_letter_of_the_week_tells()
    {
        var (ben, _, email) = await _town.JoinByMailAsync(_town.Ben);
        await _town.GiftAsync(60);
        await _town.GiftAsync(45);
        await _town.FollowAsync();
        (await _town.SendAsync()).ShouldBe(0);
        var monday = WeeklyLetter.After(_town.Clock.GetUtcNow(), "UTC");
        _town.Clock.Turn(monday - _town.Clock.GetUtcNow());
        await _town.SendAsync();
        await _town.SendAsync();

        var letter = _sink.Letters.Single();
        (letter.To, letter.Subject).ShouldBe((email, "A bank for tests: Your week"));
        letter.Text.ShouldContain("- Ann gave you 1 h.\n- Ann gave you 45 min.\n");
        (await PressAsync(letter.Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var organiser = RunningServer.Client(_town.App);
        await _town.DoneAsync(organiser.TransferAsync(_town.Bank, "gift", _town.Ann, _town.Ben, 10));
        await _town.FollowAsync();
        _town.Clock.Turn(TimeSpan.FromDays(8));
        await _town.SendAsync();
        _sink.Letters.Count.ShouldBe(1);
        ben.Dispose();
    }

    [Test]
    public async Task The_letter_of_the_week_tells_what_would_suit_its_reader_and_when_projects_meet()
    {
        var (ben, _, _) = await _town.JoinByMailAsync(_town.Ben);
        await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/members", new { account = _town.Ben, how = "invited", skills = new[] { "gardening" } }));
        var garden = (await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/accounts", new { kind = "project", name = "Garden Lane" }))).Id;
        await _town.GiftAsync(60);
        await _town.FollowAsync();
        var monday = WeeklyLetter.After(_town.Clock.GetUtcNow(), "UTC");
        foreach (var (category, title) in new[] { ("gardening", "Roses\nto prune"), ("cooking", "Soup for forty") })
            await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/listings", new { account = _town.Ann, kind = "request", category, title }));
        foreach (var days in new[] { 3, 30 })
        {
            var date = DateOnly.FromDateTime(monday.UtcDateTime).AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            await _town.DoneAsync(_town.Organiser.PostAsync($"{_town.Bank}/work-sessions", new { project = garden, date, from = "10:00", until = "12:00" }));
        }

        _town.Clock.Turn(monday - _town.Clock.GetUtcNow());
        await _town.SendAsync();

        var text = _sink.Letters.Single(l => l.Subject == "A bank for tests: Your week").Text;
        text.ShouldContain("\nWhat you could help with:\n\n- Roses to prune\n");
        text.ShouldNotContain("Soup");
        text.Split("- Garden Lane: ").Length.ShouldBe(2);
        text.ShouldContain("from 10:00 to 12:00.");
        ben.Dispose();
    }

    [Test]
    public async Task Two_servers_send_each_letter_once()
    {
        var (_, _, email) = await _town.JoinByMailAsync(_town.Ann);
        var other = await _town.AddServerAsync();
        for (var i = 0; i < 40; i++)
            await _town.GiftAsync(1);
        await Task.WhenAll(_town.FollowAsync(), _town.FollowAsync(other));
        var sent = await Task.WhenAll(_town.SendAsync(), _town.SendAsync(other), _town.SendAsync(), _town.SendAsync(other));

        sent.Sum().ShouldBe(40);
        _sink.Letters.Count.ShouldBe(40);
        _sink.Letters.Select(l => l.Id).Distinct().Count().ShouldBe(40);
        _sink.Letters.ShouldAllBe(l => l.To == email);
    }

    [Test]
    public async Task A_letter_that_no_server_takes_is_tried_again_ever_later_and_then_told_by_telephone_with_the_reason()
    {
        using var closed = await MailSink.StartAsync(open: false);
        await using var town = await NoticeTown.OpenOwnAsync(closed.Settings);
        (await town.JoinByMailAsync(town.Ann)).Http.Dispose();
        await town.GiftAsync();
        await town.FollowAsync();
        (await town.SendAsync()).ShouldBe(1);
        (await town.SendAsync()).ShouldBe(0);
        town.Clock.Turn(TimeSpan.FromSeconds(61));
        (await town.SendAsync()).ShouldBe(1);
        town.Clock.Turn(TimeSpan.FromSeconds(61));
        (await town.SendAsync()).ShouldBe(0);
        for (var tries = 2; tries < NoticeMailing.MostAttempts; tries++)
        {
            town.Clock.Turn(TimeSpan.FromDays(1));
            (await town.SendAsync()).ShouldBe(1);
        }
        town.Clock.Turn(TimeSpan.FromDays(1));
        (await town.SendAsync()).ShouldBe(0);

        using var organiser = RunningServer.Client(town.App);
        var told = (await town.DoneAsync(organiser.GetAnswerAsync($"{town.Bank}/tellings")))["items"][0]!;
        ((string)told["name"]!, (string)told["notices"]![0]!["mailFailed"]!).ShouldBe(("Ann", "GeneralFailure (HttpRequestException)"), Comparer);
    }

    /// <summary>What the framework calls it when nobody answers is its own matter; that there is a reason is ours.</summary>
    private static readonly IEqualityComparer<(string, string)> Comparer = EqualityComparer<(string Name, string Why)>.Create((a, b) => a.Name == b.Name && a.Why.Length > 0 == b.Why.Length > 0);

    [Test]
    public async Task Without_a_mail_server_the_letter_lies_in_the_outbox()
    {
        await using var town = await NoticeTown.OpenOwnAsync();
        var (_, _, email) = await town.JoinByMailAsync(town.Ann);
        await town.GiftAsync();
        await town.FollowAsync();
        await town.SendAsync();

        var letter = await PeopleAtTheDoor.LetterAsync(email);
        letter.ShouldContain("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n");
        letter.ShouldContain("You gave 1 h 30 min to Ben.");
    }

    [Test]
    public async Task Who_read_it_has_no_standing_any_more_or_has_no_address_gets_no_letter()
    {
        var (_, person, _) = await _town.JoinByMailAsync(_town.Ann);
        await _town.GiftAsync();
        await _town.FollowAsync();
        var standing = (string)(await _town.GetAsync(_town.Organiser, $"standings?person={person}"))["items"][0]!["id"]!;
        await _town.DoneAsync(_town.Organiser.SayAsync(HttpMethod.Delete, $"{_town.Bank}/standings/{standing}"));

        await _town.SendAsync();

        _sink.Letters.ShouldBeEmpty();
        (await _town.Own.HarmAsync("select stage from timebank.notice_mail")).ShouldBe("dropped");
    }

    [Test]
    public async Task A_name_with_a_line_break_is_no_header_and_no_line_of_its_own()
    {
        (await _town.JoinByMailAsync(_town.Ann)).Http.Dispose();
        await _town.Own.HarmAsync("update timebank.banks set name = E'Bank\\r\\nBcc: all@example.org'");
        var evil = await _town.Organiser.OpenAccountAsync(_town.Bank, "member", "Ben\nSubject: more");
        await _town.DoneAsync(_town.Organiser.TransferAsync(_town.Bank, "gift", _town.Ann, evil, 30));
        await _town.FollowAsync();
        await _town.SendAsync();

        var letter = _sink.Letters.Single();
        letter.Headers.ContainsKey("Bcc").ShouldBeFalse();
        letter.Text.ShouldContain("You gave 30 min to Ben Subject: more.");
    }

    [Test]
    public async Task Rebuilding_leaves_notices_alone_and_verify_has_nothing_to_say()
    {
        (await _town.JoinByMailAsync(_town.Ann)).Http.Dispose();
        await GiftAndSendAsync();
        const string all = "select string_agg(t, E'\\n' order by t) from (select n::text from timebank.notices n union all select p::text from timebank.notice_progress p union all select m::text from timebank.notice_mail m) r (t)";
        var before = await _town.Own.HarmAsync(all);

        await new Rebuild(_town.Store.OwnerConnectionString).RunAsync(_ => { }, CancellationToken.None);

        before.ShouldContain("hoursGiven");
        (await _town.Own.HarmAsync(all)).ShouldBe(before);
        (await _town.Own.VerifyAsync()).Differences.ShouldBeEmpty();
        (await _town.App.Services.GetRequiredService<NoticeCommands>().FollowAsync(_town.Id, CancellationToken.None)).ShouldBeFalse();
    }
}
