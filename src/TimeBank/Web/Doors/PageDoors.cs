using static TimeBank.Web.Who;

namespace TimeBank.Web;

/// <summary>Every page with whom it lets in, to look at it and to send back what was filled in; what is not in it lets nobody in.</summary>
public static class PageDoors
{
    private static readonly Dictionary<string, Requirement> Table = new()
    {
        ["/"] = new(Anybody),
        ["/sign-in"] = new(Anybody),
        ["/banks/{bank}"] = new(OfBank),
        ["/banks/{bank}/accounts/{id}"] = new(OfBank),
        ["/banks/{bank}/help"] = new(OfBank),
        ["/banks/{bank}/help/{id}"] = new(OfBank),
    };

    /// <summary>Null: nobody.</summary>
    public static Requirement? Find(string path) => Table.GetValueOrDefault(path);
}
