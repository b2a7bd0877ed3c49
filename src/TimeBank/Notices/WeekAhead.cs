using System.Text;
using TimeBank.Banks;
using TimeBank.Members;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;
using TimeBank.WorkSessions;

namespace TimeBank.Notices;

/// <summary>What the letter of the week tells of the week that comes: what others ask for that would suit the reader, and when projects meet.</summary>
public sealed class WeekAhead(AccountThingQueries members, WhatSuits suits, WorkSessionQueries sessions, AccountQueries accounts, BankQueries banks, TimeProvider clock)
{
    private const int Most = 5;

    /// <summary>Its paragraphs; empty where nothing is on.</summary>
    public async Task<string> TellAsync(Locale language, BankId bank, AccountId reader, CancellationToken cancel)
    {
        var (text, now) = (new StringBuilder(), clock.GetUtcNow());
        if (await members.FindAsync<Member>(bank, Member.IdOf(reader), cancel) is { } member)
            Tell(text, language["mail.wanted"], (await suits.FindAsync(bank, member, now, Most, cancel)).Select(m => m.Text?.Title ?? language.Category(m.Listing.Terms.Category)));
        var zone = (await banks.FindAsync(bank, cancel))!.Policy.TimeZone;
        var today = BankCalendar.Date(zone, now);
        var plans = (await sessions.PlannedAsync(bank, null, today, Most, cancel)).Select(s => s.Thing.Plan).Where(p => p.Date < today.AddDays(7)).ToList();
        var names = await accounts.NamesAsync(bank, [.. plans.Select(p => p.Project).Distinct()], cancel);
        Tell(text, language["mail.sessions"], plans.Select(p => language.Say(
            "sessions.when", ("project", names.GetValueOrDefault(p.Project) ?? language["somebody"]), ("day", language.Day(p.Date)),
            ("from", PageDates.Write(BankCalendar.Time(zone, p.From))), ("until", PageDates.Write(BankCalendar.Time(zone, p.Until))))));
        return text.ToString();
    }

    private static void Tell(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        var begun = false;
        foreach (var line in lines)
        {
            if (!begun)
                text.Append('\n').Append(heading).Append("\n\n");
            text.Append("- ").Append(Letter.OneLine(line)).Append('\n');
            begun = true;
        }
    }
}
