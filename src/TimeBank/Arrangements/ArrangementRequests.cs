using FluentValidation;
using TimeBank.Access;
using TimeBank.Contributions;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Arrangements;

/// <summary>Who is to help whom: by the listing that is answered, or by an organiser who names both.</summary>
public sealed record ProposeArrangementRequest : MeetingRequest
{
    /// <summary>The offer or request that is answered.</summary>
    public Guid? Listing { get; init; }
    /// <summary>With listing: the account that answers it.</summary>
    public Guid? Account { get; init; }
    /// <summary>Without a listing: the member's account of who is to help.</summary>
    public Guid? Helper { get; init; }
    /// <summary>Without a listing: who is to be helped, a member or a project.</summary>
    public Guid? Helped { get; init; }
    /// <summary>Without a listing, which has one.</summary>
    public string? Category { get; init; }
    /// <summary>The activity of the project that is to be helped; what credentials it requires the helper must have on that day.</summary>
    public Guid? Activity { get; init; }
}

/// <summary>When it is to be, and where.</summary>
public record MeetingRequest
{
    /// <summary>By the bank's calendar.</summary>
    public DateOnly? Date { get; init; }
    /// <summary>By the bank's clock; left out: they will find a time.</summary>
    public TimeOnly? At { get; init; }
    /// <summary>Minutes that it will take, about.</summary>
    public Minutes? About { get; init; }
    /// <summary>Where, in words.</summary>
    public string? Place { get; init; }
    /// <summary>What is to be done.</summary>
    public string? Memo { get; init; }

    internal Meeting? ToMeeting() => Date is { } date ? new Meeting(date, At, About!.Value) : null;

    internal TextBody ToText() => new() { Place = Place, Memo = Memo };
}

public sealed record SetMeetingRequest : MeetingRequest;

public sealed record AgreeRequest
{
    /// <summary>The account whose yes it is: one of the two.</summary>
    public Guid? Account { get; init; }
    /// <summary>How they said it (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
    /// <summary>The version that they saw; as it stands if left out.</summary>
    public long? Version { get; init; }
}

public sealed record AskSideRequest
{
    /// <summary>The account that was asked: one of the two.</summary>
    public Guid? Account { get; init; }
    public Means? How { get; init; }
    public Reply? Said { get; init; }
    /// <summary>In their words; only organisers read it, and whom it is of.</summary>
    public string? Memo { get; init; }
}

public sealed record CompleteArrangementRequest
{
    /// <summary>As agreed if left out.</summary>
    public Minutes? Minutes { get; init; }
    /// <summary>As agreed if left out.</summary>
    public DateOnly? Occurred { get; init; }
    /// <summary>hours or nothing; hours if left out.</summary>
    public Wish? Wish { get; init; }
    /// <summary>Where a project was helped: the activity of it that it was, if it is not as proposed; what credentials it requires the helper must have had on that day.</summary>
    public Guid? Activity { get; init; }
    /// <summary>With a wish: how the helper said it (inPerson, telephone, paper), where an organiser says it for them.</summary>
    public Yes? Yes { get; init; }
    /// <summary>What was done; as agreed if left out.</summary>
    public string? Memo { get; init; }
}

public sealed record EndArrangementRequest
{
    public string? Reason { get; init; }
}

public sealed class MeetingRequestValidator : AbstractValidator<MeetingRequest>
{
    public static readonly MeetingRequestValidator Instance = new();

    public MeetingRequestValidator()
    {
        RuleFor(r => r.Date).Must(d => d is null || d.Value.Year is > 1900 and < 9000).WithMessage("A year from 1901 to 8999.");
        RuleFor(r => r.About).Must((r, about) => about is null == r.Date is null).WithMessage("Date and about go together.");
        RuleFor(r => r.At).Must((r, at) => at is null || r.Date is not null).WithMessage("It goes with a date.");
        RuleFor(r => r.Place).Text(Rules.MostName);
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class ProposeArrangementRequestValidator : AbstractValidator<ProposeArrangementRequest>
{
    public static readonly ProposeArrangementRequestValidator Instance = new();

    public ProposeArrangementRequestValidator()
    {
        RuleFor(r => r.Listing).Must((r, l) => l is not null || r.Helper is not null).WithMessage("Say which listing is answered, or name helper and helped.");
        RuleFor(r => r.Account).Must((r, a) => a is null == r.Listing is null).WithMessage("It goes with a listing, and only with that.");
        RuleFor(r => r.Helper).Must((r, h) => h is null || r.Listing is null).WithMessage("A listing says by itself who helps: name only account.");
        RuleFor(r => r.Helped).Must((r, h) => h is null == r.Helper is null).WithMessage("Helper and helped go together.");
        RuleFor(r => r.Category).Category().Must((r, c) => c is null || r.Listing is null).WithMessage("A listing has its own.");
        Include(MeetingRequestValidator.Instance);
    }
}

public sealed class SetMeetingRequestValidator : AbstractValidator<SetMeetingRequest>
{
    public static readonly SetMeetingRequestValidator Instance = new();

    public SetMeetingRequestValidator()
    {
        RuleFor(r => r.Date).Given();
        Include(MeetingRequestValidator.Instance);
    }
}

public sealed class AgreeRequestValidator : AbstractValidator<AgreeRequest>
{
    public static readonly AgreeRequestValidator Instance = new();

    public AgreeRequestValidator() => RuleFor(r => r.Account).Given();
}

public sealed class AskSideRequestValidator : AbstractValidator<AskSideRequest>
{
    public static readonly AskSideRequestValidator Instance = new();

    public AskSideRequestValidator()
    {
        RuleFor(r => r.Account).Given();
        RuleFor(r => r.How).Given();
        RuleFor(r => r.Said).Given();
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class CompleteArrangementRequestValidator : AbstractValidator<CompleteArrangementRequest>
{
    public static readonly CompleteArrangementRequestValidator Instance = new();

    public CompleteArrangementRequestValidator()
    {
        RuleFor(r => r.Wish).Must(w => w is not Wish.PassOn).WithMessage("Hours or nothing; who passes hours on logs the contribution by itself.");
        RuleFor(r => r.Memo).Text(Rules.MostMemo);
    }
}

public sealed class EndArrangementRequestValidator : AbstractValidator<EndArrangementRequest>
{
    public static readonly EndArrangementRequestValidator Instance = new();

    public EndArrangementRequestValidator() => RuleFor(r => r.Reason).Text(Rules.MostMemo);
}
