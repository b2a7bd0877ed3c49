using static TimeBank.Web.Who;

namespace TimeBank.Web;

/// <summary>Every page with whom it lets in, to look at it and to send back what was filled in; what is not in it lets nobody in.</summary>
public static class PageDoors
{
    private static readonly Dictionary<string, Requirement> Table = new()
    {
        ["/"] = new(Anybody),
        ["/sign-in"] = new(Anybody),
        ["/invitation"] = new(Anybody),
        ["/password-reset"] = new(Anybody),
        ["/lost-password"] = new(Anybody),
        ["/offline"] = new(Anybody),
        ["/me"] = new(SignedIn),
        ["/operator"] = new(Operator),
        ["/new-bank"] = new(Operator),
        ["/banks/{bank}/join"] = new(Anybody),
        ["/banks/{bank}/about"] = new(Anybody),
        ["/banks/{bank}"] = new(OfBank),
        ["/banks/{bank}/accounts/{id}"] = new(OfBank),
        ["/banks/{bank}/accounts/{id}/statement"] = new(OfBank),
        ["/banks/{bank}/help"] = new(OfBank),
        ["/banks/{bank}/help/{id}"] = new(OfBank),
        ["/banks/{bank}/give"] = new(OfBank),
        ["/banks/{bank}/promises"] = new(Organisers | Holders),
        ["/banks/{bank}/services"] = new(OfBank),
        ["/banks/{bank}/services/{id}"] = new(OfBank),
        ["/banks/{bank}/bookings/{id}"] = new(OfBank),
        ["/banks/{bank}/desk"] = new(Organisers | Coordinator | Staff),
        ["/banks/{bank}/listings"] = new(OfBank),
        ["/banks/{bank}/listings/new"] = new(Organisers | Holders),
        ["/banks/{bank}/listings/{id}"] = new(OfBank),
        ["/banks/{bank}/arrangements/{id}"] = new(Organisers | Holders | Auditor),
        ["/banks/{bank}/today"] = new(Organisers | CounterSigner | Auditor),
        ["/banks/{bank}/credit"] = new(Organisers | Coordinator),
        ["/banks/{bank}/credit/sheet"] = new(Organisers | Coordinator),
        ["/banks/{bank}/postings/{id}"] = new(Organisers | Holders | Auditor),
        ["/banks/{bank}/worry"] = new(OfBank),
        ["/banks/{bank}/concerns"] = new(SafeguardingLead),
        ["/banks/{bank}/concerns/{id}"] = new(SafeguardingLead),
        ["/banks/{bank}/people"] = new(Organisers | Auditor),
        ["/banks/{bank}/people/new"] = new(Organisers),
        ["/banks/{bank}/people/{id}"] = new(Organisers | Auditor),
        ["/banks/{bank}/projects/new"] = new(Organisers),
        ["/banks/{bank}/projects"] = new(OfBank),
        ["/banks/{bank}/projects/{id}"] = new(OfBank),
        ["/banks/{bank}/providers"] = new(OfBank),
        ["/banks/{bank}/providers/{id}"] = new(OfBank),
        ["/banks/{bank}/policy"] = new(OfBank),
        ["/banks/{bank}/audit"] = new(Organiser | Auditor),
        ["/banks/{bank}/books"] = new(Organiser | Auditor),
        ["/banks/{bank}/report"] = new(Organiser | Auditor),
        ["/banks/{bank}/notices"] = new(OfBank),
        ["/banks/{bank}/notices/settings"] = new(OfBank),
        ["/banks/{bank}/tellings"] = new(Organisers),
        ["/banks/{bank}/rules"] = new(Organisers | Coordinator | Staff | Auditor),
        ["/banks/{bank}/rules/new"] = new(Organisers | Coordinator | Staff),
        ["/banks/{bank}/sessions"] = new(OfBank),
        ["/banks/{bank}/sessions/new"] = new(Organisers | Coordinator),
        ["/banks/{bank}/sessions/{id}"] = new(OfBank),
        ["/banks/{bank}/check-in"] = new(OfBank),
    };

    public static IReadOnlyCollection<string> Paths => Table.Keys;

    /// <summary>Whether a page's door lets them in, so that it may be linked to.</summary>
    /// <exception cref="KeyNotFoundException">There is no such page.</exception>
    public static bool Opens(string path, Caller caller) => (Table[path].Who & (caller.Who | Anybody)) != 0;

    /// <summary>Null: nobody.</summary>
    public static Requirement? Find(string path) => Table.GetValueOrDefault(path);
}
