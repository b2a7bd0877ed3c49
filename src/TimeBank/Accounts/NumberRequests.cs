using FluentValidation;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>A number by which the account is known: on paper, or in another program.</summary>
public sealed record AccountNumberRequest
{
    /// <summary>1 to 64 letters, digits and inner . _ / -; big and small letters are the same.</summary>
    public string? Number { get; init; }
}

public sealed class AccountNumberRequestValidator : AbstractValidator<AccountNumberRequest>
{
    public static readonly AccountNumberRequestValidator Instance = new();

    public AccountNumberRequestValidator() => RuleFor(r => r.Number).Given().Number();
}

/// <summary>A number and the account that it stands for, if it stands for one.</summary>
public sealed record AccountNumberAnswer(string Number, AccountId Account, AccountNumberStage Stage);
