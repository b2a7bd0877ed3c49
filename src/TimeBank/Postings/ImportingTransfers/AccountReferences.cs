using TimeBank.Accounts;
using TimeBank.Projections;

namespace TimeBank.Postings.ImportingTransfers;

/// <summary>Which account a file means: by its id, or by its exact name if only one account has it; the issuer, which has no name,
/// also by the word <c>issuer</c>.</summary>
public sealed class AccountReferences
{
    private readonly HashSet<AccountId> _ids = [];
    private readonly Dictionary<string, AccountId?> _byName = new(StringComparer.Ordinal);

    public AccountReferences(IEnumerable<AccountName> accounts)
    {
        foreach (var account in accounts)
        {
            _ids.Add(account.Id);
            if ((account.Name ?? (account.Kind == AccountKind.Issuer ? Issuer : null)) is { } name)
                _byName[name] = _byName.ContainsKey(name) ? null : account.Id;
        }
    }

    public const string Issuer = "issuer";

    /// <summary>Null with the reason if it names none, or several.</summary>
    public AccountId? Find(string reference, out string? wrong)
    {
        wrong = null;
        if (Guid.TryParseExact(reference, "D", out var id) && _ids.Contains(new AccountId(id)))
            return new AccountId(id);
        if (!_byName.TryGetValue(reference, out var named))
            wrong = $"There is no account '{reference}' in this bank. Write its id, or its name exactly as it stands.";
        else if (named is null)
            wrong = $"Several accounts are called '{reference}'. Write the id.";
        return named;
    }

    /// <summary>The name, where it means this account and no other; else the id.</summary>
    public string Write(AccountName account)
    {
        var name = account.Name ?? (account.Kind == AccountKind.Issuer ? Issuer : null);
        return name is not null && Find(name, out _) == account.Id ? name : account.Id.ToString();
    }
}
