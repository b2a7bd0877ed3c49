using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace TimeBank.Web;

/// <summary>Marks what is required: of a request whatever an empty one is refused for, of an answer whatever is never null.</summary>
public sealed class DescribeSchema : ISchemaFilter
{
    private static readonly Dictionary<Type, IReadOnlyList<string>> s_ofRequests = typeof(DescribeSchema).Assembly.GetTypes()
        .Where(t => t.BaseType is { IsGenericType: true } b && b.GetGenericTypeDefinition() == typeof(AbstractValidator<>) && InstanceOf(t) is not null)
        .ToDictionary(t => t.BaseType!.GetGenericArguments()[0], AskedOfEmpty);

    private readonly NullabilityInfoContext _nullability = new();

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } written || context.MemberInfo is not null)
            return;
        var isRequest = context.Type.Name.EndsWith("Request", StringComparison.Ordinal);
        var required = s_ofRequests.TryGetValue(context.Type, out var asked) ? asked
            : isRequest ? []
            : NeverNull(context.Type);
        written.Required = new SortedSet<string>(required.Where(written.Properties!.ContainsKey), StringComparer.Ordinal);
        // A request may say null for what it could leave out; an answer leaves out what it does not have, unless its null says something.
        var tellingNulls = NamesOf(context.Type, SaysNull).ToHashSet();
        foreach (var (name, member) in written.Properties!)
        {
            if (member is OpenApiSchema { Type: { } type } property && (!isRequest || written.Required.Contains(name)) && !tellingNulls.Contains(name))
                property.Type = type & ~JsonSchemaType.Null;
        }
    }

    private IEnumerable<string> NeverNull(Type type) =>
        NamesOf(type, p => SaysNull(p) || _nullability.Create(p).ReadState == NullabilityState.NotNull);

    private static bool SaysNull(PropertyInfo property) => property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Never };

    private static IEnumerable<string> NamesOf(Type type, Func<PropertyInfo, bool> which) =>
        type.GetProperties().Where(which).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

    /// <summary>A part of another request has none: what it needs is asked when there is one.</summary>
    private static FieldInfo? InstanceOf(Type validator) => validator.GetField("Instance", BindingFlags.Public | BindingFlags.Static);

    private static IReadOnlyList<string> AskedOfEmpty(Type validator)
    {
        var request = validator.BaseType!.GetGenericArguments()[0];
        var instance = (IValidator)InstanceOf(validator)!.GetValue(null)!;
        var empty = new ValidationContext<object>(Activator.CreateInstance(request)!);
        return [.. instance.Validate(empty).Errors.Select(e => JsonNamingPolicy.CamelCase.ConvertName(e.PropertyName)).Distinct()];
    }
}
