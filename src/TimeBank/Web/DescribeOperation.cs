using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace TimeBank.Web;

/// <summary>Writes out what a route's notes mean to a caller: headers, parameters, examples, problems.</summary>
public sealed class DescribeOperation : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var method = context.ApiDescription.HttpMethod!;
        var path = "/" + context.ApiDescription.RelativePath;
        var notes = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var examples = Operations.For(method, path);
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
            Describe(parameter, path, examples, context);
        if (notes.OfType<KeyNeededNote>().Any())
            operation.Parameters.Add(Header(Keys.Header, KeyWords, Slug(operation.Summary)));
        if (notes.OfType<IfMatchNote>().Any())
            operation.Parameters.Add(Header("If-Match", "The ETag that was read: what is changed must be what was seen.", "\"1\""));
        if (notes.OfType<DryRunNote>().Any())
            operation.Parameters.Add(Query("dryRun", "The same answer or problem, and nothing is written. It needs no Idempotency-Key.", JsonSchemaType.Boolean, false));
        if (notes.OfType<PagedNote>().Any())
        {
            operation.Parameters.Add(Query("limit", $"How many at most, up to {Web.Query.MostLimit}.", JsonSchemaType.Integer, Web.Query.DefaultLimit));
            operation.Parameters.Add(Query("cursor", "Where the former page ended: its next, unchanged.", JsonSchemaType.String, null));
        }
        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            foreach (var content in body.Content!.Values.OfType<OpenApiMediaType>())
                content.Example = examples.Example;
        }
        if (notes.OfType<DryRunNote>().Any() && operation.Responses is { } answers && answers.ContainsKey("201"))
            ((OpenApiResponse)answers["200"]).Description = "With dryRun=true: what would happen. Nothing was written.";
        if (examples.As is not null || examples.AlsoAs.Count > 0)
            NameTypes(((OpenApiResponse)operation.Responses!["200"]).Content!, examples);
        if (examples.Needs is { } needs)
            operation.Description += $" The example needs {needs}.";
        ApiProblems.AddTo(operation, method, path, notes, examples, context);
    }

    private const string KeyWords = "1 to 255 characters: new for each thing that you want done, the same when you repeat it. The repeated request gets the first one's answer, and nothing is done twice.";

    private static void NameTypes(IDictionary<string, OpenApiMediaType> content, OperationExamples examples)
    {
        if (examples.As is { } only && content.Remove("application/json", out var json))
            content[only] = json;
        foreach (var type in examples.AlsoAs)
            content[type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
    }

    private static void Describe(OpenApiParameter parameter, string path, OperationExamples examples, OperationFilterContext context)
    {
        var name = parameter.Name!;
        if (ApiParameters.Find(path, name) is { } words)
        {
            parameter.Description = words.Description;
            parameter.Required |= words.Needed;
            parameter.Schema = context.SchemaGenerator.GenerateSchema(words.Type, context.SchemaRepository);
            if (words.Words.Length > 0 && parameter.Schema is OpenApiSchema schema)
            {
                schema.Enum = [.. words.Words.Select(w => JsonValue.Create(w))];
                schema.Default = words.Needed ? null : words.Words[0];
            }
        }
        parameter.Example = name == "bank" ? Operations.Bank
            : examples.Path.TryGetValue(name, out var id) ? id
            : examples.Query.TryGetValue(name, out var value) ? value.DeepClone()
            : null;
    }

    private static OpenApiParameter Header(string name, string description, JsonNode example) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = example,
    };

    private static OpenApiParameter Query(string name, string description, JsonSchemaType type, JsonNode? ifAbsent) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = type, Default = ifAbsent },
    };

    /// <summary>"Open an account" → "open-an-account-1".</summary>
    private static string Slug(string? summary) => string.Create(CultureInfo.InvariantCulture, $"{summary?.ToLowerInvariant().Replace(' ', '-')}-1");
}
