using Npgsql;
using NpgsqlTypes;
using TimeBank.Listings;
using TimeBank.Store;
using TimeBank.Texts;

namespace TimeBank.Projections;

/// <summary>What is searched for; what is null is all the same.</summary>
/// <param name="Words">Any of the words' forms, in the bank's language.</param>
/// <param name="PublicOnly">Only what also others may see than people of the bank.</param>
public sealed record ListingSearch(string? Words, ListingKind? Kind, string? Category, string? Neighbourhood, DayOfWeek? Day, bool PublicOnly, PartOfDay? Part = null);

/// <summary>Where a page of a search ended.</summary>
public sealed record ListingPlace(float Rank, Guid Id)
{
    public static readonly ListingPlace First = new(float.MaxValue, Guid.AllBitsSet);
}

/// <param name="Rank">How well it fits; 0 where nothing was said in words.</param>
/// <param name="Slips">Nothing had the words as they were written.</param>
public sealed record FoundListing(Listing Listing, TextBody? Text, float Rank, bool Slips)
{
    public ListingPlace Place => new(Rank, Listing.Id.Value);
}

/// <summary>Searches among open listings.</summary>
public sealed class ListingQueries(Database database)
{
    /// <summary>With words, the most fitting first; without, the newest. Where nothing has the words as they were written, slips of the finger are forgiven,
    /// on one page. Each that was found is looked up by its key: a plan that was made on empty tables would else read all of both.</summary>
    public Task<List<FoundListing>> SearchAsync(BankId bank, ListingSearch search, ListingPlace after, DateTimeOffset now, int limit, CancellationToken cancel) =>
        Rows.ReadAsync(database, bank, new NpgsqlBatchCommand("""
            select t.kind, t.state, x.body, f.rank, f.slipped
            from timebank.find_listings($1, $2, $3, $4, $5, $6, $7, $8) with ordinality f (id, rank, slipped, place)
            cross join lateral (select t.kind, t.state, t.text from timebank.things t where t.bank = $1 and t.id = f.id and t.stage = 'open' limit 1) t
            left join lateral (select x.body from timebank.texts x where x.bank = $1 and x.id = t.text limit 1) x on true
            order by f.place
            """)
            .Value(bank.Value).Value(search.Words, NpgsqlDbType.Text).Texts([.. Codes(search)]).Value(after == ListingPlace.First).Value(now.UtcDateTime, NpgsqlDbType.TimestampTz)
            .Value(after.Rank).Value(after.Id).Value(limit),
            row => new FoundListing((Listing)ThingsTable.Read(row, 0), row.TextOrNull(2) is { } body ? TextBody.Parse(body) : null, row.GetFloat(3), row.GetBoolean(4)), cancel);

    /// <summary>After a bank has changed its language its listings are made findable in the new one, some at a time. How many it were.</summary>
    public Task<int> RenewLanguageAsync(int most, CancellationToken cancel) => Rows.ChangeAsync(database, BankScope.All, ListingSearchTable.RenewLanguage(most), cancel);

    private static IEnumerable<string> Codes(ListingSearch search)
    {
        if (search.Kind is { } kind)
            yield return "k:" + kind.Word();
        if (search.Category is { } category)
            yield return "c:" + category;
        if (search.Neighbourhood is { } neighbourhood)
            yield return "n:" + neighbourhood;
        // One of several codes, or by arrangement.
        if (search.Part is { } part)
            yield return string.Join('|', Enum.GetValues<TimeOfWeek>().Where(t => t.Part() == part && (search.Day is null || t.Day() == search.Day)).Select(t => "t:" + t.Word())) + "|t:any";
        else if (search.Day is { } day)
            yield return "d:" + day.Word();
        if (search.PublicOnly)
            yield return "p";
    }
}
