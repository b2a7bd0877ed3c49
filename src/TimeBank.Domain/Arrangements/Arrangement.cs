using System.Collections.Immutable;
using System.Diagnostics;
using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Arrangements;

/// <summary>Where an arrangement stands.</summary>
public enum ArrangementStage
{
    /// <summary>One of the two, or both, have still to say yes to date and length.</summary>
    Proposed,
    /// <summary>Both said yes: each may know how the other is reached.</summary>
    Agreed,
    /// <summary>The help was given, and logged as a contribution.</summary>
    Done,
    Cancelled,
    /// <summary>The day came, and the help was not given.</summary>
    DidNotHappen,
}

/// <summary>How somebody was asked.</summary>
public enum Means { InPerson, Telephone, Paper, Email, Program }

/// <summary>What somebody answered who was asked.</summary>
public enum Reply { Yes, No, Later, NoAnswer }

/// <summary>When the help is to be given. Where is a text.</summary>
/// <param name="Date">By the bank's calendar.</param>
/// <param name="At">By the bank's clock; null: they will find a time.</param>
/// <param name="About">Minutes that it will take, as far as one can say.</param>
public sealed record Meeting(DateOnly Date, TimeOnly? At, Minutes About);

/// <summary>One side's yes to the meeting as it stands, and how it was said.</summary>
public sealed record SideYes(AccountId Account, Yes Yes);

/// <summary>Somebody was asked, and what they said to it.</summary>
/// <param name="Text">In more words, and for organisers only.</param>
public sealed record Asking(AccountId Account, Means How, Reply Said, DateOnly On, TextRef? Text);

/// <summary>What stands between a match and hours given: who is to help whom, and when, until it was done or it is clear that it will not be.</summary>
/// <param name="Helped">A member, or the project that is to be worked for.</param>
/// <param name="Listing">The offer or request that was answered; null: an organiser put the two together.</param>
/// <param name="Meeting">Null: not said yet.</param>
/// <param name="Text">What is to be done, and where.</param>
/// <param name="Yeses">To the meeting as it stands: another meeting needs another yes.</param>
/// <param name="RemindAt">When both are reminded; null: not ahead, or they were.</param>
/// <param name="Contribution">What logged the help.</param>
/// <param name="Reason">Why it was cancelled, or did not happen.</param>
/// <param name="Activity">The activity of the project that it is; null: none in particular.</param>
public sealed record Arrangement(
    ThingId Id, AccountId Helper, AccountId Helped, ThingId? Listing, string? Category, Meeting? Meeting, TextRef? Text,
    ImmutableArray<SideYes> Yeses, ImmutableArray<Asking> Asked, ArrangementStage Is = ArrangementStage.Proposed,
    DateTimeOffset? RemindAt = null, ThingId? Contribution = null, TextRef? Reason = null,
    ThingId? Activity = null) : Thing(Id)
{
    /// <summary>When on the day before people are reminded, by the bank's clock.</summary>
    public static readonly TimeOnly ReminderAt = new(8, 0);

    public override Enum Stage => Is;

    public override TextRef? Wording => Text;

    public override TextRef? Grounds => Reason;

    public override IEnumerable<AccountId> Parties => [Helper, Helped];

    public override DateTimeOffset? Due => Is == ArrangementStage.Agreed ? RemindAt : null;

    public override ThingEvent? EndWithout(AccountId leaving) =>
        Is is ArrangementStage.Proposed or ArrangementStage.Agreed ? new ArrangementEvent.ArrangementCancelled(leaving, null) : null;

    public override IEnumerable<ThingId> Beside(IReadOnlyCollection<AccountId> named) =>
        [Apart.IdOf(Helper, Helped), Member.IdOf(Helper), Member.IdOf(Helped), MemberCredentials.IdOf(Helper), .. ContributionDecisions.ReadsFor(Activity, Helped, Helper, Helped), .. new[] { Contribution }.OfType<ThingId>()];

    /// <summary>What others said when they were asked is not told.</summary>
    public override Thing For(AccountId account) => this with { Asked = Asked.RemoveAll(a => a.Account != account) };

    public bool IsSide(AccountId account) => account == Helper || account == Helped;

    public AccountId OtherThan(AccountId side) => side == Helper ? Helped : Helper;

    public bool HasSaidYes(AccountId side) => Yeses.Any(y => y.Account == side);

    public static Arrangement After(ThingId id, Arrangement? before, ArrangementEvent happened) => (before, happened) switch
    {
        (null, ArrangementEvent.ArrangementProposed e) => new Arrangement(
            id, e.Helper, e.Helped, e.Listing, e.Category, e.Meeting, e.Text, e.Yes is { } yes ? [yes] : [], [], Activity: e.Activity),
        ({ } a, ArrangementEvent.MeetingSet e) => a with
        {
            Meeting = e.Meeting, Text = e.Text, Yeses = e.Yes is { } yes ? [yes] : [], Is = ArrangementStage.Proposed, RemindAt = null,
        },
        ({ } a, ArrangementEvent.ArrangementAgreed e) => a with
        {
            Yeses = a.Yeses.Add(new SideYes(e.Account, e.Yes)), RemindAt = e.RemindAt,
            Is = a.HasSaidYes(a.OtherThan(e.Account)) ? ArrangementStage.Agreed : a.Is,
        },
        ({ } a, ArrangementEvent.SideAsked e) => a with { Asked = a.Asked.Add(new Asking(e.Account, e.How, e.Said, e.On, e.Text)) },
        ({ } a, ArrangementEvent.ArrangementReminded) => a with { RemindAt = null },
        ({ } a, ArrangementEvent.ReminderLapsed) => a with { RemindAt = null },
        ({ } a, ArrangementEvent.ArrangementDone e) => a with { Is = ArrangementStage.Done, Contribution = e.Contribution },
        ({ } a, ArrangementEvent.ArrangementCancelled e) => a with { Is = ArrangementStage.Cancelled, Reason = e.Reason },
        ({ } a, ArrangementEvent.ArrangementDidNotHappen e) => a with { Is = ArrangementStage.DidNotHappen, Reason = e.Reason },
        _ => throw new UnreachableException($"{happened.GetType().Name} happened to an arrangement that is not there."),
    };
}

/// <summary>What can happen to an arrangement. These names are stored: add, never rename.</summary>
public abstract record ArrangementEvent : ThingEvent
{
    /// <param name="Yes">Of the side that proposed it, if a side did.</param>
    public sealed record ArrangementProposed(
        AccountId Helper, AccountId Helped, ThingId? Listing, string? Category, Meeting? Meeting, TextRef? Text, SideYes? Yes, ThingId? Activity = null) : ArrangementEvent;
    /// <summary>Another date or place: all who said yes are asked again, but for the side that set it.</summary>
    public sealed record MeetingSet(Meeting Meeting, TextRef? Text, SideYes? Yes) : ArrangementEvent;
    /// <param name="RemindAt">With the second yes; null: that moment has passed.</param>
    public sealed record ArrangementAgreed(AccountId Account, Yes Yes, DateTimeOffset? RemindAt) : ArrangementEvent;
    public sealed record SideAsked(AccountId Account, Means How, Reply Said, DateOnly On, TextRef? Text) : ArrangementEvent;
    /// <summary>Both are to be told that it is tomorrow, or today if nothing ran the day before.</summary>
    public sealed record ArrangementReminded(DateOnly Date) : ArrangementEvent;
    /// <summary>Nothing ran until the day had passed: nobody is told.</summary>
    public sealed record ReminderLapsed : ArrangementEvent;
    public sealed record ArrangementDone(ThingId Contribution) : ArrangementEvent;
    /// <param name="By">The side that did; null: an organiser.</param>
    public sealed record ArrangementCancelled(AccountId? By, TextRef? Reason) : ArrangementEvent;
    public sealed record ArrangementDidNotHappen(TextRef? Reason) : ArrangementEvent;

    public override StreamKind Kind => StreamKind.Arrangement;

    public override IEnumerable<TextRef> Texts => new[]
    {
        this switch
        {
            ArrangementProposed e => e.Text,
            MeetingSet e => e.Text,
            SideAsked e => e.Text,
            ArrangementCancelled e => e.Reason,
            ArrangementDidNotHappen e => e.Reason,
            _ => null,
        },
    }.OfType<TextRef>();

    public override Thing After(ThingId id, Thing? before) => Arrangement.After(id, (Arrangement?)before, this);
}
