using TimeBank.Projections;
using TimeBank.Store;
using TimeBank.Web;

namespace TimeBank.Members;

/// <summary>Routes of memberships; a membership has the id of its account.</summary>
public static class MembersApi
{
    private const int MostMatches = 50;

    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapPost("/members", Apply).Takes<ApplyRequest>().Gives<MemberAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Apply, or invite", "By themselves, or by an organiser who was telephoned or has it on paper. Who was invited and applies stands as applied; who has left begins anew.");
        bank.MapPost("/members/enrolments", Enrol).Takes<EnrolRequest>().Gives<MemberAnswer>(201, 200).KeyNeeded().DryRunnable()
            .Describe("Enrol somebody new", "Opens their account with their membership, as invited if nothing else is said. Who has agreed to the bank's agreement, in a version, is a member at once.");
        bank.MapGet("/members", List).Gives<Page<MemberView>>().Paged()
            .Describe("List members", "In the order in which their accounts were opened, for those who organise them; with waiting, those on whose way in nothing has happened for seven days.");
        bank.MapGet("/members/{id}", Show).Gives<MemberView>().Describe("Show a member", "With telephone and addresses. Its ETag is what a change must match.");
        bank.MapPut("/members/{id}", Rewrite).Takes<ProfileRequest>().Gives<MemberAnswer>().IfMatchNeeded().DryRunnable()
            .Describe("Change what a member says of themselves", "The whole of it. Nothing is required.");
        bank.MapPost("/members/{id}/steps", TakeStep).Takes<TakeStepRequest>().Gives<MemberAnswer>().KeyNeeded().DryRunnable()
            .Describe("Write down a step on the way in", "They were talked to, agreed to a version of the agreement, were given welcome hours, were proposed a first help.");
        bank.MapPost("/members/{id}/admission", Admit).Takes<MoveMemberRequest>().Gives<MemberAnswer>().KeyNeeded().DryRunnable()
            .Describe("Admit a member", "Once they have agreed.");
        bank.MapPost("/members/{id}/pause", Pause).Takes<MoveMemberRequest>().Gives<MemberAnswer>().KeyNeeded().DryRunnable()
            .Describe("Pause", "Nothing is proposed to them until they return. The safeguarding lead pauses anybody at once, without a reason, and lets them return.");
        bank.MapPost("/members/{id}/return", Return).Takes<MoveMemberRequest>().Gives<MemberAnswer>().KeyNeeded().DryRunnable()
            .Describe("Return from a pause", "They are active again.");
        bank.MapPost("/members/{id}/departure", Leave).Takes<LeaveRequest>().Gives<LeavingAnswer>().KeyNeeded().DryRunnable()
            .Describe("Leave", "The membership ends and the account is closed, in one posting. What is left goes where the member says, else where policy says; what is below zero an organiser lets a pot or the community forgive. Schedules, listings, requests and names on lists end with it; help that waits to be confirmed or settled, and bookings, come to their end first.");
        bank.MapGet("/members/{id}/matches", Matches).Gives<IReadOnlyList<MatchView>>()
            .Describe("Find what would suit a member", "Requests of others that fit what they like to do, the most fitting first, each with why. None while they pause or have left.");
    }

    private static async Task Apply(string bank, HttpContext http, MemberCommands commands)
    {
        if (await Body.Read(http, ApplyRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.ApplyAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/members/");
    }

    private static async Task Enrol(string bank, HttpContext http, MemberCommands commands)
    {
        if (await Body.Read(http, EnrolRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.EnrolAsync(new BankId(bank), request, said), said.DryRun, $"/v1/banks/{bank}/members/");
    }

    private static async Task Rewrite(string bank, string id, HttpContext http, MemberCommands commands)
    {
        if (await Body.Read(http, ProfileRequestValidator.Instance, keyNeeded: false) is not var (request, said) || await ETags.Require(http) is not { } version)
            return;
        await WriteChanged(http, await commands.RewriteAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, version, said), said.DryRun);
    }

    private static async Task TakeStep(string bank, string id, HttpContext http, MemberCommands commands)
    {
        if (await Body.Read(http, TakeStepRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await commands.TakeStepAsync(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static Task Admit(string bank, string id, HttpContext http, MemberCommands commands) => Move(bank, id, http, commands.AdmitAsync);

    private static Task Pause(string bank, string id, HttpContext http, MemberCommands commands) => Move(bank, id, http, commands.PauseAsync);

    private static Task Return(string bank, string id, HttpContext http, MemberCommands commands) => Move(bank, id, http, commands.ReturnAsync);

    /// <summary>Stages at which something may still be open, of all that concerns an account.</summary>
    private static readonly string[] s_open = ["logged", "waiting", "disputed", "asked", "seconded", "active", "paused", "planned", "booked", "open", "proposed", "agreed"];

    private static async Task Leave(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, ThingQueries things, MemberCommands commands)
    {
        if (await Body.Read(http, LeaveRequestValidator.Instance) is not var (request, said))
            return;
        var (here, account) = (new BankId(bank), new AccountId(Ids.OrUnknown(id)));
        var byPolicy = await accounts.RestToAsync(here, banks, http.RequestAborted);
        var matters = await things.StandingAsync(here, account, s_open, http.RequestAborted);
        await WriteChanged(http, await commands.LeaveAsync(here, account, request, byPolicy, matters, said), said.DryRun);
    }

    private static async Task Move(string bank, string id, HttpContext http, Func<BankId, AccountId, MoveMemberRequest, Said, Task<Outcome>> move)
    {
        if (await Body.Read(http, MoveMemberRequestValidator.Instance) is not var (request, said))
            return;
        await WriteChanged(http, await move(new BankId(bank), new AccountId(Ids.OrUnknown(id)), request, said), said.DryRun);
    }

    private static async Task Show(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, AccountThingQueries members)
    {
        if (await FindAsync(bank, id, http, banks, accounts, members) is not { } row)
            return;
        ETags.Set(http, row.Thing.Edition);
        await Answers.Write(http, MemberView.Of(row));
    }

    private static async Task Matches(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, AccountThingQueries members, WhatSuits suits, TimeProvider clock)
    {
        if (await FindAsync(bank, id, http, banks, accounts, members) is { } row)
            await Answers.Write(http, (await suits.FindAsync(new BankId(bank), row, clock.GetUtcNow(), MostMatches, http.RequestAborted)).Select(MatchView.Of).ToList());
    }

    private static async Task List(string bank, string? stage, string? waiting, HttpContext http, BankQueries banks, AccountThingQueries members, TimeProvider clock)
    {
        var query = new Query(http);
        var at = query.Word<MemberStage>("stage");
        DateTimeOffset? waits = query.Flag("waiting") ? clock.GetUtcNow() : null;
        var limit = query.Limit();
        var after = query.CursorId(Guid.Empty);
        if (await query.RefusedAsync() || await Missing.Bank(http, banks, bank))
            return;
        var caller = http.Caller();
        string[]? among = caller.ReadsWholeBank ? null : [.. caller.Authority.Neighbourhoods];
        var rows = await members.ListAsync<Member>(new BankId(bank), at?.Word(), waits, among, after, limit + 1, http.RequestAborted);
        await Answers.Write(http, query.Page(rows, limit, r => Query.ToCursor(r.Thing.Id.Value), MemberView.Of));
    }

    /// <summary>Null if a problem was answered.</summary>
    private static async Task<AccountThingRow<Member>?> FindAsync(string bank, string id, HttpContext http, BankQueries banks, AccountQueries accounts, AccountThingQueries members)
    {
        var account = new AccountId(Ids.OrUnknown(id));
        if (await Missing.Bank(http, banks, bank))
            return null;
        if (await members.FindAsync<Member>(new BankId(bank), Member.IdOf(account), http.RequestAborted) is not { } row)
            await Problems.Write(http, Refusal.Of(RefusalCode.MemberUnknown, account));
        else if (!await Sight.Refused(http, new BankId(bank), account, accounts))
            return row;
        return null;
    }

    private static Task WriteChanged(HttpContext http, Outcome outcome, bool dryRun, string? location = null) =>
        ETags.Write<Member>(http, outcome, changed => changed.Edition, dryRun, location);
}
