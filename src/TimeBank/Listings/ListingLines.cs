using System.Globalization;
using TimeBank.Store;
using TimeBank.Web.Csv;

namespace TimeBank.Listings;

/// <summary>A file of offers and requests.</summary>
public sealed class ListingLines(BankId bank, ListingCommands commands, AccountReferences accounts) : ImportFormat
{
    private static readonly CsvColumns s_columns = CsvColumns.Of(
        4, "account", "kind", "category", "title", "description", "place", "neighbourhood", "times", "about", "public", "expires", KeyColumn);

    public override CsvColumns Columns => s_columns;

    protected override ImportLine? Read(LineReading line)
    {
        var request = new PostListingRequest
        {
            Account = line.Account("account", accounts)?.Value,
            Kind = line.Word<ListingKind>("kind"),
            Category = line.Field("category"),
            Title = line.Text("title"),
            Description = line.Text("description"),
            Place = line.Text("place"),
            Neighbourhood = line.Field("neighbourhood"),
            Times = line.SeveralWords<TimeOfWeek>("times"),
            About = line.Minutes("about"),
            IsPublic = line.YesOrNo("public"),
            Expires = line.Date("expires") is { } date ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null,
        };
        line.Check(request, PostListingRequestValidator.Instance, field => field == "isPublic" ? "public" : field);
        return request is not { Account: { } account, Kind: { } kind } ? null : new ImportLine(
            $"{kind.Word()}s", null,
            () => string.Create(CultureInfo.InvariantCulture, $"posts {(kind == ListingKind.Offer ? "an offer" : "a request")} of {accounts.Call(new AccountId(account))}: {request.Title}"),
            said => commands.PostAsync(bank, request, said));
    }
}
