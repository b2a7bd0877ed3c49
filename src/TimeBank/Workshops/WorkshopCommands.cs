using TimeBank.Contributions;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Workshops;

/// <summary>The only door to workshops.</summary>
public sealed class WorkshopCommands(Journal journal)
{
    public Task<Outcome> GiveAsync(BankId bank, GiveWorkshopRequest request, Said said)
    {
        var text = new TextBody { Memo = request.Memo }.Keep();
        var (helper, pot) = (new AccountId(request.Helper!.Value), request.Pot is { } id ? new AccountId(id) : (AccountId?)null);
        var receivers = request.Receivers!.Select(r => new Receiver(new AccountId(r.Account!.Value), r.Yes)).ToList();
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = [helper, .. new[] { pot }.OfType<AccountId>(), .. receivers.Select(r => r.Account)], Things = [.. ContributionDecisions.ReadsFor(null, null, helper, receivers.Select(r => (AccountId?)r.Account))], Issuer = true },
            draft => WorkshopDecisions.Give(
                draft, new ThingId(draft.Mint()), new Given(helper, request.Minutes!.Value, request.Occurred ?? draft.Today, request.Category, text?.Ref, pot), receivers),
            change => Answers.Made(201, WorkshopGivenAnswer.Of(change), change),
            said.Claim($"{bank}/workshops", request), text.Rows(), weight: receivers.Count);
    }
}
