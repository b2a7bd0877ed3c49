using Microsoft.Playwright;
using Shouldly;
using TimeBank.Stories;
using TimeBank.Tests.Reports;

namespace TimeBank.Tests.Pages;

/// <summary>The five minutes of the README, as somebody takes them who never saw the program: by what stands on buttons and in the menu.</summary>
/// <remarks>With RENEW_PICTURES=1 the README's pictures are taken anew.</remarks>
[Category("Database"), Category("Browser")]
public sealed class TourTests
{
    private const string Renew = "RENEW_PICTURES";

    private static readonly Screen s_pocket = new("pocket", 390, 780, false);

    private static readonly string s_pictures = Environment.GetEnvironmentVariable(Renew) is null ? PageChecks.Pictures : Path.Combine(PageChecks.Pictures, "..", "..", "seeds", "law-school", "pictures");

    private Cast _cast = null!;
    private string _code = "";

    [OneTimeSetUp]
    public async Task Open()
    {
        var story = Story.Load("law-school");
        _cast = await Cast.GatherAsync(story, RunningServer.App.Services, RunningServer.DataFolder, RunningServer.Http.BaseAddress!, CancellationToken.None);
        await new StoryTeller(_cast).TellAsync(story, _ => { }, CancellationToken.None);
        await TallyTown.AddUpAsync(RunningServer.App, new BankId(story.Bank));
    }

    [OneTimeTearDown]
    public void Leave() => _cast.Dispose();

    [Test, Order(1)]
    public async Task Rosa_reads_her_hours_and_books_advice()
    {
        var page = await OpenAsync("Rosa Delgado", s_pocket);
        await TakeAsync(page, "hours");
        await page.ClickAsync("text=See the passbook");
        (await page.TextContentAsync("tbody"))!.ShouldContain("Alley garden");
        await page.ClickAsync(".menu >> text=Write down help");
        await page.FillAsync("input[name=Who]", "Lena");
        await page.FillAsync("input[name=Amount]", "20 min");
        await page.ClickAsync("main form button");
        (await page.TextContentAsync(".stage"))!.ShouldNotBeEmpty();

        await page.ClickAsync(".menu >> text=Services for your hours");
        await page.ClickAsync("text=Legal advice");
        await page.FillAsync("input[name=on]", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(3).ToString("yyyy-MM-dd"));
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("section.card"))!.ShouldContain("This takes 1 h");
        await page.ClickAsync("section.card button");
        _code = (await page.TextContentAsync(".code"))!.Trim();
    }

    [Test, Order(2)]
    public async Task June_takes_the_voucher_at_the_front_desk()
    {
        var page = await OpenAsync("June Albers", Screen.Desktop);
        await page.ClickAsync(".menu >> text=Take a voucher");
        await page.FillAsync("input[name=Code]", _code);
        await page.ClickAsync("main form button");
        (await page.TextContentAsync("section.card"))!.ShouldContain("for Rosa Delgado");
    }

    [Test, Order(3)]
    public async Task Grace_finds_somebody_and_credits_a_list_which_she_takes_back()
    {
        var page = await OpenAsync("Grace Okafor", Screen.Desktop);
        await page.ClickAsync(".menu >> text=Find somebody");
        await page.FillAsync("input[name=q]", "Otis");
        await page.ClickAsync("main form button");
        await page.ClickAsync("section li a");
        (await page.TextContentAsync("h1"))!.ShouldContain("Otis");

        await page.ClickAsync(".menu >> text=Credit a list");
        await page.SelectOptionAsync("select[name=Project]", new SelectOptionValue { Label = "Alley garden" });
        await page.FillAsync("input[name=Same]", "15 min");
        await page.Locator("input[name=Who]").Nth(0).FillAsync("Rosa");
        await page.Locator("input[name=Who]").Nth(1).FillAsync("Otis");
        await page.Locator("input[name=Who]").Nth(2).FillAsync("Lena");
        await page.Locator("input[name=Amount]").Nth(2).FillAsync("10 min");
        await page.ClickAsync("text=See what it does");
        (await page.TextContentAsync("section.card"))!.ShouldContain("Together 40 min for work on Alley garden.");
        await TakeAsync(page, "list");
        await page.ClickAsync("text=Credit them");
        await page.ClickAsync("main summary");
        await page.FillAsync("input[name=Reason]", "It was only tried");
        await page.ClickAsync("details button");
        (await page.Locator(".stage").First.TextContentAsync())!.ShouldEndWith("came back.");
    }

    [Test, Order(4)]
    public async Task Hana_reads_what_people_are_worried_about()
    {
        var page = await OpenAsync("Hana Mori", Screen.Desktop);
        await page.ClickAsync(".menu >> text=Concerns");
        (await page.TextContentAsync("h1")).ShouldBe("Concerns");
    }

    [Test, Order(5)]
    public async Task Vera_sees_how_the_hours_went_round_and_that_the_books_agree()
    {
        var page = await OpenAsync("Vera Lindqvist", Screen.Desktop);
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu details >> text=Report of hours");
        await page.FillAsync("input[name=from]", "2025-09");
        await page.ClickAsync("main form button");
        await page.Locator("[aria-labelledby=flows] svg").ScreenshotAsync(new LocatorScreenshotOptions { Path = Picture("report") });
        await page.ClickAsync(".menu summary");
        await page.ClickAsync(".menu details >> text=The books");
        (await page.TextContentAsync(".hours"))!.ShouldStartWith("All entries agree");
    }

    private static async Task<IPage> OpenAsync(string name, Screen screen)
    {
        var page = await Browser.OpenAsync(screen);
        await page.GotoAsync("/");
        await page.ClickAsync($"button:text-is('{name}')");
        await page.ClickAsync(".cards a");
        return page;
    }

    private static Task TakeAsync(IPage page, string picture) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Picture(picture) });

    private static string Picture(string name) => Path.Combine(s_pictures, $"{name}.png");
}
