namespace TimeBank.Web;


/// <summary>Words with which a route is described where it is mapped.</summary>
public static class Described
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string summary, string description) =>
        route.WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Takes<TRequest>(this RouteHandlerBuilder route) where TRequest : notnull => route.Accepts<TRequest>("application/json");

    public static RouteHandlerBuilder Gives<TAnswer>(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses.Length == 0 ? [200] : statuses)
            route.Produces<TAnswer>(status);
        return route;
    }

    public static RouteHandlerBuilder KeyNeeded(this RouteHandlerBuilder route) => route.WithMetadata(new KeyNeededNote());
    public static RouteHandlerBuilder DryRunnable(this RouteHandlerBuilder route) => route.WithMetadata(new DryRunNote());
    public static RouteHandlerBuilder Paged(this RouteHandlerBuilder route) => route.WithMetadata(new PagedNote());
    public static RouteHandlerBuilder IfMatchNeeded(this RouteHandlerBuilder route) => route.WithMetadata(new IfMatchNote());
}

public sealed class KeyNeededNote;
public sealed class DryRunNote;
public sealed class PagedNote;
public sealed class IfMatchNote;
