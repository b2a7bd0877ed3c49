using FluentValidation;
using TimeBank.Access;
using TimeBank.Members;
using TimeBank.Web;

namespace TimeBank.Households;

/// <summary>Somebody of a household who is to have an account of their own.</summary>
public sealed record OwnAccountRequest
{
    public string? Name { get; init; }
    /// <summary>Where the invitation is sent; left out: its code is printed.</summary>
    public string? Email { get; init; }
    /// <summary>The person whose login it will be, of those who share the account; left out: they are invited to one.</summary>
    public Guid? Person { get; init; }
    /// <summary>The year in which they were born, of who may be under 18: kept is only until when they are.</summary>
    public int? BornIn { get; init; }
    /// <summary>To which version of the bank's agreement they agreed; then they are a member at once.</summary>
    public string? Agreement { get; init; }

    internal EnrolRequest ToEnrol(string? neighbourhood) =>
        new() { Name = Name, Email = Email, Neighbourhood = neighbourhood, BornIn = BornIn, Agreement = Agreement, How = Approach.Invited };
}

public sealed class OwnAccountRequestValidator : AbstractValidator<OwnAccountRequest>
{
    public static readonly OwnAccountRequestValidator Instance = new();

    public OwnAccountRequestValidator()
    {
        RuleFor(r => r.Name).Must(n => !string.IsNullOrWhiteSpace(n)).WithMessage("This is missing.").PersonName();
        RuleFor(r => r.Email).Email();
        RuleFor(r => r.Email).Must((r, e) => e is null || r.Person is null).WithMessage("An invitation is for who has no login here yet: name the person, or where to write.");
        RuleFor(r => r.BornIn).BirthYear();
        RuleFor(r => r.Agreement).Category();
    }
}
