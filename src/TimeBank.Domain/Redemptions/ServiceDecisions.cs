using TimeBank.Accounts;
using TimeBank.Postings;
using TimeBank.Texts;

namespace TimeBank.Redemptions;

/// <summary>Decisions about what providers offer. Who organises the provider and who acts for it writes them.</summary>
public static class ServiceDecisions
{
    /// <summary>One hour is one hour: a service asks as many minutes as it lasts, or fewer with a reason. What is nobody's time asks what it says, with a reason.</summary>
    public static Decision<Service> Offer(Draft draft, ThingId id, AccountId provider, ServiceTerms terms, TextRef text, TextRef? reason)
    {
        if (draft.Bank is null)
            return RefusalCode.BankUnknown;
        if (draft.Authority.RefusesActingFor(draft, provider) is { } notPermitted)
            return notPermitted;
        if (Refuses(draft, provider, terms, reason) is { } refusal)
            return refusal;
        return draft.Begin<Service>(id, new ServiceEvent.ServiceOffered(provider, terms, text, reason));
    }

    /// <summary>From the next booking on.</summary>
    /// <remarks>Refused when <paramref name="expected"/> is not its edition.</remarks>
    public static Decision<Service> Rewrite(Draft draft, ThingId id, ServiceTerms terms, TextRef text, TextRef? reason, long expected)
    {
        if (Find(draft, id, expected, out var refusal) is not { } service)
            return refusal!;
        if (service.Is == ServiceStage.Ended)
            return Ended(service);
        if (Refuses(draft, service.Provider, terms, reason) is { } wrong)
            return wrong;
        return draft.Record(service, new ServiceEvent.ServiceRewritten(terms, text, reason));
    }

    /// <summary>No more bookings; those that were made stay. Ending twice changes nothing.</summary>
    public static Decision<Service> End(Draft draft, ThingId id, long expected)
    {
        if (Find(draft, id, expected, out var refusal) is not { } service)
            return refusal!;
        return service.Is == ServiceStage.Ended ? service : draft.Record(service, new ServiceEvent.ServiceEnded());
    }

    internal static Refusal Unknown(ThingId id) => new(RefusalCode.ServiceUnknown, new Figure("service", id.Value));

    internal static Refusal Ended(Service service) => new(RefusalCode.ServiceEnded, new Figure("service", service.Id.Value));

    private static Service? Find(Draft draft, ThingId id, long expected, out Refusal? refusal)
    {
        var found = draft.Bank is null ? null : draft.Find<Service>(id);
        refusal = draft.Bank is null ? new Refusal(RefusalCode.BankUnknown)
            : found is null ? Unknown(id)
            : draft.Authority.RefusesActingFor(draft, found.Provider)
                ?? (found.Edition == expected ? null : new Refusal(RefusalCode.VersionMismatch, new Figure("version", found.Edition)));
        return refusal is null ? found : null;
    }

    /// <summary>Every reason not to take it, in order of precedence.</summary>
    private static Refusal? Refuses(Draft draft, AccountId provider, ServiceTerms terms, TextRef? reason)
    {
        if ((terms.Asks <= Minutes.Zero ? terms.Asks : terms.Lasts <= Minutes.Zero ? terms.Lasts : null) is { } wrong)
            return new Refusal(RefusalCode.MinutesNotPositive, new Figure("minutes", wrong.Value));
        if (terms.Asks > terms.Lasts)
            return new Refusal(RefusalCode.AsksMoreThanGiven, new Figure("asks", terms.Asks.Value), new Figure("lasts", terms.Lasts.Value.Value));
        if (terms.AsksSomethingElse() && reason is null)
            return new Refusal(RefusalCode.ReasonNeeded, new Figure("field", "reason"));
        return AccountDecisions.RefusesAs(draft, provider, "provider", AccountKind.Provider);
    }
}
