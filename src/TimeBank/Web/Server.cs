using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.FairPlay;
using TimeBank.Holds;
using TimeBank.Households;
using TimeBank.Issuing;
using TimeBank.PaymentRequests;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Notices;
using TimeBank.Postings;
using TimeBank.Pots;
using TimeBank.Projections;
using TimeBank.Projects;
using TimeBank.Redemptions;
using TimeBank.Reinvestment;
using TimeBank.Reports;
using TimeBank.Safeguarding;
using TimeBank.Schedules;
using TimeBank.Store;
using TimeBank.Waiting;
using TimeBank.Workers;
using TimeBank.Workshops;
using TimeBank.WorkSessions;

namespace TimeBank.Web;

/// <summary>Puts the server together: services, then what every request passes, then routes.</summary>
public static class Server
{
    /// <param name="doors">What asks who sends a request and lets it in; left out: everything that does.</param>
    public static WebApplication Build(WebApplicationBuilder builder, LedgerStore store, Action<WebApplication>? doors = null)
    {
        builder.AddEdges();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        // Made by the container, so that it is the container that closes its connections.
        services.AddSingleton(store).AddSingleton(_ => new Database(store.ServerConnectionString));
        services.TryAddSingleton(new JournalLimits());
        services.AddSingleton<Journal>();
        services.TryAddSingleton(new BulkLimits());
        services.AddSingleton<BulkFolder>().AddSingleton<BulkPlaces>();
        services.AddSingleton<BankQueries>().AddSingleton<AccountQueries>().AddSingleton<EntryQueries>()
            .AddSingleton<KeptTotals>().AddSingleton<TransferQueries>().AddSingleton<HoldQueries>().AddSingleton<RuleQueries>()
            .AddSingleton<RightsQueries>().AddSingleton<KeyUseQueries>().AddSingleton<ConcernQueries>().AddSingleton<ThingQueries>().AddSingleton<SafeguardingQueries>()
            .AddSingleton<ThingRoutes>().AddSingleton<VoucherQueries>().AddSingleton<ContributionQueries>().AddSingleton<ListingQueries>().AddSingleton<MemberQueries>().AddSingleton<PeopleSearch>().AddSingleton<WhoCouldHelp>().AddSingleton<WhatSuits>().AddSingleton<FoundPeople>().AddSingleton<AheadQueries>().AddSingleton<OtherSide>().AddSingleton<ConcernCommands>().AddSingleton<SheetQueries>().AddSingleton<AccountThingQueries>()
            .AddSingleton<ArrangementQueries>().AddSingleton<WorkSessionQueries>().AddSingleton<PersonalTexts>()
            .AddSingleton<FairPlayQueries>().AddSingleton<WaitingQueries>().AddSingleton<NewHoursQueries>().AddSingleton<PotQueries>();
        services.AddSingleton<BankCommands>().AddSingleton<AccountCommands>().AddSingleton<PostingCommands>()
            .AddSingleton<HoldCommands>().AddSingleton<RuleCommands>().AddSingleton<AccessCommands>().AddSingleton<ContributionCommands>()
            .AddSingleton<PaymentRequestCommands>().AddSingleton<ScheduleCommands>().AddSingleton<WorkSessionCommands>()
            .AddSingleton<ServiceCommands>().AddSingleton<BookingCommands>()
            .AddSingleton<QuestionCommands>().AddSingleton<PotRequestCommands>().AddSingleton<EntryDisputeCommands>().AddSingleton<ListingCommands>().AddSingleton<MemberCommands>().AddSingleton<ApplicationCommands>()
            .AddSingleton<NoticeSources>().AddSingleton<NoticesTable>().AddSingleton<NoticeQueries>().AddSingleton<NoticeMailTable>()
            .AddSingleton<NoticeCommands>().AddSingleton<NoticeFollower>().AddSingleton<Unsubscriptions>().AddSingleton<NoticeMailing>().AddSingleton<WeekAhead>()
            .AddSingleton<TallySources>().AddSingleton<TalliesTable>().AddSingleton<TallyCommands>().AddSingleton<TallyFollower>().AddSingleton<ReportQueries>().AddSingleton<KeptReports>().AddSingleton<ReportRows>()
            .AddSingleton<ProjectCommands>().AddSingleton<ActivityCommands>().AddSingleton<CredentialCommands>().AddSingleton<ArrangementCommands>().AddSingleton<WorkshopCommands>()
            .AddSingleton<SafeguardingCommands>().AddSingleton<AuditTrail>().AddScoped<PersonalData>().AddScoped<OwnAccounts>();
        services.AddPeople(store, builder.Configuration);
        services.AddSingleton<Callers>().AddSingleton<WhoAsks>().AddSingleton<KeyUses>().AddSingleton<ReadingNotes>().AddSingleton<OutsideTokens>();
        OutsideTokens.Add(services.AddAuthentication(), builder.Configuration);
        services.AddHostedService<Clearing>();
        services.AddHostedService<HoldExpiry>();
        services.AddHostedService<KeyUseWriting>();
        services.AddHostedService<DueThings>();
        services.AddHostedService<ListingsEnding>();
        services.AddHostedService<NoticesFollowing>();
        services.AddHostedService<NoticeMailSending>();
        services.AddHostedService<TalliesFollowing>();
        services.AddHostedService<FairPlayLooking>();
        services.AddApiDocument();
        services.AddRazorComponents();

        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerException, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => AnswerEmpty(context.HttpContext));
        app.UseEdges();
        PageAssets.Use(app);
        app.UseRouting();
        (doors ?? UseDoors)(app);
        PageLocale.Use(app);
        app.MapApiDocument();
        app.MapRazorComponents<App>();
        PageLocale.Map(app);
        SignOutPage.Map(app);
        KeptPages.Map(app);
        PassbookFile.Map(app);
        CalendarFile.Map(app);
        ReportFile.Map(app);
        LiveBalance.Map(app);
        LiveSession.Map(app);
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
        ContributionsApi.Map(bank);
        PaymentRequestsApi.Map(bank);
        SchedulesApi.Map(bank);
        WorkSessionsApi.Map(bank);
        ServicesApi.Map(bank);
        BookingsApi.Map(bank);
        VouchersApi.Map(bank);
        ListingsApi.Map(bank);
        MembersApi.Map(bank);
        ApplicationsApi.Map(bank);
        OwnAccountsApi.Map(bank);
        CredentialsApi.Map(bank);
        ProjectsApi.Map(bank);
        ActivitiesApi.Map(bank);
        ArrangementsApi.Map(bank);
        DiaryApi.Map(bank);
        WorkshopsApi.Map(bank);
        WaitingApi.Map(bank);
        QuestionsApi.Map(bank);
        PotRequestsApi.Map(bank);
        EntryDisputesApi.Map(bank);
        NewHoursApi.Map(bank);
        ParticipationApi.Map(bank);
        ReportApi.Map(bank);
        StandingsApi.Map(bank);
        KeysApi.Map(bank);
        LinksApi.Map(bank);
        PermissionsApi.Map(bank);
        AuditApi.Map(bank);
        ConcernsApi.Map(bank);
        NoticesApi.Map(bank);
        NoticeSettingsApi.Map(bank);
        TellingsApi.Map(bank);
        UnsubscriptionsApi.Map(app);
        SafeguardingApi.Map(bank);
        AntiforgeryApi.Map(api);
        PeopleApi.Map(api, bank);
        PersonalDataApi.Map(api, bank);
        return app;
    }

    /// <summary>Who asks, how often, and whether the door opens: then the route.</summary>
    private static void UseDoors(WebApplication app)
    {
        app.UseMiddleware<Reception>();
        // After it is known who asks: a form's token is bound to that.
        app.UseAntiforgery();
        app.UseLimits();
        app.UseMiddleware<Gate>();
    }

    /// <summary>A status without a body, from routing or Kestrel, gets its problem.</summary>
    private static Task AnswerEmpty(HttpContext http) => http.Response.StatusCode switch
    {
        400 when PageProblems.IsPast(http) => PageProblems.ShowAgain(http),
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
            case AuditNotWrittenException:
                return Problems.Write(http, ProblemTable.StoreUnavailable);
            case UnknownEventException:
                return Problems.Write(http, ProblemTable.BankStopped);
        }
        http.RequestServices.GetRequiredService<ILogger<Journal>>().LogError(exception, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
        return Problems.Write(http, ProblemTable.Defect);
    }
}
