using System.Text.Json;
using TimeBank.Holds;
using TimeBank.Notices;
using TimeBank.Projections;
using TimeBank.WorkSessions;
using TimeBank.Texts;

namespace TimeBank.Access;

/// <summary>All that concerns a person, in one answer.</summary>
/// <param name="Person">The login; of who has no standing in the bank that asks, the id alone.</param>
/// <param name="Invitations">Addressed to them, and not accepted yet.</param>
public sealed record PersonDataView(JsonElement Person, IReadOnlyList<PersonInBank> Banks, IReadOnlyList<PersonInvitation> Invitations);

/// <summary>What is kept about a person in one bank.</summary>
/// <param name="Standings">Also those that ended.</param>
/// <param name="NoticeSettings">How they want to be told.</param>
public sealed record PersonInBank(string Bank, IReadOnlyList<GrantView> Standings, NoticeSettings NoticeSettings, IReadOnlyList<PersonAccount> Accounts);

/// <summary>An account that is or was the person's own.</summary>
/// <param name="Texts">Names that it had, and why it was frozen or closed.</param>
public sealed record PersonAccount(
    AccountId Id, string? Name, IReadOnlyList<PersonText> Texts, IReadOnlyList<LinkView> Links, IReadOnlyList<PermissionView> Permissions, IReadOnlyList<PersonHold> Holds, IReadOnlyList<PersonThing> Things, IReadOnlyList<PersonNotice> Notices, IReadOnlyList<PersonEntry> Entries);

/// <summary>Something that was written with an account itself.</summary>
/// <param name="What">The event that it was written with.</param>
public sealed record PersonText(DateTimeOffset Posted, string What, string? Name, string? Reason)
{
    public static PersonText Of(SettingsText t) => new(t.Posted, t.Type, t.Text.Name, t.Text.Reason);
}

/// <summary>A hold with what was written about it.</summary>
public sealed record PersonHold(
    HoldId Id, AccountId Payer, AccountId Payee, Minutes Minutes, DateTimeOffset ExpiresAt, HoldStatus Status, TransferId? Transfer,
    string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata)
{
    public static PersonHold Of(HoldRow row, DateTimeOffset now)
    {
        var (h, text) = row;
        return new PersonHold(h.Id, h.Payer, h.Payee, h.Minutes, h.ExpiresAt, h.StatusAt(now), h.Transfer, h.Category, text?.Memo, text?.ClientReference, text?.Metadata);
    }
}

/// <summary>A contribution, a request for payment, a schedule, a session: what of it concerns the account, with what was written about it.</summary>
/// <param name="State">As it is kept.</param>
/// <param name="Text">All that was written with it: what was done, a listing's title, a profile's telephone. What a project plans is the project's.</param>
public sealed record PersonThing(string Kind, JsonElement State, TextBody? Text, string? Reason)
{
    public static PersonThing Of(ThingRow<Thing> row, AccountId account) => new(
        ThingsTable.KindOf(row.Thing), JsonSerializer.Deserialize<JsonElement>(ThingsTable.StateOf(row.Thing.For(account))),
        row.Thing is WorkSession { Plan.Project: var project } && project != account ? null : row.Text, row.Reason?.Reason);
}

/// <summary>What was told of the account.</summary>
/// <param name="Said">Which of the kind's sentences it was.</param>
public sealed record PersonNotice(
    NoticeKind Kind, string Said, Guid Subject, AccountId? Other, Minutes? Minutes, DateOnly? Day, DateTimeOffset Made, DateTimeOffset? Read, DateTimeOffset? Told)
{
    public static PersonNotice Of(KeptNotice n) =>
        new(n.News.Kind, n.News.Said, n.News.Subject, n.News.Other, n.News.Minutes, n.News.Day, n.Made, n.Read, n.Told?.At);
}

/// <summary>An entry with what was written about it.</summary>
public sealed record PersonEntry(
    TransferId Transfer, DateTimeOffset Posted, DateOnly Occurred, Minutes Minutes, Minutes Balance, AccountId Counterparty,
    string? Category, string? Memo, string? ClientReference, SortedDictionary<string, string>? Metadata, string? Reason)
{
    public static PersonEntry Of(EntryRow e) => new(
        e.Moved.Transfer, e.Posted, e.Moved.Occurred, e.Amount, e.Balance, e.Moved.Counterparty, e.Moved.Category,
        e.Text?.Memo, e.Text?.ClientReference, e.Text?.Metadata, e.Text?.Reason);
}

/// <summary>An invitation that waits for the person.</summary>
public sealed record PersonInvitation(
    string Bank, Guid Id, string Name, string Email, Role Role, AccountId? Account, string? Neighbourhood, DateTimeOffset Made, DateTimeOffset Expires);
