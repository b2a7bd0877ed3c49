using System.Collections.Immutable;
using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>Who sends a request: a person with their standings in the bank of the address, a partner app with its key, or nobody.</summary>
/// <param name="Actor">As it will be recorded with what they cause.</param>
/// <param name="Person">The person who signed in; null for apps and nobody.</param>
/// <param name="IsOperator">Whether that person operates the installation.</param>
/// <param name="Standings">Of the person, in the bank of the address.</param>
/// <param name="Key">The app's key; null for persons.</param>
/// <param name="Authority">What they may do with the bank's accounts.</param>
public sealed record Caller(
    Actor Actor, PersonId? Person, bool IsOperator, ImmutableArray<Standing> Standings, Key? Key, Authority Authority)
{
    public static readonly Caller Nobody = new(new Actor(Door.Page, null), null, false, [], null, Authority.None);

    /// <summary>Who stands at the machine itself.</summary>
    public static readonly Caller CommandLine = new(Actor.CommandLine, null, true, [], null, Authority.Everything);

    /// <summary>The one bank in which an app's key is good; null for persons.</summary>
    public BankId? Bank { get; init; }

    public Door Door => Actor.Door;

    /// <summary>The person or the app, whichever key or session they came with.</summary>
    public Guid? Id => Actor.By;

    /// <summary>Who reads everything in the bank.</summary>
    public bool ReadsWholeBank => Authority.WholeBank || Is(Role.Auditor) || Key is { For: null };

    /// <summary>Who reads everything, acts for the account, or organises its neighbourhood.</summary>
    /// <param name="neighbourhood">Of an account that is coordinated in one: see <see cref="Accounts.Account.CoordinatedIn"/>.</param>
    public bool Reads(AccountId account, string? neighbourhood) =>
        ReadsWholeBank || Authority.SpeaksFor(account) || (neighbourhood is not null && Authority.Neighbourhoods.Contains(neighbourhood));

    /// <summary>An auditor's reading is itself written down; who organises the bank reads as organiser.</summary>
    public bool IsAuditorOnly => Is(Role.Auditor) && !Is(Role.Organiser);

    /// <summary>A person as doors know them.</summary>
    public Who Who => Standings.Aggregate((Person is null ? Who.None : Who.SignedIn) | (IsOperator ? Who.Operator : Who.None), (all, s) => all | DoorTable.Of(s.Role));

    public bool Is(Role role) => Standings.Any(s => s.Role == role);

    /// <summary>A person in a bank.</summary>
    public static Caller Of(PersonId person, bool isOperator, Door door, ImmutableArray<Standing> standings, AccountId? actingFor, ImmutableArray<AccountId> household = default)
    {
        // Who says for which account they act is no more than that for this request.
        var counted = actingFor is { } one ? standings.RemoveAll(s => s.Account != one) : standings;
        var organises = counted.Any(s => s.Role == Role.Organiser);
        return new Caller(
            // Nothing is recorded on behalf of an account that they do not act for.
            new Actor(door, person.Value, counted.IsEmpty ? null : actingFor), person, isOperator, counted, null,
            new Authority(
                organises,
                [.. counted.Select(s => s.Account).OfType<AccountId>()],
                [.. counted.Select(s => s.Neighbourhood).OfType<string>()],
                null, organises || counted.Any(s => s.Role == Role.NeighbourhoodCoordinator))
            {
                Own = OwnOf(standings),
                Safeguards = counted.Any(s => s.Role == Role.SafeguardingLead),
                Person = person,
                Household = household.IsDefault ? [] : household,
                CounterSigns = counted.Any(s => s.Role == Role.CounterSigner),
            });
    }

    /// <summary>A person who acts for a member by that member's permission, and as nothing else for this request.</summary>
    public static Caller OfDeputy(Deputy deputy, bool isOperator, Door door, ImmutableArray<Standing> standings) => new(
        new Actor(door, deputy.Person.Value, deputy.For), deputy.Person, isOperator, [new Standing(Role.Member, deputy.For)], null,
        Authority.None with { Deputy = deputy, Own = OwnOf(standings) });

    private static ImmutableArray<AccountId> OwnOf(ImmutableArray<Standing> standings) =>
        [.. standings.Where(s => s.Role == Role.Member).Select(s => s.Account).OfType<AccountId>()];

    /// <summary>A partner app. What its scopes open is the table's matter; which accounts it debits, its authority's.</summary>
    public static Caller Of(Key key, Door door) => new(
        new Actor(door, key.Id.Value, key.For), null, false, [], key,
        new Authority(key.OfBank && key.For is null, key.For is { } account ? [account] : [], [], key.Id, false)
        {
            ReadsAccounts = key.For is null && key.Scopes.Contains(Scope.AccountsRead),
        });
}

/// <summary>The caller of a request, once the gate has let it in.</summary>
public static class CallerOfRequest
{
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>() ?? Web.Caller.Nobody;

    public static void Let(this HttpContext http, Caller caller) => http.Features.Set(caller);
}
