using Shouldly;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.Holds;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Projects;
using TimeBank.Pots;
using TimeBank.Redemptions;
using TimeBank.Reinvestment;
using TimeBank.Safeguarding;
using TimeBank.Texts;

namespace TimeBank.Domain.Tests;

/// <summary>Of several reasons to refuse, the first in the order of <see cref="RefusalCode"/> is answered, whatever the decision.
/// Each table spoils a request that would be accepted in one way for each code; the tests do so alone, by twos and by threes.</summary>
public sealed class PrecedenceTests
{
    /// <summary>A request that would be accepted, until it is spoilt.</summary>
    private sealed class Case
    {
        public Town Town { get; set; } = new();
        public AccountId Payer, Payee, Third, Subject;
        public TransferKind Kind = TransferKind.Exchange;
        public Minutes Minutes = new(10);
        public Minutes? Part = new(10);
        public DateOnly? Occurred;
        public int Copies = 1;
        public DateTimeOffset Expires = Town.Noon.AddHours(1);
        public HoldId Hold;
        public TransferId Transfer;
        public RuleId Rule;
        public RuleTerms Terms = null!;
        public long Version = 1;
        public AccountKind Opening = AccountKind.Earmark;
        public AccountId? Parent, SweepTo;
        public Minutes? Floor, Ceiling;
        public string? Neighbourhood;
        public BankPolicy Policy = BankPolicy.Default;
        public bool SecondBank;
        /// <summary>Somebody was marked as under 18.</summary>
        public bool Young;
        public ThingId Logged, Disputed, Listed, Plea, Refused;
        public AccountId Pot;
        public Minutes? About = new(60);
        public AccountId Joining, Applying, Paused;
        public JoiningStep Step = JoiningStep.Talked;
        public ListingTerms Listing => new(ListingKind.Offer, "shopping", null, [], About, false, Expires);
        public Yes? Yes = TimeBank.Access.Yes.InPerson;
        public AccountId Provider;
        public ThingId Service, Booking, Given, Cancelled, Later, Voucher;
        public ServiceTerms Asked = FrontDesk.Terms(10, 10);
        public TextRef? Why = FrontDesk.Text;
        /// <summary>The third member questions an entry; another of theirs is not questioned yet.</summary>
        public ThingId Doubt;
        public TransferId Doubted;
        public ThingId? Cause;
        public Authority Doubting = null!;
        public DateOnly? Date;
        public ThingId Arranged, Undated;
        public bool Dated = true;
        public AccountId Away;
        public Meeting Meeting => new(Date ?? Town.Today.AddDays(1), null, Minutes);
        private ThingId AskPot() => Town.Do(d => PotRequestDecisions.Ask(d, new ThingId(d.Mint()), Pot, Payee, new(10), null)).ShouldHappen().Request.Id;
        public Claim Claim => new(Payee, Payer, null, Minutes, Occurred ?? Town.Today, null, null);
        public AccountId Garden, Meadow;
        public ThingId Sowing, Felling, Paper;
        public ThingId? Doing;
        public string? Category;
        public Claim Work => new(Payee, null, Garden, Minutes, Occurred ?? Town.Today, Category, null, Activity: Doing);

        public Case()
        {
            (Payer, Payee, Third) = (Town.Open(AccountKind.Member, 100), Town.Open(AccountKind.Member), Town.Open(AccountKind.Member));
            Subject = Town.Open(AccountKind.Member, 50);
            Hold = Town.Place(TransferKind.Exchange, Payer, Third, 20).ShouldHappen().Id;
            Transfer = Town.Post(TransferKind.Exchange, Third, Payee, 10).ShouldHappen().Transfers[0].Id;
            (Doubting, Doubted) = (Neighbours.Holder(Third), Town.Post(TransferKind.Exchange, Third, Payee, 10).ShouldHappen().Transfers[0].Id);
            Doubt = Question(Doubted).ShouldHappen().Dispute.Id;
            Terms = Town.Terms(5_000, Payee);
            Rule = Town.Write(Subject, Terms).ShouldHappen().Id;
            Parent = Town.Open(AccountKind.Project);
            SweepTo = Payee;
            Logged = Log();
            Disputed = Log();
            Town.Do(d => ContributionDecisions.Confirm(d, Disputed, Yes)).ShouldHappen();
            Town.Do(d => ContributionDecisions.Dispute(d, Disputed, null)).ShouldHappen();
            (Joining, Applying) = (Town.Open(AccountKind.Member), Town.Open(AccountKind.Member));
            foreach (var joining in (AccountId[])[Joining, Applying])
                Town.Do(d => MemberDecisions.Apply(d, joining, Approach.Invited, Club.Nothing, null), [], Member.IdOf(joining)).ShouldHappen();
            Paused = Town.Open(AccountKind.Member);
            Town.Do(d => MemberDecisions.Apply(d, Paused, Approach.Page, Club.Nothing, null), [], Member.IdOf(Paused)).ShouldHappen();
            Town.Do(d => MemberDecisions.TakeStep(d, Paused, JoiningStep.Agreed, Town.Today, "1")).ShouldHappen();
            Town.Do(d => MemberDecisions.Admit(d, Paused)).ShouldHappen();
            Listed = Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), Payee, Listing, Neighbours.Why)).ShouldHappen().Id;

            (Garden, Meadow) = (Town.Open(AccountKind.Project), Town.Open(AccountKind.Project));
            Town.Asked.AddRange([Project.IdOf(Meadow), Project.IdOf(Town.Nobody), .. new[] { Payee, Third, Town.Nobody }.Select(MemberCredentials.IdOf)]);
            Town.Do(d => ProjectDecisions.Describe(d, Garden, Plan, null), [], Project.IdOf(Garden)).ShouldHappen();
            (Sowing, Felling) = (Add("first-aid"), Add("training-saw"));
            Doing = Sowing;
            Paper = Town.Do(d => CredentialDecisions.Record(d, Payee, Seen("first-aid"))).ShouldHappen().Credentials[0].Id;

            Away = Town.Open(AccountKind.Member);
            Town.Do(d => MemberDecisions.Apply(d, Away, Approach.Page, Club.Nothing, null), [], Member.IdOf(Away)).ShouldHappen();
            Town.Do(d => MemberDecisions.Leave(d, Away)).ShouldHappen();
            (Arranged, Undated) = (Propose(Meeting), Propose(null));

            Pot = Town.Open(AccountKind.Pot, 1_000);
            (Plea, Refused) = (AskPot(), AskPot());
            Town.Authority = PotKeeper.Of(1);
            Town.Do(d => PotRequestDecisions.Approve(d, Plea)).ShouldHappen();
            Town.Do(d => PotRequestDecisions.Decline(d, Refused, null)).ShouldHappen();
            Town.Authority = PotKeeper.Of(2);

            Provider = Town.Open(AccountKind.Provider);
            Service = Town.Do(d => ServiceDecisions.Offer(d, new ThingId(d.Mint()), Provider, Asked, FrontDesk.Text, null)).ShouldHappen().Id;
            (Booking, Given, Cancelled, Later) = (Book(1).Id, Book(2).Id, Book(3).Id, Book(4, 1).Id);
            Town.Do(d => Redeeming.Take(d, Code(2).Voucher, null)).ShouldHappen();
            Town.Do(d => BookingDecisions.Cancel(d, Cancelled)).ShouldHappen();
            Voucher = Code(1).Voucher;
            Town.Asked.AddRange([Code(5).Voucher, new ThingId(Hold.Value), new ThingId(Town.NoHold.Value)]);

            Booking Book(byte code, int daysAhead = 0)
            {
                Town.Asked.Add(Code(code).Voucher);
                return Town.Do(d => BookingDecisions.Book(d, new ThingId(d.Mint()), Service, Payer, Town.Today.AddDays(daysAhead), Yes, null, [Code(code)], Broker.At)).ShouldHappen();
            }

            ThingId Add(string requires) => Town.Do(d => ActivityDecisions.Add(d, new ThingId(d.Mint()), Garden, [requires], Neighbours.Why)).ShouldHappen().Id;

            ThingId Propose(Meeting? meeting) => Town.Do(
                d => Proposing.Propose(d, new ThingId(d.Mint()), Payee, Payer, null, meeting, null), [], Member.IdOf(Payee), Member.IdOf(Payer)).ShouldHappen().Arrangement.Id;

            ThingId Log() => Town.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), Claim)).ShouldHappen().Contribution.Id;
        }

        /// <summary>Whoever asks afterwards is who asked before.</summary>
        public Decision<EntryDisputeChange> Question(TransferId entry)
        {
            var asked = Town.Authority;
            Town.Authority = Doubting;
            var decision = Town.Do(d => EntryDisputeDecisions.Dispute(d, entry, Cause, null), [], EntryDispute.IdOf(entry));
            Town.Authority = asked;
            return decision;
        }

        public void LetStand() => Town.Do(d => EntryDisputeDecisions.Settle(d, EntryDispute.IdOf(Doubted), EntryVerdict.Stands, Neighbours.Why, false)).ShouldHappen();

        public static readonly ProjectTerms Plan = new(null, null, null);

        public Credential Seen(string kind) => new(new ThingId(Town.NextPosting.Value), kind, Occurred ?? Town.Today.AddDays(-7), null, null);

        public Town As(AccountId account)
        {
            Town.Authority = Neighbours.Holder(account);
            return Town;
        }

        public static VoucherCode Code(byte code) => VoucherCode.Of([code, 0, 0, 0, 0, 0, 0, 0]);

        /// <summary>Changes an account, unless another way to spoil the request already named one that is not there.</summary>
        public void Set(AccountId id, Func<Account, Account> change)
        {
            if (id != Town.Nobody)
                Town.Change(id, change);
        }
    }

    private delegate void Spoil(Case c);

    private sealed record Table(string Decision, Func<Case, Refusal?> Decide, params (RefusalCode Code, Spoil Spoil)[] Ways)
    {
        public override string ToString() => Decision;
    }

    private static readonly (RefusalCode, Spoil) s_noBank = (RefusalCode.BankUnknown, c => c.Town.Bank = null);
    private static readonly (RefusalCode, Spoil) s_closed = (RefusalCode.AccountClosed, c => c.Set(c.Payee, a => a with { Status = AccountStatus.Closed }));
    private static readonly (RefusalCode, Spoil) s_frozen = (RefusalCode.AccountFrozen, c => c.Set(c.Payer, a => a with { Status = AccountStatus.Frozen }));

    private static readonly (RefusalCode, Spoil)[] s_transfer =
    [
        s_noBank,
        (RefusalCode.KindBelongsToEngine, c => c.Kind = TransferKind.Levy),
        (RefusalCode.YesNeeded, c => c.Yes = null),
        (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
        (RefusalCode.SameAccount, c => c.Payer = c.Payee),
        (RefusalCode.AccountUnknown, c => (c.Payer, c.Payee) = (c.Payer == c.Payee ? Town.Nobody : c.Payer, Town.Nobody)),
        (RefusalCode.WrongKindOfAccount, c => c.Kind = c.Kind == TransferKind.Levy ? c.Kind : TransferKind.Spend),
        s_closed,
        s_frozen,
        (RefusalCode.LongerThanAllowed, c => c.Town.Change(p => p with { LongestTransfer = new(9) })),
        (RefusalCode.MinutesBeyondRange, c => c.Set(c.Payee, a => a with { Balance = new(Minutes.Limit) })),
        (RefusalCode.BelowFloor, c => c.Set(c.Payer, a => a with { Floor = a.Balance })),
        (RefusalCode.AboveCeiling, c => c.Set(c.Payee, a => a with { Ceiling = a.Balance })),
    ];

    private static readonly (RefusalCode, Spoil)[] s_offer =
    [
        (RefusalCode.MinutesNotPositive, c => c.Asked = c.Asked with { Asks = Minutes.Zero }),
        (RefusalCode.AsksMoreThanGiven, c => c.Asked = c.Asked with { Lasts = new(9) }),
        (RefusalCode.ReasonNeeded, c => (c.Why, c.Asked) = (null, c.Asked with { Lasts = c.Asked.Lasts == new Minutes(9) ? c.Asked.Lasts : null })),
        (RefusalCode.WrongKindOfAccount, c => c.Set(c.Provider, a => a with { Kind = AccountKind.Pot })),
        (RefusalCode.AccountClosed, c => c.Set(c.Provider, a => a with { Status = AccountStatus.Closed })),
    ];

    private static readonly Table[] s_tables =
    [
        new("Posting.Post", c => c.Town.Post([.. Enumerable.Repeat(new Leg(c.Kind, c.Payer, c.Payee, c.Minutes, c.Occurred, Yes: c.Yes), c.Copies)]).Refusal,
        [
            .. s_transfer,
            (RefusalCode.OccurredInFuture, c => c.Occurred = c.Town.Today.AddDays(1)),
            (RefusalCode.BooksClosed, c => c.Town.Change(p => p with { BooksClosedThrough = c.Town.Today.AddDays(2) })),
            (RefusalCode.TooManyLegs, c =>
            {
                c.Copies = 10_001;
                c.Minutes = c.Minutes == Minutes.Zero ? c.Minutes : new(1);
                c.Town.Change(p => p with { LongestTransfer = p.LongestTransfer is null ? null : Minutes.Zero, Limits = p.Limits.SetItem(AccountKind.Member, new(new(-20_000), null)) });
            }),
        ]),
        new("Hold.Place", c => c.Town.Place(c.Kind, c.Payer, c.Payee, c.Minutes.Value, c.Expires, c.Yes).Refusal,
        [
            .. s_transfer,
            (RefusalCode.ExpiryNotAhead, c => c.Expires = c.Town.Now),
        ]),
        new("Hold.Capture", c => c.Town.Capture(c.Hold, c.Part?.Value).Refusal,
            s_noBank,
            (RefusalCode.HoldUnknown, c => c.Hold = Town.NoHold),
            (RefusalCode.MinutesNotPositive, c => c.Part = Minutes.Zero),
            (RefusalCode.HoldNotOpen, c => c.Town.Now = c.Town.Now.AddDays(1)),
            (RefusalCode.CaptureExceedsHold, c => c.Part = c.Part == Minutes.Zero ? c.Part : new(21))),
        new("Hold.Release", c => c.Town.Release(c.Hold).Refusal,
            s_noBank,
            (RefusalCode.HoldUnknown, c => c.Hold = Town.NoHold),
            (RefusalCode.HoldNotOpen, c => c.Town.Now = c.Town.Now.AddDays(1))),
        new("Reversal.Reverse", c => c.Town.Do(d => Reversal.Reverse(d, c.Transfer, c.Part, c.Why, false)).Refusal,
            s_noBank,
            (RefusalCode.TransferUnknown, c => c.Transfer = Town.NoTransfer),
            (RefusalCode.ReversalOfReversal, c => c.Transfer = c.Transfer == Town.NoTransfer ? c.Transfer : c.Town.Reverse(c.Transfer, 10).ShouldHappen().Transfers[0].Id),
            (RefusalCode.MinutesNotPositive, c => c.Part = Minutes.Zero),
            (RefusalCode.ReasonNeeded, c => c.Why = null),
            (RefusalCode.ReversalExceedsRest, c => c.Part = c.Part == Minutes.Zero ? c.Part : new(11)),
            (RefusalCode.AccountClosed, c => c.Set(c.Payee, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.AccountFrozen, c => c.Set(c.Third, a => a with { Status = AccountStatus.Frozen })),
            (RefusalCode.MinutesBeyondRange, c => c.Set(c.Third, a => a with { Balance = new(Minutes.Limit), Room = Minutes.Zero })),
            (RefusalCode.AboveCeiling, c => c.Set(c.Third, a => a with { Ceiling = a.Balance })),
            (RefusalCode.ReversalFallsShort, c => c.Set(c.Payee, a => a with { Floor = a.Balance }))),
        new("Rule.Write", c => c.Town.Write(c.Subject, c.Terms).Refusal, s_noBank, Kinds(), Target(Town.Nobody, RefusalCode.AccountUnknown), WrongTarget(),
            s_closed, Shares(), Twice()),
        new("Rule.Rewrite", c => c.Town.Do(d => Rule.Rewrite(d, c.Rule, c.Terms, c.Version)).Refusal,
            s_noBank, NoRule(), OldVersion(), Ended(), Kinds(), Target(Town.Nobody, RefusalCode.AccountUnknown), WrongTarget(), s_closed, Shares(), Twice()),
        new("Rule.End", c => c.Town.Do(d => Rule.End(d, c.Rule, c.Version)).Refusal, s_noBank, NoRule(), OldVersion()),
        new("AccountDecisions.Open", c => c.Town.Do(d => AccountDecisions.Open(d, new AccountId(d.Mint()), c.Opening, c.Parent, null, c.Floor, c.Ceiling, c.Neighbourhood)).Refusal,
            s_noBank,
            (RefusalCode.OneIssuerOnly, c => c.Opening = AccountKind.Issuer),
            (RefusalCode.AccountUnknown, c => c.Parent = Town.Nobody),
            (RefusalCode.ParentNotProject, c => c.Opening = c.Opening == AccountKind.Issuer ? c.Opening : AccountKind.Pot),
            (RefusalCode.NeighbourhoodMisfits, c =>
            {
                c.Neighbourhood = "north";
                if (c.Opening == AccountKind.Earmark)
                    (c.Opening, c.Parent) = (AccountKind.Pot, c.Parent == Town.Nobody ? c.Parent : null);
            }),
            CrossedLimits()),
        new("AccountDecisions.ChangeSettings", c => c.Town.Do(d => AccountDecisions.ChangeSettings(d, c.Payee, null, c.Floor, c.Ceiling, c.Neighbourhood, c.Version)).Refusal,
            s_noBank, OldVersion(), s_closed,
            (RefusalCode.NeighbourhoodMisfits, c =>
            {
                c.Neighbourhood = "north";
                c.Set(c.Payee, a => a with { Kind = AccountKind.Provider });
            }),
            CrossedLimits()),
        new("AccountDecisions.Close", c => c.Town.Do(d => AccountDecisions.Close(d, c.Subject, c.SweepTo, null, null, yes: c.Yes)).Refusal,
            s_noBank,
            (RefusalCode.HoldsOpen, c => c.Set(c.Subject, a => a with { OpenHolds = 1 })),
            (RefusalCode.YesNeeded, c => c.Yes = null),
            (RefusalCode.SameAccount, c => c.SweepTo = c.Subject),
            (RefusalCode.AccountUnknown, c => c.SweepTo = c.SweepTo == c.Subject ? c.Subject : Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.SweepTo = c.SweepTo == c.Payee ? c.Town.Issuer : c.SweepTo),
            (RefusalCode.AccountClosed, c => c.Set(c.Payee, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.MinutesBeyondRange, c => c.Set(c.Payee, a => a with { Balance = new(Minutes.Limit) })),
            (RefusalCode.AboveCeiling, c => c.Set(c.Payee, a => a with { Ceiling = a.Balance }))),
        new("ContributionDecisions.Log", c => c.Town.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), c.Claim)).Refusal,
            s_noBank,
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            (RefusalCode.OccurredInFuture, c => c.Occurred = c.Town.Today.AddDays(1)),
            (RefusalCode.BooksClosed, c => c.Town.Change(p => p with { BooksClosedThrough = c.Town.Today.AddDays(2) })),
            (RefusalCode.SameAccount, c => c.Payer = c.Payee),
            (RefusalCode.AccountUnknown, c => (c.Payer, c.Payee) = (c.Payer == c.Payee ? Town.Nobody : c.Payer, Town.Nobody)),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Payee, a => a with { Kind = AccountKind.Pot })),
            s_closed,
            (RefusalCode.LongerThanAllowed, c => c.Town.Change(p => p with { LongestTransfer = new(9) }))),
        new("ContributionDecisions.Log, of work on a project", c => c.Town.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), c.Work)).Refusal,
            s_noBank,
            NoActivity(),
            NotPermitted(),
            ActivityEnded(),
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            (RefusalCode.OccurredInFuture, c => c.Occurred = c.Town.Today.AddDays(1)),
            NoCategory(),
            s_closed,
            (RefusalCode.CredentialNeeded, c => c.Doing = c.Doing == c.Sowing ? c.Felling : c.Doing),
            (RefusalCode.LongerThanAllowed, c => c.Town.Change(p => p with { LongestTransfer = new(9) }))),
        new("ContributionDecisions.Log, of work where an activity is to be named", c => c.Town.Do(d => ContributionDecisions.Log(d, new ThingId(d.Mint()), c.Work with { Activity = null })).Refusal,
            s_noBank,
            NotPermitted(),
            (RefusalCode.ActivityNeeded, c => Privately(c, d => ProjectDecisions.Rewrite(d, c.Garden, Case.Plan with { NamesActivity = true }, null, c.Town.Thing<Project>(Project.IdOf(c.Garden)).Version))),
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            NoCategory(),
            s_closed),
        new("BatchCredit.Credit", c => c.Town.Do(d => BatchCredit.Credit(d, c.Garden, c.Occurred ?? c.Town.Today, c.Category, [new CreditLine(c.Payee, c.Minutes)], c.Doing)).Refusal,
            s_noBank,
            NoActivity(),
            NotPermitted(),
            OwnHours(),
            ActivityEnded(),
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            NoCategory(),
            s_closed,
            (RefusalCode.CredentialNeeded, c => c.Doing = c.Doing == c.Sowing ? c.Felling : c.Doing)),
        new("ProjectDecisions.Describe", c => c.Town.Do(d => ProjectDecisions.Describe(d, c.Meadow, Case.Plan, null)).Refusal,
            s_noBank,
            NotPermitted(),
            (RefusalCode.ProjectPast, c => Privately(c, d => ProjectDecisions.Describe(d, c.Meadow, Case.Plan, null))),
            (RefusalCode.AccountUnknown, c => c.Meadow = c.Town.Knows(Project.IdOf(c.Meadow)) ? c.Meadow : Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Meadow, a => a with { Kind = AccountKind.Pot })),
            (RefusalCode.AccountClosed, c => c.Set(c.Meadow, a => a with { Status = AccountStatus.Closed }))),
        new("ProjectDecisions.Rewrite", c => c.Town.Do(d => ProjectDecisions.Rewrite(d, c.Garden, Case.Plan, null, c.Version)).Refusal,
            s_noBank,
            (RefusalCode.ProjectUnknown, c => c.Garden = Town.Nobody),
            NotPermitted(),
            OldVersion(),
            (RefusalCode.ProjectPast, c => c.Version += Privately(c, d => ProjectDecisions.End(d, c.Garden)) && c.Version == 1 ? 1 : 0)),
        new("ActivityDecisions.Rewrite", c => c.Town.Do(d => ActivityDecisions.Rewrite(d, c.Sowing, [], Neighbours.Why, c.Version)).Refusal,
            s_noBank,
            (RefusalCode.ActivityUnknown, c => c.Sowing = Town.NoThing),
            NotPermitted(),
            OldVersion(),
            (RefusalCode.ActivityPast, c => c.Version += Privately(c, d => ActivityDecisions.End(d, c.Sowing)) && c.Version == 1 ? 1 : 0)),
        new("CredentialDecisions.Record", c => c.Town.Do(d => CredentialDecisions.Record(d, c.Third, c.Seen("first-aid"))).Refusal,
            s_noBank,
            NotPermitted(),
            (RefusalCode.OccurredInFuture, c => c.Occurred = c.Town.Today.AddDays(1)),
            (RefusalCode.AccountUnknown, c => c.Third = Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Third, a => a with { Kind = AccountKind.Pot })),
            (RefusalCode.AccountClosed, c => c.Set(c.Third, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.TooManyCredentials, c =>
            {
                for (var i = 0; i < MemberCredentials.Most && c.Third != Town.Nobody; i++)
                    Privately(c, d => CredentialDecisions.Record(d, c.Third, new Credential(new ThingId(d.Mint()), "first-aid", c.Town.Today, null, null)));
            })),
        new("CredentialDecisions.Revoke", c => c.Town.Do(d => CredentialDecisions.Revoke(d, c.Payee, c.Paper, c.Occurred ?? c.Town.Today)).Refusal,
            s_noBank,
            (RefusalCode.CredentialUnknown, c => c.Paper = Town.NoThing),
            NotPermitted(),
            (RefusalCode.OccurredInFuture, c => c.Occurred = c.Town.Today.AddDays(1))),
        new("ContributionDecisions.Confirm", c => c.Town.Do(d => ContributionDecisions.Confirm(d, c.Logged, c.Yes)).Refusal,
            s_noBank,
            (RefusalCode.ContributionUnknown, c => c.Logged = Town.NoThing),
            OwnHours(),
            HouseholdHours(),
            (RefusalCode.ContributionPast, c => c.Logged = c.Logged == Town.NoThing ? c.Logged : c.Disputed),
            (RefusalCode.YesNeeded, c => c.Yes = null),
            NoGuardian(c => c.Payee),
            NotNamed(c => c.Payee),
            s_closed,
            (RefusalCode.AccountFrozen, c => c.Set(c.Payee, a => a.Status == AccountStatus.Closed ? a : a with { Status = AccountStatus.Frozen })),
            (RefusalCode.MinutesBeyondRange, c => c.Set(c.Payee, a => a with { Balance = new(Minutes.Limit) }))),
        new("Settling.Settle", c => c.Town.Do(d => Settling.Settle(d, c.Disputed, c.Part!.Value, null, Neighbours.Why, false)).Refusal,
            s_noBank,
            (RefusalCode.ContributionUnknown, c => c.Disputed = Town.NoThing),
            OwnHours(),
            HouseholdHours(),
            (RefusalCode.ContributionPast, c => c.Disputed = c.Disputed == Town.NoThing ? c.Disputed : c.Logged),
            (RefusalCode.MinutesNotPositive, c => c.Part = new(-1)),
            (RefusalCode.LongerThanAllowed, c => (c.Part, c.Town.Bank) = (c.Part < Minutes.Zero ? c.Part : new(11), c.Town.Bank! with { Policy = c.Town.Bank.Policy with { LongestTransfer = new(10) } })),
            (RefusalCode.SettlementExceedsCredit, c => c.Part = c.Part < Minutes.Zero ? c.Part : new(11))),
        new("ServiceDecisions.Offer", c => c.Town.Do(d => ServiceDecisions.Offer(d, new ThingId(d.Mint()), c.Provider, c.Asked, FrontDesk.Text, c.Why)).Refusal,
            [s_noBank, .. s_offer, (RefusalCode.AccountUnknown, c => c.Provider = Town.Nobody)]),
        new("ServiceDecisions.Rewrite", c => c.Town.Do(d => ServiceDecisions.Rewrite(d, c.Service, c.Asked, FrontDesk.Text, c.Why, c.Version)).Refusal,
            [s_noBank, NoService(), OldVersion(), EndedService(), .. s_offer]),
        new("BookingDecisions.Book",
            c => c.Town.Do(d => BookingDecisions.Book(d, new ThingId(d.Mint()), c.Service, c.Payer, c.Date ?? c.Town.Today, c.Yes, null, [Case.Code(5)], Broker.At)).Refusal,
            s_noBank,
            NoService(),
            EndedService(),
            (RefusalCode.YesNeeded, c => c.Yes = null),
            (RefusalCode.DateInPast, c => c.Date = c.Town.Today.AddDays(-1)),
            (RefusalCode.SameAccount, c => c.Payer = c.Provider),
            (RefusalCode.AccountUnknown, c => c.Payer = c.Payer == c.Provider ? c.Payer : Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Provider, a => a with { Kind = AccountKind.Pot })),
            (RefusalCode.AccountClosed, c => c.Set(c.Provider, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.AccountFrozen, c => c.Set(c.Payer, a => a with { Status = AccountStatus.Frozen })),
            (RefusalCode.LongerThanAllowed, c => c.Town.Change(p => p with { LongestTransfer = new(9) })),
            (RefusalCode.MinutesBeyondRange, c => c.Set(c.Provider, a => a with { Balance = new(Minutes.Limit) })),
            (RefusalCode.BelowFloor, c => c.Set(c.Payer, a => a with { Floor = a.Available })),
            (RefusalCode.AboveCeiling, c => c.Set(c.Provider, a => a with { Ceiling = a.Balance })),
            (RefusalCode.MonthFull, c => c.Town.Do(d => ServiceDecisions.Rewrite(d, c.Service, FrontDesk.Terms(10, 10, most: 10), FrontDesk.Text, null, 1)))),
        new("BookingDecisions.Book, under 18",
            c => c.Town.Do(d => BookingDecisions.Book(d, new ThingId(d.Mint()), c.Service, c.Payer, c.Date ?? c.Town.Today, c.Yes, null, [Case.Code(5)], Broker.At)).Refusal,
            (RefusalCode.YesNeeded, c => c.Yes = null),
            NoGuardian(c => c.Payer), NotNamed(c => c.Payer),
            (RefusalCode.DateInPast, c => c.Date = c.Town.Today.AddDays(-1)),
            (RefusalCode.BelowFloor, c => c.Set(c.Payer, a => a with { Floor = a.Available }))),
        new("ContributionDecisions.Confirm, helped under 18", c => c.Town.Do(d => ContributionDecisions.Confirm(d, c.Logged, c.Yes)).Refusal,
            (RefusalCode.ContributionUnknown, c => c.Logged = Town.NoThing),
            NoGuardian(c => c.Payer), NotNamed(c => c.Payer), s_closed),
        new("Enrolment.Ask", c => c.Town.Do(d => Enrolment.Ask(d, new AccountId(d.Mint()), new Newcomer(Neighbours.Why, null, null, Approach.Page, Club.Nothing, null, null), c.Copies)).Refusal,
            s_noBank,
            (RefusalCode.ApplicationsFull, c => c.Copies = Enrolment.MostStrangers)),
        new("BookingDecisions.Cancel", c => c.As(c.Payer).Do(d => BookingDecisions.Cancel(d, c.Booking)).Refusal,
            s_noBank,
            NoBooking(),
            (RefusalCode.BookingPast, c => c.Booking = c.Booking == Town.NoThing ? c.Booking : c.Given),
            (RefusalCode.DateInPast, c => c.Town.Now += TimeSpan.FromDays(1))),
        new("BookingDecisions.Miss", c => c.Town.Do(d => BookingDecisions.Miss(d, c.Booking)).Refusal,
            s_noBank,
            NoBooking(),
            (RefusalCode.BookingPast, c => c.Booking = c.Booking == Town.NoThing ? c.Booking : c.Given),
            (RefusalCode.OccurredInFuture, c => c.Booking = c.Booking == Town.NoThing || c.Booking == c.Given ? c.Booking : c.Later)),
        new("Redeeming.Take", c => c.Town.Do(d => Redeeming.Take(d, c.Voucher, c.Part)).Refusal,
            s_noBank,
            (RefusalCode.VoucherUnknown, c => c.Voucher = Town.NoThing),
            (RefusalCode.BookingPast, c => c.Voucher = c.Voucher == Town.NoThing ? c.Voucher : Case.Code(3).Voucher),
            (RefusalCode.MinutesNotPositive, c => c.Part = Minutes.Zero),
            (RefusalCode.CaptureExceedsHold, c => c.Part = c.Part == Minutes.Zero ? c.Part : new(11))),
        new("Redeeming.Refund", c => c.Town.Do(d => Redeeming.Refund(d, c.Given, c.Part, null)).Refusal,
            s_noBank,
            (RefusalCode.BookingUnknown, c => c.Given = Town.NoThing),
            (RefusalCode.BookingPast, c => c.Given = c.Given == Town.NoThing ? c.Given : c.Cancelled),
            (RefusalCode.MinutesNotPositive, c => c.Part = Minutes.Zero),
            (RefusalCode.RefundExceedsRest, c => c.Part = c.Part == Minutes.Zero ? c.Part : new(11)),
            (RefusalCode.BooksClosed, c => c.Town.Change(p => p with { BooksClosedThrough = c.Town.Today })),
            (RefusalCode.AccountClosed, c => c.Set(c.Payer, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.AccountFrozen, c => c.Set(c.Provider, a => a with { Status = AccountStatus.Frozen })),
            (RefusalCode.LongerThanAllowed, c => c.Town.Change(p => p with { LongestTransfer = new(9) })),
            (RefusalCode.MinutesBeyondRange, c => c.Set(c.Payer, a => a with { Balance = new(Minutes.Limit) })),
            (RefusalCode.BelowFloor, c => c.Set(c.Provider, a => a with { Floor = a.Balance })),
            (RefusalCode.AboveCeiling, c => c.Set(c.Payer, a => a with { Ceiling = a.Balance }))),
        new("Hold.Capture, of a booking", c => c.Town.Do(d => BookingDecisions.RefusesHold(d, c.Hold) is { } refusal ? refusal : Hold.Capture(d, c.Hold, c.Part)).Refusal,
            s_noBank,
            (RefusalCode.HoldOfBooking, c => c.Hold = new HoldId(c.Booking.Value)),
            (RefusalCode.MinutesNotPositive, c => c.Part = Minutes.Zero)),
        new("ListingDecisions.Post", c => c.Town.Do(d => ListingDecisions.Post(d, new ThingId(d.Mint()), c.Payee, c.Listing, Neighbours.Why)).Refusal,
            s_noBank,
            NotPermitted(),
            UnderAge(c => c.Payee),
            (RefusalCode.MinutesNotPositive, c => c.About = Minutes.Zero),
            (RefusalCode.AccountUnknown, c => c.Payee = c.Young ? c.Payee : Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Payee, a => a with { Kind = AccountKind.Pot })),
            s_closed,
            (RefusalCode.ExpiryNotAhead, c => c.Expires = c.Town.Now)),
        new("ListingDecisions.Rewrite", c => c.Town.Do(d => ListingDecisions.Rewrite(d, c.Listed, c.Listing, Neighbours.Why, c.Version)).Refusal,
            s_noBank,
            (RefusalCode.ListingUnknown, c => c.Listed = Town.NoThing),
            NotPermitted(),
            OldVersion(),
            EndedListing(),
            UnderAge(c => c.Payee),
            (RefusalCode.MinutesNotPositive, c => c.About = Minutes.Zero),
            s_closed,
            (RefusalCode.ExpiryNotAhead, c => c.Expires = c.Town.Now)),
        new("ListingDecisions.Withdraw", c => c.Town.Do(d => ListingDecisions.Withdraw(d, c.Listed)).Refusal,
            s_noBank,
            (RefusalCode.ListingUnknown, c => c.Listed = Town.NoThing),
            NotPermitted(),
            EndedListing()),
        new("MemberDecisions.Apply", c => c.Town.Do(d => MemberDecisions.Apply(d, c.Applying, Approach.Page, Club.Nothing, null), [], Member.IdOf(Town.Nobody)).Refusal,
            s_noBank,
            NotPermitted(),
            (RefusalCode.MemberPast, c => Privately(c, d => MemberDecisions.Apply(d, c.Applying, Approach.Page, Club.Nothing, null))),
            (RefusalCode.AccountUnknown, c => c.Applying = c.Town.Thing<Member>(Member.IdOf(c.Applying)).Is == MemberStage.Applied ? c.Applying : Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Applying, a => a with { Kind = AccountKind.Pot })),
            (RefusalCode.AccountClosed, c => c.Set(c.Applying, a => a with { Status = AccountStatus.Closed }))),
        new("MemberDecisions.Rewrite", c => c.Town.Do(d => MemberDecisions.Rewrite(d, c.Joining, Club.Nothing, null, c.Version), [], Member.IdOf(Town.Nobody)).Refusal,
            s_noBank, NoMember(), NotPermitted(), OldVersion(), HasLeft()),
        new("MemberDecisions.TakeStep", c => c.Town.Do(d => MemberDecisions.TakeStep(d, c.Joining, c.Step, c.Occurred ?? c.Town.Today, null), [], Member.IdOf(Town.Nobody)).Refusal,
            s_noBank, NoMember(), NotPermitted(), HasLeft(),
            (RefusalCode.AgreementNeeded, c => c.Step = JoiningStep.Agreed),
            (RefusalCode.OccurredInFuture, c => c.Occurred = c.Town.Today.AddDays(1))),
        new("MemberDecisions.Pause", c => c.Town.Do(d => MemberDecisions.Pause(d, c.Paused), [], Member.IdOf(Town.Nobody)).Refusal,
            s_noBank, (RefusalCode.MemberUnknown, c => c.Paused = Town.Nobody), NotPermitted(),
            (RefusalCode.MemberPast, c => Privately(c, d => MemberDecisions.Leave(d, c.Paused)))),
        new("Proposing.Answer", c => Arrange(c, d => Proposing.Answer(d, new ThingId(d.Mint()), c.Listed, c.Payer, c.Meeting, null)),
            s_noBank, (RefusalCode.ListingUnknown, c => c.Listed = Town.NoThing), NotPermitted(), EndedListing(),
            (RefusalCode.MemberPast, c => c.Payer = c.Away),
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            (RefusalCode.DateInPast, c => c.Date = c.Town.Today.AddDays(-1)),
            s_closed),
        new("Proposing.Propose", c => Arrange(c, d => Proposing.Propose(d, new ThingId(d.Mint()), c.Payee, c.Payer, null, c.Meeting, null)),
            s_noBank, NotPermitted(),
            (RefusalCode.MemberPast, c => c.Payer = c.Away),
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            (RefusalCode.DateInPast, c => c.Date = c.Town.Today.AddDays(-1)),
            (RefusalCode.SameAccount, c => c.Payer = c.Payer == c.Away ? c.Payer : c.Payee),
            (RefusalCode.AccountUnknown, c => (c.Payer, c.Payee) = (c.Payer == c.Payee ? Town.Nobody : c.Payer, Town.Nobody)),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Payee, a => a with { Kind = AccountKind.Provider })),
            s_closed),
        new("ArrangementDecisions.Agree", c => Arrange(c, d => ArrangementDecisions.Agree(d, c.Arranged, c.Payer, c.Yes, c.Version, Broker.At)),
            s_noBank, (RefusalCode.ArrangementUnknown, c => c.Arranged = Town.NoThing),
            (RefusalCode.NotPermitted, c => c.Town.Authority = Neighbours.Holder(c.Payee)), OldVersion(),
            (RefusalCode.ArrangementPast, c => Privately(c, d => ArrangementDecisions.Cancel(d, c.Arranged, null), alsoVersion: true)),
            (RefusalCode.YesNeeded, c => c.Yes = null),
            (RefusalCode.DateInPast, c => c.Town.Now += TimeSpan.FromDays(2))),
        new("ArrangementDecisions.Agree, undated", c => Arrange(c, d => ArrangementDecisions.Agree(d, c.Dated ? c.Arranged : c.Undated, c.Payer, c.Yes, null, Broker.At)),
            (RefusalCode.MeetingNeeded, c => c.Dated = false)),
        new("Departure.Leave", c => c.Town.Do(d => Departure.Leave(d, c.Joining, new Rest(c.SweepTo, null, null, c.Yes), null, [c.Logged]), [], Member.IdOf(Town.Nobody)).Refusal,
            s_noBank,
            NoMember(),
            NotPermitted(),
            (RefusalCode.MattersOpen, c => c.Logged = Waits(c)),
            (RefusalCode.HoldsOpen, c => c.Set(c.Joining, a => a with { OpenHolds = 1, Balance = new(10) })),
            (RefusalCode.YesNeeded, c => Rich(c).Yes = null),
            (RefusalCode.AccountUnknown, c => Rich(c).SweepTo = Town.Nobody),
            (RefusalCode.AccountFrozen, c => Rich(c).Set(c.Payee, a => a with { Status = AccountStatus.Frozen }))),
        new("SilenceDecisions.LetCount", c => c.Town.Do(d => SilenceDecisions.LetCount(d, c.Payer, true, c.Yes)).Refusal,
            s_noBank,
            NotPermitted(),
            (RefusalCode.YesNeeded, c => c.Yes = null),
            (RefusalCode.AccountUnknown, c => c.Payer = Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Payer, a => a with { Kind = AccountKind.Pot })),
            (RefusalCode.AccountClosed, c => c.Set(c.Payer, a => a with { Status = AccountStatus.Closed }))),
        new("PotRequestDecisions.Ask", c => c.Town.Do(d => PotRequestDecisions.Ask(d, new ThingId(d.Mint()), c.Pot, c.Payee, c.Minutes, null)).Refusal,
            s_noBank,
            NotPermitted(),
            (RefusalCode.MinutesNotPositive, c => c.Minutes = Minutes.Zero),
            (RefusalCode.AccountUnknown, c => c.Pot = Town.Nobody),
            (RefusalCode.WrongKindOfAccount, c => c.Set(c.Payee, a => a with { Kind = AccountKind.Pot })),
            (RefusalCode.AccountClosed, c => c.Set(c.Payee, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.AccountFrozen, c => c.Set(c.Pot, a => a.Status == AccountStatus.Closed ? a : a with { Status = AccountStatus.Frozen })),
            (RefusalCode.LongerThanAllowed, c => c.Town.Change(p => p with { LongestTransfer = new(9) }))),
        new("PotRequestDecisions.Approve", c => c.Town.Do(d => PotRequestDecisions.Approve(d, c.Plea)).Refusal,
            s_noBank,
            (RefusalCode.PotRequestUnknown, c => c.Plea = Town.NoThing),
            (RefusalCode.NotPermitted, c => c.Town.Authority = c.Town.Authority with { Person = null }),
            (RefusalCode.OwnHours, c => c.Town.Authority = c.Town.Authority with { Household = [c.Payee] }),
            (RefusalCode.PotRequestPast, c => c.Plea = c.Plea == Town.NoThing ? c.Plea : c.Refused),
            (RefusalCode.AccountClosed, c => c.Set(c.Payee, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.BelowFloor, c => c.Set(c.Pot, a => a with { Balance = Minutes.Zero }))),
        new("EntryDisputeDecisions.Dispute", c => c.Question(c.Transfer).Refusal,
            s_noBank,
            (RefusalCode.TransferUnknown, c => c.Transfer = Town.NoTransfer),
            (RefusalCode.NotPermitted, c => c.Doubting = Neighbours.Holder(c.Payee)),
            (RefusalCode.EntryOfHelp, c => c.Cause = c.Logged),
            (RefusalCode.EntryDisputePast, c =>
            {
                c.LetStand();
                c.Transfer = c.Transfer == Town.NoTransfer ? c.Transfer : c.Doubted;
            }),
            (RefusalCode.EntryDisputeTooLate, c => c.Town.Now += EntryDispute.Questionable)),
        new("EntryDisputeDecisions.Settle", c => c.Town.Do(d => EntryDisputeDecisions.Settle(d, c.Doubt, EntryVerdict.Reversed, Town.Mistake, false)).Refusal,
            s_noBank,
            (RefusalCode.EntryDisputeUnknown, c => c.Doubt = Town.NoThing),
            (RefusalCode.OwnHours, c => c.Town.Authority = c.Town.Authority with { Household = [c.Third] }),
            (RefusalCode.EntryDisputePast, c => Privately(c, d => EntryDisputeDecisions.Settle(d, EntryDispute.IdOf(c.Doubted), EntryVerdict.Stands, Neighbours.Why, false))),
            (RefusalCode.AccountClosed, c => c.Set(c.Payee, a => a with { Status = AccountStatus.Closed })),
            (RefusalCode.AccountFrozen, c => c.Set(c.Third, a => a with { Status = AccountStatus.Frozen })),
            (RefusalCode.ReversalFallsShort, c => c.Set(c.Payee, a => a with { Floor = a.Balance }))),
        new("Bank.ChangePolicy", c => c.Town.Do(d => Bank.ChangePolicy(d, c.Policy, c.Version)).Refusal, s_noBank, OldVersion(), CrossedPolicy()),
        new("Bank.Open", c => (c.SecondBank ? c.Town : Town.WithoutBank()).Do(d => Bank.Open(d, d.Mint(), "Town", new AccountId(d.Mint()), c.Policy)).Refusal,
            (RefusalCode.BankExists, c => c.SecondBank = true), CrossedPolicy()),
    ];

    private static (RefusalCode, Spoil) NoActivity() => (RefusalCode.ActivityUnknown, c => c.Doing = Town.NoThing);

    private static (RefusalCode, Spoil) ActivityEnded() => (RefusalCode.ActivityPast, c =>
    {
        Privately(c, d => ActivityDecisions.End(d, c.Sowing));
        Privately(c, d => ActivityDecisions.End(d, c.Felling));
        c.Town.Now += TimeSpan.FromDays(1);
    });

    private static (RefusalCode, Spoil) NoCategory() => (RefusalCode.CategoryUnknown, c =>
    {
        c.Category = "juggling";
        c.Town.Change(p => p with { Categories = ["gardening"] });
    });

    private static (RefusalCode, Spoil) OwnHours() => (RefusalCode.OwnHours, c => c.Town.Authority = c.Town.Authority with { Own = [c.Payee] });
    private static (RefusalCode, Spoil) HouseholdHours() => (RefusalCode.OwnHours, c => c.Town.Authority = c.Town.Authority with { Household = [c.Payee] });
    private static (RefusalCode, Spoil) EndedListing() => (RefusalCode.ListingPast, c =>
    {
        if (c.Listed != Town.NoThing)
            c.Version += Privately(c, d => ListingDecisions.Fulfil(d, c.Listed)) && c.Version == 1 ? 1 : 0;
    });

    private static (RefusalCode, Spoil) NoGuardian(Func<Case, AccountId> who) => (RefusalCode.GuardianNeeded, c => Mark(c, who(c)));

    private static (RefusalCode, Spoil) UnderAge(Func<Case, AccountId> who) => (RefusalCode.UnderAge, c => Mark(c, who(c)));

    private static (RefusalCode, Spoil) NotNamed(Func<Case, AccountId> who) => (RefusalCode.ActivityNotNamed, c =>
    {
        if (c.Young)
            return;
        Mark(c, who(c));
        Privately(c, d => YouthDecisions.Consent(d, who(c), new GuardianConsent(Yes.Paper, c.Town.Today, c.Town.Today, ["juror"], [], Neighbours.Why)));
    });

    private static void Mark(Case c, AccountId who) => c.Young = Privately(c, d => YouthDecisions.Mark(d, who, c.Town.Today.AddDays(1)));

    /// <summary>Who leaves has minutes, which must go somewhere.</summary>
    private static Case Rich(Case c)
    {
        c.Set(c.Joining, a => a with { Balance = new(10) });
        return c;
    }

    /// <summary>Help by who wants to leave that nobody confirmed yet.</summary>
    private static ThingId Waits(Case c)
    {
        var id = Town.NoThing;
        Privately(c, d =>
        {
            var logged = ContributionDecisions.Log(d, new ThingId(d.Mint()), new Claim(c.Joining, c.Third, null, new(10), c.Town.Today, null, null));
            id = logged.Answer?.Contribution.Id ?? id;
            return logged;
        });
        return id;
    }

    private static (RefusalCode, Spoil) NotPermitted() => (RefusalCode.NotPermitted, c => c.Town.Authority = Authority.None);

    private static (RefusalCode, Spoil) NoMember() => (RefusalCode.MemberUnknown, c => c.Joining = Town.Nobody);

    private static (RefusalCode, Spoil) HasLeft() => (RefusalCode.MemberPast, c => c.Version += Privately(c, d => MemberDecisions.Leave(d, c.Joining)) && c.Version == 1 ? 1 : 0);

    private static Refusal? Arrange(Case c, Func<Draft, Decision<ArrangementChange>> decide) =>
        c.Town.Do(decide, [], Member.IdOf(c.Payer), Member.IdOf(c.Payee), Member.IdOf(Town.Nobody)).Refusal;

    /// <summary>By somebody who may, whoever asks for the decision. Whether it happened.</summary>
    /// <param name="alsoVersion">Whether the version that is expected follows, unless it was spoilt already.</param>
    private static bool Privately<TAnswer>(Case c, Func<Draft, Decision<TAnswer>> decide, bool alsoVersion = false) where TAnswer : class
    {
        if (alsoVersion && c.Version == 1)
            c.Version++;
        var asking = c.Town.Authority;
        c.Town.Authority = Authority.Everything;
        var happened = c.Town.Do(decide, [], Member.IdOf(Town.Nobody)).Refusal is null;
        c.Town.Authority = asking;
        return happened;
    }

    private static (RefusalCode, Spoil) NoRule() => (RefusalCode.RuleUnknown, c => c.Rule = Town.NoRule);
    private static (RefusalCode, Spoil) NoService() => (RefusalCode.ServiceUnknown, c => c.Service = Town.NoThing);
    private static (RefusalCode, Spoil) NoBooking() => (RefusalCode.BookingUnknown, c => c.Booking = Town.NoThing);
    private static (RefusalCode, Spoil) EndedService() => (RefusalCode.ServiceEnded, c =>
    {
        if (c.Service != Town.NoThing)
            c.Version += c.Town.Do(d => ServiceDecisions.End(d, c.Service, 1)).Refusal is null && c.Version == 1 ? 1 : 0;
    });
    private static (RefusalCode, Spoil) OldVersion() => (RefusalCode.VersionMismatch, c => c.Version = 7);
    private static (RefusalCode, Spoil) Kinds() => (RefusalCode.KindBelongsToEngine, c => c.Terms = c.Terms with { Kinds = c.Terms.Kinds.Add(TransferKind.Refund) });
    private static (RefusalCode, Spoil) Target(AccountId id, RefusalCode code) => (code, c => c.Terms = c.Terms with { Targets = c.Terms.Targets.Add(new(id, 1)) });
    private static (RefusalCode, Spoil) WrongTarget() => (RefusalCode.WrongKindOfAccount, c => c.Terms = c.Terms with { Targets = c.Terms.Targets.Add(new(c.Town.Issuer, 1)) });
    private static (RefusalCode, Spoil) Twice() => (RefusalCode.TargetNotAllowed, c => c.Terms = c.Terms with { Targets = c.Terms.Targets.Add(c.Terms.Targets[0]) });
    private static (RefusalCode, Spoil) CrossedLimits() => (RefusalCode.FloorAboveCeiling, c => (c.Floor, c.Ceiling) = (new(1), new(0)));
    private static (RefusalCode, Spoil) CrossedPolicy() => (RefusalCode.FloorAboveCeiling, c => c.Policy = BankPolicy.Default with
    {
        Limits = BankPolicy.Default.Limits.SetItem(AccountKind.Pot, new(new(1), new(0))),
    });

    private static (RefusalCode, Spoil) Ended() => (RefusalCode.RuleEnded, c =>
    {
        if (c.Rule != Town.NoRule && c.Town.Bank is not null)
            c.Version += c.Town.Do(d => Rule.End(d, c.Rule, 1)).Refusal is null ? 1 : 0;
    });

    private static (RefusalCode, Spoil) Shares() => (RefusalCode.SharesExceedWhole, c => c.Set(c.Subject, a => a with
    {
        Rules = a.Rules.Add(new Rule(new RuleId(Guid.NewGuid()), 1, c.Subject, Town.Terms(6_000, c.Payer), true)),
    }));

    /// <summary>Codes of decisions with tables of stages and commands of their own.</summary>
    private static readonly RefusalCode[] s_ofTables =
    [
        RefusalCode.PaymentRequestUnknown, RefusalCode.PaymentRequestPast, RefusalCode.ScheduleUnknown, RefusalCode.SchedulePast, RefusalCode.NothingScheduled,
        RefusalCode.SessionUnknown, RefusalCode.SessionPast, RefusalCode.SessionFull, RefusalCode.CodeWrong, RefusalCode.NotCheckedIn, RefusalCode.CheckOutMissing, RefusalCode.NobodyCame,
        RefusalCode.WorkshopUnknown, RefusalCode.SeriesTooLong,
        RefusalCode.NumberUnknown, RefusalCode.NumberTaken,
        RefusalCode.PermissionUsedUp, RefusalCode.ApartUnknown, RefusalCode.NotAvailable, RefusalCode.VisitUnknown, RefusalCode.ConcernPast,
        RefusalCode.QuestionUnknown, RefusalCode.NotTheSameHelp,
    ];

    private static IEnumerable<Table> Tables() => s_tables;

    [TestCaseSource(nameof(Tables))]
    public void The_request_would_be_accepted_unless_it_is_spoilt(object table)
    {
        ((Table)table).Decide(new Case()).ShouldBeNull();
    }

    [TestCaseSource(nameof(Tables))]
    public void Of_several_reasons_the_first_is_answered(object table)
    {
        var t = (Table)table;
        var wrong = new List<string>();
        // In the order of precedence, so that a way that needs what an earlier one took away can see it.
        var ways = t.Ways.OrderBy(w => w.Code).ToList();
        for (var i = 0; i < ways.Count; i++)
        {
            for (var j = i; j < ways.Count; j++)
            {
                for (var k = j; k < ways.Count; k++)
                {
                    var c = new Case();
                    var chosen = ways.Where((_, n) => n == i || n == j || n == k).ToList();
                    // Ten thousand legs are slow: by twos is enough.
                    if (chosen.Count == 3 && chosen.Exists(w => w.Code == RefusalCode.TooManyLegs))
                        continue;
                    // The bank goes last: the others need it.
                    foreach (var way in chosen.Where(w => w.Code != RefusalCode.BankUnknown))
                        way.Spoil(c);
                    foreach (var way in chosen.Where(w => w.Code == RefusalCode.BankUnknown))
                        way.Spoil(c);
                    var said = t.Decide(c)?.Code;
                    if (said != ways[i].Code)
                        wrong.Add($"{string.Join(" + ", chosen.Select(w => w.Code))}: {said?.ToString() ?? "accepted"}");
                }
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Test]
    public void Every_code_is_said_by_some_decision()
    {
        var never = Enum.GetValues<RefusalCode>().Except(s_tables.SelectMany(t => t.Ways).Select(w => w.Code)).Except([RefusalCode.BalanceNotZero])
            .Except(Model.HistoryTests.AccessCodes).Except(s_ofTables);

        // A balance that nobody takes stands alone: whoever says who takes it is told what is wrong with that.
        never.ShouldBeEmpty();
    }
}
