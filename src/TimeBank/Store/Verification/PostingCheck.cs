using TimeBank.Accounts;
using TimeBank.Postings;

namespace TimeBank.Store;

/// <summary>Postings, one after the other: each sums to zero, and the two sides of each transfer tell the same.</summary>
internal sealed class PostingCheck(string bank, Action<Difference> tell)
{
    private readonly Dictionary<TransferId, (StoredEvent Event, PassbookEvent.HoursDebited Debit)> _debits = [];
    private readonly List<(AccountId Account, Difference Difference)> _belowFloor = [];
    private readonly HashSet<AccountId> _closed = [];
    private string? _correlation;
    private Guid? _posting;
    private Int128 _sum;

    public void Add(StoredEvent e)
    {
        if (_correlation is null || e.Correlation != _correlation)
            Begin(e);
        switch (e.Happened)
        {
            case PassbookEvent.HoursDebited debit:
                _sum -= debit.Minutes.Value;
                Belongs(e, debit);
                _debits[debit.Transfer] = (e, debit);
                break;
            case PassbookEvent.HoursCredited credit:
                _sum += credit.Minutes.Value;
                Belongs(e, credit);
                if (_debits.Remove(credit.Transfer, out var other))
                    Compare(other.Event, other.Debit, e, credit);
                else
                    Tell($"transfer {credit.Transfer}", "debit before the credit", "one", "none");
                break;
            case AccountEvent.AccountClosed:
                _closed.Add(AccountId.OfSettings(e.Stream));
                break;
        }
    }

    /// <summary>An entry went below the floor. Only what empties an account that this posting closes may do so.</summary>
    public void BelowFloor(StoredEvent e, Minutes floor, Minutes available) => _belowFloor.Add((
        new AccountId(e.Stream),
        new Difference(bank, $"account {e.Stream} version {e.Version}", "available without an override", $"at least {floor}", available.ToString())));

    /// <summary>The posting is over.</summary>
    public void End()
    {
        foreach (var debit in _debits.Keys)
            Tell($"transfer {debit}", "credit after the debit", "one", "none");
        if (_sum != 0)
            Tell($"posting {_correlation}", "sum", "0", _sum.ToString());
        foreach (var (account, difference) in _belowFloor)
        {
            if (!_closed.Contains(account))
                tell(difference);
        }
        _debits.Clear();
        _belowFloor.Clear();
        _closed.Clear();
        (_sum, _correlation) = (0, null);
    }

    private void Begin(StoredEvent e)
    {
        End();
        _correlation = e.Correlation;
        _posting = Guid.TryParse(e.Correlation, out var posting) ? posting : null;
        if (_posting is null)
            Tell($"event {e.Seq}", "correlation_id", "the posting's id", GuardRow.Said(e.Correlation));
    }

    private void Belongs(StoredEvent e, PassbookEvent.HoursMoved entry)
    {
        if (entry.Transfer.Posting.Value != _posting)
            Tell($"event {e.Seq}", "correlation_id", entry.Transfer.Posting.ToString(), GuardRow.Said(e.Correlation));
    }

    private void Compare(StoredEvent debited, PassbookEvent.HoursDebited debit, StoredEvent credited, PassbookEvent.HoursCredited credit)
    {
        if (credit.Counterparty.Value != debited.Stream || debit.Counterparty.Value != credited.Stream)
            Tell($"transfer {debit.Transfer}", "counterparties", "each other", $"{debit.Counterparty} and {credit.Counterparty}");
        Same("kind", debit.Kind, credit.Kind);
        Same("minutes", debit.Minutes, credit.Minutes);
        Same("occurred", debit.Occurred, credit.Occurred);
        Same("category", debit.Category, credit.Category);
        Same("text", debit.Text, credit.Text);
        Same("hold", debit.Hold, credit.Hold);
        Same("rule", debit.Rule, credit.Rule);
        Same("reverses", debit.Reverses, credit.Reverses);
        Same("override", debit.Override, credit.Override);

        void Same<T>(string what, T debitSays, T creditSays)
        {
            if (!EqualityComparer<T>.Default.Equals(debitSays, creditSays))
                Tell($"transfer {debit.Transfer}", $"{what} in the credit", GuardRow.Said(debitSays), GuardRow.Said(creditSays));
        }
    }

    private void Tell(string where, string what, string expected, string found) => tell(new Difference(bank, where, what, expected, found));
}
