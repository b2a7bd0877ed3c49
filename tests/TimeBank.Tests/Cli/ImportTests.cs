using System.Text;
using Shouldly;

namespace TimeBank.Tests.Cli;

[Category("Database")]
public sealed class ImportTests : ImportFixture
{
    [Test]
    public async Task Lines_are_posted_in_their_order_with_all_that_they_say()
    {
        await Http.OpenAccountAsync(Bank, "project", "Soup kitchen, North");
        var run = await Import($""""
            {Header}
            grant,issuer,"Soup kitchen, North",120,2026-11-01,kitchen,,,
            earn,"Soup kitchen, North",Ann,90,2026-11-02,kitchen,"washed up, ""twice""",sheet 7,
            exchange,{Ann},{Ben},800,2026-11-03,,,,

            """");

        run.ExitCode.ShouldBe(0, run.ToString());
        (await Http.BalanceAsync(Bank, Ann)).ShouldBe(90 - 800);
        var newest = (await Http.GetAnswerAsync($"{Bank}/transfers"))["items"]!.AsArray();
        newest.Select(t => (string)t!["kind"]!).ShouldBe(["exchange", "earn", "grant"]);
        var earned = newest[1]!;
        ((string)earned["memo"]!).ShouldBe("washed up, \"twice\"");
        ((string)earned["clientReference"]!).ShouldBe("sheet 7");
        ((string)earned["category"]!).ShouldBe("kitchen");
        ((string)earned["occurred"]!).ShouldBe("2026-11-02");
    }

    [TestCase("exchange,Ann,Ben", "9 fields are expected and 3 are here")]
    [TestCase("exchange,Ann,Ben,5,2026-11-01,,say \"hi\",,", "Double quotes")]
    [TestCase("swap,Ann,Ben,5,,,,,", "kind: 'swap'")]
    [TestCase(",Ann,Ben,5,,,,,", "kind: This is missing")]
    [TestCase("exchange,Ann,,5,,,,,", "payee: This is missing")]
    [TestCase("exchange,Ann,ben,5,,,,,", "payee: There is no account 'ben'")]
    [TestCase("exchange,Twin,Ben,5,,,,,", "payer: Several accounts are called 'Twin'")]
    [TestCase("exchange,01890a5d-ac96-774b-bcce-b302099a8057,Ben,5,,,,,", "payer: There is no account '01890a5d")]
    [TestCase("exchange,Ann,Ben,1.5,,,,,", "minutes: '1.5'")]
    [TestCase("exchange,Ann,Ben,1e3,,,,,", "minutes: '1e3'")]
    [TestCase("exchange,Ann,Ben,9007199254740992,,,,,", "minutes: '9007199254740992'")]
    [TestCase("exchange,Ann,Ben,5,21/11/2026,,,,", "occurred: '21/11/2026'")]
    [TestCase("exchange,Ann,Ben,5,,Garden Work,,,", "category: 1 to 64 of")]
    [TestCase("exchange,Ann,Ben,5,,,bell \u0007,,", "memo: No control characters")]
    [TestCase("exchange,Ann,Ben,5,,,,,clé", "key: 1 to 200")]
    [TestCase("exchange,Ann,Ben,1,,,,,", "The same as line 2")]
    [TestCase("gift,Ann,Ben,5,,,,,k1", "The same as line 3")]
    public async Task An_error_is_shown_with_its_line_and_nothing_is_posted(string line, string said)
    {
        await Http.OpenAccountAsync(Bank, "member", "Twin");
        await Http.OpenAccountAsync(Bank, "member", "Twin");

        var run = await Import($"{Header}\nexchange,Ann,Ben,1,,,,,\nexchange,Ann,Ben,2,,,\"two\nlines\",,k1\n\n{line}\nexchange,Ann,Ben,3,,,,,\n");

        run.ExitCode.ShouldBe(1, run.ToString());
        run.Error.ShouldContain($"line 6: {said}", customMessage: run.ToString());
        run.Error.ShouldContain("1 error in");
        await NothingWasPosted();
    }

    [Test]
    public async Task An_account_of_another_bank_is_as_unknown_to_a_file_as_one_that_there_never_was()
    {
        var other = await Http.OpenBankAsync();
        var theirs = await Http.PostAsync($"{other}/accounts", new { kind = "member", name = "Quentin Elsewhere", number = "Q-77" });
        var nobody = Guid.CreateVersion7().ToString();
        foreach (var (known, unknown) in ((string, string)[])[(theirs.Id.ToString(), nobody), ("Quentin Elsewhere", "Quentin Nowhere"), ("Q-77", "Q-78")])
        {
            var (foreign, none) = (await Import($"{Header}\nexchange,{known},Ben,5,,,,,\n"), await Import($"{Header}\nexchange,{unknown},Ben,5,,,,,\n"));

            foreign.ExitCode.ShouldBe(1, foreign.ToString());
            foreign.Error.Replace(known, "WHO", StringComparison.Ordinal).ShouldBe(none.Error.Replace(unknown, "WHO", StringComparison.Ordinal));
        }
        (await ImportAs("listings", $"kind,account,category,title\noffer,{theirs.Id},garden,t\n")).Error
            .ShouldBe((await ImportAs("listings", $"kind,account,category,title\noffer,{nobody},garden,t\n")).Error.Replace(nobody, $"{theirs.Id}", StringComparison.Ordinal));
        await NothingWasPosted();
    }

    [TestCase("kind,payer,payee,minutes,when\n", "line 1: There is no column 'when'")]
    [TestCase("kind,payer,payee\n", "line 1: The column 'minutes' is missing")]
    [TestCase("kind,payer,payee,minutes,Minutes\n", "line 1: The column 'minutes' is there more than once")]
    [TestCase("kind;payer;payee;minutes\n", "line 1: The columns are not separated by commas")]
    [TestCase("", "line 1: The file is empty")]
    public async Task A_header_that_does_not_fit_is_an_error_of_line_1(string text, string said)
    {
        var run = await Import(text);

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain(said, customMessage: run.ToString());
    }

    [Test]
    public async Task A_file_in_another_encoding_is_refused_with_the_lines_that_show_it()
    {
        var latin1 = await Import(Encoding.Latin1.GetBytes($"{Header}\nexchange,Ann,Ben,5,,,,,\nexchange,Ann,Ben,6,,,café,,\nexchange,Ann,Nobody,7,,,,,\n"));
        var utf16 = await Import(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes($"{Header}\n")).ToArray());

        latin1.ExitCode.ShouldBe(1);
        latin1.Error.ShouldContain("line 3: The line is not UTF-8");
        latin1.Error.ShouldContain("line 4: payee: There is no account 'Nobody'");
        latin1.Error.ShouldContain("2 errors");
        utf16.ExitCode.ShouldBe(1);
        utf16.Error.ShouldContain("line 1: The file is UTF-16");
        await NothingWasPosted();
    }

    [Test]
    public async Task A_byte_order_mark_and_line_ends_of_windows_are_fine()
    {
        var run = await Import(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes($"{Header}\r\nexchange,Ann,Ben,5,,,Zoë,,\r\n")).ToArray());

        run.ExitCode.ShouldBe(0, run.ToString());
        (await Http.BalanceAsync(Bank, Ben)).ShouldBe(5);
    }

    [Test]
    public async Task A_quote_that_is_never_closed_does_not_swallow_the_memory()
    {
        var run = await Import($"{Header}\nexchange,Ann,Ben,5,,,\"open,,\n" + string.Concat(Enumerable.Repeat("exchange,Ann,Ben,5,,,,,\n", 20_000)));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("line 2: A field is longer than 65536 characters: a double quote is not closed");
    }

    [Test]
    public async Task Of_many_errors_the_first_hundred_are_shown()
    {
        var run = await Import(Header + "\n" + string.Concat(Enumerable.Range(2, 250).Select(n => $"exchange,Ann,Nobody {n},1,,,,,\n")));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("line 101: ");
        run.Error.ShouldNotContain("line 102: ");
        run.Error.ShouldContain("… and 150 more.");
    }

    [Test]
    public async Task A_dry_run_says_what_would_be_posted_and_posts_nothing()
    {
        var run = await Import($"{Header}\nexchange,Ann,Ben,30,,,,,\ngift,Ann,Ben,12,,,,,\nexchange,Ben,Ann,1000,,,,,\n", "--dry-run");

        run.ExitCode.ShouldBe(0, run.ToString());
        run.Out.ShouldMatch(@"exchange +2 lines +1,030 min\s+gift +1 lines +12 min\s+all +3 lines +1,042 min");
        await NothingWasPosted();
    }

    [Test]
    public async Task What_the_rules_refuse_goes_to_the_rejects_file_which_can_be_imported_when_the_reason_is_gone()
    {
        var run = await Import($"{Header}\nexchange,Ann,Ben,700,,,,,\nexchange,Ann,Ben,21,,,\"too, much\",,\nspend,Ann,Ben,5,,,,,\nexchange,Ann,Ben,20,,,,,\n");

        run.ExitCode.ShouldBe(3, run.ToString());
        (await Http.BalanceAsync(Bank, Ann)).ShouldBe(-720);
        (await File.ReadAllLinesAsync(RejectsPath)).ShouldBe(
        [
            Header + ",line,code,title",
            "exchange,Ann,Ben,21,,,\"too, much\",,,3,BelowFloor,This would go further below zero than the account may.",
            "spend,Ann,Ben,5,,,,,,4,WrongKindOfAccount,These kinds of account do not pay and receive this kind of transfer.",
        ]);

        await Http.TransferAsync(Bank, "exchange", Ben, Ann, 100);
        var again = await CommandRun.RunAsync("import", "transfers", RejectsPath, "--bank", BankId);

        again.ExitCode.ShouldBe(3, again.ToString());
        again.Out.ShouldContain("1 of 2 lines imported.");
        (await Http.BalanceAsync(Bank, Ann)).ShouldBe(-720 + 100 - 21);
    }

    [Test]
    public async Task A_key_is_posted_once_whatever_file_it_stands_in()
    {
        await Import($"{Header}\nexchange,Ann,Ben,5,2026-11-01,,,,week-44\n");
        var next = await Import($"{Header}\nexchange,Ann,Ben,5,2026-11-01,,,,week-44\nexchange,Ann,Ben,7,2026-11-08,,,,week-45\n");
        var other = await Import($"{Header}\nexchange,Ann,Ben,6,2026-11-01,,,,week-44\n");

        next.Out.ShouldContain("2 of 2 lines imported, 1 of them by an earlier run.");
        other.ExitCode.ShouldBe(3);
        (await File.ReadAllTextAsync(RejectsPath)).ShouldContain(",2,IdempotencyKeyReused,");
        (await Http.BalanceAsync(Bank, Ben)).ShouldBe(12);
    }

    [Test]
    public async Task History_goes_below_floors_into_closed_books_and_fires_no_rule()
    {
        var pot = await Http.OpenAccountAsync(Bank, "pot", "Chest");
        var rule = await Http.PostAsync($"{Bank}/rules", new { owner = Ben, kinds = (string[])["exchange"], share = 5_000, targets = (object[])[new { account = pot, weight = 1 }] });
        rule.Status.ShouldBe(System.Net.HttpStatusCode.Created, rule.Text);
        var text = $"{Header}\nexchange,Ann,Ben,5000,2019-05-01,,,,\nreinvest,Ben,Chest,40,2019-05-01,,,,\n";

        var run = await Import(text, "--history");

        run.ExitCode.ShouldBe(0, run.ToString());
        (await Http.BalanceAsync(Bank, Ann)).ShouldBe(-5_000);
        (await Http.BalanceAsync(Bank, pot)).ShouldBe(40);
        (await Import(text.Replace("2019-05-01", ""), "--history")).Error.ShouldContain("line 2: occurred: This is missing");
    }

    [Test]
    public async Task ABank_or_file_that_is_not_there_is_said_at_once()
    {
        await Write(Header);
        (await CommandRun.RunAsync("import", "transfers", FilePath, "--bank", "no-such-bank")).Error.ShouldContain("There is no bank 'no-such-bank'");
        var noFile = await CommandRun.RunAsync("import", "transfers", FilePath + "x", "--bank", BankId);
        noFile.ExitCode.ShouldBe(2);
        noFile.Error.ShouldContain("There is no file");
    }
}
