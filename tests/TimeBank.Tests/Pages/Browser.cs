using System.Collections.Concurrent;
using Microsoft.Playwright;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

[assembly: TimeBank.Tests.Pages.ClosesWindows]

namespace TimeBank.Tests.Pages;

/// <summary>One Chromium for all tests of pages. Each test has windows of its own in it, which share nothing.</summary>
[SetUpFixture]
public sealed class Browser
{
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>A machine that runs other tests beside this one takes its time.</summary>
    private const float PatienceMilliseconds = 60_000;

    private static readonly TimeSpan s_longestClosing = TimeSpan.FromSeconds(10);

    private static readonly Lazy<Task<IBrowser>> s_browser = new(LaunchAsync);
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Window>> s_windows = new();
    private static IPlaywright? s_playwright;

    [OneTimeTearDown]
    public async Task Close()
    {
        if (s_browser.IsValueCreated)
            await (await s_browser.Value).CloseAsync();
        s_playwright?.Dispose();
    }

    /// <summary>A window in which nobody signed in.</summary>
    public static async Task<IPage> OpenAsync(Screen screen, string language = "en", bool withScript = true)
    {
        var context = await (await s_browser.Value).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = RunningServer.App.Urls.First(),
            ViewportSize = new ViewportSize { Width = screen.Width, Height = screen.Height },
            ColorScheme = screen.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = language,
            JavaScriptEnabled = withScript,
        });
        context.SetDefaultTimeout(PatienceMilliseconds);
        s_windows.GetOrAdd(TestExecutionContext.CurrentContext.CurrentTest.Id, _ => new()).Enqueue(new Window(context));
        return await context.NewPageAsync();
    }

    /// <summary>Those that a test opened, or a fixture before its tests: left open they would be in memory until the last test.</summary>
    public static async Task CloseWindowsAsync(string test)
    {
        if (s_windows.TryRemove(test, out var windows))
        {
            // Now and then Chromium does not close one: it goes with the browser.
            foreach (var window in windows)
                await Task.WhenAny(window.Context.CloseAsync(), Task.Delay(s_longestClosing));
        }
    }

    /// <summary>What stood in the windows of a test that failed, under which address, and what they still waited for.</summary>
    public static async Task LookAtFailedAsync(ITest test)
    {
        if (!s_windows.TryGetValue(test.Id, out var windows))
            return;
        foreach (var (window, index) in windows.Select((window, index) => (window, index)))
        {
            foreach (var page in window.Context.Pages)
            {
                await TestContext.Out.WriteLineAsync($"Window {index}: {page.Url}");
                var picture = new PageScreenshotOptions { Path = Path.Combine(PageChecks.Pictures, "failed", $"{test.Name}-{index}.png") };
                await Task.WhenAny(page.ScreenshotAsync(picture), Task.Delay(s_longestClosing));
            }
            foreach (var open in window.Open)
                await TestContext.Out.WriteLineAsync($"  waits for {open.Method} {open.Url}");
        }
    }

    /// <summary>A window in which somebody signed in on their way to a page.</summary>
    public static async Task<IPage> SignedInAsync(string path, string login, Screen screen, bool withScript = true, string language = "en")
    {
        var page = await OpenAsync(screen, language, withScript);
        await page.GotoAsync(path);
        await page.SignInAsync(login);
        return page;
    }

    /// <summary>What belongs to one test, and which of its requests were not answered to their end.</summary>
    private sealed class Window
    {
        private readonly ConcurrentDictionary<IRequest, byte> _open = new();

        public Window(IBrowserContext context)
        {
            Context = context;
            context.Request += (_, request) => _open[request] = 0;
            context.RequestFinished += (_, request) => _open.TryRemove(request, out byte _);
            context.RequestFailed += (_, request) => _open.TryRemove(request, out byte _);
        }

        public IBrowserContext Context { get; }

        public IEnumerable<IRequest> Open => _open.Keys;
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        s_playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        return await s_playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Tools.RequireAny("sudo apt-get install chromium", "chromium", "chromium-browser", "google-chrome"), Args = s_arguments,
        });
    }
}

/// <summary>After each test and each fixture their windows are closed; those of one that failed are looked at before.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ClosesWindowsAttribute : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test | ActionTargets.Suite;

    public void BeforeTest(ITest test)
    {
    }

    public void AfterTest(ITest test)
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            Browser.LookAtFailedAsync(test).GetAwaiter().GetResult();
        Browser.CloseWindowsAsync(test.Id).GetAwaiter().GetResult();
    }
}

/// <summary>What people hold in their hands, or have on their desk.</summary>
public sealed record Screen(string Name, int Width, int Height, bool IsDark)
{
    public static readonly Screen Phone = new("phone", 320, 640, false);
    public static readonly Screen PhoneAtNight = new("phone-dark", 320, 640, true);
    public static readonly Screen Desktop = new("desktop", 1_280, 800, false);
    public static readonly Screen DesktopAtNight = new("desktop-dark", 1_280, 800, true);

    public static readonly IReadOnlyList<Screen> All = [Phone, PhoneAtNight, Desktop, DesktopAtNight];

    /// <summary>The smallest by day and the largest by night: what holds on both holds between.</summary>
    public static readonly IReadOnlyList<Screen> PhoneAndDesk = [Phone, DesktopAtNight];

    public override string ToString() => Name;
}
