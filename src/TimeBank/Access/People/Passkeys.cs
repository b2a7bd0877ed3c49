using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What a browser or a device is asked: the options of WebAuthn.</summary>
/// <param name="Options">For navigator.credentials.create() or .get(), parsed by parseCreationOptionsFromJSON() or parseRequestOptionsFromJSON().</param>
/// <param name="State">To be sent back with the credential.</param>
public sealed record PasskeyOptionsView(JsonElement Options, string State);

public sealed record PasskeyView(Guid Id, string Name, DateTimeOffset Made);

/// <summary>Passkeys: keys that a device keeps and opens for their owner only, so that nothing can be guessed or told to a stranger.</summary>
/// <remarks>What was asked comes back sealed with the answer, so that an app without cookies can use passkeys too. It is answered once: many devices
/// do not count their signatures, and who overheard an answer would come in by it again.</remarks>
public sealed class Passkeys(
    UserManager<Person> identity, IPasskeyHandler<Person> handler, IDataProtectionProvider protection, PeopleContext people, TimeProvider clock)
{
    /// <summary>A person has so many at most.</summary>
    public const int Most = 20;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _toMake = protection.CreateProtector("TimeBank.Passkeys.ToMake").ToTimeLimitedDataProtector();
    private readonly ITimeLimitedDataProtector _toSignIn = protection.CreateProtector("TimeBank.Passkeys.ToSignIn").ToTimeLimitedDataProtector();

    /// <summary>For anybody: the device says whose passkey it has, so that nobody learns who has one.</summary>
    public async Task<PasskeyOptionsView> AskToSignInAsync(HttpContext http)
    {
        var asked = await handler.MakeRequestOptionsAsync(null, http);
        return new PasskeyOptionsView(Parse(asked.RequestOptionsJson), _toSignIn.Protect(asked.AssertionState!, s_longest));
    }

    public async Task<PasskeyOptionsView> AskToMakeAsync(HttpContext http, Person person)
    {
        var asked = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = person.PersonId.ToString(), Name = person.UserName!, DisplayName = person.DisplayName ?? person.UserName! }, http);
        return new PasskeyOptionsView(Parse(asked.CreationOptionsJson), _toMake.Protect(asked.AttestationState!, s_longest));
    }

    /// <summary>Null if the credential does not answer what was asked.</summary>
    public async Task<Person?> FindOwnerAsync(HttpContext http, string state, JsonElement credential, CancellationToken cancel)
    {
        if (Open(_toSignIn, state) is not { } asked)
            return null;
        var found = await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = http, CredentialJson = credential.GetRawText(), AssertionState = asked,
        });
        if (!found.Succeeded || found.User.Erased is not null || !await UseAsync(asked, cancel))
            return null;
        // Keeps the count of the device's signatures: a copied passkey falls behind.
        return (await identity.AddOrUpdatePasskeyAsync(found.User, found.Passkey)).Succeeded ? found.User : null;
    }

    /// <summary>Null if the credential does not answer what this person was asked.</summary>
    public async Task<PasskeyView?> AddAsync(HttpContext http, Person person, string name, string state, JsonElement credential)
    {
        if (Open(_toMake, state) is not { } asked)
            return null;
        var made = await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = http, CredentialJson = credential.GetRawText(), AttestationState = asked,
        });
        if (!made.Succeeded || made.UserEntity.Id != person.PersonId.ToString() || !await UseAsync(asked, http.RequestAborted))
            return null;
        made.Passkey.Name = name;
        return (await identity.AddOrUpdatePasskeyAsync(person, made.Passkey)).Succeeded ? View(made.Passkey) : null;
    }

    public async Task<IReadOnlyList<PasskeyView>> ListAsync(Person person) =>
        [.. (await identity.GetPasskeysAsync(person)).Select(View).OrderBy(p => p.Made)];

    public async Task<bool> AreManyAsync(Person person) => (await identity.GetPasskeysAsync(person)).Count >= Most;

    /// <summary>False if there is no such passkey. All sessions end: one may have been opened with it.</summary>
    public async Task<bool> RemoveAsync(Person person, Guid id)
    {
        if ((await identity.GetPasskeysAsync(person)).FirstOrDefault(p => IdOf(p) == id) is not { } passkey)
            return false;
        await identity.RemovePasskeyAsync(person, passkey.CredentialId);
        await identity.UpdateSecurityStampAsync(person);
        return true;
    }

    public static void Configure(IdentityPasskeyOptions options, Site site)
    {
        options.ServerDomain = site.Url?.Host;
        options.UserVerificationRequirement = "required";
        // A device that keeps the owner's id with the key: so nobody need type a login.
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.AuthenticatorTimeout = TimeSpan.FromMinutes(5);
        options.ValidateOrigin = asked => new(!asked.CrossOrigin && site.IsOwn(asked.HttpContext.Request, asked.Origin));
    }

    /// <summary>False if it was answered before. By what was sealed, not by the seal, whose letters could be written in another way.</summary>
    private async Task<bool> UseAsync(string asked, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Another server's clock, by which it was sealed, may differ from this one.
        var (hash, until) = (SHA256.HashData(Encoding.UTF8.GetBytes(asked)), now + 2 * s_longest);
        await people.UsedPasskeyStates.Where(s => s.Until < now).ExecuteDeleteAsync(cancel);
        return await people.Database.ExecuteSqlAsync($"insert into people.used_passkey_states (hash, until) values ({hash}, {until}) on conflict do nothing", cancel) == 1;
    }

    private static PasskeyView View(UserPasskeyInfo passkey) => new(IdOf(passkey), passkey.Name ?? "", passkey.CreatedAt);

    /// <summary>The id that devices give is long, and of any length: this one stands for it.</summary>
    private static Guid IdOf(UserPasskeyInfo passkey) => Uuid.WithVersion(new Guid(SHA256.HashData(passkey.CredentialId).AsSpan(0, 16), bigEndian: true), 8);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>Null if it was not sealed here for this, or too long ago.</summary>
    private static string? Open(ITimeLimitedDataProtector protector, string state)
    {
        try
        {
            return protector.Unprotect(state);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
