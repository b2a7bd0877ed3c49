using System.Globalization;
using System.Text;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Postings.Exporting;

/// <summary>A journal for hledger: a transaction for each posting, dated when the help was given, in the commodity <c>min</c>.</summary>
/// <remarks>Syntax: hledger 1.25, hledger_journal(5). Two spaces end an account's name, a colon begins a subaccount, a semicolon a
/// comment; in comments a word before a colon is a tag and brackets may be a date. Text of people is written so that none of this
/// happens.</remarks>
public sealed class HledgerFormat : ExportFormat
{
    private readonly TextWriter _output;
    private readonly BankId _bank;
    private readonly JournalHead _head;
    private readonly IReadOnlyList<AccountName> _accounts;
    private readonly Dictionary<AccountId, string> _names;
    private PostingId? _posting;
    private DateOnly _date;

    public HledgerFormat(TextWriter output, BankId bank, JournalHead head, IReadOnlyList<AccountName> accounts, bool withTexts)
    {
        (_output, _bank, _head, _accounts) = (output, bank, head, accounts);
        _names = accounts.ToDictionary(a => a.Id, a => $"{a.Kind.Word()}:{(withTexts && a.Name is { } name ? OneSegment(name) : "")}");
        // Without a name, or with the name of another, an account is told by its id.
        var taken = _names.Values.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        foreach (var account in accounts)
        {
            if (_names[account.Id] is var name && (name[^1] == ':' || taken.Contains(name)))
                _names[account.Id] = name[^1] == ':' ? name + account.Id : $"{name} ({account.Id})";
        }
    }

    public override void Begin()
    {
        Line($"; Bank {_bank}, up to number {_head.Number} of its journal. Quantities are minutes.");
        Line("commodity 1000. min");
        foreach (var account in _accounts)
            Line($"account {_names[account.Id]}  ; id:{account.Id}");
    }

    public override void Write(TransferWithText row)
    {
        var (t, text) = row;
        if (_posting != t.Id.Posting)
            BeginTransaction(t);
        var tags = new StringBuilder($"transfer:{t.Id}, kind:{t.Kind.Word()}");
        if (t.Category is { } category)
            tags.Append(", category:").Append(category);
        if (t.Hold is { } hold)
            tags.Append(", hold:").Append(hold);
        if (t.Rule is { } rule)
            tags.Append(", rule:").Append(rule.Id);
        if (t.Reverses is { } reverses)
            tags.Append(", reverses:").Append(reverses);
        // The legs of a posting may have dates of their own.
        if (t.Occurred != _date)
            tags.Append(", date:").Append(Date(t.Occurred));
        Line($"    {_names[t.Payer]}  -{t.Minutes} min  ; {tags}");
        Comment("memo", text?.Memo);
        Comment("clientReference", text?.ClientReference);
        Comment("reason", text?.Reason);
        foreach (var (key, value) in text?.Metadata ?? [])
            Comment("metadata", $"{key} = {value}");
        Line($"    {_names[t.Payee]}  {t.Minutes} min  ; {tags}");
    }

    private void BeginTransaction(Transfer first)
    {
        (_posting, _date) = (first.Id.Posting, first.Occurred);
        var posted = Uuid.InstantOf(first.Id.Value).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        Line("");
        Line($"{Date(_date)} ({first.Id.Posting}) {first.Kind.Word()}  ; posted:{posted}");
    }

    private void Comment(string tag, string? text)
    {
        if (text is not null)
            Line($"    ; {tag}: {OneLine(text).Replace(':', '∶').Replace('[', '(').Replace(']', ')')}");
    }

    /// <summary>A name that hledger reads as one part of an account's name.</summary>
    private static string OneSegment(string name) => OneLine(name).Replace(':', '-').Replace(';', ',');

    /// <summary>White space and control characters become one space each run, none at the ends.</summary>
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && !char.IsControl(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }
        return line.ToString().TrimEnd(' ');
    }

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Line(string line)
    {
        _output.Write(line);
        _output.Write('\n');
    }
}
