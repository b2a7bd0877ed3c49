using Shouldly;

namespace TimeBank.Tests.Access;

[Category("Database")]
public sealed class PersonalThingsTests
{
    [Test]
    public async Task A_person_is_told_every_text_of_theirs_and_none_of_a_projects()
    {
        var organiser = RunningServer.Http;
        var bank = await organiser.OpenBankAsync();
        var (ann, garden) = (await organiser.OpenAccountAsync(bank, "member", "Ann"), await organiser.OpenAccountAsync(bank, "project", "Garden"));
        var (http, _) = await organiser.JoinAsync(bank, new { role = "member", account = ann });
        async Task<Guid> Made(string path, object body)
        {
            var answer = await organiser.PostAsync($"{bank}/{path}", body);
            ((int)answer.Status).ShouldBe(201, answer.Text);
            return answer.Id;
        }
        await Made("listings", new { account = ann, kind = "offer", category = "cooking", title = "Soup", description = "Without meat.", place = "Elm Street 4" });
        await Made("members", new { account = ann, how = "page", telephone = "555 0100", address = "Elm Street 5", ageBand = "from80" });
        await Made("contributions", new { helper = ann, project = garden, minutes = 5, memo = "Weeded." });
        var session = await Made("work-sessions", new { project = garden, date = "2020-02-29", from = "09:00", until = "12:00", memo = "The gardener's own note." });
        await organiser.PostAsync($"{bank}/work-sessions/{session}/sign-ups", new { account = ann });

        var data = await http.GetAnswerAsync("/v1/me/data");

        var things = data["banks"].AsArray().Single()!["accounts"]!.AsArray().Single()!["things"]!.AsArray().ToDictionary(t => (string)t!["kind"]!, t => t!["text"]);
        var (listing, member) = (things["listing"]!, things["member"]!);
        ((string)listing["title"]!, (string)listing["description"]!, (string)listing["place"]!).ShouldBe(("Soup", "Without meat.", "Elm Street 4"));
        ((string)member["telephone"]!, (string)member["address"]!, (string)member["ageBand"]!).ShouldBe(("555 0100", "Elm Street 5", "from80"));
        ((string)things["contribution"]!["memo"]!).ShouldBe("Weeded.");
        things["work_session"].ShouldBeNull();
        data.Text.ShouldNotContain("gardener's own");
        http.Dispose();
    }
}
