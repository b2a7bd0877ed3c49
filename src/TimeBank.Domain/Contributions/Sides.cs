using TimeBank.Access;
using TimeBank.Postings;

namespace TimeBank.Contributions;

/// <summary>Who speaks about a contribution, and what they may say.</summary>
internal static class Sides
{
    /// <summary>As what they who ask speak: as the helper if they are the helper, whatever else they are. Null: it does not concern them.</summary>
    /// <remarks>An app never speaks as the person helped: that would be a yes to a debit that the person did not give.</remarks>
    public static Side? SideOf(Draft draft, Claim claim)
    {
        var may = draft.Authority;
        if (may.Accounts.Contains(claim.Helper) || may.Own.Contains(claim.Helper))
            return Side.Helper;
        if (claim.Helped is { } helped && may.Accounts.Contains(helped))
            return may.App is null ? Side.Helped : Side.App;
        if (may.Deputy is { } deputy && deputy.For == claim.Helped)
            return Side.Deputy;
        if (claim.Project is { } project && may.Accounts.Contains(project))
            return Side.Project;
        return Organises(draft, claim) ? Side.Organiser
            : may.CounterSigns ? Side.CounterSigner
            : may is { App: not null, Accounts.IsEmpty: true } ? Side.App
            : null;
    }

    public static Contribution? Find(Draft draft, ThingId id, out Refusal? refusal)
    {
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown) : null;
        var found = refusal is null ? draft.Find<Contribution>(id) : null;
        if (found is not null && SideOf(draft, found.Claim) is not null)
            return found;
        refusal ??= new Refusal(RefusalCode.ContributionUnknown, new Figure("contribution", id.Value));
        return null;
    }

    /// <summary>Only the side that is asked speaks, or an organiser for it who is not the helper.</summary>
    public static Refusal? RefusesToSpeak(Draft draft, Contribution c, out Side side)
    {
        side = SideOf(draft, c.Claim)!.Value;
        // Who was helped gives minutes of their own: that is their word, whoever the helper is.
        if (side is not (Side.Helper or Side.Helped) && draft.Authority.Household.Contains(c.Claim.Helper))
            return Refusal.Of(RefusalCode.OwnHours, c.Claim.Helper);
        if (side == c.Awaits || side is Side.Organiser or Side.CounterSigner || (side is Side.App or Side.Deputy && c.Awaits == Side.Helped))
            return null;
        return side == Side.Helper ? Refusal.Of(RefusalCode.OwnHours, c.Claim.Helper) : NotTheirs(c);
    }

    /// <summary>Judging is for organisers, of hours that are not their own.</summary>
    public static Refusal? RefusesToJudge(Draft draft, Contribution c) => SideOf(draft, c.Claim) switch
    {
        Side.Organiser or Side.CounterSigner when ConcernsHousehold(draft, c.Claim) => Refusal.Of(RefusalCode.OwnHours, c.Claim.Helper),
        Side.Organiser or Side.CounterSigner => null,
        Side.Helper or Side.Helped when Organises(draft, c.Claim) =>
            Refusal.Of(RefusalCode.OwnHours, c.Claim.Helper),
        _ => NotTheirs(c),
    };

    /// <summary>The person helped says yes by confirming, or has said it by logging it; an organiser records how they said it.</summary>
    public static Refusal? Said(Draft draft, Contribution c, ref Yes? yes)
    {
        if (c.LoggedBy == Side.Helped)
        {
            yes = Yes.Themselves;
            return null;
        }
        return Consent.RefusesYes(draft, c.Claim.Helped!.Value, ref yes) ?? RefusesDebit(draft, c);
    }

    public static Refusal? RefusesDebit(Draft draft, Contribution c) => SideOf(draft, c.Claim) == Side.CounterSigner ? null
        : draft.Authority.RefusesDebit(draft, TransferKind.Exchange, c.Claim.Helped!.Value, c.Claim.Helper, c.Claim.Minutes, c.Claim.Category);

    /// <summary>Whether the hours would come to, or go from, somebody who shares an account with who asks.</summary>
    private static bool ConcernsHousehold(Draft draft, Claim claim) =>
        draft.Authority.Household.Contains(claim.Helper) || (claim.Helped is { } helped && draft.Authority.IsOfHousehold(helped));

    /// <summary>Work on a project is the matter of who organises the project, help to a person of who organises one of the two.</summary>
    private static bool Organises(Draft draft, Claim claim) => claim.Project is { } project
        ? draft.Authority.RefusesOrganising(draft, project) is null
        : draft.Authority.RefusesOrganising(draft, claim.Helper) is null || draft.Authority.RefusesOrganising(draft, claim.Helped!.Value) is null;

    public static Refusal NotTheirs(Contribution c) => new(RefusalCode.NotPermitted, new Figure("contribution", c.Id.Value));

    public static Refusal Past(Contribution c) =>
        new(RefusalCode.ContributionPast, new Figure("contribution", c.Id.Value), new Figure("stage", c.Is));
}
