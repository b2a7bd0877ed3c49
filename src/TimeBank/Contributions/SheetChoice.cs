namespace TimeBank.Contributions;

/// <summary>A line of a sheet on a page, and what whoever brought the sheet says of it.</summary>
/// <param name="Faults">What is wrong with it.</param>
/// <param name="Chosen">One of those whom it may mean, or <see cref="LeftOut"/>; null: nothing was said yet.</param>
public sealed record SheetChoice(SheetLine Line, IReadOnlyList<SheetFault> Faults, string? Chosen)
{
    public const string LeftOut = "leave";

    /// <summary>Why the ledger did not take it: the key of the words.</summary>
    public string? Refused { get; set; }

    /// <summary>The member who is credited; null: nobody is.</summary>
    public AccountId? Meant => Chosen == LeftOut ? null : Line switch
    {
        { Status: SheetLineStatus.Found } => Line.Members[0].Account,
        { Status: SheetLineStatus.Several } => Line.Members.FirstOrDefault(m => m.Account.ToString() == Chosen)?.Account,
        _ => null,
    };

    /// <summary>Whether it is known what the line does.</summary>
    public bool IsClear => Chosen == LeftOut || Meant is not null;
}
