using Shouldly;
using TimeBank.Stories;

namespace TimeBank.Tests.Pages;

/// <summary>In a folder that a demonstration made, one click is enough to be somebody of its story, and to be somebody else after that.</summary>
[Category("Database"), Category("Browser")]
public sealed class LookAroundTests
{
    [Test]
    public async Task One_click_signs_in_as_somebody_of_the_story([Values] bool withScript)
    {
        var story = Story.Load("law-school");
        using var cast = await Cast.GatherAsync(story, RunningServer.App.Services, RunningServer.DataFolder, RunningServer.Http.BaseAddress!, CancellationToken.None);
        await new StoryTeller(cast).TellAsync(story, _ => { }, CancellationToken.None);
        var page = await Browser.OpenAsync(Screen.Phone, withScript: withScript);
        await page.GotoAsync("/");
        (await page.Locator("[aria-labelledby=look-around] li").CountAsync()).ShouldBeGreaterThanOrEqualTo(story.People.Count);
        if (withScript)
            await page.LookAsync("home-demo");

        await page.ClickAsync("button:text-is('Rosa Delgado')");
        await page.ClickAsync(".cards a");
        (await page.Locator(".hours").CountAsync()).ShouldBe(1);
        if (withScript)
            await page.LookAsync("hours-rosa");
        await page.GotoAsync("/");
        await page.ClickAsync("button:text-is('June Albers')");
        await page.ClickAsync(".cards a");
        (await page.Locator("h2[dir=auto]").AllTextContentsAsync()).ShouldNotContain("Rosa Delgado");
    }
}
