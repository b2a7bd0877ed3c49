using Npgsql;
using NpgsqlTypes;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>A standing of a person, with its bank.</summary>
public sealed record PersonGrant(BankId Bank, RightId Id, Standing Standing);

/// <summary>A right with the name that somebody gave it.</summary>
public sealed record NamedRight(Right Right, string? Name);

/// <summary>One line of a bank's audit trail.</summary>
public sealed record AuditLine(long Version, DateTimeOffset Posted, string Type, AccessEvent Happened, Actor? By);

/// <summary>Who coordinates an account.</summary>
/// <param name="Id">The person's.</param>
/// <param name="Name">None once they were erased.</param>
public sealed record Coordinating(AccountId Account, Guid Id, string? Name);

/// <summary>Queries over rights and the audit trail.</summary>
public sealed class RightsQueries(Database database)
{
    /// <summary>Lines of an audit trail among which one is looked for.</summary>
    private const int NewestLines = 10_000;

    private const string Named = $"select r.id, r.kind, r.holder, r.account, r.active, r.terms, t.body ->> 'name' from timebank.rights r left join timebank.texts t on t.bank = r.bank and t.id = (r.terms ->> 'name')::uuid";

    /// <summary>Every standing that a person has, in all banks.</summary>
    public Task<List<PersonGrant>> GrantsOfAsync(PersonId person, CancellationToken cancel) =>
        Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand(
            $"select bank, {RightsTable.Columns} from timebank.rights where holder = $1 and active and kind = 'grant' order by bank, id").Value(person.Value),
            row => RightsTable.Read(row, 1) is Grant grant ? new PersonGrant(new BankId(row.GetString(0)), grant.Id, grant.Standing) : throw Wrong(), cancel);

    /// <summary>Member's accounts of all people who share a member's account with a person.</summary>
    public Task<List<AccountId>> HouseholdOfAsync(BankId bank, PersonId person, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select distinct theirs.account
            from timebank.rights mine
            join timebank.rights shared on shared.bank = mine.bank and shared.account = mine.account and shared.active and shared.kind = 'grant' and shared.holder <> mine.holder
            join timebank.rights theirs on theirs.bank = mine.bank and theirs.holder = shared.holder and theirs.active and theirs.kind = 'grant'
            where mine.bank = $1 and mine.holder = $2 and mine.active and mine.kind = 'grant'
              and mine.terms ->> 'role' = 'member' and shared.terms ->> 'role' = 'member' and theirs.terms ->> 'role' = 'member'
            """).Value(bank.Value).Value(person.Value), row => new AccountId(row.GetGuid(0)), cancel);

    /// <summary>Who coordinates each of the accounts.</summary>
    public Task<List<Coordinating>> CoordinatorsAsync(BankId bank, IReadOnlyCollection<AccountId> accounts, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select r.account, r.holder, p.display_name from unnest($2) u (account)
            join timebank.rights r on r.bank = $1 and r.account = u.account and r.active and r.kind = 'grant' and r.terms ->> 'role' = 'coordinator'
            left join people.persons p on p.id = r.holder and p.erased is null
            order by r.account, r.id
            """).Value(bank.Value).Uuids([.. accounts.Select(a => a.Value)]), row => new Coordinating(new AccountId(row.GetGuid(0)), row.GetGuid(1), row.TextOrNull(2)), cancel);

    /// <summary>People who have a login for a member's account.</summary>
    public Task<List<PersonId>> SharingAsync(BankId bank, AccountId account, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select r.holder from timebank.rights r
            where r.bank = $1 and r.account = $2 and r.active and r.kind = 'grant' and r.terms ->> 'role' = 'member' order by r.id limit 100
            """).Value(bank.Value).Value(account.Value), row => new PersonId(row.GetGuid(0)), cancel);

    /// <summary>Whether a person has a standing in a bank, or had one.</summary>
    public async Task<bool> WasInAsync(BankId bank, PersonId person, CancellationToken cancel) =>
        (await ListAsync(bank, RightsTable.GrantKind, person.Value, null, activeOnly: false, Guid.Empty, 1, cancel)).Count > 0;

    /// <summary>Whether a person has, or had, a standing in any bank but this one.</summary>
    public async Task<bool> WasElsewhereAsync(BankId bank, PersonId person, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand(
            "select exists (select from timebank.rights where holder = $1 and kind = 'grant' and bank <> $2)").Value(person.Value).Value(bank.Value),
            row => row.GetBoolean(0), cancel)).Single();

    public async Task<Right?> FindAsync(BankId bank, RightId id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"select {RightsTable.Columns} from timebank.rights where bank = $1 and id = $2")
            .Value(bank.Value).Value(id.Value), row => RightsTable.Read(row, 0), cancel)).SingleOrDefault();

    public async Task<NamedRight?> FindNamedAsync(BankId bank, RightId id, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"{Named} where r.bank = $1 and r.id = $2")
            .Value(bank.Value).Value(id.Value), ReadNamed, cancel)).SingleOrDefault();

    /// <summary>Rights of a kind in the order of their ids; narrowed to a holder or an account.</summary>
    public Task<List<NamedRight>> ListAsync(
        BankId bank, string kind, Guid? holder, AccountId? account, bool activeOnly, Guid after, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand($"""
            {Named}
            where r.bank = $1 and r.kind = $2 and r.id > $3 and ($4::uuid is null or r.holder = $4) and ($5::uuid is null or r.account = $5)
              and (r.active or not $6)
            order by r.id limit $7
            """)
            .Value(bank.Value).Value(kind).Value(after).Value(holder, NpgsqlDbType.Uuid).Value(account?.Value, NpgsqlDbType.Uuid)
            .Value(activeOnly).Value((long)limit), ReadNamed, cancel);

    /// <summary>Every bank in which a person has or had a standing.</summary>
    public Task<List<BankId>> BanksOfAsync(PersonId person, CancellationToken cancel) =>
        Rows.ReadAsync(database, BankScope.All, new NpgsqlBatchCommand("select distinct bank from timebank.rights where holder = $1 and kind = 'grant' order by bank")
            .Value(person.Value), row => new BankId(row.GetString(0)), cancel);

    /// <summary>The audit trail, newest first.</summary>
    public Task<List<AuditLine>> AuditAsync(BankId bank, Guid stream, long before, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select version, timestamp, type, data, headers from timebank.mt_events
            where tenant_id = $1 and stream_id = $2 and version < $3 order by version desc limit $4
            """).Value(bank.Value).Value(stream).Value(before).Value((long)limit),
            row => new AuditLine(row.GetInt64(0), row.Instant(1), row.GetString(2),
                EventCodec.Decode(row.GetString(2), row.GetFieldValue<byte[]>(3)) as AccessEvent ?? throw Wrong(),
                row.TextOrNull(4) is { } headers ? ActorCodec.Decode(headers) : null), cancel);

    /// <summary>When something was last noted in the audit trail; null: not among its newest lines.</summary>
    public async Task<DateTimeOffset?> LastNotedAsync(BankId bank, Guid stream, Noted what, CancellationToken cancel) =>
        (await Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select l.timestamp from (
              select timestamp, type, data from timebank.mt_events where tenant_id = $1 and stream_id = $2 order by version desc limit $3) l
            where l.type = 'access_noted' and l.data ->> 'what' = $4 limit 1
            """).Value(bank.Value).Value(stream).Value((long)NewestLines).Value(what.Word()), row => row.Instant(0), cancel))
        .Select(at => (DateTimeOffset?)at).FirstOrDefault();

    private static NamedRight ReadNamed(NpgsqlDataReader row) => new(RightsTable.Read(row, 0), row.TextOrNull(6));

    private static InvalidOperationException Wrong() => new("A row is not of the kind that it says.");
}
