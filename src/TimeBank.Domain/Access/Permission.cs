using System.Collections.Immutable;
using TimeBank.Postings;

namespace TimeBank.Access;

/// <summary>Who acts for a member by that member's permission: a neighbour, a son, a helper of the bank.</summary>
public sealed record Deputy(PersonId Person, AccountId For)
{
    public RightId Permission => RightId.OfPermission(Person, For);
}

/// <summary>What a permission is limited to, in minutes, purpose and time.</summary>
/// <param name="Minutes">How many may leave the account by it, all together.</param>
/// <param name="Kinds">Kinds of transfer; none named: all that a member makes.</param>
/// <param name="Payees">Who may get them; none named: anybody but the deputy.</param>
/// <param name="Categories">What for; none named: anything.</param>
public sealed record PermissionTerms(
    Minutes Minutes, ImmutableArray<TransferKind> Kinds, ImmutableArray<AccountId> Payees, ImmutableArray<string> Categories, DateTimeOffset ExpiresAt)
{
    /// <summary>Null if it is for that; else what it is not for.</summary>
    public string? Misses(TransferKind kind, AccountId payee, string? category) =>
        !Kinds.IsEmpty && !Kinds.Contains(kind) ? "kind"
        : !Payees.IsEmpty && !Payees.Contains(payee) ? "payee"
        : !Categories.IsEmpty && (category is null || !Categories.Contains(category)) ? "category"
        : null;
}

/// <summary>A member's standing permission to a person, who acts for them and lets minutes leave their account within its terms, until one of them ends it.</summary>
/// <param name="Used">Minutes that left by it, or were set aside. What is set free again does not come back to it.</param>
/// <param name="Yes">How the member gave it.</param>
public sealed record Permission(RightId Id, PersonId Deputy, AccountId Of, PermissionTerms Terms, Minutes Used, Yes Yes, bool Active) : Right(Id, Active)
{
    public override Guid Holder => Deputy.Value;
    public override AccountId? Account => Of;

    public Minutes Left => Terms.Minutes - Used;

    public bool IsValid(DateTimeOffset now) => Active && Terms.ExpiresAt > now;
}
