using System.Collections.Immutable;
using TimeBank.Access;
using TimeBank.Projections;

namespace TimeBank.Web;

/// <summary>Standings of persons and keys of apps, remembered for four seconds: a right that is taken back ends at once on the server
/// that takes it back, and within five seconds on every other.</summary>
public sealed class Callers(RightsQueries rights, TimeProvider clock)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(200);
    private const int Most = 50_000;

    private readonly KeptBriefly<PersonId, ILookup<BankId, Standing>> _persons = new(s_longest, Most, clock);
    private readonly KeptBriefly<(BankId, RightId), Permission?> _permissions = new(s_longest, Most, clock, keeps: permission => permission is not null);
    private readonly KeptBriefly<(PersonId, BankId), ImmutableArray<AccountId>> _households = new(s_longest, Most, clock);
    private readonly KeptBriefly<(BankId, RightId), Key?> _keys = new(s_longest, Most, clock, keeps: key => key is not null);

    /// <summary>All standings of a person, by bank.</summary>
    public ValueTask<ILookup<BankId, Standing>> StandingsOfAsync(PersonId person) => _persons.GetAsync(person, async p =>
        (await rights.GrantsOfAsync(p, CancellationToken.None)).ToLookup(g => g.Bank, g => g.Standing));

    /// <summary>A person's standings in a bank. Who seems to have none is looked up again: somebody let in on another server comes in here at once.</summary>
    public async ValueTask<ImmutableArray<Standing>> StandingsOfAsync(PersonId person, BankId bank)
    {
        if ((await StandingsOfAsync(person))[bank].ToImmutableArray() is { IsEmpty: false } known)
            return known;
        _persons.ForgetOlder(person, s_soon);
        return [.. (await StandingsOfAsync(person))[bank]];
    }

    /// <summary>Whether a person has a member's permission to act for them that still counts. How much is left of it is asked when minutes leave.</summary>
    public async ValueTask<bool> MayActForAsync(BankId bank, Deputy deputy) =>
        await _permissions.GetAsync((bank, deputy.Permission), async p => await rights.FindAsync(p.Item1, p.Item2, CancellationToken.None) as Permission) is { } permission
        && permission.IsValid(clock.GetUtcNow());

    /// <summary>Member's accounts of people who share one with a person. Only asked of those who may confirm hours of others.</summary>
    public async ValueTask<ImmutableArray<AccountId>> HouseholdOfAsync(PersonId person, BankId bank, ImmutableArray<Standing> standings) =>
        standings.Any(s => s.Role == Role.Member) && standings.Any(s => s.Role != Role.Member)
            ? await _households.GetAsync((person, bank), async key => (ImmutableArray<AccountId>)[.. await rights.HouseholdOfAsync(key.Item2, key.Item1, CancellationToken.None)])
            : [];

    /// <summary>The operator sees which banks there are, others those in which they have a standing; null is all.</summary>
    public async ValueTask<string[]?> BanksSeenByAsync(Caller caller) => caller is { IsOperator: false, Person: { } person }
        ? [.. (await StandingsOfAsync(person)).Select(g => g.Key.Value)]
        : null;

    /// <summary>The key that a text opens; null if none, or none any more.</summary>
    public async ValueTask<Key?> KeyAsync(KeyText text)
    {
        var key = await _keys.GetAsync((text.Bank, text.Id), async k => await rights.FindAsync(k.Item1, k.Item2, CancellationToken.None) as Key);
        return key is not null && text.Opens(key, clock.GetUtcNow()) ? key : null;
    }

    /// <summary>Whether there is a key of that name, as far as this server has seen lately. Its secret is not judged by this.</summary>
    public bool Knows(KeyText text) => _keys.Knows((text.Bank, text.Id));

    public void Forget(BankId bank, Right right)
    {
        if (right is Grant grant)
            _persons.Forget(grant.Person);
        _keys.Forget((bank, right.Id));
        _permissions.Forget((bank, right.Id));
    }

    public void Forget(PersonId person) => _persons.Forget(person);
}
