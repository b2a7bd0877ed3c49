using Npgsql;
using NUnit.Framework;
using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

/// <summary>What a private PostgreSQL is once it runs; how it starts and ends is in <see cref="PrivatePostgresLifeTests"/>.</summary>
[Category("Database")]
public sealed class PrivatePostgresTests
{
    private TrialFolder _folder = null!;
    private PrivatePostgres _postgres = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new TrialFolder();
        _postgres = await PrivatePostgres.StartAsync(_folder.Data, _folder.Say, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task The_owner_makes_the_schema_and_is_no_superuser()
    {
        (await Sql.AskAsync(_postgres.OwnerConnectionString, "create table made_by_owner (id int); select usesuper from pg_user where usename = current_user"))
            .ShouldBe("False");
        await Sql.AskAsync(_postgres.OwnerConnectionString, "checkpoint");
    }

    [Test]
    public async Task The_server_login_owns_nothing_and_makes_nothing()
    {
        (await Sql.AskAsync(_postgres.OwnerConnectionString, "select count(*) from pg_shdepend where refobjid = 'timebank_server'::regrole and deptype = 'o'"))
            .ShouldBe("0");
        foreach (var attempt in new[] { "create table mine (id int)", "create schema mine", "create temporary table mine (id int)", "create role other" })
            (await Should.ThrowAsync<PostgresException>(Sql.AskAsync(_postgres.ServerConnectionString, attempt))).SqlState.ShouldBe("42501", attempt);
    }

    [Test]
    public async Task The_server_login_enters_its_own_database_only() =>
        (await Should.ThrowAsync<PostgresException>(Sql.AskAsync(_postgres.ServerConnectionString.Replace("Database=timebank", "Database=postgres"), "select 1")))
            .SqlState.ShouldBe("42501");

    [Test]
    public async Task Nobody_enters_without_the_password()
    {
        var guessed = new NpgsqlConnectionStringBuilder(_postgres.OwnerConnectionString) { Password = "guessed" };
        (await Should.ThrowAsync<PostgresException>(Sql.AskAsync(guessed.ConnectionString, "select 1"))).SqlState.ShouldBe("28P01");
    }

    [TestCase("fsync", "on")]
    [TestCase("synchronous_commit", "on")]
    [TestCase("full_page_writes", "on")]
    [TestCase("data_checksums", "on")]
    [TestCase("listen_addresses", "")]
    [TestCase("server_encoding", "UTF8")]
    [TestCase("timezone", "UTC")]
    [TestCase("autovacuum", "on")]
    [TestCase("max_wal_size", "8GB")]
    [TestCase("wal_level", "minimal")]
    [TestCase("jit", "off")]
    public async Task A_setting_is_as_the_settings_file_says(string setting, string value) =>
        (await Sql.AskAsync(_postgres.ServerConnectionString, $"show {setting}")).ShouldBe(value);

    [Test]
    public async Task Every_line_of_the_settings_file_is_in_force() =>
        (await Sql.AskAsync(_postgres.SuperuserConnectionString,
            "select string_agg(name || ': ' || coalesce(error, 'overridden'), ', ') from pg_file_settings where sourcefile like '%/timebank.conf' and not applied"))
            .ShouldBeEmpty();

    [Test]
    public async Task Text_compares_by_code_point_and_letters_beyond_ascii_have_two_cases() =>
        (await Sql.AskAsync(_postgres.OwnerConnectionString, "select ('Z' < 'a') || ' ' || lower('ÉŁ')")).ShouldBe("true éł");

    [Test]
    public async Task The_extensions_for_searching_are_there() =>
        (await Sql.AskAsync(_postgres.OwnerConnectionString, "select string_agg(extname, ' ' order by extname) from pg_extension where extname <> 'plpgsql'"))
            .ShouldBe("btree_gin pg_trgm unaccent");

    [TestCase("")]
    [TestCase("socket")]
    [TestCase("postgres")]
    [TestCase("postgres.json")]
    [TestCase("postgres.log")]
    public void Others_read_nothing_in_the_data_folder(string name) =>
        (File.GetUnixFileMode(Path.Combine(_folder.Data, name)) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)).ShouldBe(UnixFileMode.None);

    [Test]
    public void The_terminals_signals_do_not_reach_it()
    {
        if (!OperatingSystem.IsLinux())
            Tools.Skip("Sessions are read from /proc; run the tests on Linux.");
        var fields = File.ReadAllText($"/proc/{_postgres.ProcessId}/stat").Split(") ")[1].Split(' ');
        fields[3].ShouldBe(_postgres.ProcessId.ToString(), "the postmaster leads a session of its own");
    }

    [Test]
    public async Task A_second_owner_is_refused_at_once_and_told_who_has_the_folder()
    {
        var refusal = await Should.ThrowAsync<DataFolderInUseException>(PrivatePostgres.StartAsync(_folder.Data, _folder.Say, CancellationToken.None));

        refusal.Holder.ShouldBe(Environment.ProcessId);
        refusal.Message.ShouldContain(_folder.Data);
        (await Sql.AskAsync(_postgres.ServerConnectionString, "select 1")).ShouldBe("1", "the first is not disturbed");
    }

    [Test]
    public async Task A_verb_joins_the_owners_database_and_leaves_it_running()
    {
        await using (var joined = await PrivatePostgres.StartOrJoinAsync(_folder.Data, _folder.Say, CancellationToken.None))
        {
            joined.ProcessId.ShouldBe(_postgres.ProcessId);
            joined.BinariesFolder.ShouldBe(_postgres.BinariesFolder);
            (await Sql.AskAsync(joined.OwnerConnectionString, "select current_user")).ShouldBe("timebank_owner");
        }

        (await Sql.AskAsync(_postgres.ServerConnectionString, "select current_user")).ShouldBe("timebank_server");
    }

    [Test]
    public async Task The_log_quotes_no_statement_and_no_value()
    {
        await Should.ThrowAsync<PostgresException>(Sql.AskAsync(_postgres.OwnerConnectionString,
            "create table members (name text primary key); insert into members values ('Ada of the log test'), ('Ada of the log test')"));

        var log = await File.ReadAllTextAsync(Path.Combine(_folder.Data, "postgres.log"));
        log.ShouldContain("members_pkey");
        log.ShouldNotContain("Ada");
    }
}
