using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>OAuth 2 bearer tokens (JWT) of an identity provider outside, where the settings name one: partner apps of one bank.</summary>
/// <remarks>Settings: Outside:Authority (its address; or Outside:MetadataAddress), Outside:Issuer, Outside:Audience, Outside:Bank,
/// and Outside:Scopes:NAME for each of its scopes that means one of ours. Only asymmetric signatures by keys of its own published set count.</remarks>
public sealed class OutsideTokens(IConfiguration settings, TimeProvider clock)
{
    public const string Scheme = "outside";
    private const string Section = "Outside";

    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);
    private const int MostKnown = 10_000;

    /// <summary>Tokens that let somebody in, by the first half of their SHA-256.</summary>
    private readonly ConcurrentDictionary<UInt128, bool> _known = new();

    private readonly BankId? _bank = settings[$"{Section}:Bank"] is { Length: > 0 } bank ? new BankId(bank) : null;

    public bool Configured => _bank is not null;

    /// <summary>Whether it looks like a token of an outside provider, and one is configured: three parts with dots between.</summary>
    public bool Reads(ReadOnlySpan<char> token) => Configured && token.Count('.') == 2;

    /// <summary>Whether that very token let somebody in here. It is judged each time all the same.</summary>
    public bool Knows(ReadOnlySpan<char> token) => _known.ContainsKey(NameOf(token));

    public static void Add(AuthenticationBuilder authentication, IConfiguration settings)
    {
        if (settings[$"{Section}:Bank"] is not { Length: > 0 })
            return;
        var audience = settings[$"{Section}:Audience"] is { Length: > 0 } a ? a : throw new SettingException("Outside:Audience is missing: which tokens are meant for this server?");
        var issuer = settings[$"{Section}:Issuer"] is { Length: > 0 } i ? i : throw new SettingException("Outside:Issuer is missing: whose tokens count?");
        authentication.AddJwtBearer(Scheme, options =>
        {
            options.Authority = settings[$"{Section}:Authority"];
            if (settings[$"{Section}:MetadataAddress"] is { Length: > 0 } metadata)
                options.MetadataAddress = metadata;
            options.RequireHttpsMetadata = !IsLoopback(options.Authority ?? options.MetadataAddress);
            options.MapInboundClaims = false;
            options.IncludeErrorDetails = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = audience,
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ClockSkew = s_skew,
            };
        });
    }

    /// <summary>The app that a token speaks for, as if it had a key; null if the token does not count here.</summary>
    public async Task<Key?> ReadAsync(HttpContext http, string token, BankId? bank)
    {
        if (bank != _bank)
            return null;
        var result = await http.AuthenticateAsync(Scheme);
        // Within one request it is not judged anew, though its time may end meanwhile.
        if (result.Principal is not { } principal || ClientOf(principal) is not { } client || result.Properties?.ExpiresUtc + s_skew <= clock.GetUtcNow())
            return null;
        if (_known.Count >= MostKnown)
            _known.Clear();
        _known[NameOf(token)] = true;
        return new Key(client, null, ScopesOf(principal), null, false, null, [], true);
    }

    private static UInt128 NameOf(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    private ImmutableArray<Scope> ScopesOf(ClaimsPrincipal principal) =>
        [.. principal.FindAll(c => c.Type is "scope" or "scp").SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(name => settings[$"{Section}:Scopes:{name}"]).OfType<string>()
            .Select(ours => Store.Words.TryParse<Scope>(ours, out var scope) ? scope : (Scope?)null).OfType<Scope>().Distinct()];

    private static RightId? ClientOf(ClaimsPrincipal principal)
    {
        var name = principal.FindFirstValue("azp") ?? principal.FindFirstValue("client_id") ?? principal.FindFirstValue("sub");
        return name is null ? null : RightId.OfOutsideApp(principal.FindFirstValue("iss") ?? "", name);
    }

    private static bool IsLoopback(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
