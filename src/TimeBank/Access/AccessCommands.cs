using System.Collections.Immutable;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>The only door to standings, keys, links, permissions and the audit trail.</summary>
public sealed class AccessCommands(Journal journal, Callers callers)
{
    public Task<Outcome> GrantAsync(BankId bank, PersonId person, Standing standing, Said said) => Decide(
        bank, said, new Needs { Rights = AccessDecisions.RightsRead(person, standing), Accounts = standing.Account is { } account ? [account] : [] },
        draft => AccessDecisions.Give(draft, person, standing, said.By.By is { } giver ? new PersonId(giver) : null), grant => Answers.Made(201, GrantView.Of(grant), grant),
        said.Claim($"{bank}/standings", new { person, standing }));

    public Task<Outcome> AppointAsync(BankId bank, PersonId person, Said said) => Decide(
        bank, said, new Needs { Rights = AccessDecisions.RightsRead(person, new Standing(Role.Organiser)) },
        draft => AccessDecisions.Appoint(draft, person), grant => Answers.Made(201, GrantView.Of(grant), grant),
        said.Claim($"{bank}/organisers", person));

    public Task<Outcome> EndAsync(BankId bank, RightId grant, Said said) => Decide(
        bank, said, new Needs { Rights = [grant] }, draft => AccessDecisions.End(draft, grant), ended => Answers.Made(200, GrantView.Of(ended), ended));

    /// <summary>The answer holds the secret, this one time: it is not recorded under the Idempotency-Key, which here only keeps a second key from being made.</summary>
    public async Task<(Outcome Outcome, KeyText Secret)> MakeKeyAsync(BankId bank, MakeKeyRequest request, Said said)
    {
        var text = KeyText.New(bank, new RightId(Guid.CreateVersion7()));
        var name = new TextBody { Name = request.Name }.Keep()!.Value;
        var expires = request.ExpiresAt is { } at ? Uuid.ToMicroseconds(at) : (DateTimeOffset?)null;
        AccountId? account = request.Account is { } a ? new AccountId(a) : null;
        var outcome = await Decide(
            bank, said, new Needs { Accounts = account is { } one ? [one] : [] },
            draft => AccessDecisions.MakeKey(draft, text.Id, name.Ref, [.. request.Scopes!.Distinct()], account, request.OfBank == true, expires, text.Hash),
            key => Answers.Made(201, KeyMadeAnswer.Of(key, null), key), said.Claim($"{bank}/keys", request), [name.Row]);
        return (outcome, text);
    }

    public async Task<(Outcome Outcome, KeyText Secret)> RotateKeyAsync(BankId bank, RightId id, RotateKeyRequest request, Said said)
    {
        var text = KeyText.New(bank, id);
        var grace = TimeSpan.FromMinutes(request.GraceMinutes ?? RotateKeyRequest.UsualGrace);
        var outcome = await Decide(
            bank, said, new Needs { Rights = [id] }, draft => AccessDecisions.RotateKey(draft, id, text.Hash, grace),
            key => Answers.Made(201, KeyMadeAnswer.Of(key, null), key), said.Claim($"{bank}/keys/{id}/rotation", request));
        return (outcome, text);
    }

    public Task<Outcome> RevokeKeyAsync(BankId bank, RightId id, Said said) => Decide(
        bank, said, new Needs { Rights = [id] }, draft => AccessDecisions.RevokeKey(draft, id), key => Answers.Made(200, KeyMadeAnswer.Of(key, null), key));

    public Task<Outcome> LinkAsync(BankId bank, AccountId account, MakeLinkRequest request, Said said)
    {
        var app = new RightId(request.Key!.Value);
        var expires = request.ExpiresAt is { } at ? Uuid.ToMicroseconds(at) : (DateTimeOffset?)null;
        return Decide(
            bank, said, new Needs { Rights = [app, RightId.OfLink(app, account)], Accounts = [account] },
            draft => AccessDecisions.MakeLink(draft, app, account, request.Most, expires), link => Answers.Made(201, LinkView.Of(link), link),
            said.Claim($"{bank}/accounts/{account}/links", request));
    }

    public Task<Outcome> EndLinkAsync(BankId bank, RightId link, Said said) => Decide(
        bank, said, new Needs { Rights = [link] }, draft => AccessDecisions.EndLink(draft, link), ended => Answers.Made(200, LinkView.Of(ended), ended));

    public Task<Outcome> GivePermissionAsync(BankId bank, AccountId account, PersonId deputy, GivePermissionRequest request, Said said) => Decide(
        bank, said, new Needs { Rights = [RightId.OfPermission(deputy, account)], Accounts = [account] },
        draft => PermissionDecisions.Give(draft, deputy, account, request.ToTerms(), request.Yes, Person(said)),
        permission => Answers.Made(201, PermissionView.Of(permission), permission), said.Claim($"{bank}/accounts/{account}/permissions", request));

    public Task<Outcome> EndPermissionAsync(BankId bank, RightId permission, Said said) => Decide(
        bank, said, new Needs { Rights = [permission] }, draft => PermissionDecisions.End(draft, permission, Person(said)),
        ended => Answers.Made(200, PermissionView.Of(ended), ended));

    private static PersonId? Person(Said said) => said.By.By is { } by && said.May.App is null ? new PersonId(by) : null;

    private async Task<Outcome> Decide<TRight>(
        BankId bank, Said said, Needs needs, Func<Draft, Decision<TRight>> decide, Func<TRight, Outcome> answer,
        IdempotencyClaim? key = null, IReadOnlyList<TextRow>? texts = null) where TRight : Right
    {
        var outcome = await journal.SubmitAsync(bank, said, needs, decide, answer, key, texts);
        if (outcome.Answer is Right changed && !said.DryRun)
            callers.Forget(bank, changed);
        return outcome;
    }
}
