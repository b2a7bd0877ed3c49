using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Notices;

/// <summary>What an address at the end of a letter stands for: letters of one kind, of one bank, to one address.</summary>
/// <param name="Kind">Null: the letter of the week.</param>
public sealed record Unsubscription(BankId Bank, Guid Recipient, AccountId Account, NoticeKind? Kind, string AddressHash);

/// <summary>Makes these addresses and reads them again. They are sealed: nobody makes one up, and nobody who finds one learns whose it is.</summary>
public sealed class Unsubscriptions(IDataProtectionProvider protection, NoticeQueries queries)
{
    public const string Path = "/v1/unsubscriptions";
    public const string Parameter = "token";

    private const string OfWeek = "week";
    private const char Between = '|';

    private readonly IDataProtector _seal = protection.CreateProtector("TimeBank.Notices.Unsubscription");

    public string AddressFor(string start, BankId bank, Addressee to, NoticeKind? kind) =>
        $"{start}{Path}?{Parameter}={_seal.Protect(string.Join(Between, bank.Value, to.Id, to.Account, kind?.Word() ?? OfWeek, HashOf(to.Email!)))}";

    /// <summary>To whom it was sent; null if it was not made here, or that is not their address any more.</summary>
    public async Task<(Unsubscription What, Addressee Who)?> FindAsync(string? token, CancellationToken cancel)
    {
        if (Read(token) is not { } what)
            return null;
        var who = (await queries.AddresseesAsync(what.Bank, [(what.Recipient, what.Account)], cancel)).SingleOrDefault();
        return who?.Email is { } email && HashOf(email) == what.AddressHash ? (what, who) : null;
    }

    private Unsubscription? Read(string? token)
    {
        if (token is null)
            return null;
        string[] parts;
        try
        {
            parts = _seal.Unprotect(token).Split(Between);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // Cut off on its way, or made up.
            return null;
        }
        return parts.Length == 5 && Guid.TryParse(parts[1], out var recipient) && Guid.TryParse(parts[2], out var account)
            && (parts[3] == OfWeek || Words.TryParse<NoticeKind>(parts[3], out _))
            ? new Unsubscription(new BankId(parts[0]), recipient, new AccountId(account), parts[3] == OfWeek ? null : Words.Parse<NoticeKind>(parts[3]), parts[4])
            : null;
    }

    private static string HashOf(string email) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)))[..32];
}
