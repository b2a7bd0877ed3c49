using FluentValidation;
using TimeBank.Access;
using TimeBank.Postings;
using TimeBank.Redemptions;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Holds;

public sealed record PlaceHoldRequest
{
    /// <summary>What the capture will be; spend if left out.</summary>
    public TransferKind? Kind { get; init; }
    public Guid? Payer { get; init; }
    public Guid? Payee { get; init; }
    public Minutes? Minutes { get; init; }
    /// <summary>From this instant on the hold is dead.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>How the member who pays said yes, where an organiser asks for them: inPerson, telephone or paper.</summary>
    public Yes? Yes { get; init; }
    public string? Category { get; init; }
    public string? Memo { get; init; }
    public string? ClientReference { get; init; }
    public SortedDictionary<string, string>? Metadata { get; init; }
}

public sealed record CaptureRequest
{
    /// <summary>What is taken; all that was held if left out.</summary>
    public Minutes? Minutes { get; init; }
}

public sealed record ReleaseRequest;

public sealed class PlaceHoldRequestValidator : AbstractValidator<PlaceHoldRequest>
{
    public static readonly PlaceHoldRequestValidator Instance = new();

    public PlaceHoldRequestValidator()
    {
        RuleFor(r => r.Payer).Given();
        RuleFor(r => r.Payee).Given();
        RuleFor(r => r.Minutes).Given();
        RuleFor(r => r.ExpiresAt).Given();
        RuleFor(r => r.Category).Category();
        RuleFor(r => r.Memo).Text(Web.Rules.MostMemo);
        RuleFor(r => r.ClientReference).Text(255);
        RuleFor(r => r.Metadata).Pairs();
    }
}

public sealed class CaptureRequestValidator : AbstractValidator<CaptureRequest>
{
    public static readonly CaptureRequestValidator Instance = new();
}

public sealed class ReleaseRequestValidator : AbstractValidator<ReleaseRequest>
{
    public static readonly ReleaseRequestValidator Instance = new();
}

/// <summary>A hold, as answers to commands say it: without texts.</summary>
public sealed record HoldAnswer(
    HoldId Id, AccountId Payer, AccountId Payee, Minutes Minutes, TransferKind Kind, DateTimeOffset ExpiresAt, HoldStatus Status, Minutes Taken, TransferId? Transfer)
{
    public static HoldAnswer Of(Hold h) => new(h.Id, h.Payer, h.Payee, h.Minutes, h.Kind, h.ExpiresAt, h.Status, h.Taken, h.Transfer);
}

/// <summary>A captured hold and the posting it made; no posting if it had been captured before.</summary>
public sealed record CaptureAnswer(HoldAnswer Hold, PostingAnswer? Posting);

/// <summary>The only door to holds: for the API and for the worker that writes down what has expired.</summary>
public sealed class HoldCommands(Journal journal)
{
    public Task<Outcome> PlaceAsync(BankId bank, PlaceHoldRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo, ClientReference = request.ClientReference, Metadata = request.Metadata }.Keep();
        var (payer, payee) = (new AccountId(request.Payer!.Value), new AccountId(request.Payee!.Value));
        var expires = Uuid.ToMicroseconds(request.ExpiresAt!.Value);
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [payer, payee], Rights = [.. said.May.LinksTo(payer)] },
            draft => Hold.Place(draft, new HoldId(draft.Mint()), request.Kind ?? TransferKind.Spend, payer, payee, request.Minutes!.Value, expires, request.Category, text?.Ref, request.Yes),
            hold => Answers.Made(201, HoldAnswer.Of(hold), hold), said.Claim($"{bank}/holds", request), text.Rows());
    }

    public Task<Outcome> CaptureAsync(BankId bank, HoldId id, CaptureRequest request, Said said) =>
        Decide(bank, id, "capture", request, said, draft => Hold.Capture(draft, id, request.Minutes),
            capture => Answers.Made(200, new CaptureAnswer(HoldAnswer.Of(capture.Hold), capture.Posting is { } p ? PostingAnswers.Of(p) : null), capture));

    public Task<Outcome> ReleaseAsync(BankId bank, HoldId id, ReleaseRequest request, Said said) =>
        Decide(bank, id, "release", request, said, draft => Hold.Release(draft, id), hold => Answers.Made(200, HoldAnswer.Of(hold), hold));

    /// <summary>Writes down what has expired: the journal does so before any command that reads the hold, so reading it is enough.</summary>
    public Task<Outcome> ExpireAsync(BankId bank, HoldId id) => journal.SubmitAsync<Hold>(
        bank, Said.Worker, new Needs { Holds = [id] },
        draft => draft.Find(id) is { } hold ? hold : new Refusal(RefusalCode.HoldUnknown),
        hold => new Outcome(200, "", hold));

    private Task<Outcome> Decide<TRequest, TAnswer>(
        BankId bank, HoldId id, string verb, TRequest request, Said said, Func<Draft, Decision<TAnswer>> decide, Func<TAnswer, Outcome> answer)
        where TAnswer : class =>
        journal.SubmitAsync(
            bank, said, new Needs { Holds = [id], Things = [new ThingId(id.Value)] },
            draft => BookingDecisions.RefusesHold(draft, id) is { } ofBooking ? ofBooking : decide(draft), answer,
            said.Claim($"{bank}/holds/{id}/{verb}", request));
}
