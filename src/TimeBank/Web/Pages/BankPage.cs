using Microsoft.AspNetCore.Components;

namespace TimeBank.Web;

/// <summary>A page of one bank, often about one thing in it.</summary>
public abstract class BankPage : AnsweringPage
{
    [Parameter]
    public string Bank { get; set; } = "";

    /// <summary>What the page is about; empty if it is about no one thing.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    protected BankId OfBank => new(Bank);

    protected ThingId Thing => new(Ids.OrUnknown(Id));

    protected AccountId Account => new(Ids.OrUnknown(Id));

    /// <summary>How those are called of whom the page speaks, once they were asked for.</summary>
    protected Dictionary<AccountId, string> Names { get; set; } = [];

    /// <summary>The words for who has no name here.</summary>
    protected virtual string Nameless => L["hours.somebody"];

    protected string NameOf(AccountId account) => Names.GetValueOrDefault(account) ?? Nameless;
}
