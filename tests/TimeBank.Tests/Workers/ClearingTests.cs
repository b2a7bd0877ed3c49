using Shouldly;
using static TimeBank.Tests.Access.PeopleAtTheDoor;

namespace TimeBank.Tests.Workers;

/// <summary>What is kept for a time only.</summary>
[Category("Database")]
public sealed class ClearingTests
{
    [Test]
    public async Task Results_letters_and_invitations_past_their_time_go_and_others_stay()
    {
        var outbox = Directory.CreateDirectory(Path.Combine(RunningServer.DataFolder, "outbox")).FullName;
        var bulk = Directory.CreateDirectory(Path.Combine(RunningServer.DataFolder, "bulk", "long-ago", Guid.NewGuid().ToString())).FullName;
        var recent = Directory.CreateDirectory(Path.Combine(RunningServer.DataFolder, "bulk", "lately", Guid.NewGuid().ToString())).FullName;
        var empty = Directory.CreateDirectory(Path.Combine(RunningServer.DataFolder, "bulk", "long-ago", Guid.NewGuid().ToString())).FullName;
        Directory.SetLastWriteTimeUtc(empty, DateTime.UtcNow.AddDays(-7.1));
        string[] gone = [Write(outbox, $"{Guid.NewGuid():N}.txt", 31), Write(bulk, $"{Guid.NewGuid()}.ndjson", 7.1)];
        string[] kept = [Write(outbox, $"{Guid.NewGuid():N}.txt", 29), Write(recent, $"{Guid.NewGuid()}.ndjson", 6.9)];
        var bank = await RunningServer.Http.OpenBankAsync();
        var invited = new List<Guid>();
        foreach (var name in (string[])["Expired", "Open"])
            invited.Add((await RunningServer.Http.PostAsync($"{bank}/invitations", new { name, standing = new { role = "auditor" } })).Ok().Id);
        await SqlAsync<int>($"update people.invitations set expires = now() - interval '1 minute' where id = '{invited[0]}' returning 1");

        await using (await RunningServer.StartServer(RunningServer.Store))
        {
            for (var tries = 0; gone.Any(File.Exists) || Directory.Exists(empty) || await IsThereAsync(invited[0]); tries++)
            {
                tries.ShouldBeLessThan(200);
                await Task.Delay(50);
            }
        }

        kept.ShouldAllBe(file => File.Exists(file));
        (await IsThereAsync(invited[1])).ShouldBeTrue();
        foreach (var file in kept)
            File.Delete(file);
    }

    private static async Task<bool> IsThereAsync(Guid invitation) => await SqlAsync<Guid>($"select id from people.invitations where id = '{invitation}'") is [_];

    private static string Write(string folder, string name, double daysAgo)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, "To: nobody@example.org\n");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-daysAgo));
        return file;
    }
}
