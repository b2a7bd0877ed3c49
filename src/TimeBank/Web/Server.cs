using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TimeBank.Accounts;
using TimeBank.Banks;
using TimeBank.Holds;
using TimeBank.Postings;
using TimeBank.Projections;
using TimeBank.Reinvestment;
using TimeBank.Store;
using TimeBank.Workers;

namespace TimeBank.Web;

/// <summary>Puts the server together: services, then what every request passes, then routes.</summary>
public static class Server
{
    /// <summary>Bytes of a request's body, bulk aside.</summary>
    private const long MostBody = 4 * 1024 * 1024;

    public static WebApplication Build(WebApplicationBuilder builder, LedgerStore store)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Any byte in a header reaches our own checks, which answer a problem; as UTF-8 Kestrel would refuse it without a word.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = MostBody;
            kestrel.Limits.MaxConcurrentConnections = 4_096;
        });
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        // Made by the container, so that it is the container that closes its connections.
        services.AddSingleton(store).AddSingleton(_ => new Database(store.ServerConnectionString));
        services.TryAddSingleton(new JournalLimits());
        services.AddSingleton<Journal>();
        services.AddSingleton<BulkFolder>();
        services.AddSingleton<BankQueries>().AddSingleton<AccountQueries>().AddSingleton<EntryQueries>()
            .AddSingleton<TransferQueries>().AddSingleton<HoldQueries>().AddSingleton<RuleQueries>();
        services.AddSingleton<BankCommands>().AddSingleton<AccountCommands>().AddSingleton<PostingCommands>()
            .AddSingleton<HoldCommands>().AddSingleton<RuleCommands>();
        services.AddHostedService<HoldExpiry>();
        services.AddApiDocument();

        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerException, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => AnswerEmpty(context.HttpContext));
        app.Use(LoopbackOnly.Check);
        app.UseRouting();
        app.MapApiDocument();
        ServerApi.Map(app);
        var api = app.MapGroup("/v1");
        var bank = api.MapGroup("/banks/{bank}");
        BanksApi.Map(api, bank);
        AccountsApi.Map(bank);
        StatementsApi.Map(bank);
        PostingsApi.Map(bank);
        BulkApi.Map(bank);
        HoldsApi.Map(bank);
        RulesApi.Map(bank);
        return app;
    }

    /// <summary>A status without a body, from routing or Kestrel, gets its problem.</summary>
    private static Task AnswerEmpty(HttpContext http) => http.Response.StatusCode switch
    {
        404 => Problems.Write(http, ProblemTable.NotFound),
        405 => Problems.Write(http, ProblemTable.MethodNotAllowed),
        406 => Problems.Write(http, ProblemTable.NotAcceptable),
        413 => Problems.Write(http, ProblemTable.BodyTooLarge),
        415 => Problems.Write(http, ProblemTable.UnsupportedMediaType),
        >= 500 => Problems.Write(http, ProblemTable.Defect),
        _ => Problems.Write(http, ProblemTable.MalformedRequest),
    };

    private static Task AnswerException(HttpContext http)
    {
        var exception = http.Features.Get<IExceptionHandlerFeature>()?.Error ?? throw new UnreachableException();
        switch (exception)
        {
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                return Task.CompletedTask;
            case BadHttpRequestException { StatusCode: 413 }:
                return Problems.Write(http, ProblemTable.BodyTooLarge);
            case BadHttpRequestException { StatusCode: 408 }:
                return Problems.Write(http, ProblemTable.BodyTooSlow);
            case BadHttpRequestException bad:
                return Problems.Write(http, ProblemTable.MalformedRequest, [new FieldProblem("$", bad.Message)]);
            case not BadHttpRequestException when StoreFaults.IsUnavailable(exception):
                return Problems.Write(http, ProblemTable.StoreUnavailable);
            case UnknownEventException:
                return Problems.Write(http, ProblemTable.BankStopped);
        }
        http.RequestServices.GetRequiredService<ILogger<Journal>>().LogError(exception, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
        return Problems.Write(http, ProblemTable.Defect);
    }
}
