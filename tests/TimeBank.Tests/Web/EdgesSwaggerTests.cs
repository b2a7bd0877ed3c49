using System.Diagnostics;
using Shouldly;

namespace TimeBank.Tests.Web;

/// <summary>The page of the API document in a real browser, under its content security policy.</summary>
[Category("Browser"), Category("Database")]
public sealed class EdgesSwaggerTests
{
    [Test]
    public async Task The_page_works_and_its_policy_is_never_broken()
    {
        using var asked = await RunningServer.Http.GetAsync("/swagger/index.html");
        asked.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");

        var (page, said) = await ShowAsync(new Uri(RunningServer.Http.BaseAddress!, "/swagger/index.html"));

        // Of so many operations the page draws those that are in view.
        page.ShouldContain("List banks", customMessage: said);
        said.ShouldNotContain("CONSOLE", customMessage: "Nothing is to be said on the console.");
    }

    /// <summary>Shows that the test above would notice.</summary>
    [Test]
    public async Task What_is_written_into_a_page_neither_runs_nor_shows_and_the_console_says_so()
    {
        await using var server = await EdgeServer.StartAsync();

        var (page, said) = await ShowAsync(new Uri(server.Address, "/page"));

        page.ShouldContain("<title>before</title>");
        said.ShouldContain("CONSOLE");
        said.ShouldContain("Content Security Policy");
    }

    private static async Task<(string Page, string Said)> ShowAsync(Uri address)
    {
        var profile = Directory.CreateTempSubdirectory("tb-browser-").FullName;
        try
        {
            var start = new ProcessStartInfo(Tools.RequireAny("apt-get install chromium", "chromium", "chromium-browser", "google-chrome"),
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={profile}", "--enable-logging=stderr", "--v=0",
                "--virtual-time-budget=20000", "--dump-dom", address.ToString(),
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var browser = Process.Start(start)!;
            var (page, said) = (browser.StandardOutput.ReadToEndAsync(), browser.StandardError.ReadToEndAsync());
            await browser.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(90));
            return (await page, await said);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
