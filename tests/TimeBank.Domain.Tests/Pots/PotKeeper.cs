using TimeBank.Access;

namespace TimeBank.Domain.Tests;

/// <summary>People who organise and so may act for every pot: known by a number.</summary>
internal static class PotKeeper
{
    public static PersonId Person(int number) => new(Uuid.Named($"keeper {number}"));

    public static Authority Of(int number) => Authority.Everything with { Person = Person(number) };
}
