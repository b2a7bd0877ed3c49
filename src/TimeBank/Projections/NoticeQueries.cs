using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using TimeBank.Access;
using TimeBank.Members;
using TimeBank.Notices;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>A notice as it stands.</summary>
/// <param name="Why">Why no letter came.</param>
public sealed record KeptNotice(Guid Id, Guid Recipient, News News, DateTimeOffset Made, DateTimeOffset? Read, Telling? Told, string? Why);

/// <summary>That somebody was told: when, by whom and how.</summary>
public sealed record Telling(DateTimeOffset At, PersonId By, string How);

/// <summary>Settings with the version that a change of them must match.</summary>
public sealed record KeptSettings(NoticeSettings Settings, long Version)
{
    /// <summary>The version of what nobody ever set.</summary>
    public const long NothingSet = 1;
}

/// <summary>Somebody with what is needed to speak to them.</summary>
/// <param name="Name">Of the person; of the account where nobody has a login.</param>
/// <param name="Email">Whose owner was seen to read it; null without one, and once they have nothing to do with the account any more.</param>
/// <param name="Languages">Of the member's profile.</param>
/// <param name="Contact">Telephone and addresses of the member's profile.</param>
public sealed record Addressee(
    Guid Id, AccountId Account, string? Name, string? Email, NoticeSettings Settings, ImmutableArray<string> Languages, ImmutableArray<Reach> Reach,
    TextBody? Contact, string BankName, string? BankLanguage);

/// <summary>Queries over notices and how people want to be told.</summary>
public sealed class NoticeQueries(Database database)
{
    private const string Columns = "n.id, n.recipient, n.account, n.kind, n.said, n.subject, n.other, n.minutes, n.day, n.made, n.read, n.told, n.told_by, n.told_how, n.why";

    /// <summary>Those in somebody's list, newest first.</summary>
    /// <param name="read">Only those that were read, or were not; null: all.</param>
    public Task<List<KeptNotice>> ListAsync(BankId bank, Guid recipient, bool? read, Guid before, int limit, CancellationToken cancel)
    {
        var which = read switch { true => "and n.read is not null", false => "and n.read is null", null => "" };
        return Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            $"select {Columns} from timebank.notices n where n.bank = $1 and n.recipient = $2 and n.shown {which} and n.id < $3 order by n.id desc limit $4")
            .Value(bank.Value).Value(recipient).Value(before).Value((long)limit), Read, cancel);
    }

    /// <summary>Of these the ones that are theirs count as read; those that were read before stay as they are. How many are read now.</summary>
    public Task<int> MarkReadAsync(BankId bank, Guid recipient, IReadOnlyList<Guid> ids, DateTimeOffset now, CancellationToken cancel) =>
        Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand("""
            update timebank.notices n set read = coalesce(n.read, $4) where n.bank = $1 and n.recipient = $2 and n.shown and n.id = any ($3)
            """).Value(bank.Value).Value(recipient).Uuids(ids).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz), cancel);

    /// <summary>All up to one of them.</summary>
    public Task<int> MarkReadUpToAsync(BankId bank, Guid recipient, Guid upTo, DateTimeOffset now, CancellationToken cancel) =>
        Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(
            "update timebank.notices set read = $4 where bank = $1 and recipient = $2 and shown and read is null and id <= $3")
            .Value(bank.Value).Value(recipient).Value(upTo).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz), cancel);

    /// <summary>Accounts of which somebody is to be told something, or was, in the order of their ids: from one to the next along an index.</summary>
    /// <param name="neighbourhoods">Only of these; null: all.</param>
    public Task<List<AccountId>> AccountsToTellAsync(BankId bank, bool told, string[]? neighbourhoods, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            with recursive next (account) as (
              (select n.account from timebank.notices n where n.bank = $1 and {Waiting(told)} and n.account > $2 order by n.account limit 1)
              union all
              select (select n.account from timebank.notices n where n.bank = $1 and {Waiting(told)} and n.account > next.account order by n.account limit 1)
              from next where next.account is not null)
            select a.id from next
            cross join lateral (
              select a.id from timebank.accounts a
              where a.bank = $1 and a.id = next.account and ($3::text[] is null or (a.kind in ('member', 'project') and a.neighbourhood = any ($3))) limit 1) a
            limit $4
            """).Value(bank.Value).Value(after).Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text).Value((long)limit), row => new AccountId(row.GetGuid(0)), cancel);

    private static string Waiting(bool told) => told ? "n.told is not null" : "n.tell and n.told is null";

    /// <summary>Of each of these accounts the oldest that are to be told; or the newest that were.</summary>
    public Task<List<KeptNotice>> ToTellAsync(BankId bank, IReadOnlyList<AccountId> accounts, bool told, int mostOfEach, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {Columns} from unnest($2) with ordinality u (id, place)
            cross join lateral (
              select * from timebank.notices n where n.bank = $1 and n.account = u.id and {Waiting(told)} order by n.id {(told ? "desc" : "")} limit $3) n
            order by u.place, n.id
            """).Value(bank.Value).Uuids([.. accounts.Select(a => a.Value)]).Value((long)mostOfEach), Read, cancel);

    /// <summary>Writes down that somebody was told; what was told before stays as it was. Which of them are told now.</summary>
    /// <param name="neighbourhoods">Only members of these; null: all.</param>
    public Task<List<KeptNotice>> TellAsync(BankId bank, AccountId account, IReadOnlyList<Guid> ids, Telling telling, string[]? neighbourhoods, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            update timebank.notices n set
              told = coalesce(n.told, $4), told_by = case when n.told is null then $5 else n.told_by end, told_how = case when n.told is null then $6 else n.told_how end
            where n.bank = $1 and n.account = $2 and n.id = any ($3) and n.tell
              and ($7::text[] is null or exists (select from timebank.accounts a where a.bank = $1 and a.id = $2 and a.kind in ('member', 'project') and a.neighbourhood = any ($7)))
            returning {Columns}
            """).Value(bank.Value).Value(account.Value).Uuids(ids).Value(telling.At.UtcDateTime, NpgsqlDbType.TimestampTz).Value(telling.By.Value).Value(telling.How)
            .Value(neighbourhoods, NpgsqlDbType.Array | NpgsqlDbType.Text), Read, cancel);

    /// <summary>All that was told of an account, to whomever, oldest first.</summary>
    public Task<List<KeptNotice>> OfAccountAsync(BankId bank, AccountId account, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand(
            $"select {Columns} from timebank.notices n where n.bank = $1 and n.account = $2 and n.id > $3 order by n.id limit $4")
            .Value(bank.Value).Value(account.Value).Value(after).Value((long)limit), Read, cancel);

    public async Task<KeptNotice?> FindAsync(BankId bank, Guid id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"select {Columns} from timebank.notices n where n.bank = $1 and n.id = $2")
            .Value(bank.Value).Value(id), Read, cancel)).SingleOrDefault();

    /// <summary>What a letter of the week tells: what no letter told, and nobody has read.</summary>
    public Task<List<KeptNotice>> OfWeekAsync(BankId bank, Guid recipient, DateTimeOffset since, DateTimeOffset until, int most, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            select {Columns} from timebank.notices n where n.bank = $1 and n.recipient = $2 and n.shown and n.read is null and not n.mailed and n.made >= $3 and n.made < $4
            order by n.id limit $5
            """).Value(bank.Value).Value(recipient).Value(since.UtcDateTime, NpgsqlDbType.TimestampTz).Value(until.UtcDateTime, NpgsqlDbType.TimestampTz).Value((long)most), Read, cancel);

    public async Task<KeptSettings> SettingsAsync(BankId bank, Guid recipient, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("select settings, version from timebank.notice_settings where bank = $1 and recipient = $2")
            .Value(bank.Value).Value(recipient), row => new KeptSettings(NoticeSources.SettingsOf(row.GetString(0)), row.GetInt64(1)), cancel)).SingleOrDefault()
        ?? new KeptSettings(NoticeSettings.Default, KeptSettings.NothingSet);

    /// <summary>The new version; null if somebody changed them since they were read.</summary>
    public async Task<long?> SetAsync(BankId bank, Guid recipient, NoticeSettings settings, long expected, CancellationToken cancel)
    {
        var changed = await Rows.ChangeAsync(database, bank, new NpgsqlBatchCommand(expected == KeptSettings.NothingSet
            ? "insert into timebank.notice_settings (bank, recipient, settings, version) values ($1, $2, $3, $4 + 1) on conflict do nothing"
            : "update timebank.notice_settings set settings = $3, version = $4 + 1 where bank = $1 and recipient = $2 and version = $4")
            .Value(bank.Value).Value(recipient).Value(JsonSerializer.SerializeToUtf8Bytes(settings, EventJson.Options), NpgsqlDbType.Jsonb).Value(expected), cancel);
        return changed == 1 ? expected + 1 : null;
    }

    /// <summary>Names of accounts; those that were erased have none.</summary>
    public async Task<IReadOnlyDictionary<AccountId, string>> NamesAsync(BankId bank, IEnumerable<AccountId> accounts, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select u.id, n.name from unnest($2) u (id)
            cross join lateral (
              select t.body ->> 'name' as name from timebank.accounts a join timebank.texts t on t.bank = a.bank and t.id = a.name_text
              where a.bank = $1 and a.id = u.id limit 1) n
            where n.name is not null
            """).Value(bank.Value).Uuids([.. accounts.Distinct().Select(a => a.Value)]), row => (Id: new AccountId(row.GetGuid(0)), Name: row.GetString(1)), cancel))
        .ToDictionary(a => a.Id, a => a.Name);

    /// <summary>Recipients with their accounts, in the order in which they are asked for.</summary>
    public Task<List<Addressee>> AddresseesAsync(BankId bank, IReadOnlyList<(Guid Recipient, AccountId Account)> who, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select u.recipient, u.account, coalesce(p.name, n.name), p.email, s.settings, m.profile, m.body, b.name, b.language
            from unnest($2, $3, $4) with ordinality u (recipient, account, member, place)
            cross join lateral (select b.name, b.policy ->> 'language' as language from timebank.banks b where b.bank = $1 limit 1) b
            left join lateral (
              select p.display_name as name, case when p.email_confirmed and exists (
                select from timebank.rights r where r.bank = $1 and r.holder = p.id and r.active and r.kind = 'grant'
                  and (r.account = u.account or (u.account = p.id and r.terms ->> 'role' = 'safeguardingLead'))) then p.email end as email
              from people.persons p where p.id = u.recipient and p.erased is null limit 1) p on true
            left join lateral (
              select t.body ->> 'name' as name from timebank.accounts a join timebank.texts t on t.bank = a.bank and t.id = a.name_text
              where a.bank = $1 and a.id = u.account limit 1) n on true
            left join lateral (select s.settings from timebank.notice_settings s where s.bank = $1 and s.recipient = u.recipient limit 1) s on true
            left join lateral (
              select t.state -> 'profile' as profile, x.body::text as body
              from timebank.things t
              left join lateral (select y.body from timebank.texts y where y.bank = $1 and y.id = (t.state #>> '{text,id}')::uuid limit 1) x on true
              where t.bank = $1 and t.id = u.member and t.kind = 'member' limit 1) m on true
            order by u.place
            """).Value(bank.Value).Uuids([.. who.Select(w => w.Recipient)]).Uuids([.. who.Select(w => w.Account.Value)])
            .Uuids([.. who.Select(w => Member.IdOf(w.Account).Value)]), ReadAddressee, cancel);

    private static Addressee ReadAddressee(NpgsqlDataReader row)
    {
        var profile = row.TextOrNull(5) is { } json ? EventCodec.DecodePart<Profile>(json) : null;
        return new Addressee(
            row.GetGuid(0), new AccountId(row.GetGuid(1)), row.TextOrNull(2), row.TextOrNull(3), NoticeSources.SettingsOf(row.TextOrNull(4)),
            profile?.Languages ?? [], profile?.Reach ?? [], row.TextOrNull(6) is { } body ? TextBody.Parse(body) : null, row.GetString(7), row.TextOrNull(8));
    }

    private static KeptNotice Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1),
        new News(
            new AccountId(row.GetGuid(2)), Words.Parse<NoticeKind>(row.GetString(3)), row.GetString(4), row.GetGuid(5),
            row.UuidOrNull(6) is { } other ? new AccountId(other) : null, row.MinutesOrNull(7), row.IsDBNull(8) ? null : row.GetFieldValue<DateOnly>(8)),
        row.Instant(9), row.IsDBNull(10) ? null : row.Instant(10),
        row.IsDBNull(11) ? null : new Telling(row.Instant(11), new PersonId(row.GetGuid(12)), row.GetString(13)), row.TextOrNull(14));
}
