using TimeBank.Store;
using TimeBank.Web.Csv;

namespace TimeBank.Accounts;

/// <summary>A file of projects, and of providers and pots: each line opens an account.</summary>
public sealed class ProjectLines(BankId bank, AccountCommands commands, AccountReferences accounts) : ImportFormat
{
    private static readonly CsvColumns s_columns = CsvColumns.Of(1, "name", "number", "kind", "neighbourhood", "floor", "ceiling", KeyColumn);

    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);

    public override CsvColumns Columns => s_columns;

    protected override ImportLine? Read(LineReading line)
    {
        var request = new OpenAccountRequest
        {
            Kind = line.Word<AccountKind>("kind") ?? AccountKind.Project,
            Name = line.Text("name"),
            Number = line.Field("number"),
            Neighbourhood = line.Field("neighbourhood"),
            Floor = line.Minutes("floor"),
            Ceiling = line.Minutes("ceiling"),
        };
        if (request.Kind is not (AccountKind.Project or AccountKind.Provider or AccountKind.Pot))
            line.Wrong("kind", "project, provider or pot; members have a file of their own.");
        line.Check(request, OpenAccountRequestValidator.Instance);
        if (request.Number is { } number)
        {
            if (!_numbers.TryAdd(number, line.Number) && _numbers[number] != line.Number)
                line.Wrong("number", $"Line {_numbers[number]} has {number} already.");
            // Under the same name it may be from an earlier run of the same file, which goes on; if not, the bank's rules refuse it.
            else if (accounts.FindNumber(number) is { } taken && accounts.Call(taken) != request.Name)
                line.Wrong("number", $"{number} is the number of {accounts.Call(taken)} already.");
        }
        return new ImportLine(
            $"new {request.Kind.Value.Word()}s", null,
            () => $"opens a {request.Kind.Value.Word()} called {request.Name}{(request.Number is { } known ? $", number {known}" : "")}",
            said => commands.OpenAsync(bank, request, said));
    }
}
