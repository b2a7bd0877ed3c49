using TimeBank.Postings;

namespace TimeBank.FairPlay;

/// <summary>One entry of a member's passbook: minutes less what was taken back of them since.</summary>
public sealed record Exchanged(bool Received, TransferKind Kind, AccountId With, Minutes Minutes, DateOnly Occurred)
{
    /// <summary>Hours for help that they gave.</summary>
    public bool IsForHelp => Received && Kind is TransferKind.Exchange or TransferKind.Earn;

    /// <summary>Hours for help or a service that they got.</summary>
    public bool IsForHelpReceived => !Received && Kind is TransferKind.Exchange or TransferKind.Spend;
}

/// <summary>When somebody was at a session, or helped as it was arranged or logged, as far as the times were written down.</summary>
public sealed record Presence(ThingId At, DateTimeOffset In, DateTimeOffset Out, DateOnly Date);

/// <summary>What is known of a member's last year.</summary>
/// <param name="Coordinates">Whether who holds the account coordinates a project or organises.</param>
public sealed record Conduct(AccountId Account, bool Coordinates, IReadOnlyList<Exchanged> Year, IReadOnlyList<Presence> Presences)
{
    /// <summary>More of one day is asked about.</summary>
    public static readonly Minutes MostInADay = new(16 * 60);

    /// <summary>How far back is looked.</summary>
    public const int Days = 365;

    /// <summary>Two people are asked about after so many hours between them, both ways.</summary>
    public const int FewestBetweenTwo = 4;

    /// <summary>So long must somebody only have received, and so much.</summary>
    public const int DaysWithoutGiving = 180;
    public static readonly Minutes MuchReceived = new(5 * 60);

    /// <summary>All that there is to ask.</summary>
    /// <param name="of">The conduct of the one with whom they exchange, where that is only one.</param>
    public IEnumerable<Facts> Questions(DateOnly today, Minutes coordinatorMark, Func<AccountId, Conduct?> of) =>
        LongDays().Concat(Overlaps()).Concat(OnlyEachOther(today, of)).Concat(AboveMark(coordinatorMark)).Concat(WithoutGiving(today));

    private IEnumerable<Facts> LongDays() =>
        from day in Year.Where(e => e.IsForHelp).GroupBy(e => e.Occurred)
        let minutes = new Minutes(day.Sum(e => e.Minutes.Value))
        where minutes > MostInADay
        select new Facts(QuestionKind.TooManyHoursInADay, [Account], day.Key, minutes);

    /// <summary>Where one begins as the other ends there is nothing to ask.</summary>
    private IEnumerable<Facts> Overlaps()
    {
        var inOrder = Presences.OrderBy(p => p.In).ThenBy(p => p.At.Value).ToList();
        for (var i = 0; i < inOrder.Count; i++)
        {
            for (var j = i + 1; j < inOrder.Count && inOrder[j].In < inOrder[i].Out; j++)
                yield return new Facts(QuestionKind.OverlappingTimes, [Account], inOrder[i].Date, About: [inOrder[i].At, inOrder[j].At]);
        }
    }

    /// <summary>Both give, both receive, and neither ever with anybody else.</summary>
    private IEnumerable<Facts> OnlyEachOther(DateOnly today, Func<AccountId, Conduct?> of)
    {
        if (OnlyPartner is not { } other || of(other)?.OnlyPartner != Account)
            yield break;
        AccountId[] both = Account.Value.CompareTo(other.Value) < 0 ? [Account, other] : [other, Account];
        yield return new Facts(QuestionKind.OnlyEachOther, [.. both], new DateOnly(today.Year, 1, 1), new Minutes(Year.Where(e => e.Kind == TransferKind.Exchange).Sum(e => e.Minutes.Value)));
    }

    /// <summary>The one person with whom they exchange hours, both ways and several times; null if there are others, or a project credits them.</summary>
    public AccountId? OnlyPartner
    {
        get
        {
            var exchanges = Year.Where(e => e.Kind == TransferKind.Exchange).ToList();
            return exchanges.Count >= FewestBetweenTwo && exchanges.Any(e => e.Received) && exchanges.Any(e => !e.Received)
                && exchanges.TrueForAll(e => e.With == exchanges[0].With) && !Year.Any(e => e is { Received: true, Kind: TransferKind.Earn })
                ? exchanges[0].With
                : null;
        }
    }

    private IEnumerable<Facts> AboveMark(Minutes mark) =>
        from month in Year.Where(e => Coordinates && e.IsForHelp).GroupBy(e => new DateOnly(e.Occurred.Year, e.Occurred.Month, 1))
        let minutes = new Minutes(month.Sum(e => e.Minutes.Value))
        where minutes > mark
        select new Facts(QuestionKind.CoordinatorAboveMark, [Account], month.Key, minutes);

    /// <summary>Asked about once in half a year.</summary>
    private IEnumerable<Facts> WithoutGiving(DateOnly today)
    {
        var since = today.AddDays(-DaysWithoutGiving);
        var received = new Minutes(Year.Where(e => e.IsForHelpReceived && e.Occurred > since).Sum(e => e.Minutes.Value));
        var already = Year.Any(e => e.IsForHelpReceived && e.Occurred <= since);
        if (received >= MuchReceived && already && !Year.Any(e => e.IsForHelp && e.Occurred > since))
            yield return new Facts(QuestionKind.ReceivesWithoutGiving, [Account], new DateOnly(today.Year, today.Month <= 6 ? 1 : 7, 1), received);
    }
}
