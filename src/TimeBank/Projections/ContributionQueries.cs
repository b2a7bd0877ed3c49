using Npgsql;
using TimeBank.Contributions;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Queries over contributions.</summary>
public sealed class ContributionQueries(Database database)
{
    /// <summary>Of the helper's newest so many, since both sides log within days.</summary>
    private const int MostLookedAt = 50;

    /// <summary>What the other side logged of the same help, as it seems, and nobody confirmed yet.</summary>
    public async Task<List<Contribution>> AlikeAsync(BankId bank, Contribution of, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.kind, t.state from (
              select id from timebank.thing_parties where bank = $1 and account = $2 and kind = 'contribution' order by id desc limit $3) p
            join timebank.things t on t.bank = $1 and t.id = p.id and t.stage = 'logged'
            """).Value(bank.Value).Value(of.Claim.Helper.Value).Value((long)MostLookedAt),
            row => (Contribution)ThingsTable.Read(row, 0), cancel)).FindAll(of.SeemsToBe);

    /// <summary>What was said of one, oldest first: also what was corrected since.</summary>
    public Task<List<(DateTimeOffset Posted, ContributionEvent Happened)>> HistoryAsync(BankId bank, ThingId id, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select timestamp, type, data from timebank.mt_events where tenant_id = $1 and stream_id = $2 order by version")
            .Value(bank.Value).Value(id.Value), row => (row.Instant(0), (ContributionEvent)EventCodec.Decode(row.GetString(1), row.GetFieldValue<byte[]>(2))), cancel);

    /// <summary>The project for which a posting credited somebody; null: it credited them for none. Also where the community gave the hours, and the project moved nothing.</summary>
    public async Task<AccountId?> ProjectOfAsync(BankId bank, PostingId posting, AccountId helper, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.kind, t.state
            from timebank.thing_parties p join timebank.things t on t.bank = p.bank and t.id = p.id
            where p.bank = $1 and p.account = $2 and p.kind = 'contribution' and t.state ->> 'posting' = $3 limit 1
            """).Value(bank.Value).Value(helper.Value).Value(posting.ToString()),
            row => (Contribution)ThingsTable.Read(row, 0), cancel)).SingleOrDefault()?.Claim.Project;
}
