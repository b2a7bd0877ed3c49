using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Access;

/// <summary>Logins of people, in the schema <c>people</c>. The tables are made by Store/Schema/003-people.sql, never from here.</summary>
public sealed class PeopleContext(DbContextOptions<PeopleContext> options) : IdentityUserContext<Person, Guid>(options)
{
    public const string Schema = "people";

    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<PasswordCode> PasswordCodes => Set<PasswordCode>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<EndedSession> EndedSessions => Set<EndedSession>();
    public DbSet<UsedPasskeyState> UsedPasskeyStates => Set<UsedPasskeyState>();
    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();

    /// <summary>People who were not erased.</summary>
    public IQueryable<Person> Living => Users.Where(p => p.Erased == null);

    /// <summary>Not accepted yet, and addressed to whoever reads what goes there, however it was written.</summary>
    public IQueryable<Invitation> InvitationsTo(string email) =>
        Invitations.Where(i => i.AcceptedBy == null && EF.Functions.ILike(i.Email!, AccountQueries.EscapeLike(email)));

    /// <summary>As they stand now. What is changed is changed by statements of its own, which say what they expect.</summary>
    public Task<Person?> FindAsync(PersonId id, CancellationToken cancel) => Living.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id.Value, cancel);

    public Task<Person?> FindAsync(string login, CancellationToken cancel)
    {
        var normalized = Person.Normalize(login);
        return Living.AsNoTracking().SingleOrDefaultAsync(p => p.NormalizedUserName == normalized, cancel);
    }

    /// <summary>Makes somebody, with what else waits to be saved. False if another person has that login: then nothing was made.</summary>
    public async Task<bool> TryAddAsync(Person person, CancellationToken cancel)
    {
        Add(person);
        try
        {
            await SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is { } cause && StoreFaults.IsConflict(cause))
        {
            return false;
        }
    }

    /// <summary>A transaction that sees and takes invitations and printed codes of those banks; a statement without one sees none (Schema/006).</summary>
    /// <remarks>What it says ends with it: the connection goes back to the others as it came.</remarks>
    public async Task<IDbContextTransaction> BeginAsync(BankScope banks, CancellationToken cancel)
    {
        var transaction = await Database.BeginTransactionAsync(cancel);
        try
        {
            await Database.ExecuteSqlAsync($"select set_config('timebank.banks', {banks.ToString()}, true)", cancel);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks or changes something in such a transaction of its own.</summary>
    public async Task<T> WithinAsync<T>(BankScope banks, Func<Task<T>> work, CancellationToken cancel)
    {
        await using var transaction = await BeginAsync(banks, cancel);
        var answer = await work();
        await transaction.CommitAsync(cancel);
        return answer;
    }

    /// <summary>What PostgreSQL did not take for reasons of its own is said as everywhere else in the program.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is { } cause && StoreFaults.IsUnavailable(cause))
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    /// <summary>How a connection is made: as every connection of a server, it acts as <c>timebank_server</c>.</summary>
    public static void Configure(DbContextOptionsBuilder options, PeopleConnections connections) =>
        options.UseNpgsql(connections.Source, npgsql => npgsql.ExecutionStrategy(d => new NonRetryingExecutionStrategy(d)));

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // Logins of other providers, claims and tokens of Identity's own are not used here.
        builder.Ignore<IdentityUserClaim<Guid>>().Ignore<IdentityUserLogin<Guid>>().Ignore<IdentityUserToken<Guid>>();
        builder.HasDefaultSchema(Schema);
        builder.Entity<Person>(person =>
        {
            person.ToTable("persons").Ignore(p => p.PhoneNumber).Ignore(p => p.PhoneNumberConfirmed).Ignore(p => p.LockoutEnabled).Ignore(p => p.PersonId);
            person.Property(p => p.Id).ValueGeneratedNever();
            person.Property(p => p.UserName).HasColumnName("login");
            person.Property(p => p.NormalizedUserName).HasColumnName("normalized_login");
            person.Property(p => p.AccessFailedCount).HasColumnName("failures");
            person.Property(p => p.LockoutEnd).HasColumnName("locked_until");
            person.Property(p => p.SecurityStamp).IsRequired();
            person.Property(p => p.ConcurrencyStamp).IsRequired();
            person.HasIndex(p => p.NormalizedUserName).IsUnique().HasDatabaseName("persons_by_login").HasFilter(null);
            person.HasIndex(p => p.NormalizedEmail).HasDatabaseName("persons_by_email");
            // Counted in the database, by statements that several servers may run at once: never written back as they were read.
            foreach (var counted in (string[])[nameof(Person.AccessFailedCount), nameof(Person.LockoutEnd), nameof(Person.AuthenticatorStep), nameof(Person.ResetMailed)])
                person.Property(counted).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        });
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.ToTable("passkeys").Property(p => p.UserId).HasColumnName("person");
            passkey.HasIndex(p => p.UserId).HasDatabaseName("passkeys_by_person");
            passkey.OwnsOne(p => p.Data).ToJson("data");
        });
        builder.Entity<Invitation>(invitation =>
        {
            invitation.ToTable("invitations").Ignore(i => i.BankId).Ignore(i => i.Standing).HasKey(i => i.Id);
            invitation.Property(i => i.Id).ValueGeneratedNever();
            invitation.Property(i => i.Role).HasConversion(r => r.Word(), w => Words.Parse<Role>(w));
            invitation.Property(i => i.MadeThrough).HasConversion(d => d.Word(), w => Words.Parse<Door>(w));
            invitation.HasIndex(i => i.CodeHash).IsUnique().HasDatabaseName("invitations_by_code");
            invitation.HasIndex(i => i.MailedHash).IsUnique().HasDatabaseName("invitations_by_mailed_code");
            invitation.HasIndex(i => new { i.Bank, i.Id }).HasDatabaseName("invitations_by_bank");
            invitation.HasIndex(i => i.AcceptedBy).HasDatabaseName("invitations_by_acceptance");
        });
        builder.Entity<PasswordCode>(code =>
        {
            code.ToTable("codes").HasKey(c => c.Hash);
            code.HasIndex(c => c.Person).HasDatabaseName("codes_by_person");
        });
        builder.Entity<RecoveryCode>().ToTable("recovery_codes").HasKey(c => new { c.Person, c.Hash });
        builder.Entity<EndedSession>().ToTable("ended_sessions").HasKey(s => new { s.Person, s.Session });
        builder.Entity<UsedPasskeyState>().ToTable("used_passkey_states").HasKey(s => s.Hash);
        builder.Entity<ProtectionKey>(key =>
        {
            key.ToTable("protection_keys").HasKey(k => k.Id);
            key.Property(k => k.Id).ValueGeneratedNever();
        });
        NameColumns(builder);
    }

    /// <summary>snake_case where no other name was given; text without a length, which the requests' own checks limit.</summary>
    private static void NameColumns(ModelBuilder builder)
    {
        foreach (var property in builder.Model.GetEntityTypes().Where(e => !e.IsMappedToJson()).SelectMany(e => e.GetDeclaredProperties()))
        {
            if (property.GetColumnName() == property.Name)
                property.SetColumnName(SnakeCase(property.Name));
            property.SetMaxLength(null);
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}

/// <summary>The connections for logins: few, since a sign-in spends its time on hashing, not in the database.</summary>
public sealed class PeopleConnections(string connectionString) : IAsyncDisposable
{
    private const int Most = 4;

    public NpgsqlDataSource Source { get; } = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
    {
        Timeout = 10,
        CommandTimeout = 30,
        ApplicationName = "timebank people",
        Options = "-c role=timebank_server -c jit=off -c lock_timeout=5s",
        MaxPoolSize = Most,
        MaxAutoPrepare = 50,
        NoResetOnClose = true,
    }.ConnectionString).Build();

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
