using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Reports;
using TimeBank.Store;
using TimeBank.Tests.Notices;
using TimeBank.Tests.Store;

namespace TimeBank.Tests.Reports;

/// <summary>Help that is given, and its sums, on a server whose timers never ring: they are made when a test says so.</summary>
internal static class TallyTown
{
    public static async Task AddUpAsync(this NoticeTown town, WebApplication? by = null) => await AddUpAsync(by ?? town.App, town.Id);

    public static async Task AddUpAsync(WebApplication app, BankId bank)
    {
        while (await app.Services.GetRequiredService<TallyCommands>().FollowAsync(bank, CancellationToken.None))
        {
        }
    }

    /// <summary>Ann helped Ben, who says so, on a day.</summary>
    /// <returns>The contribution.</returns>
    public static async Task<Guid> HelpAsync(this NoticeTown town, long minutes, string occurred, string? category = null, bool wantsHours = true)
    {
        var help = (await town.DoneAsync(town.Organiser.PostAsync($"{town.Bank}/contributions", new { helper = town.Ann, helped = town.Ben, minutes, occurred, category }))).Id;
        if (!wantsHours)
            await town.DoneAsync(town.Organiser.PostAsync($"{town.Bank}/contributions/{help}/wish", new { wish = "nothing", yes = "telephone" }));
        await town.DoneAsync(town.Organiser.PostAsync($"{town.Bank}/contributions/{help}/confirmation", new { yes = "telephone" }));
        return help;
    }

    public static Task<Answer> CreditAsync(this NoticeTown town, Guid project, string occurred, long minutes) => town.DoneAsync(town.Organiser.PostAsync(
        $"{town.Bank}/contributions/batch", new { project, occurred, lines = new[] { new { helper = town.Ann, minutes } } }));

    public static Task<Answer> TakeBackAsync(this NoticeTown town, string transfer, long? minutes = null) =>
        town.DoneAsync(town.Organiser.PostAsync($"{town.Bank}/transfers/{transfer}/reversal", new { minutes, reason = "By mistake." }));

    /// <summary>The id of the last transfer of a kind.</summary>
    public static async Task<string> LastAsync(this NoticeTown town, string kind) => await Sql.AskAsync(
        town.Store.OwnerConnectionString, $"select id from timebank.transfers where bank = '{town.Id}' and kind = '{kind}' order by id desc limit 1");

    public static async Task<List<string>> LinesAsync(this NoticeTown town, string query) =>
        [.. (await town.GetAsync(town.Organiser, $"report?{query}"))["rows"].AsArray().Select(r => string.Join(' ', r!.AsObject().Where(c => c.Value is not null).Select(c => $"{c.Key}={c.Value}")))];

    /// <summary>Every row of the sums of a bank, but for those that came to nothing.</summary>
    public static async Task<string> SumsAsync(this NoticeTown town) => await Sql.AskAsync(town.Store.OwnerConnectionString, $"""
        select coalesce(string_agg(line, E'\n' order by line collate "C"), '') from (
          select 'tallies ' || t::text from timebank.tallies t where bank = '{town.Id}' and (minutes <> 0 or times <> 0)
          union all select 'people ' || t::text from timebank.tally_people t where bank = '{town.Id}' and (given <> 0 or received <> 0)
          union all select 'months ' || t::text from timebank.tally_months t where bank = '{town.Id}' and took_part <> 0
          union all select 'progress ' || t::text from timebank.tally_progress t where bank = '{town.Id}') rows (line)
        """);
}
