using Microsoft.AspNetCore.Components;
using TimeBank.Projections;
using TimeBank.Web;

namespace TimeBank.Accounts;

/// <summary>A page on which a member does something with their hours; or who organises them does it for them, as they say it on the telephone.</summary>
public abstract class MembersPage : BankPage
{
    [Inject]
    protected AccountQueries Accounts { get; set; } = null!;

    [Inject]
    protected TimeProvider Clock { get; set; } = null!;

    /// <summary>For whom it is done, if not for who does it.</summary>
    [SupplyParameterFromQuery(Name = "for")]
    public string? For { get; set; }

    /// <summary>The member for whom it is done; null: nobody for whom they may.</summary>
    protected NamedAccount? Self { get; private set; }

    protected bool IsOwn => Self is { } self && Caller.Authority.Own.Contains(self.Account.Id);

    /// <summary>The address of another page of this bank, for the same member.</summary>
    protected string ForThem(string page) => Self is { } self && !IsOwn ? $"/banks/{Bank}{page}{(page.Contains('?') ? '&' : '?')}for={self.Account.Id}" : $"/banks/{Bank}{page}";

    protected async Task FindSelfAsync()
    {
        AccountId? asked = For is not null ? new AccountId(Ids.OrUnknown(For)) : Caller.Authority.Own is [var own, ..] ? own : null;
        if (asked is { } id && await Accounts.FindAsync(OfBank, id, Clock.GetUtcNow(), Cancel) is { Account.Kind: AccountKind.Member } found && MayActFor(found.Account))
            Self = found;
    }

    private bool MayActFor(Account account) => Caller.Authority.Own.Contains(account.Id) || Caller.Authority.SpeaksFor(account.Id) || Caller.Authority.Organises(account);
}
