using Npgsql;
using NpgsqlTypes;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>What waits for an organiser.</summary>
public enum WaitingKind
{
    /// <summary>Help that was logged, and that nobody confirmed or declined.</summary>
    Contributions,
    /// <summary>Help that was questioned.</summary>
    Disputes,
    /// <summary>Entries that were questioned.</summary>
    Entries,
    /// <summary>Help that was confirmed, and whose hours wait, since the person helped cannot go so far below zero.</summary>
    Hours,
    /// <summary>Strangers who applied and to whom nobody has talked, people on whose way in nothing has happened for seven days, and members to whom nothing was proposed for as long.</summary>
    Members,
    /// <summary>Shares that a rule could not pass on.</summary>
    Shares,
    /// <summary>Transfers by a schedule that missed their last date.</summary>
    Schedules,
    /// <summary>Credentials of members that end within 30 days, or have ended, and were not renewed.</summary>
    Credentials,
    /// <summary>Questions of fair play.</summary>
    FairPlay,
    /// <summary>What pots are asked for, for those who decide about it and nobody else.</summary>
    PotRequests,
}

/// <summary>Whose requests to pots somebody decides about.</summary>
/// <param name="Pots">Those for which they act; null: all.</param>
/// <param name="Household">Members for whom they do not decide: themselves, and who shares an account with them.</param>
/// <param name="Person">Who decides: what they said yes to waits for another.</param>
public sealed record PotsDecided(Guid[]? Pots, Guid[] Household, Guid? Person);

/// <summary>What waits of one kind.</summary>
/// <param name="Count">How many, up to <see cref="WaitingQueries.MostCounted"/>.</param>
public sealed record WaitingRows(int Count, List<ThingRow<Thing>> Page);

/// <summary>Queries over what waits for an organiser: each a range of one index, however large the bank.</summary>
public sealed class WaitingQueries(Database database)
{
    /// <summary>Beyond that it is enough to know that there are more.</summary>
    public const int MostCounted = 1_000;

    /// <summary>So many days before its end a credential begins to wait, until it is renewed or counts no more.</summary>
    public const int DaysBeforeEnd = 30;

    /// <summary>Things in the order in which they were made; people, who waits the longest first, and credentials, what ends first.</summary>
    /// <param name="neighbourhoods">Only what concerns accounts that are coordinated there; null: all.</param>
    public async Task<WaitingRows> ReadAsync(
        BankId bank, WaitingKind kind, string[]? neighbourhoods, DateTimeOffset now, Guid after, int limit, CancellationToken cancel, PotsDecided? pots = null)
    {
        var (waits, theirs) = Conditions(kind);
        var decided = kind == WaitingKind.PotRequests ? Decided : " and ($7::uuid[] is null or true) and ($8::uuid[] is null or true) and ($9::text is null or true)";
        // Ids out of a state look nothing up by an index, under row-level security, unless they are a column of their own first.
        var among = neighbourhoods is null ? Unused : $"""
            and exists (
              select from (select unnest({theirs}) id offset 0) p join timebank.accounts a on a.bank = $1 and a.id = p.id
              where a.neighbourhood = any ($2)) {Unused}
            """;
        // Who was due first comes first: so those are passed by who wait for nothing yet, however many they are.
        var (order, since) = kind is WaitingKind.Members or WaitingKind.Credentials
            ? ("due, id", "and (t.due, t.id) > (coalesce((select a.due from timebank.things a where a.bank = $1 and a.id = $4), '-infinity'), $4)")
            : ("id", "and t.id > $4");
        // The count is a scalar of its own, and each stage is read by itself in its index's order: a page is read no further than it goes.
        var rows = await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select (select count(*) from ({Each("select", "", "limit $6")}) counted), t.kind, t.state, x.body, y.body
            from (select) one
            left join lateral (select * from ({Each("select t.*", since, $"order by {order} limit $5")}) first order by {order} limit $5) t on true
            left join lateral (select x.body from timebank.texts x where x.bank = t.bank and x.id = t.text limit 1) x on true
            left join lateral (select y.body from timebank.texts y where y.bank = t.bank and y.id = t.reason limit 1) y on true
            order by {order}
            """)
            .Value(bank.Value).Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(after).Value((long)limit).Value((long)MostCounted + 1)
            .Value(pots?.Pots, NpgsqlDbType.Array | NpgsqlDbType.Uuid).Value(pots?.Household ?? [], NpgsqlDbType.Array | NpgsqlDbType.Uuid).Value(pots?.Person?.ToString(), NpgsqlDbType.Text),
            row => (Count: (int)row.GetInt64(0), Row: row.IsDBNull(1) ? null : new ThingRow<Thing>(
                ThingsTable.Read(row, 1), Text(row, 3), Text(row, 4))), cancel);
        return new WaitingRows(rows[0].Count, [.. rows.Select(r => r.Row).OfType<ThingRow<Thing>>()]);

        string Each(string select, string more, string end) => string.Join(" union all ", waits.Select(w =>
            $"({select} from timebank.things t where t.bank = $1 and {w} {among} {decided} {more} {end})"));
    }

    /// <summary>When a thing waits, stage by stage, and an array of the accounts whose organisers it waits for. Constants, so that the planner sees which index they are.</summary>
    private static (string[] Waits, string Theirs) Conditions(WaitingKind kind) => kind switch
    {
        WaitingKind.Contributions => (["t.kind = 'contribution' and t.stage = 'logged'"], OfContribution),
        WaitingKind.Disputes => (["t.kind = 'contribution' and t.stage = 'disputed'"], OfContribution),
        WaitingKind.Entries => (["t.kind = 'entry_dispute' and t.stage = 'open'"], "array[(t.state ->> 'payer')::uuid]"),
        WaitingKind.Hours => (["t.kind = 'contribution' and t.stage = 'waiting'"], OfContribution),
        WaitingKind.Members => (
            [
                "t.kind = 'member' and t.stage = 'applied' and (t.due <= $3 or (t.state ? 'stranger' and t.state -> 'joining' = '{}'))",
                "t.kind = 'member' and t.stage = 'invited' and t.due <= $3",
                "t.kind = 'member' and t.stage = 'active' and t.due <= $3 and not t.at_home",
            ],
            "array[(t.state ->> 'account')::uuid]"),
        WaitingKind.Schedules => (
            ["t.missed and (t.stage <> 'ended' or (t.state ->> 'last')::date > ($3::timestamptz)::date - 30)"],
            "array[(t.state #>> '{terms,payer}')::uuid]"),
        WaitingKind.Credentials => (
            [$"t.kind = 'credentials' and t.due <= $3::timestamptz + interval '{DaysBeforeEnd} days'"], "array[(t.state ->> 'account')::uuid]"),
        WaitingKind.Shares => (["t.kind = 'question' and t.stage = 'open' and t.state #>> '{facts,kind}' = 'shareKept'"], OfQuestion),
        WaitingKind.PotRequests => (["t.kind = 'pot_request' and t.stage = 'asked'", "t.kind = 'pot_request' and t.stage = 'seconded'"], "array[(t.state ->> 'pot')::uuid]"),
        _ => (["t.kind = 'question' and t.stage = 'open' and t.state #>> '{facts,kind}' <> 'shareKept'"], OfQuestion),
    };

    /// <summary>Nobody decides for themselves or their household, nor twice.</summary>
    private const string Decided = """
         and ($7::uuid[] is null or (t.state ->> 'pot')::uuid = any ($7)) and (t.state ->> 'member')::uuid <> all ($8) and t.state ->> 'first' is distinct from $9::text
        """;

    /// <summary>A statement's parameters must all be of a known type.</summary>
    private const string Unused = " and ($2::text[] is null or true) and ($3::timestamptz is null or true)";

    /// <summary>Work on a project is the matter of who organises the project, help to a person of who organises one of the two.</summary>
    private const string OfContribution = """
        case when t.state #> '{claim,project}' is null then array[(t.state #>> '{claim,helper}')::uuid, (t.state #>> '{claim,helped}')::uuid]
          else array[(t.state #>> '{claim,project}')::uuid] end
        """;

    private const string OfQuestion = "array(select jsonb_array_elements_text(t.state #> '{facts,accounts}')::uuid)";

    private static TextBody? Text(NpgsqlDataReader row, int at) => row.TextOrNull(at) is { } body ? TextBody.Parse(body) : null;
}
