using Npgsql;
using TimeBank.Accounts;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Where listings are searched: a row for each that is open, made by the database from the listing and its text (Schema/007).
/// Of who pauses, has left or is under 18 there is none.</summary>
public static class ListingSearchTable
{
    /// <summary>Rows of one transaction. They are made anew from what the tables say by then, so that making them twice changes nothing.</summary>
    public sealed class Rows
    {
        private readonly HashSet<(string Bank, Guid Listing)> _listings = [];
        private readonly HashSet<(string Bank, Guid Account)> _closed = [];

        /// <summary>Whose offers and requests are found from now on, or not.</summary>
        private readonly HashSet<(string Bank, Guid Account)> _shown = [];

        public void Add(BankId bank, Thing thing, object happened)
        {
            if (thing is Listing)
                _listings.Add((bank.Value, thing.Id.Value));
            else if (happened is MemberEvent.MemberPaused or MemberEvent.MemberKept or MemberEvent.MemberReturned or MemberEvent.MemberLeft or YouthEvent.YouthMarked)
                _shown.Add((bank.Value, thing.Parties.Single().Value));
        }

        /// <summary>Nobody finds what somebody offers who has left.</summary>
        public void Add(BankId bank, Account account)
        {
            if (account.Status == AccountStatus.Closed)
                _closed.Add((bank.Value, account.Id.Value));
        }

        /// <summary>After the listings and their texts.</summary>
        public void AppendTo(NpgsqlBatch batch)
        {
            if (_listings.Count > 0)
            {
                batch.BatchCommands.Add(Of("delete from timebank.listing_search s using unnest($1, $2) u (bank, id) where s.bank = u.bank and s.id = u.id", _listings));
                batch.BatchCommands.Add(Of($"{Insert} from unnest($1, $2) u (b, i) {Named} {Rest}", _listings));
            }
            if (_shown.Count > 0)
            {
                batch.BatchCommands.Add(Of("""
                    delete from timebank.listing_search s using unnest($1, $2) u (b, a), timebank.thing_parties p
                    where p.bank = u.b and p.account = u.a and p.kind = 'listing' and s.bank = p.bank and s.id = p.id
                    """, _shown));
                batch.BatchCommands.Add(Of($"""
                    {Insert} from (
                      select p.bank b, p.id i from unnest($1, $2) a (bank, id) join timebank.thing_parties p on p.bank = a.bank and p.account = a.id and p.kind = 'listing'
                    ) u {Named} {Rest}
                    """, _shown));
            }
            if (_closed.Count > 0)
                batch.BatchCommands.Add(Of("""
                    delete from timebank.listing_search s using unnest($1, $2) u (b, a), timebank.thing_parties p
                    where p.bank = u.b and p.account = u.a and p.kind = 'listing' and s.bank = p.bank and s.id = p.id
                    """, _closed));
        }

        private static NpgsqlBatchCommand Of(string sql, HashSet<(string Bank, Guid Id)> ids) =>
            new NpgsqlBatchCommand(sql).Texts([.. ids.Select(i => i.Bank)]).Uuids([.. ids.Select(i => i.Id)]);
    }

    private const string Insert = """
        insert into timebank.listing_search (bank, id, expires, language, title, terms)
        select t.bank, t.id, t.due, b.policy ->> 'language', timebank.plain_letters(x.body ->> 'title'), timebank.listing_terms(
          b.policy ->> 'language', x.body ->> 'title',
          concat_ws(' ', x.body ->> 'description', x.body ->> 'place', replace(t.state #>> '{terms,category}', '-', ' ')),
          array['b:' || t.bank, 'k:' || (t.state #>> '{terms,kind}'), 'c:' || (t.state #>> '{terms,category}'), 'n:' || (t.state #>> '{terms,neighbourhood}'),
            case when (t.state #>> '{terms,isPublic}')::boolean then 'p' end]
          || case when t.state #> '{terms,times}' = '[]' then string_to_array('d:monday d:tuesday d:wednesday d:thursday d:friday d:saturday d:sunday t:any', ' ')
            else array(select unnest(array['d:' || substring(word from '^[a-z]+'), 't:' || word]) from jsonb_array_elements_text(t.state #> '{terms,times}') word) end)
        """;

    /// <summary>One by one, in this order: a plan that was made on empty tables would else begin with all listings that are open.</summary>
    private const string Named = """
        cross join lateral (
          select t.bank, t.id, t.due, t.state, t.text from timebank.things t where t.bank = u.b and t.id = u.i and t.kind = 'listing' and t.stage = 'open' limit 1) t
        """;

    private const string Rest = """
        cross join lateral (
          select a.id from timebank.accounts a where a.bank = t.bank and a.id = (t.state ->> 'account')::uuid and a.status <> 'closed' limit 1) a
        cross join lateral (select b.policy from timebank.banks b where b.bank = t.bank limit 1) b
        cross join lateral (select x.body from timebank.texts x where x.bank = t.bank and x.id = t.text limit 1) x
        -- A membership has the id of its account, with another version.
        cross join lateral (
          select where not exists (
              select from timebank.things m where m.bank = t.bank and m.id = overlay(t.state ->> 'account' placing '6' from 15)::uuid and m.kind = 'member' and m.stage in ('paused', 'left'))
            and not exists (
              select from timebank.thing_parties p join timebank.things y on y.bank = p.bank and y.id = p.id
              where p.bank = t.bank and p.account = (t.state ->> 'account')::uuid and p.kind = 'youth' and (y.state ->> 'until')::date > current_date)) shown
        """;

    /// <summary>All rows of a bank, whose table is empty; what they are made from is there.</summary>
    public const string Fill = $"{Insert} from timebank.things t {Rest} where t.kind = 'listing' and t.stage = 'open' and t.bank = $1";

    /// <summary>Rows that were made when the bank had another language, over all banks.</summary>
    public static NpgsqlBatchCommand RenewLanguage(int most) => new NpgsqlBatchCommand($"""
        {Insert} from (
          select s.bank b, s.id i from timebank.listing_search s join timebank.banks o on o.bank = s.bank where s.language is distinct from o.policy ->> 'language' limit $1
        ) u {Named} {Rest}
        on conflict (bank, id) do update set language = excluded.language, terms = excluded.terms
        """).Value((long)most);

    public const string ForgetOfAccount =
        "delete from timebank.listing_search where bank = $1 and id in (select p.id from timebank.thing_parties p where p.bank = $1 and p.account = $2 and p.kind = 'listing')";
}
