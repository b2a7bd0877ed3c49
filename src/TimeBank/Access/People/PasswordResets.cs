using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>Somebody asked for a new password.</summary>
/// <param name="Start">What the letter's address begins with.</param>
public sealed record ResetAsked(string Email, string Start);

/// <summary>New passwords by e-mail. Whether anybody has the address is found out after the answer, which so is the same and takes as long.</summary>
/// <remarks>Letters go to addresses only whose owner was seen to read them.</remarks>
public sealed class PasswordResets(IServiceScopeFactory scopes, Mail mail, TimeProvider clock, ILogger<PasswordResets> log) : QueuedWork<ResetAsked>(log)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    /// <summary>Nobody's letter box is filled by asking again and again.</summary>
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(2);

    protected override async Task DoAsync(ResetAsked work)
    {
        await using var scope = scopes.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<PeopleContext>();
        var identity = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var (email, now) = (Person.Normalize(work.Email), clock.GetUtcNow());
        foreach (var person in await people.Living.Where(p => p.NormalizedEmail == email && p.EmailConfirmed).OrderBy(p => p.Id).ToListAsync())
        {
            var mine = await people.Users.Where(p => p.Id == person.Id && (p.ResetMailed == null || p.ResetMailed < now - s_between))
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.ResetMailed, now));
            if (mine == 0)
                continue;
            var token = await identity.GeneratePasswordResetTokenAsync(person);
            mail.TryAdd(Letters.PasswordReset(person.Email!, person.UserName!, Links.PasswordReset(work.Start, person.PersonId, token), now + Lifetime));
        }
    }
}
