using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Notices;

/// <summary>Routes of notices: everybody's own.</summary>
public static class NoticesApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapGet("/notices", List).Gives<Page<NoticeView>>().Paged()
            .Describe("List your notices", "What you were told in this bank, in your language; newest first, or with order=unread what you have not read before all else. Names are those of today.");
        bank.MapPost("/notices/readings", MarkRead).Takes<ReadNoticesRequest>().Gives<ReadAnswer>()
            .Describe("Mark notices as read", "Some of your own, or all up to one. Said twice it changes nothing; others' are left as they are.");
    }

    private static async Task List(string bank, string? order, HttpContext http, NoticeQueries notices)
    {
        var query = new Query(http);
        var first = query.Word<NoticeOrder>("order") ?? NoticeOrder.Newest;
        var limit = query.Limit();
        var (isRead, before) = CursorOf(query);
        if (await query.RefusedAsync())
            return;
        var (id, me, cancel) = (new BankId(bank), http.Caller().Id!.Value, http.RequestAborted);
        var rows = first == NoticeOrder.Newest
            ? await notices.ListAsync(id, me, null, before, limit + 1, cancel)
            : isRead ? [] : await notices.ListAsync(id, me, false, before, limit + 1, cancel);
        if (first == NoticeOrder.Unread && rows.Count <= limit)
            rows = [.. rows, .. await notices.ListAsync(id, me, true, isRead ? before : Ids.Largest, limit + 1 - rows.Count, cancel)];
        var account = rows.Count > 0 ? rows[0].News.Account : default;
        var language = rows.Count == 0 ? Locale.First([]) : NoticeWords.LanguageOf((await notices.AddresseesAsync(id, [(me, account)], cancel)).Single());
        var names = rows.Count == 0 ? new Dictionary<AccountId, string>() : await notices.NamesAsync(id, NoticeWords.Named(rows), cancel);
        await Answers.Write(http, query.Page(rows, limit, n => Query.ToCursor(n.Read is null ? "new" : "read", n.Id), n => NoticeView.Of(n, language, names)));
    }

    /// <summary>Where the former page ended: among those that were read or not, and at which.</summary>
    private static (bool IsRead, Guid Before) CursorOf(Query query)
    {
        if (query.Cursor(2) is not [var part, var at])
            return (false, Ids.Largest);
        if (part is "new" or "read" && Guid.TryParseExact(at, "D", out var before))
            return (part == "read", before);
        query.WrongCursor();
        return (false, Ids.Largest);
    }

    private static async Task MarkRead(string bank, HttpContext http, NoticeQueries notices, TimeProvider clock)
    {
        if (await RequestReader.ReadJson(http, ReadNoticesRequestValidator.Instance) is not { } request)
            return;
        var (id, me, now) = (new BankId(bank), http.Caller().Id!.Value, clock.GetUtcNow());
        await Answers.Write(http, new ReadAnswer(request.Notices is { } some
            ? await notices.MarkReadAsync(id, me, some, now, http.RequestAborted)
            : await notices.MarkReadUpToAsync(id, me, request.UpTo!.Value, now, http.RequestAborted)));
    }
}
