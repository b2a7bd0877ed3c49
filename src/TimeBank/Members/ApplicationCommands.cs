using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Texts;
using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>The only door for strangers: what they say becomes a membership that was applied for, and nothing more until an organiser admits them.</summary>
public sealed class ApplicationCommands(Journal journal, MemberQueries members)
{
    public async Task<Outcome> AskAsync(BankId bank, ApplicationRequest request, Said said, CancellationToken cancel)
    {
        // A name that no bank can have is not looked for.
        var waiting = BankId.IsValid(bank.Value) ? await members.StrangersAsync(bank, Enrolment.MostStrangers, cancel) : 0;
        var (name, text) = (new TextBody { Name = request.Name }.Keep()!.Value, request.ToText().Keep());
        return await journal.SubmitAsync(
            bank, said, Needs.Nothing,
            draft => Enrolment.Ask(draft, new AccountId(draft.Mint()), new Newcomer(
                name.Ref, request.Neighbourhood, null, Approach.Page, request.ToProfile(), text?.Ref, null, request.ToAge()), waiting),
            member => Answers.Made(201, new ApplicationReceived(member.Since), member), said.Claim($"{bank}/applications", request), [name.Row, .. text.Rows()]);
    }
}
