using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;
using TimeBank.Access;

namespace TimeBank.Web;

/// <summary>The OpenAPI document and its page at /swagger.</summary>
public static class ApiDocument
{
    private const string Name = "v1";
    private const string Bearer = "bearer";
    public const string Address = $"/swagger/{Name}/swagger.json";

    private const string Introduction =
        "TimeBank keeps a ledger of hours: one hour given is one hour earned, whoever gives it and whatever they do. " +
        "A **bank** has **accounts** (members, projects, providers, pots); a **transfer** moves whole **minutes** from one to another, and a **posting** is several of them, all or none. " +
        "To begin, run `timebank demo`, open *Show an account* below and press *Execute*: the examples fit the demo's bank, `law-school`. " +
        "Every POST has an **Idempotency-Key**, so that it can be sent again when an answer got lost and nothing happens twice. `dryRun=true` tells what would happen. " +
        "Who asks is told by a **key** of a partner app or a **token** of somebody who signed in: press *Authorize* and paste what the demo printed. " +
        "A \"no\" is always `application/problem+json` with a stable `code`; `/problems/{code}` says what it means and how to mend the request.";

    /// <summary>In the order in which a newcomer reads; by where a path goes on after the bank, else by how it starts.</summary>
    private static readonly (string Tag, string Description, string[] Words)[] s_tags =
    [
        ("Banks", "One time bank, its policy, and the kinds of transfer.", ["", "banks", "policy", "transfer-kinds"]),
        ("Accounts", "Who holds minutes: members, projects, providers, pots.", ["accounts"]),
        ("Statements", "Why a balance is what it is.", ["entries", "balance", "trial-balance"]),
        ("Transfers", "Moving minutes, one by one or several at once, and taking them back; and asking whether an entry is right.", ["transfers", "postings", "disputes"]),
        ("Holds", "Minutes set aside until a service was given.", ["holds"]),
        ("Help given", "What was given, from the first word about it until its hours moved.", ["contributions", "batch"]),
        ("Sessions", "Of a project: names in advance, who came, and the list that is credited.", ["work-sessions"]),
        ("Requests for payment", "One asks, the other says yes.", ["payment-requests"]),
        ("Schedules", "Transfers on a day ahead, or again and again.", ["schedules"]),
        ("Services", "What providers offer for hours: quote, booking, voucher, and what happens at the desk.", ["services", "bookings", "vouchers"]),
        ("Offers and requests", "What people offer and ask for, and the search for it.", ["listings"]),
        ("Arrangements", "Who is to help whom and when, from the proposal until it was done; workshops; and what is on tomorrow.", ["arrangements", "diary", "workshops"]),
        ("What waits", "The organiser's list: what waits for somebody's word, and questions of fair play.", ["waiting", "questions"]),
        ("Asking a pot", "In private; two different people decide.", ["pot-requests", "figures"]),
        ("New hours", "What came from the community because nobody else had it.", ["new-hours"]),
        ("Participation", "How many gave and received, counted; no balances.", ["participation"]),
        ("Reports", "Hours of help by month, by what it was, by neighbourhood and by project, and how many took part.", ["report"]),
        ("Members", "Who they are, on their way in and out, and what would suit them.", ["members", "applications"]),
        ("Projects", "What they are for, what is done in them, and what it takes to do it safely.", ["projects", "activities"]),
        ("Credentials", "Of members: that a paper was seen, and until when it counts.", ["credentials", "revocation"]),
        ("Notices", "What people are told, and how they want it: in the program, by mail, by telephone, on paper.", ["notices", "notice-settings", "tellings"]),
        ("Reinvestment rules", "What an account passes on of what it receives.", ["rules"]),
        ("Who may what", "Standings of people, keys of partner apps, links of members to apps, permissions to act for members, and the audit trail.", ["organisers", "standings", "keys", "rotation", "links", "permissions", "audit"]),
        ("People", "Signing in, invitations, and what is kept about a person.", ["sessions", "me", "password-resets", "codes", "invitations", "people", "antiforgery", "data", "erasure"]),
        ("Safeguarding", "Worries about a person or a visit, and who is kept apart: for the safeguarding lead alone.", ["concerns", "apart"]),
        ("Server", "Is it well, and what do its problems mean?", ["health", "problems"]),
    ];

    private static readonly string[] s_methods = ["POST", "GET", "PUT", "DELETE"];

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<ExampleIds>();
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(ApiJson.Options));
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Name, new OpenApiInfo { Title = "TimeBank", Version = Name, Description = Introduction });
            options.MapType<Minutes>(() => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" });
            foreach (var id in (Type[])[typeof(AccountId), typeof(PostingId), typeof(TransferId), typeof(HoldId), typeof(RuleId), typeof(ThingId), typeof(PersonId), typeof(RightId)])
                options.MapType(id, () => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" });
            options.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A partner app's key (tb_…), or the token of a person who signed in at /v1/sessions.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] });
            options.TagActionsBy(api => [TagOf(api.RelativePath!)]);
            options.OrderActionsBy(api => $"{Array.FindIndex(s_tags, t => t.Tag == TagOf(api.RelativePath!))} {api.RelativePath} {Array.IndexOf(s_methods, api.HttpMethod)}");
            options.OperationFilter<DescribeOperation>();
            options.SchemaFilter<DescribeSchema>();
            options.DocumentFilter<OrderedTags>();
            foreach (var assembly in (Type[])[typeof(ApiDocument), typeof(Minutes)])
                options.IncludeXmlComments(assembly.Assembly);
        });
        return services;
    }

    public static void MapApiDocument(this WebApplication app)
    {
        var document = new Lazy<Task<string>>(() => WriteAsync(app.Services));
        app.MapGet(Address, async (HttpContext http, ExampleIds ids) =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.WriteAsync(ids.Fill(await document.Value), http.RequestAborted);
        }).ExcludeFromDescription();
        app.UseSwaggerUI(page =>
        {
            page.DocumentTitle = "TimeBank";
            page.SwaggerEndpoint(Address, "TimeBank");
            page.EnableTryItOutByDefault();
        });
    }

    /// <summary>The document as it is kept in the repository, with placeholders for ids.</summary>
    public static async Task<string> WriteAsync(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var document = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Name);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0);
    }

    private static string TagOf(string path)
    {
        var words = path.Replace("v1/banks/{bank}", "", StringComparison.Ordinal).Replace("v1/", "", StringComparison.Ordinal).Trim('/').Split('/');
        // What is listed of an account is a statement.
        return s_tags.FirstOrDefault(t => t.Words.Contains(words[^1])) is { Tag: { } last } ? last
            : s_tags.FirstOrDefault(t => t.Words.Contains(words[0])) is { Tag: { } first } ? first
            : throw new InvalidOperationException($"/{path} belongs to no part of the API document: add its word to {nameof(ApiDocument)}.");
    }

    private sealed class OrderedTags : IDocumentFilter
    {
        public void Apply(OpenApiDocument document, DocumentFilterContext context) =>
            document.Tags = new HashSet<OpenApiTag>(s_tags.Select(t => new OpenApiTag { Name = t.Tag, Description = t.Description }));
    }
}
