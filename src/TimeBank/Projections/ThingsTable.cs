using System.Collections.Frozen;
using System.Text.Json;
using Npgsql;
using TimeBank.Arrangements;
using TimeBank.Accounts;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.FairPlay;
using TimeBank.PaymentRequests;
using TimeBank.Postings;
using TimeBank.Pots;
using TimeBank.Schedules;
using TimeBank.Redemptions;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Projects;
using TimeBank.Safeguarding;
using TimeBank.Store;
using TimeBank.Workshops;
using TimeBank.WorkSessions;

namespace TimeBank.Projections;

/// <summary>Guard tables: every thing with a stream of its own, as it stands, and the accounts that it concerns.</summary>
public static class ThingsTable
{
    public const string Columns = "id, kind, stage, due, state, text, reason";

    /// <summary>What the state of each kind is.</summary>
    private static readonly FrozenDictionary<StreamKind, Type> States = new Dictionary<StreamKind, Type>
    {
        [StreamKind.Contribution] = typeof(Contribution),
        [StreamKind.PaymentRequest] = typeof(PaymentRequest),
        [StreamKind.Schedule] = typeof(Schedule),
        [StreamKind.WorkSession] = typeof(WorkSession),
        [StreamKind.Service] = typeof(Service),
        [StreamKind.Booking] = typeof(Booking),
        [StreamKind.Voucher] = typeof(Voucher),
        [StreamKind.Listing] = typeof(Listing),
        [StreamKind.Member] = typeof(Member),
        [StreamKind.Project] = typeof(Project),
        [StreamKind.Activity] = typeof(Activity),
        [StreamKind.Credentials] = typeof(MemberCredentials),
        [StreamKind.Arrangement] = typeof(Arrangement),
        [StreamKind.Workshop] = typeof(Workshop),
        [StreamKind.AccountNumber] = typeof(AccountNumber),
        [StreamKind.Youth] = typeof(Youth),
        [StreamKind.Apart] = typeof(Apart),
        [StreamKind.Question] = typeof(Question),
        [StreamKind.PotRequest] = typeof(PotRequest),
        [StreamKind.EntryDispute] = typeof(EntryDispute),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, StreamKind> Kinds = States.ToFrozenDictionary(s => s.Value, s => s.Key);

    /// <summary>Whoever had to do with one of these gave or received help, or is about to.</summary>
    public static readonly string[] Help = [KindOf<Contribution>(), KindOf<Booking>(), KindOf<Workshop>(), KindOf<Arrangement>()];

    private static readonly string MemberKind = KindOf<Member>();

    /// <summary>Notes of a bank's members who are at home there: they gave or received help, or are about to.</summary>
    public const string NoteAllAtHome = """
        update timebank.things m set at_home = true
        from timebank.thing_parties p
        where m.bank = $1 and m.kind = 'member' and p.bank = m.bank and p.account = (m.state ->> 'account')::uuid and p.kind = any ($2)
        """;

    /// <summary>Whether a stream of that kind tells of a thing.</summary>
    public static bool IsThing(string kind) => EventCodec.TryStreamKind(kind, out var stream) && States.ContainsKey(stream);

    public static string KindOf(Thing thing) => EventCodec.StreamType(Kinds[thing.GetType()]);

    public static string KindOf<TThing>() where TThing : Thing => EventCodec.StreamType(Kinds[typeof(TThing)]);

    /// <summary>The stage's word.</summary>
    public static string StageOf(Thing thing) => JsonNamingPolicy.CamelCase.ConvertName(thing.Stage.ToString());

    public static byte[] StateOf(Thing thing) => JsonSerializer.SerializeToUtf8Bytes(thing, thing.GetType(), EventJson.Options);

    public static Thing Decode(string kind, string state)
    {
        if (!EventCodec.TryStreamKind(kind, out var stream) || !States.TryGetValue(stream, out var type))
            throw new UnknownEventException($"thing of kind {kind}", null);
        try
        {
            return (Thing)(JsonSerializer.Deserialize(state, type, EventJson.Options) ?? throw new JsonException("It is null."));
        }
        catch (JsonException e)
        {
            throw new UnknownEventException(kind, e);
        }
    }

    /// <summary>Rows of one transaction: every thing at most once.</summary>
    public sealed class Rows
    {
        private readonly Dictionary<(BankId, ThingId), Thing> _set = [];
        private readonly HashSet<(BankId, ThingId)> _gathering = [];

        /// <param name="isNew">The event was its first.</param>
        public void Add(BankId bank, Thing thing, bool isNew)
        {
            _set[(bank, thing.Id)] = thing;
            if (isNew || thing.GathersParties)
                _gathering.Add((bank, thing.Id));
        }

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_set.Count == 0)
                return;
            var rows = _set.Select(r => (Bank: r.Key.Item1.Value, Thing: r.Value, Kind: KindOf(r.Value))).ToList();
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
                insert into timebank.things (bank, {Columns})
                select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
                on conflict (bank, id) do update set stage = excluded.stage, due = excluded.due, state = excluded.state, text = excluded.text, reason = excluded.reason
                """)
                .Texts([.. rows.Select(r => r.Bank)])
                .Uuids([.. rows.Select(r => r.Thing.Id.Value)])
                .Texts([.. rows.Select(r => r.Kind)])
                .Texts([.. rows.Select(r => StageOf(r.Thing))])
                .Instants([.. rows.Select(r => r.Thing.Due?.UtcDateTime)])
                .Json([.. rows.Select(r => StateOf(r.Thing))])
                .Uuids([.. rows.Select(r => r.Thing.Wording?.Id.Value)])
                .Uuids([.. rows.Select(r => r.Thing.Grounds?.Id.Value)]));
            var parties = rows.Where(r => _gathering.Contains((new BankId(r.Bank), r.Thing.Id)))
                .SelectMany(r => r.Thing.Parties.Select(p => (r.Bank, r.Thing.Id, Account: p, r.Kind))).ToList();
            if (parties.Count == 0)
                return;
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "insert into timebank.thing_parties (bank, id, account, kind) select * from unnest($1, $2, $3, $4) on conflict do nothing")
                .Texts([.. parties.Select(p => p.Bank)])
                .Uuids([.. parties.Select(p => p.Id.Value)])
                .Uuids([.. parties.Select(p => p.Account.Value)])
                .Texts([.. parties.Select(p => p.Kind)]));
            NoteAtHome(batch, [.. parties.Where(p => p.Kind == MemberKind || Help.Contains(p.Kind)).Select(p => (p.Bank, p.Account)).Distinct()]);
        }

        /// <summary>Of members who are new, and of members who have to do with help from now on. What makes them so was written just before.</summary>
        private static void NoteAtHome(NpgsqlBatch batch, List<(string Bank, AccountId Account)> among)
        {
            if (among.Count == 0)
                return;
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                update timebank.things m set at_home = true
                from unnest($1, $2, $3) u (bank, id, account)
                where m.bank = u.bank and m.id = u.id and m.kind = 'member' and not m.at_home
                  and exists (select from timebank.thing_parties p where p.bank = u.bank and p.account = u.account and p.kind = any ($4))
                """)
                .Texts([.. among.Select(a => a.Bank)])
                .Uuids([.. among.Select(a => Member.IdOf(a.Account).Value)])
                .Uuids([.. among.Select(a => a.Account.Value)])
                .Texts(Help));
        }
    }

    /// <summary>Columns: the bank, then a thing.</summary>
    public static NpgsqlBatchCommand Load(IReadOnlyList<string> banks, IReadOnlyList<Guid> ids) => new NpgsqlBatchCommand("""
        select t.bank, t.kind, t.state from unnest($1, $2) u (b, i) join timebank.things t on t.bank = u.b and t.id = u.i
        """).Texts(banks).Uuids(ids);

    public static Thing Read(NpgsqlDataReader row, int at) => Decode(row.GetString(at), row.GetString(at + 1));
}
