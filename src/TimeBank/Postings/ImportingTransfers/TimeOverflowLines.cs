using System.Globalization;
using TimeBank.Store;
using TimeBank.Web.Csv;

namespace TimeBank.Postings.ImportingTransfers;

/// <summary>A file of transfers as TimeOverflow writes it: amounts in seconds, accounts by the ids that they have there. It is history: no floors, no rules.</summary>
/// <remarks>A member's id there is looked up among the numbers of the accounts here; an organization's among them with <c>organization-</c> in front,
/// and where no account has that, it is the bank's issuer. The kind of transfer is the first of the table that these two accounts may make.</remarks>
/// <param name="round">Whether seconds that are not whole minutes become the nearest whole minute, and at least one; else they are errors.</param>
public sealed class TimeOverflowLines(BankId bank, PostingCommands commands, AccountReferences accounts, bool round) : ImportFormat
{
    private const string OrganizationPrefix = "organization-";
    private const int SecondsOfMinute = 60;

    private static readonly CsvColumns s_columns = CsvColumns.Of(
        6, "source_id", "source_type", "destination_id", "destination_type", "amount", "created_at", "reason", "post_id", KeyColumn);

    private static readonly string[] s_instants = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd"];

    private readonly Dictionary<AccountId, long> _changed = [];
    private int _counted;

    public override CsvColumns Columns => s_columns;

    /// <summary>What rounding changed, for each account.</summary>
    public override IEnumerable<string> Remarks => _changed.Count == 0 ? [] : _changed.Where(c => c.Value != 0)
        .Select(c => (Name: accounts.Call(c.Key), Seconds: c.Value)).OrderBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"  {c.Name}: {c.Seconds:+0;-0} s"))
        .Prepend("Rounding to whole minutes changes balances by:");

    protected override ImportLine? Read(LineReading line)
    {
        var payer = Account(line, "source");
        var payee = Account(line, "destination");
        var request = new SingleTransferRequest
        {
            Kind = payer is { } from && payee is { } to ? KindBetween(from, to) : null,
            Payer = payer?.Value,
            Payee = payee?.Value,
            Minutes = Amount(line, payer, payee),
            Occurred = On(line),
            Memo = line.Text("reason"),
            ClientReference = line.Field("post_id") is { } post ? $"post {post}" : null,
        };
        line.Check(request, SingleTransferRequestValidator.Instance, field => field switch
        {
            "payer" => "source_id", "payee" => "destination_id", "minutes" => "amount", "memo" => "reason", "clientReference" => "post_id", "kind" => "source_id", _ => field,
        });
        return TransferLines.Asked(bank, commands, accounts, request, history: true);
    }

    private AccountId? Account(LineReading line, string side)
    {
        if (line.Field($"{side}_id") is not { } id)
            return null;
        switch (line.Field($"{side}_type")?.ToLowerInvariant())
        {
            case "member" or "user":
                if (accounts.FindNumber(id) is { } member)
                    return member;
                line.Wrong($"{side}_id", $"No account here has the number '{id}'. Import the members first, with their ids as numbers.");
                return null;
            case "organization" or "organisation":
                return accounts.FindNumber(OrganizationPrefix + id) ?? accounts.Community;
            case null:
                line.Wrong($"{side}_type", "This is missing.");
                return null;
            default:
                line.Wrong($"{side}_type", $"'{line.Field($"{side}_type")}' is neither Member nor Organization.");
                return null;
        }
    }

    private TransferKind KindBetween(AccountId payer, AccountId payee) => TransferRule.All
        .First(r => !r.EngineOnly && r.Kind != TransferKind.Forgive && (r.Allows(accounts.KindOf(payer), accounts.KindOf(payee)) || r.Kind == TransferKind.Adjust)).Kind;

    private Minutes? Amount(LineReading line, AccountId? payer, AccountId? payee)
    {
        if (line.Field("amount") is not { } text)
            return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) || seconds <= 0 || !Minutes.InRange(seconds / SecondsOfMinute + 1))
        {
            line.Wrong("amount", $"'{text}' is not a number of seconds, more than zero.");
            return null;
        }
        if (seconds % SecondsOfMinute != 0 && !round)
        {
            line.Wrong("amount", $"{text} seconds are not whole minutes. With --round they become the nearest, and what that changes is listed.");
            return null;
        }
        var minutes = Math.Max(1, (seconds + SecondsOfMinute / 2) / SecondsOfMinute);
        Count(line, payer, payee, minutes * SecondsOfMinute - seconds);
        return new Minutes(minutes);
    }

    /// <summary>A line counts once, however often it is read.</summary>
    private void Count(LineReading line, AccountId? payer, AccountId? payee, long more)
    {
        if (line.Number <= _counted)
            return;
        _counted = line.Number;
        if (more == 0 || payer is not { } from || payee is not { } to)
            return;
        _changed[from] = _changed.GetValueOrDefault(from) - more;
        _changed[to] = _changed.GetValueOrDefault(to) + more;
    }

    /// <summary>Its date by universal time, as TimeOverflow keeps it.</summary>
    private static DateOnly? On(LineReading line)
    {
        if (line.Field("created_at") is not { } text)
        {
            line.Wrong("created_at", "This is missing.");
            return null;
        }
        if (DateTimeOffset.TryParseExact(text.EndsWith(" UTC", StringComparison.Ordinal) ? text[..^4] : text, s_instants, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            return DateOnly.FromDateTime(instant.UtcDateTime);
        line.Wrong("created_at", $"'{text}' is not a time such as 2019-05-01 10:22:31 UTC.");
        return null;
    }
}
