using Shouldly;
using TimeBank.Tests.Cli;

namespace TimeBank.Tests.Moving;

/// <summary>Members, projects and listings from files, and transfers as TimeOverflow writes them.</summary>
[Category("Database")]
public sealed class ImportingPeopleTests : ImportFixture
{
    private const string Members = """
        number,name,email,telephone,languages,neighbourhood,categories,agreement,agreedOn
        A-1,Zoë Lane,zoe@example.org,'+44 20 555,en so,north,cooking driving,2026-1,2026-01-10
        A-2,"Lane, Otto",,555 0102,en,,,,

        """;

    private const string TimeOverflow = "source_id,source_type,destination_id,destination_type,amount,created_at,reason,post_id";

    [Test]
    public async Task Members_come_with_their_numbers_and_all_that_they_say()
    {
        var run = await ImportAs("members", Members);

        run.ExitCode.ShouldBe(0, run.ToString());
        run.Out.ShouldContain("2 of 2 lines imported.");
        var zoe = (await Http.GetAnswerAsync($"{Bank}/accounts?number=a-1"))["items"]!.AsArray().Single()!;
        ((string)zoe["name"]!).ShouldBe("Zoë Lane");
        var member = await Http.GetAnswerAsync($"{Bank}/members/{zoe["id"]}");
        ((string)member["member"]["stage"]!).ShouldBe("active");
        ((string)member["telephone"]!)!.ShouldBe("+44 20 555");
        ((string)member["neighbourhood"]!)!.ShouldBe("north");
        member["member"]["skills"]!.AsArray().Select(s => (string)s!).ShouldBe(["cooking", "driving"]);
        var otto = (await Http.GetAnswerAsync($"{Bank}/accounts?number=A-2"))["items"]!.AsArray().Single()!;
        ((string)(await Http.GetAnswerAsync($"{Bank}/members/{otto["id"]}"))["member"]["stage"]!).ShouldBe("invited");
    }

    [Test]
    public async Task A_file_of_members_that_is_imported_again_changes_nothing_and_a_number_of_somebody_else_is_an_error()
    {
        await ImportAs("members", Members);
        var again = await ImportAs("members", Members);
        var other = await ImportAs("members", "number,name\na-1,Somebody Else\nB-1,New\n");
        var twice = await ImportAs("members", "number,name\nB-1,New\nb-1,Other\n");
        var anew = await ImportAs("members", "number,name\nA-1,Zoë Lane\n");

        again.Out.ShouldContain("2 of 2 lines imported, 2 of them by an earlier run.");
        other.ExitCode.ShouldBe(1, other.ToString());
        other.Error.ShouldContain("line 2: number: a-1 is the number of Zoë Lane already.");
        twice.Error.ShouldContain("line 3: number: Line 2 has b-1 already.");
        anew.ExitCode.ShouldBe(3, anew.ToString());
        (await File.ReadAllTextAsync(RejectsPath)).ShouldContain(",2,NumberTaken,");
        (await Http.GetAnswerAsync($"{Bank}/accounts?kind=member"))["items"]!.AsArray().Count.ShouldBe(4);
    }

    [TestCase("number,name\n,Ann\n", "line 2: number: This is missing."), TestCase("number,name\n1,\n", "line 2: name: This is missing.")]
    [TestCase("number,name\n-1,Ann\n", "line 2: number: 1 to 64 letters"), TestCase("number,name,languages\n1,Ann,english\n", "line 2: languages: At most 20 codes")]
    [TestCase("number,name,categories\n1,Ann,Cooking\n", "line 2: categories: At most 50 codes"), TestCase("number,name,times\n1,Ann,monday\n", "line 2: times: 'monday' is none of")]
    [TestCase("number,name,agreedOn\n1,Ann,2026-01-01\n", "line 2: agreedOn: It goes with an agreement"), TestCase("number,called\n1,Ann\n", "line 1: There is no column 'called'")]
    public async Task What_is_wrong_with_a_member_is_said_with_its_line_and_nobody_is_made(string text, string said)
    {
        var run = await ImportAs("members", text);

        run.ExitCode.ShouldBe(1, run.ToString());
        run.Error.ShouldContain(said, customMessage: run.ToString());
        (await Http.GetAnswerAsync($"{Bank}/members"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Test]
    public async Task A_preview_says_what_each_line_would_do_and_does_nothing()
    {
        var members = await ImportAs("members", Members, "--dry-run");
        var transfers = await ImportAs("transfers", "kind,payer,payee,minutes\nexchange,Ann,Ben,30\n", "--dry-run");

        members.Out.ShouldContain("line 2: opens an account for Zoë Lane, number A-1, a member who agreed to 2026-1");
        members.Out.ShouldContain("line 3: opens an account for Lane, Otto, number A-2");
        transfers.Out.ShouldContain("line 2: exchange, 30 min from Ann to Ben");
        (await Http.GetAnswerAsync($"{Bank}/members"))["items"]!.AsArray().ShouldBeEmpty();
        await NothingWasPosted();
    }

    [Test]
    public async Task Projects_and_listings_come_too_and_name_accounts_by_number()
    {
        await ImportAs("members", Members);
        var projects = await ImportAs("projects", "name,number,kind,neighbourhood,floor\nGarden,P-1,,north,\nClinic,P-2,provider,,-60\n");
        var listings = await ImportAs("listings", "account,kind,category,title,times,about,public\nA-1,offer,cooking,Soup,mondayMorning sundayEvening,90,yes\nP-1,request,gardening,Hands,,,\n");
        var wrong = await ImportAs("listings", "account,kind,category,title\nA-9,offer,cooking,Soup\nA-1,swap,cooking,Soup\nA-1,offer,Cooking,\n");

        projects.ExitCode.ShouldBe(0, projects.ToString());
        listings.ExitCode.ShouldBe(0, listings.ToString());
        (await Http.GetAnswerAsync($"{Bank}/listings"))["items"]!.AsArray().Count.ShouldBe(2);
        (await Http.GetAnswerAsync($"{Bank}/accounts?number=P-2"))["items"]!.AsArray().Select(a => ((string)a!["kind"]!, (long)a["floor"]!)).ShouldBe([("provider", -60)]);
        wrong.ExitCode.ShouldBe(1);
        wrong.Error.ShouldContain("line 2: account: There is no account 'A-9'");
        wrong.Error.ShouldContain("line 3: kind: 'swap' is none of offer, request.");
        wrong.Error.ShouldContain("line 4: title: This is missing.");
    }

    [Test]
    public async Task Transfers_of_TimeOverflow_become_history_by_the_numbers_of_members()
    {
        await ImportAs("members", "number,name\n7,Seven\n8,Eight\n");
        var run = await ImportAs("transfers", $"{TimeOverflow}\n7,Member,8,Member,3600,2019-05-01 10:22:31 UTC,\"Hoed, and dug\",12\n1,Organization,7,Member,18000,2019-06-01T00:30:00Z,,\n8,Member,1,Organization,60,2019-06-02 23:59:59.123 UTC,,\n",
            "--format", "timeoverflow");

        run.ExitCode.ShouldBe(0, run.ToString());
        var transfers = (await Http.GetAnswerAsync($"{Bank}/transfers?order=newest"))["items"]!.AsArray();
        transfers.Select(t => ((string)t!["kind"]!, (long)t["minutes"]!, (string)t["occurred"]!)).ShouldBe(
            [("adjust", 1, "2019-06-02"), ("earn", 300, "2019-06-01"), ("exchange", 60, "2019-05-01")]);
        ((string)transfers[2]!["memo"]!).ShouldBe("Hoed, and dug");
        ((string)transfers[2]!["clientReference"]!).ShouldBe("post 12");
    }

    [Test]
    public async Task Seconds_that_are_not_whole_minutes_are_errors_unless_they_are_rounded_and_then_listed()
    {
        await ImportAs("members", "number,name\n7,Seven\n8,Eight\n9,Nine\n");
        var text = $"{TimeOverflow}\n7,Member,8,Member,3629,2019-05-01,,\n7,Member,9,Member,90,2019-05-01,,\n9,Member,8,Member,10,2019-05-01,,\n9,Member,7,Member,120,2019-05-01,,\n";

        var refused = await ImportAs("transfers", text, "--format", "timeoverflow");
        await NothingWasPosted();
        var preview = await ImportAs("transfers", text, "--format", "timeoverflow", "--round", "--dry-run");
        var rounded = await ImportAs("transfers", text, "--format", "timeoverflow", "--round");

        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain("line 2: amount: 3629 seconds are not whole minutes.");
        refused.Error.ShouldContain("3 errors");
        foreach (var run in (CommandRun[])[preview, rounded])
        {
            run.ExitCode.ShouldBe(0, run.ToString());
            // 3629 → 3600, 90 → 120, 10 → 60: Seven gives 29 less and 30 more.
            run.Out.ShouldContain("  Eight: +21 s\n  Nine: -20 s\n  Seven: -1 s\n".ReplaceLineEndings(), customMessage: run.ToString());
        }
        var seven = (Guid)(await Http.GetAnswerAsync($"{Bank}/accounts?number=7"))["items"]!.AsArray().Single()!["id"]!;
        (await Http.BalanceAsync(Bank, seven)).ShouldBe(-60 - 2 + 2);
    }

    [TestCase("70,Member,8,Member,60,2019-05-01,,", "source_id: No account here has the number '70'"), TestCase("7,Dog,8,Member,60,2019-05-01,,", "source_type: 'Dog' is neither")]
    [TestCase("7,Member,8,Member,-60,2019-05-01,,", "amount: '-60' is not a number of seconds"), TestCase("7,Member,8,Member,60,May 1st,,", "created_at: 'May 1st' is not a time")]
    [TestCase("7,Member,8,Member,60,,,", "created_at: This is missing"), TestCase("7,Member,8,Member,,2019-05-01,,", "amount: This is missing")]
    public async Task What_is_wrong_with_a_line_of_TimeOverflow_is_said(string line, string said)
    {
        await ImportAs("members", "number,name\n7,Seven\n8,Eight\n");
        var run = await ImportAs("transfers", $"{TimeOverflow}\n{line}\n", "--format", "timeoverflow");

        run.ExitCode.ShouldBe(1, run.ToString());
        run.Error.ShouldContain($"line 2: {said}", customMessage: run.ToString());
        await NothingWasPosted();
    }
}
