using TimeBank.Access;
using TimeBank.Banks;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Schedules;

/// <summary>The only door to schedules: for the API and for the worker that carries out what is due.</summary>
public sealed class ScheduleCommands(Journal journal)
{
    private static readonly TimeOnly s_usually = new(8, 0);

    public Task<Outcome> MakeAsync(BankId bank, MakeScheduleRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var (payer, payee) = (new AccountId(request.Payer!.Value), new AccountId(request.Payee!.Value));
        var terms = new Scheduled(request.Kind!.Value, payer, payee, request.Minutes!.Value, request.Category, text?.Ref);
        var rule = new CalendarRule(request.Every!.Value, request.Interval ?? 1, request.From!.Value, request.Until, request.At ?? s_usually);
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [payer, payee], Rights = [.. said.May.LinksTo(payer)] },
            draft => ScheduleDecisions.Make(draft, new ThingId(draft.Mint()), terms, rule, request.Yes, At(draft)),
            change => Answers.Made(201, ScheduleAnswer.Of(change.Schedule), change),
            said.Claim($"{bank}/schedules", request), text.Rows());
    }

    public Task<Outcome> PauseAsync(BankId bank, ThingId id, PauseScheduleRequest request, Said said) =>
        Decide(bank, id, "pause", request, said, draft => ScheduleDecisions.Pause(draft, id));

    public Task<Outcome> ResumeAsync(BankId bank, ThingId id, ResumeScheduleRequest request, Said said) =>
        Decide(bank, id, "resumption", request, said, draft => ScheduleDecisions.Resume(draft, id, At(draft)));

    public Task<Outcome> EndAsync(BankId bank, ThingId id, EndScheduleRequest request, Said said) =>
        Decide(bank, id, "end", request, said, draft => ScheduleDecisions.End(draft, id));

    /// <summary>Carries the next date out if it has come. Dates that were missed while nothing ran follow one after the other.</summary>
    public async Task MoveOnAsync(BankId bank, ThingId id, DateTimeOffset now)
    {
        Outcome done;
        do
        {
            done = await journal.SubmitAsync(
                bank, Said.Worker, new Needs { Things = [id] },
                draft => ScheduleDecisions.CarryOut(draft, id, At(draft)), change => new Outcome(200, "", change));
        }
        while (done.Answer is ScheduleChange { Schedule.Due: { } due } && due <= now);
    }

    private static Func<DateOnly, TimeOnly, DateTimeOffset> At(Draft draft) =>
        BankCalendar.Of(draft.Bank?.Policy.TimeZone ?? BankPolicy.Default.TimeZone);

    private Task<Outcome> Decide<TRequest>(BankId bank, ThingId id, string noun, TRequest request, Said said, Func<Draft, Decision<ScheduleChange>> decide) =>
        journal.SubmitAsync(
            bank, said, new Needs { Things = [id] }, decide, change => Answers.Made(200, ScheduleAnswer.Of(change.Schedule), change),
            said.Claim($"{bank}/schedules/{id}/{noun}", request));
}
