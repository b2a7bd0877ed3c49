using TimeBank.Accounts;
using TimeBank.Projections;

namespace TimeBank.Web.Csv;

/// <summary>Which account a file means: by its id, by a number of its own, or by its exact name if only one account has it; the issuer, which has no
/// name, also by the word <c>issuer</c>.</summary>
public sealed class AccountReferences
{
    private readonly Dictionary<AccountId, AccountName> _accounts = [];
    private readonly Dictionary<string, AccountId?> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountId> _byNumber = new(StringComparer.OrdinalIgnoreCase);

    public AccountReferences(IEnumerable<AccountName> accounts)
    {
        foreach (var account in accounts)
        {
            _accounts[account.Id] = account;
            if (account.Kind == AccountKind.Issuer)
                Community = account.Id;
            if (NameOf(account) is { } name)
                _byName[name] = _byName.ContainsKey(name) ? null : account.Id;
            foreach (var number in account.Numbers)
                _byNumber[number] = account.Id;
        }
    }

    public const string Issuer = "issuer";

    /// <summary>The bank's issuer.</summary>
    public AccountId Community { get; }

    /// <summary>Null with the reason if it names none, or several.</summary>
    public AccountId? Find(string reference, out string? wrong)
    {
        wrong = null;
        if (Guid.TryParseExact(reference, "D", out var id) && _accounts.ContainsKey(new AccountId(id)))
            return new AccountId(id);
        var isNumber = _byNumber.TryGetValue(reference, out var numbered);
        if (!_byName.TryGetValue(reference, out var named))
        {
            if (isNumber)
                return numbered;
            wrong = $"There is no account '{reference}' in this bank. Write its id, a number of its own, or its name exactly as it stands.";
        }
        else if (named is null)
            wrong = $"Several accounts are called '{reference}'. Write the id.";
        else if (isNumber && named != numbered)
            wrong = $"One account is called '{reference}', and another has that number. Write the id.";
        return wrong is null ? named : null;
    }

    /// <summary>The account that has this number; null if none has.</summary>
    public AccountId? FindNumber(string number) => _byNumber.TryGetValue(number, out var account) ? account : null;

    public AccountKind KindOf(AccountId account) => _accounts[account].Kind;

    /// <summary>The name, where it means this account and no other; else the id.</summary>
    public string Write(AccountName account) =>
        NameOf(account) is { } name && Find(name, out _) == account.Id ? name : account.Id.ToString();

    /// <summary>What people call it; the id if it has no name.</summary>
    public string Call(AccountId account) => NameOf(_accounts[account]) ?? account.ToString();

    private static string? NameOf(AccountName account) => account.Name ?? (account.Kind == AccountKind.Issuer ? Issuer : null);
}
