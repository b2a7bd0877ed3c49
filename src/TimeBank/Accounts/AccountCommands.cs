using TimeBank.Postings;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>The only door to accounts' settings and status.</summary>
public sealed class AccountCommands(Journal journal)
{
    public Task<Outcome> OpenAsync(BankId bank, OpenAccountRequest request, Said said)
    {
        var name = new TextBody { Name = request.Name }.Keep()!.Value;
        AccountId? parent = request.Parent is { } p ? new AccountId(p) : null;
        return journal.SubmitAsync(
            bank, said, new Needs { Accounts = parent is { } given ? [given] : [], Things = request.Number is { } number ? [AccountNumber.IdOf(number)] : [] },
            draft => Open(draft, request, parent, name.Ref),
            account => Answers.Made(201, new AccountOpenedAnswer(account.Id, account.Kind, account.Status, account.Parent, account.Floor, account.Ceiling, account.Neighbourhood, account.Purpose), account),
            said.Claim($"{bank}/accounts", request), [name.Row]);
    }

    public Task<Outcome> ChangeSettingsAsync(BankId bank, AccountId id, SettingsRequest request, long expectedVersion, Said said)
    {
        var name = new TextBody { Name = request.Name }.Keep()!.Value;
        return Decide(bank, id, said, [name.Row], [id],
            draft => AccountDecisions.ChangeSettings(draft, id, name.Ref, request.Floor, request.Ceiling, request.Neighbourhood, expectedVersion), Changed);
    }

    public Task<Outcome> FreezeAsync(BankId bank, AccountId id, ReasonRequest request, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        return Decide(bank, id, said, reason.Rows(), [id], draft => AccountDecisions.Freeze(draft, id, reason?.Ref), Changed);
    }

    public Task<Outcome> UnfreezeAsync(BankId bank, AccountId id, Said said) =>
        Decide(bank, id, said, [], [id], draft => AccountDecisions.Unfreeze(draft, id, null), Changed);

    public Task<Outcome> LetSilenceCountAsync(BankId bank, AccountId id, SilenceRequest request, Said said) =>
        Decide(bank, id, said, [], [id], draft => SilenceDecisions.LetCount(draft, id, request.Counts!.Value, request.Yes),
            account => Answers.Made(200, new SilenceAnswer(account.Id, account.Silence is not null, account.Silence, account.SettingsVersion), account));

    /// <param name="restTo">Who takes what a member leaves, if the request names nobody.</param>
    public Task<Outcome> CloseAsync(BankId bank, AccountId id, ClosureRequest request, AccountId? restTo, Said said)
    {
        var reason = new TextBody { Reason = request.Reason }.Keep();
        AccountId? sweepTo = request.SweepTo is { } s ? new AccountId(s) : null;
        AccountId? forgiveFrom = request.ForgiveFrom is { } f ? new AccountId(f) : null;
        List<AccountId> accounts = [id];
        if (sweepTo is { } taker)
            accounts.Add(taker);
        if (forgiveFrom is { } giver)
            accounts.Add(giver);
        if (restTo is { } heir && heir != id)
            accounts.Add(heir);
        var claim = said.Claim($"{bank}/accounts/{id}/closure", request);
        return Decide(bank, id, said, reason.Rows(), accounts,
            draft => AccountDecisions.Close(draft, id, sweepTo, forgiveFrom, reason?.Ref, restTo, request.Yes),
            closing => Answers.Made(200, new ClosureAnswer(
                closing.Account.Id, closing.Account.Status, closing.Posting is { } posting ? PostingAnswers.Of(posting) : null), closing), claim);
    }

    /// <summary>From now on the account is known by that number, too.</summary>
    public Task<Outcome> GiveNumberAsync(BankId bank, AccountId id, AccountNumberRequest request, Said said) =>
        DecideNumber(bank, id, "numbers", request, said, draft => AccountNumber.Give(draft, id, request.Number!));

    public Task<Outcome> TakeNumberBackAsync(BankId bank, AccountId id, AccountNumberRequest request, Said said) =>
        DecideNumber(bank, id, "numbers/withdrawal", request, said, draft => AccountNumber.TakeBack(draft, id, request.Number!));

    private Task<Outcome> DecideNumber(BankId bank, AccountId id, string noun, AccountNumberRequest request, Said said, Func<Draft, Decision<AccountNumber>> decide) =>
        journal.SubmitAsync(
            bank, said, new Needs { Accounts = [id], Things = [AccountNumber.IdOf(request.Number!)] }, decide,
            number => Answers.Made(200, new AccountNumberAnswer(number.Number, number.Account, number.Is), number),
            said.Claim($"{bank}/accounts/{id}/{noun}", request), inPath: id.Value);

    /// <summary>With its number, or not at all.</summary>
    private static Decision<Account> Open(Draft draft, OpenAccountRequest request, AccountId? parent, TextRef name)
    {
        var opened = AccountDecisions.Open(draft, new AccountId(draft.Mint()), request.Kind!.Value, parent, name, request.Floor, request.Ceiling, request.Neighbourhood, request.Purpose);
        return opened.Answer is { } account && request.Number is { } number && AccountNumber.Give(draft, account.Id, number).Refusal is { } taken ? taken : opened;
    }

    private static Outcome Changed(Account account) => Answers.Made(200, new SettingsChangedAnswer(
        account.Id, account.Status, account.Floor, account.Ceiling, account.SettingsVersion), account);

    private Task<Outcome> Decide<TAnswer>(
        BankId bank, AccountId id, Said said, IReadOnlyList<TextRow> texts, IReadOnlyList<AccountId> accounts,
        Func<Draft, Decision<TAnswer>> decide, Func<TAnswer, Outcome> answer, IdempotencyClaim? key = null) where TAnswer : class =>
        journal.SubmitAsync(bank, said, new Needs { Accounts = accounts }, decide, answer, key, texts, id.Value);
}

public sealed record AccountOpenedAnswer(AccountId Id, AccountKind Kind, AccountStatus Status, AccountId? Parent, Minutes? Floor, Minutes? Ceiling, string? Neighbourhood, string? Purpose = null);

public sealed record SettingsChangedAnswer(AccountId Id, AccountStatus Status, Minutes? Floor, Minutes? Ceiling, long Version);

/// <param name="Said">How the holder said that it counts.</param>
public sealed record SilenceAnswer(AccountId Id, bool Counts, Access.Yes? Said, long Version);

public sealed record ClosureAnswer(AccountId Id, AccountStatus Status, PostingAnswer? Posting);
