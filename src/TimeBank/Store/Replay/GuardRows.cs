using System.Reflection;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;

namespace TimeBank.Store;

/// <summary>A row of a guard table, as events tell that it must be. Written and read apart from the code that keeps the tables
/// while the ledger runs, so that one shows the other's mistakes.</summary>
public abstract record GuardRow
{
    /// <summary>Columns in which two rows differ, with both values.</summary>
    public IEnumerable<(string Column, string Expected, string Found)> Against(GuardRow found) =>
        from property in GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.Name != nameof(EqualityContract)
        let mine = property.GetValue(this)
        let other = property.GetValue(found)
        where !Equals(mine, other)
        select (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Said(mine), Said(other));

    public static string Said(object? value) => value switch
    {
        null => "nothing",
        DateTimeOffset instant => instant.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>As this program writes it; what it cannot read stays as it is, and so differs from all that it writes.</summary>
    protected static string Canonical<T>(string json)
    {
        try
        {
            return JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, EventJson.Options), EventJson.Options);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException or FormatException or OverflowException)
        {
            return json;
        }
    }
}

/// <summary>A row of mt_streams.</summary>
/// <param name="Created">Null if the stream's first event was not replayed.</param>
public sealed record StreamRow(string? Type, long? Version, DateTimeOffset Timestamp, DateTimeOffset? Created, bool? IsArchived) : GuardRow
{
    public const string Columns = "id, type, version, timestamp, created, is_archived";

    public static StreamRow Of(StreamFold s) => new(EventCodec.StreamType(s.Kind), s.Version, s.Updated, s.Created, false);

    public static StreamRow Read(NpgsqlDataReader row, int at) =>
        new(row.TextOrNull(at), row.NumberOrNull(at + 1), row.Instant(at + 2), row.Instant(at + 3), row.IsDBNull(at + 4) ? null : row.GetBoolean(at + 4));

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Type);
        rows.Put(Version);
        rows.Put(Timestamp);
        rows.Put(Created);
        rows.Write(false, NpgsqlDbType.Boolean);
    }
}

/// <summary>A row of accounts.</summary>
public sealed record AccountRow(
    string Kind, string Status, Guid? Parent, Guid? NameText, long? Floor, long? Ceiling, string? Neighbourhood, long SettingsVersion, string? Silence, string? Purpose) : GuardRow
{
    public const string Columns = "id, kind, status, parent, name_text, floor, ceiling, neighbourhood, settings_version, silence, purpose";

    public static AccountRow Of(Account a) =>
        new(a.Kind.Word(), a.Status.Word(), a.Parent?.Value, a.Name?.Value, a.Floor?.Value, a.Ceiling?.Value, a.Neighbourhood, a.SettingsVersion, a.Silence?.Word(), a.Purpose);

    public static AccountRow Read(NpgsqlDataReader row, int at) => new(
        row.GetString(at), row.GetString(at + 1), row.UuidOrNull(at + 2), row.UuidOrNull(at + 3),
        row.NumberOrNull(at + 4), row.NumberOrNull(at + 5), row.TextOrNull(at + 6), row.GetInt64(at + 7), row.TextOrNull(at + 8), row.TextOrNull(at + 9));

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Kind);
        rows.Put(Status);
        rows.Put(Parent);
        rows.Put(NameText);
        rows.Put(Floor);
        rows.Put(Ceiling);
        rows.Put(Neighbourhood);
        rows.Put(SettingsVersion);
        rows.Put(Silence);
        rows.Put(Purpose);
    }
}

/// <summary>A row of rules: one version of a rule.</summary>
public sealed record RuleRow(Guid Owner, bool Active, bool Newest, string Terms) : GuardRow
{
    public const string Columns = "id, version, owner, active, newest, terms";

    public static RuleRow Of(Rule r, bool newest) => new(r.Owner.Value, r.Active, newest, JsonSerializer.Serialize(r.Terms, EventJson.Options));

    public static RuleRow Read(NpgsqlDataReader row, int at) =>
        new(row.GetGuid(at), row.GetBoolean(at + 1), row.GetBoolean(at + 2), Canonical<RuleTerms>(row.GetString(at + 3)));

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Owner);
        rows.Write(Active, NpgsqlDbType.Boolean);
        rows.Write(Newest, NpgsqlDbType.Boolean);
        rows.Write(Terms, NpgsqlDbType.Jsonb);
    }
}

/// <summary>A row of banks.</summary>
/// <param name="Organisers">In the order in which they became it, with commas between, to be compared as one.</param>
public sealed record BankRow(Guid Stream, long Version, string Name, Guid Issuer, string Policy, long AuditVersion, string Organisers) : GuardRow
{
    public const string Columns = "stream, version, name, issuer, policy, audit_version, organisers";

    public static BankRow Of(Bank b) => new(
        b.Stream, b.Version, b.Name, b.Issuer.Value, JsonSerializer.Serialize(b.Policy, EventJson.Options), b.AuditVersion, string.Join(',', b.Organisers));

    public static BankRow Read(NpgsqlDataReader row, int at) => new(
        row.GetGuid(at), row.GetInt64(at + 1), row.GetString(at + 2), row.GetGuid(at + 3), Canonical<BankPolicy>(row.GetString(at + 4)),
        row.GetInt64(at + 5), string.Join(',', row.GetFieldValue<Guid[]>(at + 6)));

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Stream);
        rows.Put(Version);
        rows.Put(Name);
        rows.Put(Issuer);
        rows.Write(Policy, NpgsqlDbType.Jsonb);
        rows.Put(AuditVersion);
        rows.Write(Organisers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
    }
}

/// <summary>A row of rights.</summary>
public sealed record RightRow(string Kind, Guid Holder, Guid? Account, bool Active, string Terms) : GuardRow
{
    public const string Columns = "id, kind, holder, account, active, terms";

    public static RightRow Of(Right r)
    {
        var (kind, terms) = RightsTable.Terms(r);
        return new RightRow(kind, r.Holder, r.Account?.Value, r.Active, Encoding.UTF8.GetString(terms));
    }

    public static RightRow Read(NpgsqlDataReader row, int at)
    {
        var kind = row.GetString(at);
        var terms = row.GetString(at + 4);
        return new RightRow(kind, row.GetGuid(at + 1), row.UuidOrNull(at + 2), row.GetBoolean(at + 3), kind switch
        {
            RightsTable.GrantKind => Canonical<Standing>(terms),
            RightsTable.KeyKind => Canonical<RightsTable.KeyTerms>(terms),
            RightsTable.PermissionKind => Canonical<RightsTable.PermissionState>(terms),
            _ => Canonical<RightsTable.LinkTerms>(terms),
        });
    }

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Kind);
        rows.Write(Holder, NpgsqlDbType.Uuid);
        rows.Put(Account);
        rows.Write(Active, NpgsqlDbType.Boolean);
        rows.Write(Terms, NpgsqlDbType.Jsonb);
    }
}

/// <summary>A row of things, with its rows of thing_parties.</summary>
/// <param name="Parties">Accounts in the order of their ids, each with the kind, with commas between, to be compared as one.</param>
public sealed record ThingRow(string Kind, string Stage, DateTimeOffset? Due, string State, Guid? Text, Guid? Reason, string Parties) : GuardRow
{
    public const string Columns = ThingsTable.Columns + """
        , (select string_agg(p.account || ' ' || p.kind, ',' order by p.account) from timebank.thing_parties p where p.bank = things.bank and p.id = things.id)
        """;

    public static ThingRow Of(Thing t) => new(
        ThingsTable.KindOf(t), ThingsTable.StageOf(t), t.Due, Encoding.UTF8.GetString(ThingsTable.StateOf(t)), t.Wording?.Id.Value, t.Grounds?.Id.Value,
        string.Join(',', t.Parties.Select(p => $"{p} {ThingsTable.KindOf(t)}").Order(StringComparer.Ordinal)));

    public static ThingRow Read(NpgsqlDataReader row, int at)
    {
        var (kind, state) = (row.GetString(at), row.GetString(at + 3));
        return new ThingRow(kind, row.GetString(at + 1), row.IsDBNull(at + 2) ? null : row.Instant(at + 2), Rewritten(kind, state),
            row.UuidOrNull(at + 4), row.UuidOrNull(at + 5), row.TextOrNull(at + 6) ?? "");
    }

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Kind);
        rows.Put(Stage);
        rows.Put(Due);
        rows.Write(State, NpgsqlDbType.Jsonb);
        rows.Put(Text);
        rows.Put(Reason);
    }

    private static string Rewritten(string kind, string state)
    {
        try
        {
            return Encoding.UTF8.GetString(ThingsTable.StateOf(ThingsTable.Decode(kind, state)));
        }
        catch (UnknownEventException)
        {
            return state;
        }
    }
}

/// <summary>A row of holds.</summary>
/// <param name="Ended">When its end was written down; null while it is open.</param>
public sealed record HoldRow(
    Guid Payer, Guid Payee, long Minutes, string Kind, string? Category, Guid? Text, string? TextHash, DateTimeOffset ExpiresAt,
    string Status, long Taken, Guid? Transfer, DateTimeOffset? Ended) : GuardRow
{
    public const string Columns = "id, payer, payee, minutes, kind, category, text, text_hash, expires_at, status, taken, transfer, ended";

    public static HoldRow Of(Hold h, DateTimeOffset? ended) => new(
        h.Payer.Value, h.Payee.Value, h.Minutes.Value, h.Kind.Word(), h.Category, h.Text?.Id.Value, h.Text?.Hash, h.ExpiresAt,
        h.Status.Word(), h.Taken.Value, h.Transfer?.Value, ended);

    public static HoldRow Read(NpgsqlDataReader row, int at) => new(
        row.GetGuid(at), row.GetGuid(at + 1), row.GetInt64(at + 2), row.GetString(at + 3), row.TextOrNull(at + 4), row.UuidOrNull(at + 5),
        row.TextOrNull(at + 6), row.Instant(at + 7), row.GetString(at + 8), row.GetInt64(at + 9), row.UuidOrNull(at + 10),
        row.IsDBNull(at + 11) ? null : row.Instant(at + 11));

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Payer);
        rows.Put(Payee);
        rows.Put(Minutes);
        rows.Put(Kind);
        rows.Put(Category);
        rows.Put(Text);
        rows.Put(TextHash);
        rows.Put(ExpiresAt);
        rows.Put(Status);
        rows.Put(Taken);
        rows.Put(Transfer);
        rows.Put(Ended);
    }
}

/// <summary>A row of transfers, but for what was reversed since, which later events tell.</summary>
public sealed record TransferRow(
    string Kind, Guid Payer, Guid Payee, long Minutes, DateOnly Occurred, string? Category, Guid? Text,
    Guid? Hold, Guid? Rule, long? RuleVersion, Guid? Reverses, string? Override) : GuardRow
{
    public const string Columns = "id, reversed, kind, payer, payee, minutes, occurred, category, text, hold, rule, rule_version, reverses, override";

    public static TransferRow Of(Guid payer, PassbookEvent.HoursDebited e) => new(
        e.Kind.Word(), payer, e.Counterparty.Value, e.Minutes.Value, e.Occurred, e.Category, e.Text?.Id.Value,
        e.Hold?.Value, e.Rule?.Id.Value, e.Rule?.Version, e.Reverses?.Value, e.Override?.Word());

    public static TransferRow Read(NpgsqlDataReader row, int at) => new(
        row.GetString(at), row.GetGuid(at + 1), row.GetGuid(at + 2), row.GetInt64(at + 3), row.GetFieldValue<DateOnly>(at + 4), row.TextOrNull(at + 5),
        row.UuidOrNull(at + 6), row.UuidOrNull(at + 7), row.UuidOrNull(at + 8), row.NumberOrNull(at + 9), row.UuidOrNull(at + 10), row.TextOrNull(at + 11));

    public void Write(NpgsqlBinaryImporter rows)
    {
        rows.Put(Kind);
        rows.Put(Payer);
        rows.Put(Payee);
        rows.Put(Minutes);
        rows.Write(Occurred, NpgsqlDbType.Date);
        rows.Put(Category);
        rows.Put(Text);
        rows.Put(Hold);
        rows.Put(Rule);
        rows.Put(RuleVersion);
        rows.Put(Reverses);
        rows.Put(Override);
    }
}
