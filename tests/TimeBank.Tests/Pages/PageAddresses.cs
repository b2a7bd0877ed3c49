using TimeBank.Tests.Web;
using TimeBank.Web;

namespace TimeBank.Tests.Pages;

/// <summary>Where the pages of a bank are that has something of everything in it.</summary>
internal sealed class PageAddresses(OperationRequests bank)
{
    private const string OfBank = "/banks/{bank}";

    private readonly string _bank = bank.Bank["/v1".Length..];

    /// <summary>A page of this bank.</summary>
    public string Of(string path) => _bank + path;

    /// <summary>A page of <see cref="PageDoors.Paths"/>, of one of what it may be about.</summary>
    public string Address(string path) => path.StartsWith(OfBank, StringComparison.Ordinal) ? Fill(Named(path[OfBank.Length..])) : path;

    /// <summary>A page of this bank, with what it names in braces.</summary>
    public string Fill(string path) => Of(path)
        .Replace("{ann}", bank.Ann.ToString(), StringComparison.Ordinal).Replace("{contribution}", bank.Contribution.ToString(), StringComparison.Ordinal)
        .Replace("{service}", bank.Service.ToString(), StringComparison.Ordinal).Replace("{booking}", bank.Booking.ToString(), StringComparison.Ordinal)
        .Replace("{listing}", bank.Listing.ToString(), StringComparison.Ordinal).Replace("{arranged}", bank.Arranged.ToString(), StringComparison.Ordinal)
        .Replace("{concern}", bank.Concern.ToString(), StringComparison.Ordinal).Replace("{posting}", bank.Posting.ToString(), StringComparison.Ordinal)
        .Replace("{session}", bank.WorkSession.ToString(), StringComparison.Ordinal)
        .Replace("{garden}", bank.Garden.ToString(), StringComparison.Ordinal).Replace("{clinic}", bank.Clinic.ToString(), StringComparison.Ordinal);

    private static string Named(string path) => path.Split('/')[1..] switch
    {
        ["accounts" or "people", ..] => path.Replace("{id}", "{ann}", StringComparison.Ordinal),
        ["help", ..] => path.Replace("{id}", "{contribution}", StringComparison.Ordinal),
        ["services", ..] => path.Replace("{id}", "{service}", StringComparison.Ordinal),
        ["bookings", ..] => path.Replace("{id}", "{booking}", StringComparison.Ordinal),
        ["listings", ..] => path.Replace("{id}", "{listing}", StringComparison.Ordinal),
        ["arrangements", ..] => path.Replace("{id}", "{arranged}", StringComparison.Ordinal),
        ["concerns", ..] => path.Replace("{id}", "{concern}", StringComparison.Ordinal),
        ["projects", ..] => path.Replace("{id}", "{garden}", StringComparison.Ordinal),
        ["providers", ..] => path.Replace("{id}", "{clinic}", StringComparison.Ordinal),
        ["sessions", ..] => path.Replace("{id}", "{session}", StringComparison.Ordinal),
        ["postings", ..] => path.Replace("{id}", "{posting}", StringComparison.Ordinal),
        _ => path,
    };
}
