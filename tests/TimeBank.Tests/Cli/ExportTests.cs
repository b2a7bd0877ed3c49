using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Postings.Exporting;
using TimeBank.Projections;
using TimeBank.Store;

namespace TimeBank.Tests.Cli;

[Category("Database")]
public sealed partial class ExportTests
{
    /// <summary>Each of them means something else to hledger, to a spreadsheet or to CSV.</summary>
    private static readonly string[] OddNames =
    [
        "Ann  two spaces", "Ben; a comment", "(Cem)", "[Dora]", "Eve:sub", "Finn  5 min", "\"Gil\"", "=Hal", "* Ida", "Jo, the 'first'",
        "Kim\t;\n2026-01-01", "Zoë 日本語", "; ", "Twin", "Twin", "twin", "issuer", "'=Lou", "Mia @ 3 min", "01890a5d-ac96-774b-bcce-b302099a8057",
    ];

    private string _folder = null!;
    private string _bank = null!;

    private static HttpClient Http => RunningServer.Http;
    private string OutputPath => Path.Combine(_folder, "out");

    [SetUp]
    public async Task OpenABank()
    {
        _folder = Directory.CreateTempSubdirectory("tb-export-").FullName;
        _bank = await Http.OpenBankAsync();
    }

    [TearDown]
    public void DeleteTheFiles() => Directory.Delete(_folder, recursive: true);

    [TestCase(false)]
    [TestCase(true)]
    public async Task Hledger_accepts_the_journal_and_comes_to_the_balances_of_the_api(bool withTexts)
    {
        Tools.Require("hledger", "apt-get install hledger");
        await LiveALittle();

        await Export("hledger", withTexts);

        await Hledger("check", "--strict");
        var ofHledger = await HledgerBalances();
        ofHledger.ShouldBe(await Balances(), ignoreOrder: true);
        ofHledger.Count.ShouldBeGreaterThan(OddNames.Length);
    }

    [Test]
    public async Task Transactions_of_hledger_have_the_dates_of_the_help_and_the_ids_of_the_ledger()
    {
        Tools.Require("hledger", "apt-get install hledger");
        var ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        var ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        var posting = await Http.PostAsync($"{_bank}/postings", new
        {
            legs = (object[])
            [
                new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 10, occurred = "2026-02-03", memo = "date:2026-01-02 [2026-01-02] [99] a: b, c" },
                new { kind = "exchange", yes = "paper", payer = ann, payee = ben, minutes = 20, occurred = "2026-03-04" },
            ],
        });

        await Export("hledger", withTexts: true);

        (await Hledger("balance", "-N", "-p", "2026-02", "member:Ben")).Trim().ShouldStartWith("10 min");
        (await Hledger("balance", "-N", "-p", "2026-03", "member:Ben")).Trim().ShouldStartWith("20 min");
        (await Hledger("print", $"code:{posting.Id}")).ShouldContain($"transfer:{posting["transfers"]![1]!["id"]}");
    }

    [Test]
    public async Task Ndjson_tells_every_transfer_once_in_the_order_of_the_journal_and_all_that_was_said_with_it()
    {
        await LiveALittle();

        await Export("ndjson", withTexts: true);

        var exported = (await File.ReadAllLinesAsync(OutputPath)).Select(l => JsonNode.Parse(l)!).ToList();
        var listed = (await Http.GetAnswerAsync($"{_bank}/transfers?limit=500"))["items"]!.AsArray().Reverse().ToList();
        exported.Count.ShouldBe(listed.Count);
        foreach (var (line, shown) in exported.Zip(listed))
        {
            foreach (var (member, value) in shown!.AsObject().Where(m => m.Key != "reversed"))
                JsonNode.DeepEquals(line[member], value).ShouldBeTrue($"{member} of {line}");
        }
        exported.ShouldContain(l => (string?)l["memo"] == "=1+1\n\"so\", she said" && (string)l["metadata"]!["room"]! == "3");
        exported.ShouldContain(l => (string?)l["payerName"] == "Zoë 日本語");
    }

    [TestCase("ndjson")]
    [TestCase("csv")]
    [TestCase("hledger")]
    public async Task Without_texts_an_export_says_nothing_about_people(string format)
    {
        await LiveALittle();

        await Export(format, withTexts: false);

        var text = await File.ReadAllTextAsync(OutputPath);
        text.Length.ShouldBeGreaterThan(1_000);
        foreach (var secret in (string[])["Ann", "Ben", "日本語", "she said", "sheet 7", "room", "by mistake"])
            text.ShouldNotContain(secret, Case.Sensitive);
    }

    [Test]
    public async Task A_bank_imported_from_the_csv_of_another_has_its_balances()
    {
        await LiveALittle();
        await Export("csv", withTexts: true);
        var from = await BalancesByName(_bank);
        var other = await Http.OpenBankAsync();
        // What has no name of its own in one bank is told by an id, which another bank does not know.
        var ids = new Dictionary<string, string>();
        foreach (var account in await Accounts(_bank))
        {
            var (kind, name) = ((string)account["kind"]!, (string?)account["name"]);
            var twin = kind == "issuer" ? await Http.IssuerAsync(other) : await Http.OpenAccountAsync(other, kind, name!);
            ids[(string)account["id"]!] = twin.ToString();
        }
        var csv = await File.ReadAllTextAsync(OutputPath);
        csv = Regex.Replace(csv, @"(?<=^\w+,)[0-9a-f-]{36}(?=,)|(?<=^\w+,(?:""(?:[^""]|"""")*""|[^,""]*),)[0-9a-f-]{36}(?=,)",
            m => ids.GetValueOrDefault(m.Value, m.Value), RegexOptions.Multiline);
        await File.WriteAllTextAsync(OutputPath, csv);

        var first = await CommandRun.RunAsync("import", "transfers", OutputPath, "--bank", other.Split('/')[^1], "--history");
        var again = await CommandRun.RunAsync("import", "transfers", OutputPath, "--bank", other.Split('/')[^1], "--history");

        first.ExitCode.ShouldBe(0, first.ToString());
        again.ExitCode.ShouldBe(0, again.ToString());
        (await BalancesByName(other)).ShouldBe(from, ignoreOrder: true);
        var memos = (await Http.GetAnswerAsync($"{other}/transfers?limit=500"))["items"]!.AsArray().Select(t => (string?)t!["memo"]).ToList();
        memos.ShouldContain("=1+1\n\"so\", she said");
        memos.ShouldContain("'=2");
    }

    [Test]
    public async Task An_export_ends_where_the_journal_stood_when_it_began()
    {
        var ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        var ben = await Http.OpenAccountAsync(_bank, "member", "Ben");
        await Http.TransferAsync(_bank, "exchange", ann, ben, 1);
        await Http.TransferAsync(_bank, "exchange", ann, ben, 2);
        var pages = new TransferPages(Database);
        var head = await pages.HeadAsync(Bank, CancellationToken.None);
        await Http.TransferAsync(_bank, "exchange", ann, ben, 3);

        var minutes = await pages.ReadAsync(Bank, head, false, CancellationToken.None).Select(r => r.Transfer.Minutes.Value).ToListAsync();

        minutes.ShouldBe([1L, 2L]);
    }

    [Test]
    public async Task An_export_that_is_interrupted_leaves_the_former_file_and_nothing_else()
    {
        var ann = await Http.OpenAccountAsync(_bank, "member", "Ann");
        await Http.TransferAsync(_bank, "earn", await Http.IssuerAsync(_bank), ann, 1);
        await File.WriteAllTextAsync(OutputPath, "former");
        using var interrupt = new CancellationTokenSource();
        var export = new TransferExport(new TransferPages(Database), new AccountNames(Database), Bank, withTexts: false);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            using var file = new OutputFile(OutputPath);
            await export.WriteAsync(file.Writer, ExportFormatName.Ndjson, _ => interrupt.Cancel(), interrupt.Token);
            file.Complete();
        });

        Directory.GetFiles(_folder).ShouldBe([OutputPath]);
        (await File.ReadAllTextAsync(OutputPath)).ShouldBe("former");
    }

    private BankId Bank => new(_bank.Split('/')[^1]);

    private static Database Database => RunningServer.App.Services.GetRequiredService<Database>();

    /// <summary>Odd names, a rule, a reversal, a captured hold, texts of all sorts.</summary>
    private async Task LiveALittle()
    {
        var issuer = await Http.IssuerAsync(_bank);
        var members = new List<Guid>();
        foreach (var name in OddNames)
            members.Add(await Http.OpenAccountAsync(_bank, "member", name));
        var school = await Http.OpenAccountAsync(_bank, "provider", "Law school: (clinic)");
        var project = await Http.OpenAccountAsync(_bank, "project", "Ann  two spaces");
        var chest = await Http.OpenAccountAsync(_bank, "pot", "Chest");
        await Made(Http.PostAsync($"{_bank}/rules", new
        {
            owner = school, kinds = (string[])["spend"], share = 3_333, targets = (object[])[new { account = project, weight = 2 }, new { account = chest, weight = 1 }],
        }));
        for (var i = 0; i < members.Count; i++)
        {
            await Made(Http.PostAsync($"{_bank}/transfers", new
            {
                kind = "earn", payer = issuer, payee = members[i], minutes = 100 + i, occurred = "2026-01-05", category = "garden",
                memo = i % 2 == 0 ? "=1+1\n\"so\", she said" : "'=2", clientReference = $"sheet 7/{i}", metadata = new { room = "3" },
            }));
        }
        var spent = await Made(Http.TransferAsync(_bank, "spend", members[0], school, 91));
        await Made(Http.TransferAsync(_bank, "spend", members[11], school, 57));
        await Made(Http.PostAsync($"{_bank}/transfers/{spent.Id}/reversal", new { minutes = 31, reason = "by mistake; [1]" }));
        var hold = await Made(Http.PostAsync($"{_bank}/holds", new { yes = "paper", payer = members[1], payee = school, minutes = 30, kind = "spend", expiresAt = DateTimeOffset.UtcNow.AddHours(1) }));
        await Made(Http.PostAsync($"{_bank}/holds/{hold.Id}/capture", new { minutes = 20 }));
    }

    private static async Task<Answer> Made(Task<Answer> request)
    {
        var answer = await request;
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }

    private async Task Export(string format, bool withTexts)
    {
        var run = await CommandRun.RunAsync(
            ["export", "--bank", Bank.Value, "--format", format, "--output", OutputPath, .. withTexts ? (string[])["--with-texts"] : []]);
        run.ExitCode.ShouldBe(0, run.ToString());
    }

    private static async Task<List<JsonNode>> Accounts(string bank) =>
        [.. (await Http.GetAnswerAsync($"{bank}/accounts?limit=500"))["items"]!.AsArray().Select(a => a!)];

    /// <summary>Of accounts that are not at zero, by id.</summary>
    private async Task<Dictionary<string, long>> Balances() =>
        (await Accounts(_bank)).Where(a => (long)a["balance"]! != 0).ToDictionary(a => (string)a["id"]!, a => (long)a["balance"]!);

    private static async Task<List<(string, string?, long)>> BalancesByName(string bank) =>
        [.. (await Accounts(bank)).Select(a => ((string)a["kind"]!, (string?)a["name"], (long)a["balance"]!))];

    private async Task<Dictionary<string, long>> HledgerBalances()
    {
        var ids = (await File.ReadAllLinesAsync(OutputPath)).Select(l => AccountDirective().Match(l)).Where(m => m.Success)
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["id"].Value);
        var balances = new Dictionary<string, long>();
        foreach (var line in (await Hledger("balance", "--flat", "-N", "--format", "%(account) | %(total)")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var bar = line.LastIndexOf('|');
            balances[ids[line[..bar].Trim()]] = long.Parse(line[(bar + 1)..].Replace("min", "").Trim());
        }
        return balances;
    }

    private async Task<string> Hledger(params string[] args)
    {
        using var hledger = Process.Start(new ProcessStartInfo("hledger", ["-f", OutputPath, .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;
        var error = hledger.StandardError.ReadToEndAsync();
        var output = await hledger.StandardOutput.ReadToEndAsync();
        await hledger.WaitForExitAsync();
        hledger.ExitCode.ShouldBe(0, await error + await File.ReadAllTextAsync(OutputPath));
        return output;
    }

    [GeneratedRegex("^account (?<name>.+?)  ; id:(?<id>.{36})$")]
    private static partial Regex AccountDirective();
}
