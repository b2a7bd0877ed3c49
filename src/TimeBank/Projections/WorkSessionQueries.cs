using Npgsql;
using NpgsqlTypes;
using TimeBank.Store;
using TimeBank.WorkSessions;

namespace TimeBank.Projections;

/// <summary>Sessions by their dates and by their codes.</summary>
public sealed class WorkSessionQueries(Database database)
{
    /// <summary>That are planned and not over, the next one first.</summary>
    /// <param name="projects">Only theirs; null: everybody's.</param>
    public Task<List<ThingRow<WorkSession>>> PlannedAsync(BankId bank, IReadOnlyCollection<AccountId>? projects, DateOnly from, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {ThingQueries.Select}
            where t.bank = $1 and t.kind = $2 and t.stage = $3 and (t.state -> 'plan' ->> 'date')::date >= $4
              and ($5::text[] is null or t.state -> 'plan' ->> 'project' = any ($5))
            order by t.state -> 'plan' ->> 'from', t.id limit $6
            """)
            .Value(bank.Value).Value(ThingsTable.KindOf<WorkSession>()).Value(WorkSessionStage.Planned.Word()).Value(from, NpgsqlDbType.Date)
            .Value(projects is null ? null : projects.Select(p => p.ToString()!).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text).Value((long)limit),
            ThingQueries.Read<WorkSession>, cancel);

    /// <summary>The session on whose wall a code stands, among those that are planned for one of these days.</summary>
    public async Task<WorkSession?> ByCodeAsync(BankId bank, string code, DateOnly from, DateOnly until, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {ThingQueries.Select}
            where t.bank = $1 and t.kind = $2 and t.stage = $3 and (t.state -> 'plan' ->> 'date')::date between $4 and $5 and t.state -> 'plan' ->> 'code' = $6
            order by t.id limit 1
            """)
            .Value(bank.Value).Value(ThingsTable.KindOf<WorkSession>()).Value(WorkSessionStage.Planned.Word())
            .Value(from, NpgsqlDbType.Date).Value(until, NpgsqlDbType.Date).Value(code), ThingQueries.Read<WorkSession>, cancel)).SingleOrDefault()?.Thing;
}
