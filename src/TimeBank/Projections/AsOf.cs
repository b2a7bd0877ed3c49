namespace TimeBank.Projections;

/// <summary>Finding a moment in a passbook. Versions have no holes and their times never run backwards, so that the last event
/// up to a moment is found by bisection over the one index that there is; an index with the time would cost the writer
/// one more insertion for each event.</summary>
public static class AsOf
{
    /// <summary>A scalar subquery: the last version of stream <paramref name="stream"/> with a time up to <paramref name="at"/>, 0 if there is none.</summary>
    /// <remarks>The limit keeps the look-up a look-up: as a plain join it becomes a hash join over the whole passbook wherever the planner
    /// takes streams to be short.</remarks>
    public static string Version(string tenant, string stream, string at) => $"""
        (with recursive search (low, high) as (
          select 0::bigint, coalesce((select s.version from timebank.mt_streams s where s.tenant_id = {tenant} and s.id = {stream}), 0)
          union all
          select case when e.timestamp <= {at} then e.version else low end, case when e.timestamp <= {at} then high else e.version - 1 end
          from search cross join lateral (
            select m.version, m.timestamp from timebank.mt_events m
            where m.tenant_id = {tenant} and m.stream_id = {stream} and m.version = (low + high + 1) / 2
            limit 1) e
          where low < high
        ) select low from search where low = high)
        """;

    /// <summary>A scalar subquery: minutes of holds that had died of old age by then, though nobody had written it down.</summary>
    public static string DeadHolds(string bank, string payer, string at) => $"""
        (select coalesce(sum(h.minutes), 0)::bigint from timebank.holds h
         where h.bank = {bank} and h.payer = {payer} and h.expires_at <= {at}
           and (h.status = 'open' or (h.status = 'expired' and h.ended > {at})))
        """;
}
