using Npgsql;
using Shouldly;

namespace TimeBank.Tests.Store;

/// <summary>The live catalog against Marten's event tables: version 9.29, streams by uuid, conjoined tenancy, quick append,
/// correlation, causation and headers. Where TimeBank differs, the line says so.</summary>
[Category("Database")]
public sealed class MartenLayoutTests
{
    private static readonly string[] s_tables = ["mt_streams", "mt_events", "mt_event_progression", "mt_high_water_skips"];

    [Test]
    public async Task Streams_have_marten_s_columns_in_marten_s_order() => (await ColumnsOf("mt_streams")).ShouldBe([
        "tenant_id character varying not null default '*DEFAULT*'::character varying",
        "id uuid not null",
        "type character varying null",
        "version bigint null",
        "timestamp timestamp with time zone not null default now()",
        "created timestamp with time zone not null default now()",
        "is_archived boolean null default false",
    ]);

    [Test]
    public async Task Events_have_marten_s_columns_in_marten_s_order() => (await ColumnsOf("mt_events")).ShouldBe([
        "seq_id bigint not null",
        "id uuid not null",
        "stream_id uuid null",
        "version bigint not null",
        "data jsonb not null",
        "bdata bytea null",
        "type character varying(500) not null",
        // Marten's default is a constant, the moment the table was made; every row here is written with its time.
        "timestamp timestamp with time zone not null default now()",
        // Differs: Marten lets it be null.
        "tenant_id character varying not null default '*DEFAULT*'::character varying",
        "mt_dotnet_type character varying null",
        "correlation_id character varying null",
        "causation_id character varying null",
        "headers jsonb null",
        "is_archived boolean null default false",
    ]);

    [Test]
    public async Task The_daemon_s_tables_are_marten_s()
    {
        (await ColumnsOf("mt_event_progression")).ShouldBe([
            "name character varying not null",
            "last_seq_id bigint null",
            "last_updated timestamp with time zone null default transaction_timestamp()",
        ]);
        (await ColumnsOf("mt_high_water_skips")).ShouldBe([
            "ending_sequence bigint not null",
            "starting_sequence bigint not null",
            "timestamp timestamp with time zone null",
        ]);
    }

    [Test]
    public async Task Keys_and_indexes_are_marten_s_but_for_the_key_of_events() => (await Read("""
        select tablename || ': ' || replace(indexdef, 'timebank.', '') from pg_indexes where schemaname = 'timebank' and tablename like 'mt\_%' order by tablename, indexname
        """)).ShouldBe([
        "mt_event_progression: CREATE UNIQUE INDEX pk_mt_event_progression ON mt_event_progression USING btree (name)",
        "mt_events: CREATE INDEX mt_events_stream_and_time ON mt_events USING btree (tenant_id, stream_id, \"timestamp\", version) WHERE ((version % (8)::bigint) = 0)",
        "mt_events: CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (tenant_id, stream_id, version)",
        // Differs: Marten's is (seq_id); with the tenant first it can be distributed by tenant.
        "mt_events: CREATE UNIQUE INDEX pkey_mt_events_seq_id ON mt_events USING btree (tenant_id, seq_id)",
        "mt_high_water_skips: CREATE UNIQUE INDEX mt_high_water_skips_pkey ON mt_high_water_skips USING btree (ending_sequence)",
        "mt_streams: CREATE UNIQUE INDEX pkey_mt_streams_tenant_id_id ON mt_streams USING btree (tenant_id, id)",
    ]);

    [Test]
    public async Task Constraints_are_marten_s_but_for_the_foreign_key_to_streams() => (await Read("""
        select conrelid::regclass::text || ': ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'timebank'::regnamespace and conrelid::regclass::text like 'timebank.mt\_%' order by 1
        """)).ShouldBe([
        "timebank.mt_event_progression: pk_mt_event_progression PRIMARY KEY (name)",
        // Differs: no fkey_mt_events_stream_id_tenant_id.
        "timebank.mt_events: pkey_mt_events_seq_id PRIMARY KEY (tenant_id, seq_id)",
        "timebank.mt_high_water_skips: mt_high_water_skips_pkey PRIMARY KEY (ending_sequence)",
        "timebank.mt_streams: pkey_mt_streams_tenant_id_id PRIMARY KEY (tenant_id, id)",
    ]);

    [Test]
    public async Task The_sequence_is_marten_s_and_belongs_to_the_column_without_being_its_default()
    {
        (await Read("""
            select sequencename || ' ' || start_value || ' ' || increment_by || ' ' || cache_size || ' ' || data_type from pg_sequences where schemaname = 'timebank' and sequencename like 'mt\_%'
            """)).ShouldBe(["mt_events_sequence 1 1 1 bigint"]);
        (await Read("""
            select a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.objid = 'timebank.mt_events_sequence'::regclass and d.deptype = 'a'
            """)).ShouldBe(["seq_id"]);
    }

    [Test]
    public async Task Streams_leave_room_for_their_versions_and_nothing_else_is_special()
    {
        // Differs: Marten sets no fill factor.
        (await Read("""
            select relname || ' ' || coalesce(array_to_string(reloptions, ','), '') from pg_class
            where relnamespace = 'timebank'::regnamespace and relkind = 'r' and relname like 'mt\_%' order by relname
            """)).ShouldBe(["mt_event_progression ", "mt_events ", "mt_high_water_skips ", "mt_streams fillfactor=70"]);
        // Differs: no functions, for Marten does not write here.
        (await Read("select proname::text from pg_proc where pronamespace = 'timebank'::regnamespace and proname like 'mt\\_%'")).ShouldBeEmpty();
        (await Read("select tgname::text from pg_trigger where tgrelid::regclass::text like 'timebank.mt\\_%' and not tgisinternal")).ShouldBeEmpty();
    }

    [Test]
    public async Task The_server_s_role_owns_nothing_and_adds_to_events_and_journal_without_ever_changing_them()
    {
        (await Read("select relname::text from pg_class where pg_get_userbyid(relowner) = 'timebank_server'")).ShouldBeEmpty();
        (await Read("select nspname::text from pg_namespace where pg_get_userbyid(nspowner) = 'timebank_server'")).ShouldBeEmpty();
        (await Read("""
            select table_name || ' ' || string_agg(privilege_type, ' ' order by privilege_type) from information_schema.role_table_grants
            where grantee = 'timebank_server' and table_schema = 'timebank' and table_name in ('mt_events', 'journal', 'mt_streams') group by table_name order by table_name
            """)).ShouldBe(["journal INSERT SELECT", "mt_events INSERT SELECT", "mt_streams INSERT SELECT UPDATE"]);
        (await Read("""
            select table_name || ' ' || privilege_type from information_schema.role_table_grants
            where grantee = 'timebank_server' and table_schema = 'timebank' and privilege_type in ('DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES') and table_name not in ('texts', 'concerns', 'concern_notes', 'listing_search', 'listing_words', 'member_skills', 'notices', 'notice_mail', 'notice_settings')
            """)).ShouldBeEmpty();
        (await Read("select r.rolname::text from pg_roles r where r.rolname = 'timebank_server' and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls)")).ShouldBeEmpty();
    }

    [TestCase("update timebank.mt_events set version = version")]
    [TestCase("delete from timebank.mt_events")]
    [TestCase("truncate timebank.mt_events")]
    [TestCase("update timebank.journal set number = number")]
    [TestCase("delete from timebank.journal")]
    [TestCase("truncate timebank.journal")]
    [TestCase("delete from timebank.mt_streams")]
    [TestCase("delete from timebank.idempotency_keys")]
    [TestCase("update timebank.idempotency_keys set status = 0")]
    [TestCase("drop table timebank.mt_events")]
    [TestCase("alter table timebank.journal add column x int")]
    [TestCase("create table timebank.mine (x int)")]
    public async Task The_server_is_not_let_near_what_stands_for_good(string sql)
    {
        await using var connection = new NpgsqlConnection(RunningServer.Store.ServerConnectionString);
        await connection.OpenAsync();
        // In a transaction that never commits, so that a missing right destroys nothing but this test's peace.
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);

        var refused = await Should.ThrowAsync<PostgresException>(async () => await command.ExecuteNonQueryAsync());

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Test]
    public async Task Stored_rows_look_as_marten_expects_them()
    {
        var http = RunningServer.Http;
        var bank = await http.OpenBankAsync();
        var (ann, ben, school) = (await http.OpenAccountAsync(bank, "member", "Ann"), await http.OpenAccountAsync(bank, "member", "Ben"), await http.OpenAccountAsync(bank, "provider", "School"));
        for (var i = 1; i <= 5; i++)
            (await http.TransferAsync(bank, "exchange", ann, ben, i)).Status.ShouldBe(System.Net.HttpStatusCode.Created);
        (await http.TransferAsync(bank, "spend", ben, school, 5)).Status.ShouldBe(System.Net.HttpStatusCode.Created);
        var tenant = bank.Split('/')[^1];

        async Task<string?> One(string sql) => (await Read(sql.Replace("$t", $"'{tenant}'", StringComparison.Ordinal))).Single();
        (await One("select count(*)::text from timebank.mt_events where tenant_id = $t and stream_id is not null")).ShouldBe("18");
        (await One("""
            select count(*)::text from timebank.mt_events where tenant_id = $t
              and (is_archived is distinct from false or mt_dotnet_type is not null or bdata is not null or jsonb_typeof(data) <> 'object'
                or correlation_id is null or get_byte(uuid_send(id), 6) >> 4 <> 4)
            """)).ShouldBe("0");
        // Who asked stands with the first event that a command caused.
        (await One("select count(*)::text from timebank.mt_events where tenant_id = $t and headers is not null and jsonb_typeof(headers) = 'object' and headers ? 'door'")).ShouldBe("11");
        // Each event carries its batch's time, never the column's default.
        (await One("""
            select count(*)::text from timebank.mt_events e where tenant_id = $t and not exists (
              select from timebank.journal j where j.bank = e.tenant_id and e.seq_id between j.first_seq and j.last_seq and j.posted = e.timestamp)
            """)).ShouldBe("0");
        (await One("""
            select count(*)::text from (
              select s.id from timebank.mt_streams s left join timebank.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id where s.tenant_id = $t
              group by s.id, s.version, s.timestamp, s.created
              having s.version is distinct from max(e.version) or count(*) <> s.version or min(e.version) <> 1 or s.timestamp <> max(e.timestamp) or s.created <> min(e.timestamp)) x
            """)).ShouldBe("0");
        (await One("select count(*)::text from timebank.mt_streams where tenant_id = $t and is_archived is distinct from false")).ShouldBe("0");
        (await One("select string_agg(distinct type, ' ' order by type) from timebank.mt_streams where tenant_id = $t")).ShouldBe("account account_settings audit bank");
        (await One("select string_agg(distinct type, ' ' order by type) from timebank.mt_events where tenant_id = $t"))
            .ShouldBe("account_opened bank_opened hours_credited hours_debited role_granted");
        (await One("select count(*)::text from timebank.mt_events e where tenant_id = $t and not exists (select from timebank.mt_streams s where s.tenant_id = e.tenant_id and s.id = e.stream_id)")).ShouldBe("0");
        // Both entries of a transfer, and what rules add, are of one posting.
        (await One("select count(distinct correlation_id)::text from timebank.mt_events where tenant_id = $t and type like 'hours%'")).ShouldBe("6");
    }

    [Test]
    public async Task There_are_no_other_tables_of_marten_s() =>
        (await Read("select relname::text from pg_class where relnamespace = 'timebank'::regnamespace and relkind in ('r', 'p') and relname like 'mt\\_%' order by 1")).ShouldBe(s_tables, ignoreOrder: true);

    private static Task<List<string>> ColumnsOf(string table) => Read($"""
        select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else ' null' end
          || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = 'timebank.{table}'::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
        """);

    private static async Task<List<string>> Read(string sql)
    {
        await using var connection = new NpgsqlConnection(RunningServer.Store.OwnerConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
