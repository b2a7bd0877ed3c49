using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TimeBank.Store;

namespace TimeBank.Access;

/// <summary>How a password was judged.</summary>
/// <param name="IsRight">It is the person's, and their login does not rest.</param>
/// <param name="Counted">It was counted: not so if there is no such person, or their login rests.</param>
/// <param name="Locks">If it stays a failure, it is one too many: the login rests from now on.</param>
public readonly record struct PasswordJudged(bool IsRight, bool Counted, bool Locks);

/// <summary>Passwords: 10 to 128 characters of any kind. After 5 failures the login rests for 15 minutes.</summary>
public sealed class Passwords(PeopleContext people, IPasswordHasher<Person> hasher, TimeProvider clock)
{
    public const int Fewest = 10;
    public const int Most = 128;
    public const int MostFailures = 5;
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(15);

    private static readonly Lock s_making = new();
    private static string? s_nobodys;

    /// <summary>As it is stored. The same letters typed on another keyboard are the same password.</summary>
    public string Hash(Person person, string password) => Hash(hasher, person, password);

    public static string Hash(IPasswordHasher<Person> hasher, Person person, string password) => hasher.HashPassword(person, Plain(password));

    /// <summary>Judges a password of a person, or of nobody, in the same time.</summary>
    /// <remarks>Every try is counted as a failure before it is judged, so that a thousand at the same moment are five.
    /// The caller tells with <see cref="SettleAsync"/> or <see cref="TakeBackAsync"/> when it was none.</remarks>
    public async Task<PasswordJudged> JudgeAsync(Person? person, string password, CancellationToken cancel)
    {
        // First what could fail of itself: a try that nobody judged is no failure.
        var plain = Plain(password);
        var counted = await CountAsync(person?.Id ?? Guid.Empty, cancel);
        var verified = hasher.VerifyHashedPassword(person ?? new Person(), person?.PasswordHash ?? NobodysHash(), plain);
        var right = verified != PasswordVerificationResult.Failed && person?.PasswordHash is not null && counted is not null;
        if (right && verified == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = Hash(person!, password);
            await people.Users.Where(p => p.Id == person!.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.PasswordHash, hash), cancel);
        }
        return new PasswordJudged(right, counted is not null, counted ?? false);
    }

    /// <summary>The person came in: former failures are forgotten.</summary>
    public Task SettleAsync(Person person, CancellationToken cancel) => people.Users.Where(p => p.Id == person.Id)
        .ExecuteUpdateAsync(p => p.SetProperty(x => x.AccessFailedCount, 0).SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null), cancel);

    /// <summary>The try was no failure, and no success either.</summary>
    public Task TakeBackAsync(Person person, CancellationToken cancel) => people.Users.Where(p => p.Id == person.Id && p.AccessFailedCount > 0)
        .ExecuteUpdateAsync(p => p.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount - 1).SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null), cancel);

    /// <summary>A new password: all sessions end, and the login rests no more. Whatever else somebody prepared to get in with, or to be asked for, counts no more:
    /// printed codes, and the secret of an authenticator app that was not turned on. False if somebody else changed the login meanwhile.</summary>
    public async Task<bool> SetAsync(Person person, string password, bool endSecondFactor, CancellationToken cancel)
    {
        var (hash, stamp, former) = (Hash(person, password), Person.NewStamp(), person.SecurityStamp);
        await using var transaction = people.Database.CurrentTransaction is null ? await people.BeginAsync(BankScope.All, cancel) : null;
        var changed = await people.Living.Where(p => p.Id == person.Id && p.SecurityStamp == former).ExecuteUpdateAsync(p => p
            .SetProperty(x => x.PasswordHash, hash)
            .SetProperty(x => x.SecurityStamp, stamp)
            .SetProperty(x => x.ConcurrencyStamp, stamp)
            .SetProperty(x => x.AccessFailedCount, 0)
            .SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null)
            .SetProperty(x => x.TwoFactorEnabled, x => x.TwoFactorEnabled && !endSecondFactor)
            .SetProperty(x => x.AuthenticatorKey, x => endSecondFactor ? null : x.AuthenticatorKey)
            .SetProperty(x => x.NextAuthenticatorKey, (string?)null), cancel);
        if (changed == 0)
            return false;
        await people.PasswordCodes.Where(c => c.Person == person.Id).ExecuteDeleteAsync(cancel);
        if (endSecondFactor)
            await people.RecoveryCodes.Where(c => c.Person == person.Id).ExecuteDeleteAsync(cancel);
        if (transaction is not null)
            await transaction.CommitAsync(cancel);
        person.SecurityStamp = stamp;
        return true;
    }

    /// <summary>Null: not counted. True: this is the last failure that there may be.</summary>
    private async Task<bool?> CountAsync(Guid person, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var until = now + Rest;
        var locks = await people.Database.SqlQuery<bool>($"""
            update people.persons set
              failures = case when locked_until is null then failures + 1 else 1 end,
              locked_until = case when locked_until is null and failures + 1 >= {MostFailures} then {until} end
            where id = {person} and (locked_until is null or locked_until <= {now})
            returning locked_until is not null as "Value"
            """).ToListAsync(cancel);
        return locks is [var last] ? last : null;
    }

    /// <summary>A hash that no password has, made as all hashes are made here, so that judging it takes as long.</summary>
    private string NobodysHash()
    {
        if (s_nobodys is { } made)
            return made;
        lock (s_making)
            return s_nobodys ??= hasher.HashPassword(new Person(), Guid.NewGuid().ToString());
    }

    private static string Plain(string password) => password.Normalize(NormalizationForm.FormKC);
}
