namespace TimeBank.Safeguarding;

/// <summary>What is said of somebody's age on their way in, if anything. No more is kept of it than until when they count as under 18.</summary>
/// <param name="BornIn">The year in which they were born.</param>
/// <param name="Under18">They are, and in which year they were born is not said.</param>
public readonly record struct Age(int? BornIn = null, bool Under18 = false)
{
    private const int Grown = 18;

    /// <summary>On the safe side: of a year its last day counts, and where nothing but that they are under 18 is known, they could have been born today.
    /// Who organises them says it better. Null: they are not under 18, or it is not said.</summary>
    public DateOnly? Until(DateOnly today)
    {
        DateOnly? until = BornIn is { } year ? new DateOnly(year + Grown, 12, 31) : Under18 ? today.AddYears(Grown) : null;
        return until > today ? until : null;
    }

    /// <summary>Marks who is under 18 by what is said. What was written down before stays: that is for who organises them.</summary>
    /// <remarks>To be loaded before: <see cref="Youth.IdOf"/>.</remarks>
    internal void MarkIfYoung(Draft draft, AccountId account)
    {
        if (Until(draft.Today) is not null && draft.Find<Youth>(Youth.IdOf(account)) is null)
            MarkUnknown(draft, account);
    }

    /// <summary>The same of somebody whose account was made a moment ago. True if they are.</summary>
    internal bool MarkUnknown(Draft draft, AccountId account)
    {
        if (Until(draft.Today) is not { } until)
            return false;
        draft.Begin<Youth>(Youth.IdOf(account), new YouthEvent.YouthMarked(account, until));
        return true;
    }
}
