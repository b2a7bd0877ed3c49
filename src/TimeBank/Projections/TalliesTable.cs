using Npgsql;
using NpgsqlTypes;
using TimeBank.Postings;
using TimeBank.Reports;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Where sums are added to. What a part of the journal comes to is added with the number up to which that goes, in one statement: once,
/// however many servers follow the same bank and whenever one of them dies.</summary>
public sealed class TalliesTable(Database database)
{
    /// <summary>In place of a kind of transfer: help for which nobody wanted hours.</summary>
    public const string WithoutHours = "";

    /// <summary>Adds nothing if somebody else followed that part first, or all sums were begun anew meanwhile.</summary>
    public Task AddAsync(BankId bank, JournalPart part, Tally tally, IReadOnlyDictionary<TransferId, long> takenBack, CancellationToken cancel)
    {
        var sums = tally.Sums.Where(s => s.Value != default).ToList();
        var members = tally.Members.Where(m => m.Value != default).ToList();
        return Rows.ChangeAsync(database.Background, bank, new NpgsqlBatchCommand("""
            with followed as (
              insert into timebank.tally_progress as p (bank, number, posted)
              select $1, $3, $4 where $2 = 0 or exists (select from timebank.tally_progress where bank = $1)
              on conflict (bank) do update set number = excluded.number, posted = excluded.posted where p.number = $2
              returning p.bank
            ), added as (
              insert into timebank.tallies as t (bank, sort, month, kind, one, other, minutes, times)
              select f.bank, u.sort, u.month, u.kind, u.one, u.other, u.minutes, u.times
              from followed f cross join unnest($5, $6, $7, $8, $9, $10, $11) u (sort, month, kind, one, other, minutes, times)
              on conflict (bank, sort, month, kind, one, other) do update set minutes = t.minutes + excluded.minutes, times = t.times + excluded.times
            ), people as (
              insert into timebank.tally_people as p (bank, account, month, given, gave, received, got)
              select f.bank, u.account, u.month, u.given, u.gave, u.received, u.got
              from followed f cross join unnest($12, $13, $14, $15, $16, $17) u (account, month, given, gave, received, got)
              on conflict (bank, account, month) do update set
                given = p.given + excluded.given, gave = p.gave + excluded.gave, received = p.received + excluded.received, got = p.got + excluded.got
              -- Here a row of the same table is still as it was before this statement.
              returning p.month, p.given > 0 as gives, p.received > 0 as receives,
                (select (case when o.given > 0 then 1 else 0 end) | (case when o.received > 0 then 2 else 0 end)
                 from timebank.tally_people o where o.bank = p.bank and o.account = p.account and o.month = p.month) as was
            ), changed as (
              select month, gives::int - (coalesce(was, 0) & 1) as gave, receives::int - (coalesce(was, 0) >> 1) as received,
                (gives or receives)::int - (coalesce(was, 0) > 0)::int as took_part
              from people
            ), reversed as (
              insert into timebank.tally_reversals as r (bank, transfer, minutes)
              select f.bank, u.transfer, u.minutes from followed f cross join unnest($18, $19) u (transfer, minutes)
              on conflict (bank, transfer) do update set minutes = r.minutes + excluded.minutes
            )
            insert into timebank.tally_months as m (bank, month, gave, received, took_part)
            select $1, c.month, sum(c.gave), sum(c.received), sum(c.took_part) from changed c group by c.month
            on conflict (bank, month) do update set gave = m.gave + excluded.gave, received = m.received + excluded.received, took_part = m.took_part + excluded.took_part
            """)
            .Value(bank.Value).Value(part.After).Value(part.UpTo).Value(part.Posted.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Texts([.. sums.Select(s => s.Key.Of.Word())]).Dates([.. sums.Select(s => s.Key.Month)]).Texts([.. sums.Select(s => s.Key.Kind?.Word() ?? WithoutHours)])
            .Texts([.. sums.Select(s => s.Key.From?.Word() ?? s.Key.What)]).Texts([.. sums.Select(s => s.Key.To?.Word() ?? "")])
            .Numbers([.. sums.Select(s => s.Value.Minutes)]).Numbers([.. sums.Select(s => s.Value.Times)])
            .Uuids([.. members.Select(m => m.Key.Account.Value)]).Dates([.. members.Select(m => m.Key.Month)])
            .Numbers([.. members.Select(m => m.Value.Given.Minutes)]).Numbers([.. members.Select(m => m.Value.Given.Times)])
            .Numbers([.. members.Select(m => m.Value.Received.Minutes)]).Numbers([.. members.Select(m => m.Value.Received.Times)])
            .Uuids([.. takenBack.Keys.Select(t => t.Value)]).Numbers([.. takenBack.Values]), cancel);
    }
}
