using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Store;

/// <summary>Refolds every stream: no hole in its versions, the figures that its events carry are those of the fold, and no floor was passed.</summary>
internal sealed class StreamCheck(BankFold fold, PostingCheck postings, Action<string, string, string, string> tell)
{
    public void Check(StoredEvent e)
    {
        if (e.Happened is null)
        {
            if (fold.Streams.TryGetValue(e.Stream, out var unread))
                unread.Version = e.Version;
            return;
        }
        var stream = fold.StreamOf(e);
        if (e.Version != stream.Version + 1)
            tell($"stream {e.Stream}", "version after " + stream.Version, (stream.Version + 1).ToString(), e.Version.ToString());
        postings.Add(e);
        var before = stream.Account?.State;
        try
        {
            fold.Apply(e);
        }
        catch (FoldException impossible)
        {
            tell(At(e), "event", "one that can follow what was before", impossible.Message);
            return;
        }
        if (e.Happened is PassbookEvent carried)
            Check(e, stream.Account!, before!, carried);
    }

    private void Check(StoredEvent e, AccountFold account, Account before, PassbookEvent carried)
    {
        var after = account.State!;
        var agrees = Agrees(e, "balance", after.Balance.Value, carried.Balance.Value)
            & Agrees(e, "available", after.Available.Value, carried.Available.Value)
            & Agrees(e, "room", after.Room.Value, carried.Room?.Value ?? 0)
            & Agrees(e, "openHolds", after.OpenHolds, carried.OpenHolds ?? 0);
        if (fold.Bank is { } bank)
            Agrees(e, "floor", after.FloorUnder(bank.Policy)?.Value, carried.Floor?.Value);
        // One wrong figure is told once: what follows is compared with what the passbook itself says from here on.
        if (!agrees)
        {
            account.State = after with
            {
                Balance = carried.Balance,
                Held = carried.Balance - carried.Available,
                Room = carried.Room ?? Minutes.Zero,
                OpenHolds = carried.OpenHolds ?? 0,
            };
        }
        // A capture takes what was set aside, whatever the floor is by then.
        if (carried is PassbookEvent.HoursDebited { Hold: null, Override: null } or PassbookEvent.HoursHeld
            && carried.Floor is { } floor && carried.Available < floor && carried.Available < before.Available)
        {
            postings.BelowFloor(e, floor, carried.Available);
        }
    }

    private bool Agrees(StoredEvent e, string figure, long? expected, long? found)
    {
        if (expected == found)
            return true;
        tell(At(e), figure, GuardRow.Said(expected), GuardRow.Said(found));
        return false;
    }

    private static string At(StoredEvent e) => $"{(e.Happened is PassbookEvent ? "account" : "stream")} {e.Stream} version {e.Version}";
}
