using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using TimeBank.Access;
using TimeBank.Accounts;
using TimeBank.Arrangements;
using TimeBank.Banks;
using TimeBank.Contributions;
using TimeBank.Credentials;
using TimeBank.FairPlay;
using TimeBank.PaymentRequests;
using TimeBank.Listings;
using TimeBank.Members;
using TimeBank.Postings;
using TimeBank.Projects;
using TimeBank.Pots;
using TimeBank.Redemptions;
using TimeBank.Reinvestment;
using TimeBank.Safeguarding;
using TimeBank.Schedules;
using TimeBank.Workshops;
using TimeBank.WorkSessions;

namespace TimeBank.Store;

/// <summary>Events to rows and back: Marten's alias for the type, our JSON for the body.</summary>
public static partial class EventCodec
{
    private static readonly FrozenDictionary<Type, string> Aliases = EventTypes().ToFrozenDictionary(t => t, Alias);
    private static readonly FrozenDictionary<string, Type> Types = Aliases.ToFrozenDictionary(a => a.Value, a => a.Key);

    private static readonly FrozenDictionary<string, StreamKind> Kinds = Enum.GetValues<StreamKind>().ToFrozenDictionary(StreamType);

    /// <summary>All shapes of events that were ever stored.</summary>
    public static IEnumerable<Type> All => Aliases.Keys;

    public static string TypeOf(object happened) => Aliases[happened.GetType()];

    public static bool Knows(string type) => Types.ContainsKey(type);

    /// <summary>Null is no event.</summary>
    public static void ThrowIfUnknown(string? type)
    {
        if (type is not null && !Knows(type))
            throw new UnknownEventException(type, null);
    }

    /// <summary>A part of events that a table keeps as it is.</summary>
    public static T DecodePart<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, EventJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new UnknownEventException(typeof(T).Name, e);
        }
    }

    public static byte[] Encode(object happened) => happened is PassbookEvent.HoursMoved moved
        ? EntryCodec.Encode(moved)
        : JsonSerializer.SerializeToUtf8Bytes(happened, happened.GetType(), EventJson.Options);

    /// <summary>Throws <see cref="UnknownEventException"/> for a type or member that this program does not know: it must not guess.</summary>
    public static object Decode(string type, ReadOnlySpan<byte> data)
    {
        if (type is "hours_credited" or "hours_debited" && EntryCodec.TryDecode(type == "hours_credited", data) is { } moved)
            return moved;
        if (!Types.TryGetValue(type, out var clr))
            throw new UnknownEventException(type, null);
        try
        {
            return JsonSerializer.Deserialize(data, clr, EventJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new UnknownEventException(type, e);
        }
    }

    /// <summary>The name of a stream's kind in mt_streams.type.</summary>
    public static string StreamType(StreamKind kind) => kind switch
    {
        StreamKind.Bank => "bank",
        StreamKind.Account => "account",
        StreamKind.AccountSettings => "account_settings",
        StreamKind.Rule => "rule",
        StreamKind.Audit => "audit",
        StreamKind.Contribution => "contribution",
        StreamKind.PaymentRequest => "payment_request",
        StreamKind.Schedule => "schedule",
        StreamKind.WorkSession => "work_session",
        StreamKind.Service => "service",
        StreamKind.Booking => "booking",
        StreamKind.Voucher => "voucher",
        StreamKind.Listing => "listing",
        StreamKind.Member => "member",
        StreamKind.Project => "project",
        StreamKind.Activity => "activity",
        StreamKind.Credentials => "credentials",
        StreamKind.Arrangement => "arrangement",
        StreamKind.Workshop => "workshop",
        StreamKind.AccountNumber => "account_number",
        StreamKind.Youth => "youth",
        StreamKind.Apart => "apart",
        StreamKind.Question => "question",
        StreamKind.PotRequest => "pot_request",
        StreamKind.EntryDispute => "entry_dispute",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static bool TryStreamKind(string type, out StreamKind kind) => Kinds.TryGetValue(type, out kind);

    /// <summary>Marten's ClassicTypeName: the simple name in snake case.</summary>
    public static string Alias(Type type) =>
        WordEnd().Replace(WordStart().Replace(type.Name, "$1 $2"), "$1 $2").ToLowerInvariant().Replace(' ', '_');

    private static IEnumerable<Type> EventTypes() =>
        new[]
            {
                typeof(BankEvent), typeof(AccountEvent), typeof(PassbookEvent), typeof(RuleEvent), typeof(AccessEvent), typeof(ContributionEvent),
                typeof(PaymentRequestEvent), typeof(ScheduleEvent), typeof(WorkSessionEvent), typeof(ServiceEvent), typeof(BookingEvent), typeof(VoucherEvent),
                typeof(ListingEvent), typeof(MemberEvent), typeof(QuestionEvent), typeof(PotRequestEvent), typeof(EntryDisputeEvent), typeof(YouthEvent), typeof(ApartEvent), typeof(ProjectEvent), typeof(ActivityEvent), typeof(CredentialEvent), typeof(ArrangementEvent), typeof(WorkshopEvent), typeof(AccountNumberEvent),
            }.SelectMany(family => family.GetNestedTypes()).Where(t => !t.IsAbstract);

    [GeneratedRegex(@"(\P{Ll})(\P{Ll}\p{Ll})")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"(\p{Ll})(\P{Ll})")]
    private static partial Regex WordEnd();
}

/// <summary>A stored event, or what a table keeps of one, that this program cannot read whole. The bank stops here rather than skip it.</summary>
public sealed class UnknownEventException(string type, Exception? inner) : Exception(
    inner is null
        ? $"'{type}' is not known to this program. A newer TimeBank wrote it: start that one."
        : $"'{type}' does not have the shape this program knows: {inner.Message}", inner);
