using Npgsql;
using NpgsqlTypes;
using TimeBank.Accounts;
using TimeBank.Reports;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Help that was given, less what was taken back.</summary>
/// <param name="Minutes">All of it.</param>
/// <param name="WithoutHours">So much of it was given without wanting hours for it.</param>
/// <param name="Times">How often.</param>
public sealed record HelpSum(Minutes Minutes, Minutes WithoutHours, long Times)
{
    public static readonly HelpSum None = new(Minutes.Zero, Minutes.Zero, 0);
}

/// <summary>A month's help, and how many members gave it, received it and took part at all.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="OfProviders">So much of it are services that providers gave.</param>
public sealed record MonthSum(DateOnly Month, HelpSum Help, HelpSum OfProviders, long Gave, long Received, long TookPart);

/// <summary>What members of a neighbourhood gave and received.</summary>
/// <param name="Neighbourhood">Empty: of none.</param>
public sealed record AreaSum(string Neighbourhood, HelpSum Given, HelpSum Received);

/// <summary>Minutes that went from accounts of one kind to those of another.</summary>
public sealed record FlowSum(AccountKind From, AccountKind To, Minutes Minutes);

/// <summary>What a member gave and received in a month.</summary>
public sealed record MemberMonth(DateOnly Month, Minutes Given, Minutes Received);

/// <summary>How far the sums go.</summary>
/// <param name="Through">What was posted up to then is counted; null: nothing is counted yet.</param>
/// <param name="IsAll">Whether nothing was posted since.</param>
public sealed record Counted(DateTimeOffset? Through, bool IsAll);

/// <summary>Reads the sums of a bank: some tens of rows, however many hours they come of. Months are told by their first day.</summary>
public sealed class ReportQueries(Database database)
{
    private const string Sums = "sum(t.minutes)::bigint, coalesce(sum(t.minutes) filter (where t.kind = ''), 0)::bigint, sum(t.times)::bigint";

    public async Task<Counted> CountedAsync(BankId bank, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select case when n.posted is null or p.posted is null then p.posted else n.posted - interval '1 microsecond' end, n.posted is null
            from (values (1)) one
            left join lateral (select number, posted from timebank.tally_progress where bank = $1 limit 1) p on true
            left join lateral (select posted from timebank.journal where bank = $1 and number > coalesce(p.number, 0) order by number limit 1) n on true
            """).Value(bank.Value), row => new Counted(row.InstantOrNull(0), row.GetBoolean(1)), cancel)).Single();

    /// <summary>Every month from the first to the last, also those in which nothing was given.</summary>
    public async Task<List<MonthSum>> MonthsAsync(BankId bank, DateOnly first, DateOnly last, CancellationToken cancel)
    {
        var found = (await Rows.ReadAsync(database, bank, Span(bank, first, last, $"""
            select s.month, s.minutes, s.free, s.times, coalesce(m.gave, 0), coalesce(m.received, 0), coalesce(m.took_part, 0), s.provided, s.often
            from (
              select t.month, {Sums}, coalesce(sum(t.minutes) filter (where t.kind = 'spend'), 0)::bigint, coalesce(sum(t.times) filter (where t.kind = 'spend'), 0)::bigint
              from timebank.tallies t
              where t.bank = $1 and t.sort = 'category' and t.month between $2 and $3 group by t.month) s (month, minutes, free, times, provided, often)
            left join lateral (select * from timebank.tally_months m where m.bank = $1 and m.month = s.month limit 1) m on true
            """),
            row => new MonthSum(
                row.GetFieldValue<DateOnly>(0), Help(row, 1), new HelpSum(new Minutes(row.GetInt64(7)), Minutes.Zero, row.GetInt64(8)),
                row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), cancel)).ToDictionary(m => m.Month);
        var months = new List<MonthSum>();
        for (var at = (Year: first.Year, Month: first.Month); at.CompareTo((last.Year, last.Month)) <= 0; at = at.Month == 12 ? (at.Year + 1, 1) : (at.Year, at.Month + 1))
        {
            var month = new DateOnly(at.Year, at.Month, 1);
            months.Add(found.GetValueOrDefault(month) ?? new MonthSum(month, HelpSum.None, HelpSum.None, 0, 0, 0));
        }
        return months;
    }

    /// <summary>The most first.</summary>
    public Task<List<(string Category, HelpSum Help)>> CategoriesAsync(BankId bank, DateOnly first, DateOnly last, CancellationToken cancel) =>
        SumsAsync(bank, TallyOf.Category, first, last, cancel);

    /// <summary>The most first; help that was for no project is left out.</summary>
    public async Task<List<(AccountId Project, HelpSum Help)>> ProjectsAsync(BankId bank, DateOnly first, DateOnly last, CancellationToken cancel) =>
        [.. (await SumsAsync(bank, TallyOf.Project, first, last, cancel)).Where(p => p.What.Length > 0).Select(p => (new AccountId(Guid.Parse(p.What)), p.Help))];

    /// <summary>Those whose members gave most first.</summary>
    public async Task<List<AreaSum>> NeighbourhoodsAsync(BankId bank, DateOnly first, DateOnly last, CancellationToken cancel)
    {
        var given = (await SumsAsync(bank, TallyOf.Giver, first, last, cancel)).ToDictionary(a => a.What, a => a.Help);
        var received = (await SumsAsync(bank, TallyOf.Receiver, first, last, cancel)).ToDictionary(a => a.What, a => a.Help);
        return [.. given.Keys.Union(received.Keys)
            .Select(a => new AreaSum(a, given.GetValueOrDefault(a) ?? HelpSum.None, received.GetValueOrDefault(a) ?? HelpSum.None))
            .OrderByDescending(a => a.Given.Minutes.Value).ThenByDescending(a => a.Received.Minutes.Value).ThenBy(a => a.Neighbourhood, StringComparer.Ordinal)];
    }

    /// <summary>All hours that moved, whatever for.</summary>
    public Task<List<FlowSum>> FlowsAsync(BankId bank, DateOnly first, DateOnly last, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, Span(bank, first, last, """
            select t.one, t.other, sum(t.minutes)::bigint from timebank.tallies t
            where t.bank = $1 and t.sort = 'flow' and t.month between $2 and $3 and t.kind <> '' group by t.one, t.other
            """), row => new FlowSum(Words.Parse<AccountKind>(row.GetString(0)), Words.Parse<AccountKind>(row.GetString(1)), new Minutes(row.GetInt64(2))), cancel);

    /// <summary>A member's own months, the oldest first; those in which nothing was given or received are left out.</summary>
    public Task<List<MemberMonth>> OfMemberAsync(BankId bank, AccountId member, DateOnly first, DateOnly last, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, Span(bank, first, last, """
            select p.month, p.given, p.received from timebank.tally_people p
            where p.bank = $1 and p.account = $4 and p.month between $2 and $3 and (p.given > 0 or p.received > 0) order by p.month
            """).Value(member.Value), row => new MemberMonth(row.GetFieldValue<DateOnly>(0), new Minutes(row.GetInt64(1)), new Minutes(row.GetInt64(2))), cancel);

    private async Task<List<(string What, HelpSum Help)>> SumsAsync(BankId bank, TallyOf of, DateOnly first, DateOnly last, CancellationToken cancel) =>
        [.. (await Rows.ReadAsync(database, bank, Span(bank, first, last, $"""
            select t.one, {Sums} from timebank.tallies t where t.bank = $1 and t.sort = $4 and t.month between $2 and $3 group by t.one
            """).Value(of.Word()), row => (What: row.GetString(0), Help: Help(row, 1)), cancel))
            .Where(s => s.Help.Minutes.Value != 0 || s.Help.Times != 0)
            .OrderByDescending(s => s.Help.Minutes.Value).ThenBy(s => s.What, StringComparer.Ordinal)];

    private static NpgsqlBatchCommand Span(BankId bank, DateOnly first, DateOnly last, string sql) =>
        new NpgsqlBatchCommand(sql).Value(bank.Value).Value(first, NpgsqlDbType.Date).Value(last, NpgsqlDbType.Date);

    private static HelpSum Help(NpgsqlDataReader row, int at) => new(new Minutes(row.GetInt64(at)), new Minutes(row.GetInt64(at + 1)), row.GetInt64(at + 2));
}
