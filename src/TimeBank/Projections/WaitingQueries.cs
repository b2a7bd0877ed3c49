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
    /// <summary>Help that was confirmed, and whose hours wait, since the person helped cannot go so far below zero.</summary>
    Hours,
    /// <summary>People on whose way in nothing has happened for seven days.</summary>
    Members,
    /// <summary>Shares that a rule could not pass on.</summary>
    Shares,
    /// <summary>Transfers by a schedule that missed their last date.</summary>
    Schedules,
    /// <summary>Questions of fair play.</summary>
    FairPlay,
}

/// <summary>What waits of one kind.</summary>
/// <param name="Count">How many, up to <see cref="WaitingQueries.MostCounted"/>.</param>
public sealed record WaitingRows(int Count, List<ThingRow<Thing>> Page);

/// <summary>Queries over what waits for an organiser: each a range of one index, however large the bank.</summary>
public sealed class WaitingQueries(Database database)
{
    /// <summary>Beyond that it is enough to know that there are more.</summary>
    public const int MostCounted = 1_000;

    /// <summary>Things in the order in which they were made.</summary>
    /// <param name="neighbourhoods">Only what concerns accounts that are coordinated there; null: all.</param>
    public async Task<WaitingRows> ReadAsync(
        BankId bank, WaitingKind kind, string[]? neighbourhoods, DateTimeOffset now, Guid after, int limit, CancellationToken cancel)
    {
        var (waits, theirs) = Conditions(kind);
        if (neighbourhoods is not null)
            waits += $" and exists (select from timebank.accounts a where a.bank = t.bank and a.id = any ({theirs}) and a.neighbourhood = any ($2))";
        // The count is a scalar of its own: a page is read no further than it goes.
        var rows = await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select (select count(*) from (select from timebank.things t where t.bank = $1 and {waits} limit $6) counted), p.*
            from (select) one left join lateral (
              {ThingQueries.Select} where t.bank = $1 and {waits} and t.id > $4 order by t.id limit $5) p (kind, state, text, reason) on true
            """)
            .Value(bank.Value).Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(after).Value((long)limit).Value((long)MostCounted + 1),
            row => (Count: (int)row.GetInt64(0), Row: row.IsDBNull(1) ? null : new ThingRow<Thing>(
                ThingsTable.Read(row, 1), Text(row, 3), Text(row, 4))), cancel);
        return new WaitingRows(rows[0].Count, [.. rows.Select(r => r.Row).OfType<ThingRow<Thing>>()]);
    }

    /// <summary>When a thing waits, and an array of the accounts whose organisers it waits for. Constants, so that the planner sees which index they are.</summary>
    private static (string Waits, string Theirs) Conditions(WaitingKind kind) => kind switch
    {
        WaitingKind.Contributions => ("t.kind = 'contribution' and t.stage = 'logged'" + Unused, OfContribution),
        WaitingKind.Disputes => ("t.kind = 'contribution' and t.stage = 'disputed'" + Unused, OfContribution),
        WaitingKind.Hours => ("t.kind = 'contribution' and t.stage = 'waiting'" + Unused, OfContribution),
        WaitingKind.Members => ("t.kind = 'member' and t.stage in ('applied', 'invited') and t.due <= $3 and ($2::text[] is null or true)", "array[(t.state ->> 'account')::uuid]"),
        WaitingKind.Schedules => ("t.kind = 'schedule' and t.state ? 'missed' and (t.stage <> 'ended' or (t.state ->> 'last')::date > ($3::timestamptz)::date - 30) and ($2::text[] is null or true)",
            "array[(t.state #>> '{terms,payer}')::uuid]"),
        WaitingKind.Shares => ("t.kind = 'question' and t.stage = 'open' and t.state #>> '{facts,kind}' = 'shareKept'" + Unused, OfQuestion),
        _ => ("t.kind = 'question' and t.stage = 'open' and t.state #>> '{facts,kind}' <> 'shareKept'" + Unused, OfQuestion),
    };

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
