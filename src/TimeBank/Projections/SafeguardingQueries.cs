using TimeBank.Banks;
using TimeBank.Members;
using TimeBank.Safeguarding;
using TimeBank.Store;

namespace TimeBank.Projections;

/// <summary>Who is under 18 today, by the bank's calendar, and who may be told how another is reached.</summary>
public sealed class SafeguardingQueries(ThingQueries things, BankQueries banks)
{
    /// <summary>Null: nobody marked the holder of the account as under 18, or they are no more.</summary>
    public async Task<Youth?> UnderAgeAsync(BankId bank, AccountId account, DateTimeOffset now, CancellationToken cancel) =>
        await things.FindAsync<Youth>(bank, Youth.IdOf(account), cancel) is { Thing: var youth }
        && await banks.FindAsync(bank, cancel) is { } found
        && BankCalendar.Date(found.Policy.TimeZone, now) < youth.Until ? youth : null;

    /// <summary>Not where one of them is under 18, whom an organiser brings together with others; and not who is kept apart.</summary>
    public async Task<bool> MayReachEachOtherAsync(BankId bank, AccountId one, AccountId other, DateTimeOffset now, CancellationToken cancel) =>
        await UnderAgeAsync(bank, one, now, cancel) is null
        && await UnderAgeAsync(bank, other, now, cancel) is null
        && await things.FindAsync<Member>(bank, Member.IdOf(one), cancel) is not { Thing: { Kept: true, Is: MemberStage.Paused } }
        && await things.FindAsync<Member>(bank, Member.IdOf(other), cancel) is not { Thing: { Kept: true, Is: MemberStage.Paused } }
        && await things.FindAsync<Apart>(bank, Apart.IdOf(one, other), cancel) is not { Thing.Is: ApartStage.Kept };
}
