using TimeBank.Access;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Credentials;

/// <summary>The only door to credentials.</summary>
public sealed class CredentialCommands(Journal journal)
{
    /// <summary>Who records it is who saw it.</summary>
    public Task<Outcome> RecordAsync(BankId bank, AccountId account, RecordCredentialRequest request, Said said)
    {
        PersonId? seenBy = said.By.By is { } person ? new PersonId(person) : null;
        return journal.SubmitAsync(
            bank, said, NeedsOf(account),
            draft => CredentialDecisions.Record(draft, account, new Credential(new ThingId(draft.Mint()), request.Kind!, request.SeenOn ?? draft.Today, seenBy, request.Until)),
            held => Answers.Made(201, RecordedCredentialAnswer.Of(held), held),
            said.Claim($"{bank}/members/{account}/credentials", request), inPath: account.Value);
    }

    public Task<Outcome> RevokeAsync(BankId bank, AccountId account, ThingId credential, RevokeCredentialRequest request, Said said) => journal.SubmitAsync(
        bank, said, NeedsOf(account), draft => CredentialDecisions.Revoke(draft, account, credential, request.On ?? draft.Today),
        held => Answers.Made(200, MemberCredentialsAnswer.Of(held), held),
        said.Claim($"{bank}/members/{account}/credentials/{credential}/revocation", request));

    private static Needs NeedsOf(AccountId account) => new() { Accounts = [account], Things = [MemberCredentials.IdOf(account)] };
}
