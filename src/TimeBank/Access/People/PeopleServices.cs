using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Puts together what logins of people need.</summary>
public static class PeopleServices
{
    /// <summary>The same for every server of a database, whatever its program's folder is called: their cookies and tokens are one kind.</summary>
    private const string ApplicationName = "timebank";

    /// <exception cref="SettingException">The settings Mail:… cannot be meant so.</exception>
    public static IServiceCollection AddPeople(this IServiceCollection services, LedgerStore store, IConfiguration settings)
    {
        services.AddLogins(store);
        services.AddIdentityCore<Person>(identity =>
            {
                identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                identity.Password.RequiredLength = Passwords.Fewest;
                identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            })
            .AddEntityFrameworkStores<PeopleContext>()
            .AddTokenProvider<DataProtectorTokenProvider<Person>>(TokenOptions.DefaultProvider);
        // Logins are checked where they are asked for, not again whenever a passkey is written.
        services.RemoveAll<IUserValidator<Person>>();
        services.Configure<DataProtectionTokenProviderOptions>(tokens => tokens.TokenLifespan = PasswordResets.Lifetime);
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<Site>(Passkeys.Configure);

        services.AddAuthentication().AddCookie(SessionTickets.PageScheme, SessionTickets.Configure).AddBearerToken(SessionTickets.AppScheme, SessionTickets.Configure);
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddSingleton<ProtectionKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = provider.GetRequiredService<ProtectionKeys>()));
        // It warns that keys lie unsealed: they do, in a table that only the server's role reads, beside the hashes that they guard.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement", LogLevel.Error));
        // Whatever fails is answered, or told by whoever asked; that a login is taken is not a fault.
        services.AddLogging(logging => logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical));

        services.AddSingleton(MailSettings.Read(settings));
        services.AddWorker<Mail>().AddWorker<PasswordResets>().AddWorker<FailedSignIns>();
        services.AddSingleton<PersonNotes>().AddSingleton<SessionTickets>().AddSingleton<Sessions>().AddSingleton<PeopleOfBankQueries>().AddSingleton<Belongings>();
        services.AddScoped<Passwords>().AddScoped<SecondFactor>().AddScoped<Passkeys>().AddScoped<Invitations>().AddScoped<PasswordCodes>()
            .AddScoped<SignIns>().AddScoped<PeopleCommands>().AddScoped<PeopleQueries>().AddScoped<PersonalDataExport>();
        return services;
    }

    /// <summary>The tables alone, for the command line.</summary>
    public static IServiceCollection AddLogins(this IServiceCollection services, LedgerStore store)
    {
        // Made by the container, so that it is the container that closes its connections.
        services.AddSingleton(_ => new PeopleConnections(store.ServerConnectionString));
        services.AddPooledDbContextFactory<PeopleContext>((provider, options) => PeopleContext.Configure(options, provider.GetRequiredService<PeopleConnections>()));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PeopleContext>>().CreateDbContext());
        services.Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        services.AddScoped<IPasswordHasher<Person>, PasswordHasher<Person>>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    private static IServiceCollection AddWorker<TWorker>(this IServiceCollection services) where TWorker : class, IHostedService =>
        services.AddSingleton<TWorker>().AddHostedService(provider => provider.GetRequiredService<TWorker>());
}
