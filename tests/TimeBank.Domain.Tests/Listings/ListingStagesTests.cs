using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Listings;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a listing against every command.</summary>
public sealed class ListingStagesTests
{
    private const string No = "refused", Same = "nothing happens", Anew = "said anew";

    private static readonly (string Command, Dictionary<ListingStage, string> Leads)[] s_table =
    [
        ("rewrite", Leads(Anew, No, No, No)),
        ("fulfil", Leads("Fulfilled", Same, No, No)),
        ("withdraw", Leads("Withdrawn", No, Same, No)),
        ("time", Leads("Expired", Same, Same, Same)),
    ];

    private static Dictionary<ListingStage, string> Leads(params string[] to) =>
        Enum.GetValues<ListingStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<ListingStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    [Test]
    public void Every_cell_of_the_table_is_filled() => s_table.ShouldAllBe(row => row.Leads.Count == Enum.GetValues<ListingStage>().Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, ListingStage stage, string leads)
    {
        var board = new Board();
        var id = At(board, stage);
        board[id].Is.ShouldBe(stage);

        var decision = Say(board, command, id);

        if (leads == No)
        {
            decision.ShouldBeRefused(RefusalCode.ListingPast).Figure("stage").ShouldBe(stage);
        }
        else if (leads == Same)
        {
            decision.ShouldChangeNothing(board.Town);
            board[id].Is.ShouldBe(stage);
        }
        else
        {
            decision.ShouldHappen();
            board[id].Is.ToString().ShouldBe(leads == Anew ? "Open" : leads);
            board[id].Due.ShouldBe(leads == Anew ? board[id].Terms.Expires : null);
        }
    }

    private static ThingId At(Board board, ListingStage stage)
    {
        var id = board.Post();
        if (stage != ListingStage.Open)
            Say(board, stage switch { ListingStage.Fulfilled => "fulfil", ListingStage.Withdrawn => "withdraw", _ => "time" }, id).ShouldHappen();
        return id;
    }

    private static Decision<Listing> Say(Board board, string command, ThingId id)
    {
        switch (command)
        {
            case "rewrite":
                return board.Rewrite(id, board.Shopping with { Category = "cooking" }, board[id].Version);
            case "fulfil":
                return board.Town.Do(d => ListingDecisions.Fulfil(d, id));
            case "withdraw":
                return board.Town.Do(d => ListingDecisions.Withdraw(d, id));
            default:
                board.Town.Now = board.Town.Now < board[id].Terms.Expires ? board[id].Terms.Expires : board.Town.Now;
                return board.Town.Do(d => ListingDecisions.Expire(d, id));
        }
    }
}

/// <summary>A town where Ann of the north posts what she wants to do, and others try to.</summary>
internal sealed class Board
{
    public Board()
    {
        (Ann, Ben) = (Town.Open(AccountKind.Member), Town.Open(AccountKind.Member));
        Town.Change(Ann, a => a with { Neighbourhood = "north" });
    }

    public Town Town { get; } = new();
    public AccountId Ann { get; }
    public AccountId Ben { get; }

    public ListingTerms Shopping => new(ListingKind.Offer, "shopping", null, [TimeOfWeek.MondayMorning], new(60), false, Town.Noon + Listing.Lasts);

    public Listing this[ThingId id] => Town.Thing<Listing>(id);

    public ThingId Post(ListingTerms? terms = null, AccountId? of = null) => TryPost(terms, of).ShouldHappen().Id;

    public Decision<Listing> TryPost(ListingTerms? terms = null, AccountId? of = null) =>
        Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), of ?? Ann, terms ?? Shopping, Neighbours.Why));

    public Decision<Listing> Rewrite(ThingId id, ListingTerms terms, long version) => Town.Do(d => ListingDecisions.Rewrite(d, id, terms, Neighbours.Why, version));

    public Board As(Authority authority)
    {
        Town.Authority = authority;
        return this;
    }
}
