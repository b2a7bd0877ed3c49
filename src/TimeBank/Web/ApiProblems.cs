using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace TimeBank.Web;

/// <summary>How a "no" looks (RFC 9457). The figures behind a refusal, such as available and floor, stand beside these members.</summary>
/// <param name="Type">Where the problem is explained: /problems/ and its code.</param>
/// <param name="Code">A stable name, to decide by.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Mend">How to mend the request.</param>
/// <param name="Leg">Which leg of a posting was refused, from 1.</param>
/// <param name="Fields">Fields that are missing or wrong.</param>
/// <param name="Shortfalls">Who lacks what a reversal would take back.</param>
public sealed record ProblemAnswer(
    string Type, string Code, string Title, int Status, string Mend, int? Leg, IReadOnlyList<FieldProblem>? Fields, IReadOnlyList<Shortfall>? Shortfalls);

/// <summary>Which problems an operation answers, by status, each with its code.</summary>
public static class ApiProblems
{
    private static readonly (string Start, RefusalCode Unknown)[] s_unknown =
    [
        ("/v1/banks/{bank}/accounts/{id}", RefusalCode.AccountUnknown),
        ("/v1/banks/{bank}/transfers/{id}", RefusalCode.TransferUnknown),
        ("/v1/banks/{bank}/postings/{id}", RefusalCode.TransferUnknown),
        ("/v1/banks/{bank}/holds/{id}", RefusalCode.HoldUnknown),
        ("/v1/banks/{bank}/rules/{id}", RefusalCode.RuleUnknown),
        ("/v1/banks/{bank}/services/{id}", RefusalCode.ServiceUnknown),
        ("/v1/banks/{bank}/bookings/{id}", RefusalCode.BookingUnknown),
        ("/v1/banks/{bank}/vouchers/{voucher}", RefusalCode.VoucherUnknown),
        ("/v1/banks/{bank}/activities/{id}", RefusalCode.ActivityUnknown),
        ("/v1/banks/{bank}/projects/{id}/activities", RefusalCode.AccountUnknown),
        ("/v1/banks/{bank}/members/{id}/credentials", RefusalCode.AccountUnknown),
        ("/v1/banks/{bank}/arrangements/{id}", RefusalCode.ArrangementUnknown),
        ("/v1/banks/{bank}/workshops/{id}", RefusalCode.WorkshopUnknown),
        ("/v1/banks/{bank}/listings/{id}/arrangements", RefusalCode.ListingUnknown),
        ("/v1/banks/{bank}/standings/{id}", RefusalCode.RightUnknown),
        ("/v1/banks/{bank}/keys/{id}", RefusalCode.RightUnknown),
        ("/v1/banks/{bank}/links/{id}", RefusalCode.RightUnknown),
        ("/v1/banks/{bank}/permissions/{id}", RefusalCode.RightUnknown),
        ("/v1/banks/{bank}/accounts/{id}/links", RefusalCode.RightUnknown),
        ("/v1/banks/{bank}", RefusalCode.BankUnknown),
    ];

    public static void AddTo(OpenApiOperation operation, string method, string path, IList<object> notes, OperationExamples examples, OperationFilterContext context)
    {
        operation.Responses ??= [];
        foreach (var problems in Of(operation, method, path, notes, examples).GroupBy(p => p.Status).OrderBy(g => g.Key))
        {
            operation.Responses[problems.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join("\n", problems.Select(p => p.Problem).Distinct().Select(p => $"- `{p.Code}`: {p.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problems.ContentType] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemAnswer), context.SchemaRepository) },
                },
            };
        }
    }

    private static IEnumerable<(int Status, Problem Problem)> Of(OpenApiOperation operation, string method, string path, IList<object> notes, OperationExamples examples)
    {
        List<Problem> problems = [];
        if (operation.RequestBody is not null)
            problems.AddRange([ProblemTable.MalformedRequest, ProblemTable.Invalid, ProblemTable.BodyTooLarge, ProblemTable.UnsupportedMediaType]);
        else if (operation.Parameters!.Any(p => p.In == ParameterLocation.Query))
            problems.Add(ProblemTable.Invalid);
        if (notes.OfType<KeyNeededNote>().Any())
            problems.AddRange([ProblemTable.IdempotencyKeyMissing, ProblemTable.IdempotencyKeyReused]);
        if (notes.OfType<IfMatchNote>().Any())
            problems.AddRange([ProblemTable.IfMatchMissing, ProblemTable.For(RefusalCode.VersionMismatch)]);
        if (examples.AlsoAs.Count > 0)
            problems.Add(ProblemTable.NotAcceptable);
        if (path == "/problems/{code}")
            problems.Add(ProblemTable.NotFound);
        problems.AddRange(examples.Refusals.Order().Select(ProblemTable.For));
        problems.AddRange(examples.Problems.Select(code => ProblemTable.Find(code) ?? throw new InvalidOperationException($"There is no problem {code}.")));
        if (DoorTable.Find($"{method} {path}") is { } door && !door.Who.HasFlag(Who.Anybody))
            problems.AddRange([ProblemTable.SignInNeeded, ProblemTable.For(RefusalCode.NotPermitted), .. method == "GET" ? Array.Empty<Problem>() : [ProblemTable.AntiforgeryMissing]]);
        if (path.StartsWith("/v1", StringComparison.Ordinal))
            problems.Add(ProblemTable.TooManyRequests);
        if (path.StartsWith("/v1/banks", StringComparison.Ordinal))
            problems.Add(ProblemTable.StoreUnavailable);
        if (operation.RequestBody is not null && path.StartsWith("/v1/banks", StringComparison.Ordinal))
            problems.Add(ProblemTable.Overloaded);
        if (path.StartsWith("/v1/banks/{bank}", StringComparison.Ordinal))
            problems.Add(ProblemTable.BankStopped);
        if (path == "/health/ready")
            problems.Add(ProblemTable.StoreUnavailable);
        // An id that the path names is 404 when it is unknown, whatever it is elsewhere.
        var unknown = s_unknown.Where(u => path == u.Start || path.StartsWith(u.Start + "/", StringComparison.Ordinal)).Select(u => (404, ProblemTable.For(u.Unknown)));
        return problems.Select(p => (p.Status, p)).Concat(unknown);
    }
}
