using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using TimeBank.Access;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Guard table: standings of persons, keys of partner apps, links of members to apps, permissions to persons; those that ended are kept.</summary>
public static class RightsTable
{
    public const string GrantKind = "grant";
    public const string KeyKind = "key";
    public const string LinkKind = "link";
    public const string PermissionKind = "permission";
    public const string Columns = "id, kind, holder, account, active, terms";

    /// <summary>What is set for a key, beside the columns.</summary>
    public sealed record KeyTerms(TextId? Name, ImmutableArray<Scope> Scopes, bool OfBank, DateTimeOffset? ExpiresAt, ImmutableArray<KeyHalf> Halves);

    /// <summary>What is set for a link, beside the columns.</summary>
    public sealed record LinkTerms(Minutes? Most, DateTimeOffset? ExpiresAt);

    /// <summary>What is set for a permission, beside the columns, and how much of it is used.</summary>
    public sealed record PermissionState(PermissionTerms Terms, Minutes Used, Yes Yes);

    /// <summary>Rows of one transaction: every right at most once.</summary>
    public sealed class Rows
    {
        private readonly Dictionary<(BankId, RightId), Right> _set = [];

        public void Add(BankId bank, Right right) => _set[(bank, right.Id)] = right;

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_set.Count == 0)
                return;
            var rows = _set.Select(r => (Bank: r.Key.Item1, Right: r.Value, Stored: Terms(r.Value))).ToList();
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
                insert into timebank.rights (bank, {Columns})
                select bank, id, kind, holder, account, active = 1, terms
                from unnest($1, $2, $3, $4, $5, $6, $7) u (bank, id, kind, holder, account, active, terms)
                on conflict (bank, id) do update set account = excluded.account, active = excluded.active, terms = excluded.terms
                """)
                .Texts([.. rows.Select(r => r.Bank.Value)])
                .Uuids([.. rows.Select(r => r.Right.Id.Value)])
                .Texts([.. rows.Select(r => r.Stored.Kind)])
                .Uuids([.. rows.Select(r => r.Right.Holder)])
                .Uuids([.. rows.Select(r => r.Right.Account?.Value)])
                .Numbers([.. rows.Select(r => r.Right.Active ? 1L : 0L)])
                .Json([.. rows.Select(r => r.Stored.Terms)]));
        }
    }

    public static (string Kind, byte[] Terms) Terms(Right right) => right switch
    {
        Grant g => (GrantKind, Json(g.Standing)),
        Key k => (KeyKind, Json(new KeyTerms(k.Name, k.Scopes, k.OfBank, k.ExpiresAt, k.Halves))),
        Link l => (LinkKind, Json(new LinkTerms(l.Most, l.ExpiresAt))),
        Permission p => (PermissionKind, Json(new PermissionState(p.Terms, p.Used, p.Yes))),
        _ => throw new ArgumentOutOfRangeException(nameof(right), right, null),
    };

    /// <summary>Columns: the bank, then a right.</summary>
    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids) => new NpgsqlBatchCommand($"""
        select r.bank, {Columns} from unnest($1, $2) u (b, i) join timebank.rights r on r.bank = u.b and r.id = u.i
        """).Texts(banks).Uuids(ids);

    public static Right Read(NpgsqlDataReader row, int at)
    {
        var id = new RightId(row.GetGuid(at));
        var holder = row.GetGuid(at + 2);
        AccountId? account = row.UuidOrNull(at + 3) is { } of ? new AccountId(of) : null;
        var active = row.GetBoolean(at + 4);
        var terms = row.GetString(at + 5);
        switch (row.GetString(at + 1))
        {
            case GrantKind:
                return new Grant(id, new PersonId(holder), EventCodec.DecodePart<Standing>(terms), active);
            case KeyKind:
                var key = EventCodec.DecodePart<KeyTerms>(terms);
                return new Key(id, key.Name, key.Scopes, account, key.OfBank, key.ExpiresAt, key.Halves, active);
            case LinkKind:
                var link = EventCodec.DecodePart<LinkTerms>(terms);
                return new Link(id, new RightId(holder), account!.Value, link.Most, link.ExpiresAt, active);
            case PermissionKind:
                var given = EventCodec.DecodePart<PermissionState>(terms);
                return new Permission(id, new PersonId(holder), account!.Value, given.Terms, given.Used, given.Yes, active);
            case var kind:
                throw new UnknownEventException($"right of kind {kind}", null);
        }
    }

    private static byte[] Json<T>(T terms) => JsonSerializer.SerializeToUtf8Bytes(terms, EventJson.Options);
}
