using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Members;
using TimeBank.Projections;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Arrangements;

/// <summary>The only door to arrangements: for the API and for the worker that reminds people the day before.</summary>
public sealed class ArrangementCommands(Journal journal)
{
    public Task<Outcome> ProposeAsync(BankId bank, ProposeArrangementRequest request, Said said)
    {
        var text = request.ToText().Keep();
        var (listing, meeting) = (request.Listing is { } id ? new ThingId(id) : (ThingId?)null, request.ToMeeting());
        AccountId[] accounts = [.. new[] { request.Account, request.Helper, request.Helped }.OfType<Guid>().Select(a => new AccountId(a))];
        ThingId[] things = [.. new[] { listing }.OfType<ThingId>(), .. accounts.Select(Member.IdOf), .. accounts.Select(Youth.IdOf), .. accounts.Skip(1).Select(a => Apart.IdOf(accounts[0], a))];
        var activity = request.Activity is { } named ? new ThingId(named) : (ThingId?)null;
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = accounts, Things = [.. things, .. ActivityDecisions.Read(activity, null, accounts)] },
            draft => listing is { } answered
                ? Proposing.Answer(draft, new ThingId(draft.Mint()), answered, accounts[0], meeting, text?.Ref, activity)
                : Proposing.Propose(draft, new ThingId(draft.Mint()), accounts[0], accounts[1], request.Category, meeting, text?.Ref, activity),
            change => Answers.Made(201, ArrangementAnswer.Of(change.Arrangement), change),
            said.Claim($"{bank}/arrangements", request), text.Rows());
    }

    public Task<Outcome> MeetAsync(BankId bank, ThingId id, SetMeetingRequest request, Said said)
    {
        var text = request.ToText().Keep();
        return Decide(bank, id, "meeting", request, said, text, draft => ArrangementDecisions.Meet(draft, id, request.ToMeeting()!, text?.Ref));
    }

    public Task<Outcome> AgreeAsync(BankId bank, ThingId id, AgreeRequest request, Said said) => Decide(
        bank, id, "agreement", request, said, null, draft => ArrangementDecisions.Agree(
            draft, id, new AccountId(request.Account!.Value), request.Yes, request.Version, BankCalendar.Of(draft.Bank?.Policy.TimeZone ?? BankPolicy.Default.TimeZone)));

    public Task<Outcome> AskAsync(BankId bank, ThingId id, AskSideRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        return Decide(bank, id, "askings", request, said, text,
            draft => ArrangementDecisions.Ask(draft, id, new AccountId(request.Account!.Value), request.How!.Value, request.Said!.Value, text?.Ref));
    }

    public Task<Outcome> CompleteAsync(BankId bank, ThingId id, CompleteArrangementRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        ThingId? activity = request.Activity is { } named ? new ThingId(named) : null;
        return Decide(bank, id, "completion", request, said, text,
            draft => ArrangementDecisions.Complete(draft, id, request.Minutes, request.Occurred, request.Wish ?? Wish.Hours, text?.Ref, request.Yes, activity), activity);
    }

    public Task<Outcome> CancelAsync(BankId bank, ThingId id, EndArrangementRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, "cancellation", request, said, reason, draft => ArrangementDecisions.Cancel(draft, id, reason?.Ref));
    }

    public Task<Outcome> MissAsync(BankId bank, ThingId id, EndArrangementRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, "no-show", request, said, reason, draft => ArrangementDecisions.Miss(draft, id, reason?.Ref));
    }

    /// <summary>Says that it is tomorrow, if that is due. The event is what notices follow, so that nobody is told twice.</summary>
    public Task<Outcome> RemindAsync(BankId bank, ThingId id) => journal.SubmitAsync(
        bank, Said.Worker, new Needs { Things = [id] }, draft => ArrangementDecisions.Remind(draft, id), change => new Outcome(200, "", change));

    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, (TextRef Ref, TextRow Row)? text, Func<Draft, Decision<ArrangementChange>> decide, ThingId? beside = null) =>
        journal.SubmitAsync(
            bank, said, new Needs { Things = beside is { } other ? [id, other] : [id] }, decide, change => Answers.Made(200, ArrangementAnswer.Of(change.Arrangement), change),
            said.Claim($"{bank}/arrangements/{id}/{noun}", request), text.Rows());
}
