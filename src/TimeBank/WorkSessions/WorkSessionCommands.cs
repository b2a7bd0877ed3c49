using System.Security.Cryptography;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.Members;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.WorkSessions;

/// <summary>The only door to sessions of projects.</summary>
public sealed class WorkSessionCommands(Journal journal)
{
    /// <summary>Letters that nobody takes for another.</summary>
    private const string Letters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const int CodeLength = 5;

    public Task<Outcome> PlanAsync(BankId bank, PlanSessionRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var project = new AccountId(request.Project!.Value);
        var code = NewCode();
        ThingId? activity = request.Activity is { } named ? new ThingId(named) : null;
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [project], Things = [.. ActivityDecisions.Read(activity, project)] },
            draft => WorkSessionDecisions.Plan(draft, new ThingId(draft.Mint()), PlanOn(draft, request, text?.Ref, _ => code)(request.Date!.Value, 0)),
            change => Answers.Made(201, Whole(change.Session), change),
            said.Claim($"{bank}/work-sessions", request), text.Rows());
    }

    /// <summary>All of them or none.</summary>
    public Task<Outcome> PlanSeriesAsync(BankId bank, PlanSeriesRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var project = new AccountId(request.Project!.Value);
        ThingId? activity = request.Activity is { } named ? new ThingId(named) : null;
        string[] codes = [.. Enumerable.Range(0, WorkSession.MostInSeries).Select(_ => NewCode())];
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [project], Things = [.. ActivityDecisions.Read(activity, project)] },
            draft => WorkSessionDecisions.PlanSeries(draft, request.ToRule(), PlanOn(draft, request, text?.Ref, i => codes[i])),
            planned => Answers.Made(200, new SeriesAnswer([.. planned.Sessions.Select(Whole)]), planned),
            said.Claim($"{bank}/work-sessions/series", request), text.Rows(), weight: WorkSession.MostInSeries);
    }

    public Task<Outcome> SignUpAsync(BankId bank, ThingId id, NameRequest request, Said said) =>
        Decide(bank, id, "sign-ups", request, said, draft => WorkSessionDecisions.SignUp(draft, id, new AccountId(request.Account!.Value)), request.Account);

    public Task<Outcome> SignOffAsync(BankId bank, ThingId id, NameRequest request, Said said) =>
        Decide(bank, id, "sign-offs", request, said, draft => WorkSessionDecisions.SignOff(draft, id, new AccountId(request.Account!.Value)), request.Account);

    public Task<Outcome> CheckInAsync(BankId bank, ThingId id, CheckRequest request, Said said) =>
        Decide(bank, id, "check-ins", request, said, draft => WorkSessionDecisions.CheckIn(draft, id, new AccountId(request.Account!.Value), request.Code, At(request)), request.Account);

    public Task<Outcome> CheckOutAsync(BankId bank, ThingId id, CheckRequest request, Said said) =>
        Decide(bank, id, "check-outs", request, said, draft => WorkSessionDecisions.CheckOut(draft, id, new AccountId(request.Account!.Value), request.Code, At(request)), request.Account);

    public Task<Outcome> CancelAsync(BankId bank, ThingId id, CancelSessionRequest request, Said said) =>
        Decide(bank, id, "cancellation", request, said, draft => WorkSessionDecisions.Cancel(draft, id));

    /// <summary>Says that it is tomorrow, if that is due.</summary>
    public Task<Outcome> RemindAsync(BankId bank, ThingId id) => journal.SubmitAsync(
        bank, Said.Worker, new Needs { Things = [id] }, draft => WorkSessionDecisions.Remind(draft, id), change => new Outcome(200, "", change));

    /// <summary>Everybody who came is credited, in one posting.</summary>
    public Task<Outcome> CreditAsync(BankId bank, ThingId id, CreditSessionRequest request, Said said)
    {
        var texts = (request.Minutes ?? []).Select(l => new TextBody { Memo = l.Memo }.Keep()).ToList();
        var minutes = (request.Minutes ?? []).Zip(texts, (line, text) => new MinutesFor(new AccountId(line.Helper!.Value), line.Minutes!.Value, text?.Ref)).ToList();
        return journal.SubmitAsync(
            bank, said, new Needs { Things = [id, .. minutes.SelectMany(m => ReadBefore(m.Account))], Accounts = [.. minutes.Select(m => m.Account)], Issuer = true },
            draft => WorkSessionDecisions.Credit(draft, id, minutes),
            change => Answers.Made(200, new WorkSessionCreditAnswer(Whole(change.Session), change.Credited is { } credited ? BatchCreditAnswer.Of(credited) : null), change),
            said.Claim($"{bank}/work-sessions/{id}/credit", request), texts.Rows(), weight: 1 + minutes.Count);
    }

    /// <summary>What is to be known of who takes part: credentials that the activity may require, and what a guardian agreed to.</summary>
    private static ThingId[] ReadBefore(AccountId account) => [MemberCredentials.IdOf(account), Youth.IdOf(account), Member.IdOf(account)];

    private static string NewCode() => RandomNumberGenerator.GetString(Letters, CodeLength);

    private static Func<DateOnly, int, Plan> PlanOn(Draft draft, PlanSessionRequest request, TextRef? text, Func<int, string> code)
    {
        var at = BankCalendar.Of(draft.Bank?.Policy.TimeZone ?? BankPolicy.Default.TimeZone);
        return (date, i) => new Plan(
            new AccountId(request.Project!.Value), date, at(date, request.From!.Value), at(date, request.Until!.Value), request.Places, request.Category, text, code(i),
            request.Activity is { } activity ? new ThingId(activity) : null, draft.Bank?.Policy.CheckInStep);
    }

    private static DateTimeOffset? At(CheckRequest request) => request.At is { } at ? Uuid.ToMicroseconds(at) : null;

    /// <summary>Whoever says something of themselves hears of themselves; who coordinates, of all.</summary>
    private Task<Outcome> Decide<TRequest>(
        BankId bank, ThingId id, string noun, TRequest request, Said said, Func<Draft, Decision<WorkSessionChange>> decide, Guid? account = null)
    {
        var coordinates = false;
        return journal.SubmitAsync(
            bank, said, account is { } one ? new Needs { Things = [id, .. ReadBefore(new AccountId(one))], Accounts = [new AccountId(one)] } : new Needs { Things = [id] },
            draft =>
            {
                var decision = decide(draft);
                coordinates = decision.Answer is { } change && draft.Authority.RefusesActingFor(draft, change.Session.Plan.Project) is null;
                return decision;
            },
            change => Answers.Made(200, WorkSessionAnswer.Of(change.Session, said.May.SpeaksFor, coordinates), change),
            said.Claim($"{bank}/work-sessions/{id}/{noun}", request));
    }

    private static WorkSessionAnswer Whole(WorkSession session) => WorkSessionAnswer.Of(session, _ => true, coordinates: true);
}
