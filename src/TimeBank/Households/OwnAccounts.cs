using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Members;
using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Households;

/// <summary>An account of somebody's own, and the way into it.</summary>
/// <param name="Id">Of the account.</param>
/// <param name="Person">Whose login opens it from now on.</param>
/// <param name="Invitation">With whose code they come in, where they have no login yet.</param>
public sealed record OwnAccountView(AccountId Id, PersonId? Person, InvitationMadeView? Invitation);

/// <summary>Several logins may share an account; whoever would rather have their own gets it in one call: they are enrolled, and get a login for it.</summary>
/// <remarks>Repeated with the same key it enrols nobody twice, and the invitation is made anew. What they share stays theirs until that standing is ended.</remarks>
public sealed class OwnAccounts(MemberCommands members, AccessCommands access, Invitations invitations, AccountQueries accounts, RightsQueries rights, TimeProvider clock)
{
    public async Task<(OwnAccountView? Made, Outcome? Refused)> MakeAsync(
        BankId bank, AccountId shared, OwnAccountRequest request, Caller caller, Said said, string start, CancellationToken cancel)
    {
        if (await accounts.FindAsync(bank, shared, clock.GetUtcNow(), cancel) is not { Account: { Kind: AccountKind.Member } account })
            return (null, Problems.Outcome(Refusal.Of(RefusalCode.MemberUnknown, shared)));
        if (!caller.Authority.Organises(account))
            return (null, Problems.Outcome(Refusal.Of(RefusalCode.NotPermitted, shared)));
        PersonId? person = request.Person is { } given ? new PersonId(given) : null;
        if (person is { } known && !(await rights.SharingAsync(bank, shared, cancel)).Contains(known))
            return (null, Problems.Outcome(new Refusal(RefusalCode.RightUnknown, new Figure("person", known.Value))));
        var enrolled = await members.EnrolAsync(bank, request.ToEnrol(account.Neighbourhood), said);
        if (IsNo(enrolled) || said.DryRun)
            return (null, enrolled);
        var own = new AccountId(Guid.Parse(Answers.IdOf(enrolled.Body)));
        if (person is { } theirs)
        {
            // The same standing given twice is one.
            var granted = await access.GrantAsync(bank, theirs, new Standing(Role.Member, own), said with { Key = null });
            return IsNo(granted) ? (null, granted) : (new OwnAccountView(own, theirs, null), null);
        }
        var (made, refused) = await invitations.MakeAsync(
            bank, new InvitationRequest { Name = request.Name, Email = request.Email, Standing = new StandingRequest { Role = Role.Member, Account = own.Value } }, caller, start, cancel);
        return made is null ? (null, refused) : (new OwnAccountView(own, null, made with { OwnAccounts = null }), null);
    }

    private static bool IsNo(Outcome outcome) => outcome.Status >= 400 || outcome.Failure != JournalFailure.None;
}
