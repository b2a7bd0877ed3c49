using Npgsql;

namespace TimeBank.Store;

/// <summary>Whose rows a server's statements see: PostgreSQL itself shows and takes no others (row-level security, Schema/004).</summary>
/// <remarks>A statement that forgets to say sees nothing. What it says lasts to the end of its transaction.</remarks>
public readonly record struct BankScope
{
    private readonly string _banks;

    private BankScope(string banks) => _banks = banks;

    /// <summary>For what is about the installation: which banks there are, where a person has a standing, what has fallen due.</summary>
    public static readonly BankScope All = new("*");

    public static BankScope Of(IEnumerable<BankId> banks) => new(string.Join(',', banks.Where(b => BankId.IsValid(b.Value)).Distinct()));

    /// <summary>What cannot be a bank's name shows nothing.</summary>
    public static implicit operator BankScope(BankId bank) => new(BankId.IsValid(bank.Value) ? bank.Value : "");

    public NpgsqlBatchCommand Command() => new("select set_config('timebank.banks', $1, true)") { Parameters = { new() { Value = ToString() } } };

    /// <summary>As the setting <c>timebank.banks</c> has it.</summary>
    public override string ToString() => _banks ?? "";
}
