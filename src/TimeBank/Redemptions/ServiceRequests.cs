using FluentValidation;
using TimeBank.Projections;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Redemptions;

/// <summary>What a service is, and what it asks.</summary>
public record ServiceTermsRequest
{
    public string? Name { get; init; }
    /// <summary>What somebody should know before booking.</summary>
    public string? Conditions { get; init; }
    public string? Place { get; init; }
    /// <summary>When it can be had, in words.</summary>
    public string? Times { get; init; }
    public string? Category { get; init; }
    /// <summary>Minutes that it takes; left out for what is not a person's time: a ticket, a room, a book.</summary>
    public Minutes? Lasts { get; init; }
    /// <summary>Minutes that a member gives for it; as many as it lasts if left out, and never more.</summary>
    public Minutes? Asks { get; init; }
    /// <summary>Why it asks less than it lasts, or a fixed number. Everybody reads it.</summary>
    public string? Reason { get; init; }
    /// <summary>Minutes that it accepts for appointments of one calendar month; no limit if left out.</summary>
    public Minutes? MostAMonth { get; init; }
    /// <summary>Share of the minutes that who does not come gives all the same, in hundredths of a per cent; nothing if left out.</summary>
    public int? NoShow { get; init; }

    internal ServiceTerms ToTerms() => new(Category, Lasts, (Asks ?? Lasts)!.Value, MostAMonth, NoShow ?? 0);

    internal (TextRef Ref, Store.TextRow Row) KeepText() => new TextBody { Name = Name, Conditions = Conditions, Place = Place, Times = Times }.Keep()!.Value;

    internal (TextRef Ref, Store.TextRow Row)? KeepReason() => new TextBody { Reason = Reason }.Keep();
}

public sealed record OfferServiceRequest : ServiceTermsRequest
{
    /// <summary>The provider's account.</summary>
    public Guid? Provider { get; init; }
}

public sealed class ServiceTermsRequestValidator : AbstractValidator<ServiceTermsRequest>
{
    public static readonly ServiceTermsRequestValidator Instance = new();

    public ServiceTermsRequestValidator()
    {
        RuleFor(r => r.Name).Given().Text(Rules.MostName).Must(n => n is null || n.Trim().Length > 0).WithMessage("Say what it is.");
        RuleFor(r => r.Conditions).Text(Rules.MostMemo);
        RuleFor(r => r.Place).Text(Rules.MostName);
        RuleFor(r => r.Times).Text(Rules.MostName);
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Asks).Must((r, asks) => asks is not null || r.Lasts is not null).WithMessage("Say how long it lasts, or what it asks.");
        RuleFor(r => r.Reason).Text(Rules.MostMemo).Must(n => n is null || n.Trim().Length > 0).WithMessage("Say why, or leave it out.");
        RuleFor(r => r.MostAMonth).Must(m => m is null || m > Minutes.Zero).WithMessage("More than zero, or left out for no limit.");
        RuleFor(r => r.NoShow).Must(s => s is null or (>= 0 and <= ServiceTerms.WholeShare)).WithMessage($"0 to {ServiceTerms.WholeShare} hundredths of a per cent.");
    }
}

public sealed class OfferServiceRequestValidator : AbstractValidator<OfferServiceRequest>
{
    public static readonly OfferServiceRequestValidator Instance = new();

    public OfferServiceRequestValidator()
    {
        Include(ServiceTermsRequestValidator.Instance);
        RuleFor(r => r.Provider).Given();
    }
}

/// <summary>A service, as answers to commands say it: without texts.</summary>
/// <param name="Lasts">Null: it is not a person's time.</param>
/// <param name="MostAMonth">Null: no limit.</param>
/// <param name="Version">The ETag, which a change must match.</param>
public sealed record ServiceAnswer(
    ThingId Id, ServiceStage Stage, AccountId Provider, string? Category, Minutes? Lasts, Minutes Asks, Minutes? MostAMonth, int NoShow, long Version)
{
    public static ServiceAnswer Of(Service s) =>
        new(s.Id, s.Is, s.Provider, s.Terms.Category, s.Terms.Lasts, s.Terms.Asks, s.Terms.MostAMonth, s.Terms.NoShow, s.Edition);
}

/// <summary>A service as it stands, with its texts.</summary>
/// <param name="Reason">Why it asks less than it lasts, or a fixed number.</param>
public sealed record ServiceView(ServiceAnswer Service, string? Name, string? Conditions, string? Place, string? Times, string? Reason)
{
    public static ServiceView Of(ThingRow<Service> row) =>
        new(ServiceAnswer.Of(row.Thing), row.Text?.Name, row.Text?.Conditions, row.Text?.Place, row.Text?.Times, row.Reason?.Reason);
}

/// <summary>What a booking would ask, and whether it would go.</summary>
/// <param name="Available">What the member has, less what is set aside.</param>
/// <param name="Floor">How low the member may go; null: no limit.</param>
/// <param name="Refused">The code of the problem that a booking would be answered with; null: it would go.</param>
public sealed record QuoteAnswer(ThingId Service, AccountId Account, DateOnly Date, Minutes Minutes, Minutes Available, Minutes? Floor, bool WouldGo, string? Refused)
{
    public static QuoteAnswer Of(Quote q) => new(q.Service, q.Account, q.Date, q.Minutes, q.Available, q.Floor, q.Refused is null, q.Refused?.ToString());
}
