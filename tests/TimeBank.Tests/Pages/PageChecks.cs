using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace TimeBank.Tests.Pages;

/// <summary>What holds for every page, whoever looks at it: axe finds nothing, nothing is wider than the screen, and nothing came from elsewhere.</summary>
public static class PageChecks
{
    /// <summary>Pictures of pages, to be looked at; git ignores them.</summary>
    public static readonly string Pictures = Path.Combine(Folder(), "screenshots");

    /// <summary>On the page on which they were asked to.</summary>
    public static async Task SignInAsync(this IPage page, string login, string password = Logins.Password)
    {
        await page.FillAsync("input[name=Login]", login);
        await page.FillAsync("input[name=Password]", password);
        await page.ClickAsync("main button");
    }

    public static async Task LookAsync(this IPage page, string picture)
    {
        var file = Path.Combine(Pictures, picture + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });
        var found = await page.RunAxe();
        found.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(" ", v.Nodes.Select(n => n.Html))}").ShouldBeEmpty(picture);
        await page.CheckWidthAsync(picture);
        (await page.EvaluateAsync<string[]>("performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith(location.origin))")).ShouldBeEmpty(picture);
    }

    public static async Task CheckWidthAsync(this IPage page, string name) =>
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0, $"{name} is wider than the screen.");

    /// <summary>A page in Arabic has Latin letters only where people or programs are named, or another language is: any other words were not translated.</summary>
    public static async Task CheckWordsAsync(this IPage page)
    {
        (await page.GetAttributeAsync("html", "lang")).ShouldBe("ar");
        (await page.EvaluateAsync<string[]>("""
            () => {
              const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let n; n = walk.nextNode();)
                if (/[A-Za-z]{2,}/.test(n.data.replaceAll('PostgreSQL', '')) && !n.parentElement.closest('[dir=auto],[lang]:not(html),.brand,.code,svg')) found.push(n.data.trim());
              return found;
            }
            """)).ShouldBeEmpty(page.Url);
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder.Name != "tests")
            folder = folder.Parent!;
        return folder.FullName;
    }
}
