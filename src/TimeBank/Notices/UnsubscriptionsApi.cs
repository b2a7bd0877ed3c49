using System.Text;
using System.Text.Encodings.Web;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>The address at the end of a letter. Looking at it changes nothing, since programs that search letters for harm open every address;
/// the button there does it, and so does the button of a mail program (RFC 8058). Nobody signs in for it.</summary>
public static class UnsubscriptionsApi
{
    public static void Map(WebApplication app)
    {
        app.MapGet(Unsubscriptions.Path, Show).ExcludeFromDescription().WithMetadata(new NobodyAsksNote());
        app.MapPost(Unsubscriptions.Path, Stop).ExcludeFromDescription().WithMetadata(new NobodyAsksNote());
    }

    private static async Task Show(string? token, HttpContext http, Unsubscriptions unsubscriptions)
    {
        if (await unsubscriptions.FindAsync(token, http.RequestAborted) is not var (what, who))
        {
            await WriteAsync(http, 404, Locale.First([]), null, "stop.wrong");
            return;
        }
        var language = NoticeWords.LanguageOf(who);
        var ask = language.Say("stop.ask", ("title", what.Kind is { } kind ? NoticeWords.Title(language, kind) : language["mail.week"]));
        await WriteAsync(http, 200, language, who, null, $"""
            <p>{Encode(ask)}</p>
            {Form(token!, all: false, language["stop.button"])}
            {Form(token!, all: true, language["stop.all"])}
            """);
    }

    private static async Task Stop(string? token, HttpContext http, Unsubscriptions unsubscriptions, NoticeCommands commands)
    {
        var query = new Query(http);
        var all = query.Flag("all");
        if (await query.RefusedAsync())
            return;
        if (await unsubscriptions.FindAsync(token, http.RequestAborted) is not var (what, who))
            await WriteAsync(http, 404, Locale.First([]), null, "stop.wrong");
        else if (await commands.StopMailAsync(what.Bank, what.Recipient, what.Kind, all, http.RequestAborted))
            await WriteAsync(http, 200, NoticeWords.LanguageOf(who), who, "stop.done");
        else
            await Problems.Write(http, ProblemTable.StoreUnavailable);
    }

    private static string Form(string token, bool all, string button) =>
        $"<form method=\"post\" action=\"{Unsubscriptions.Path}?{Unsubscriptions.Parameter}={Encode(Uri.EscapeDataString(token))}{(all ? "&amp;all=true" : "")}\"><button>{Encode(button)}</button></form>";

    private static Task WriteAsync(HttpContext http, int status, Locale language, Addressee? who, string? says, string? content = null)
    {
        var title = Encode(who is null ? "TimeBank" : language.Say("stop.title", ("bank", who.BankName)));
        // Told to say nothing of where it was, a browser would send the button's request as one from nowhere.
        var page = Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="{language.Code}" dir="{language.Direction}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="referrer" content="same-origin"><meta name="robots" content="noindex"><title>{title}</title></head>
            <body><main><h1>{title}</h1>
            {content ?? $"<p>{Encode(language[says!])}</p>"}
            </main></body>
            </html>
            """);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = page.Length;
        return http.Response.Body.WriteAsync(page, http.RequestAborted).AsTask();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
