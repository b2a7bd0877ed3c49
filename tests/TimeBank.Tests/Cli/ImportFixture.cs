using System.Text;
using Shouldly;

namespace TimeBank.Tests.Cli;

/// <summary>A bank of two and a file to import into it, new for every test.</summary>
public abstract class ImportFixture
{
    protected const string Header = "kind,payer,payee,minutes,occurred,category,memo,clientReference,key";

    private string _folder = null!;

    protected static HttpClient Http => RunningServer.Http;
    protected string Bank { get; private set; } = null!;
    protected string BankId => Bank.Split('/')[^1];
    protected Guid Ann { get; private set; }
    protected Guid Ben { get; private set; }
    protected string FilePath => Path.Combine(_folder, "transfers.csv");
    protected string RejectsPath => FilePath + ".rejects.csv";

    [SetUp]
    public async Task OpenABankOfTwo()
    {
        _folder = Directory.CreateTempSubdirectory("tb-import-").FullName;
        Bank = await Http.OpenBankAsync();
        Ann = await Http.OpenAccountAsync(Bank, "member", "Ann");
        Ben = await Http.OpenAccountAsync(Bank, "member", "Ben");
    }

    [TearDown]
    public void DeleteTheFiles() => Directory.Delete(_folder, recursive: true);

    protected Task<CommandRun> Import(string text, params string[] options) => Import(Encoding.UTF8.GetBytes(text), options);

    protected async Task<CommandRun> Import(byte[] bytes, params string[] options)
    {
        await File.WriteAllBytesAsync(FilePath, bytes);
        return await CommandRun.RunAsync(["import", "transfers", FilePath, "--bank", BankId, .. options]);
    }

    /// <summary>A file of another kind, by its verb.</summary>
    protected async Task<CommandRun> ImportAs(string what, string text, params string[] options)
    {
        await Write(text);
        return await CommandRun.RunAsync(["import", what, FilePath, "--bank", BankId, .. options]);
    }

    protected Task Write(string text) => File.WriteAllTextAsync(FilePath, text);

    protected async Task NothingWasPosted() => (await Http.GetAnswerAsync($"{Bank}/transfers"))["items"]!.AsArray().ShouldBeEmpty();
}
