using Npgsql;
using TimeBank.Members;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>What active members say that they do, a row each; whoever says nothing of it has one empty row. So who may help with something is found by its key.</summary>
public static class MemberSkillsTable
{
    public const string Columns = "skill, account";

    /// <summary>None of whoever is not active.</summary>
    public static IReadOnlyList<string> Of(Member member) => member.Is != MemberStage.Active ? [] : member.Profile.Skills is [] ? [""] : [.. member.Profile.Skills.Distinct()];

    /// <summary>Rows of one transaction, in place of those that were there.</summary>
    public sealed class Rows
    {
        private readonly Dictionary<(BankId Bank, ThingId Id), Member> _members = [];

        public void Add(BankId bank, Thing thing)
        {
            if (thing is Member member)
                _members[(bank, member.Id)] = member;
        }

        public void AppendTo(NpgsqlBatch batch)
        {
            if (_members.Count == 0)
                return;
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                delete from timebank.member_skills s using unnest($1, $2) u (bank, account) where s.bank = u.bank and s.account = u.account
                """)
                .Texts([.. _members.Select(m => m.Key.Bank.Value)]).Uuids([.. _members.Select(m => m.Value.Account.Value)]));
            var rows = _members.SelectMany(m => Of(m.Value).Select(skill => (m.Key.Bank, Skill: skill, m.Value.Account))).ToList();
            if (rows.Count > 0)
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"insert into timebank.member_skills (bank, {Columns}) select * from unnest($1, $2, $3)")
                    .Texts([.. rows.Select(r => r.Bank.Value)]).Texts([.. rows.Select(r => r.Skill)]).Uuids([.. rows.Select(r => r.Account.Value)]));
        }
    }
}
