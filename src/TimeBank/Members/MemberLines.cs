using TimeBank.Web;
using TimeBank.Web.Csv;

namespace TimeBank.Members;

/// <summary>A file of members: each line opens an account with its number and membership.</summary>
public sealed class MemberLines(BankId bank, MemberCommands commands, AccountReferences accounts) : ImportFormat
{
    private static readonly CsvColumns s_columns = CsvColumns.Of(
        2, "number", "name", "email", "telephone", "address", "languages", "neighbourhood", "categories", "times", "reach", "willing", "how", "agreement", "agreedOn", "bornIn", KeyColumn);

    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);

    public override CsvColumns Columns => s_columns;

    protected override ImportLine? Read(LineReading line)
    {
        var request = new EnrolRequest
        {
            Number = line.Field("number"),
            Name = line.Text("name"),
            Email = line.Text("email"),
            Telephone = line.Text("telephone"),
            Address = line.Text("address"),
            Languages = line.Several("languages"),
            Neighbourhood = line.Field("neighbourhood"),
            Skills = line.Several("categories"),
            Times = line.SeveralWords<TimeOfWeek>("times"),
            Reach = line.SeveralWords<Reach>("reach"),
            Willing = line.Word<Willingness>("willing"),
            How = line.Word<Approach>("how"),
            Agreement = line.Field("agreement"),
            AgreedOn = line.Date("agreedOn"),
            BornIn = line.Year("bornIn"),
        };
        line.Check(request, EnrolRequestValidator.Instance, field => field.Split('[')[0] switch { "skills" => "categories", var column => column });
        if (request.Number is not { } number)
            line.Wrong("number", "This is missing.");
        else if (!_numbers.TryAdd(number, line.Number) && _numbers[number] != line.Number)
            line.Wrong("number", $"Line {_numbers[number]} has {number} already.");
        // Under the same name it may be from an earlier run of the same file, which goes on; if not, the bank's rules refuse it.
        else if (accounts.FindNumber(number) is { } taken && accounts.Call(taken) != request.Name)
            line.Wrong("number", $"{number} is the number of {accounts.Call(taken)} already.");
        return new ImportLine(
            request.Agreement is null ? "new members who have not agreed yet" : "new members", null,
            () => $"opens an account for {request.Name}, number {request.Number}{(request.Agreement is { } version ? $", a member who agreed to {version}" : "")}",
            said => commands.EnrolAsync(bank, request, said));
    }
}
