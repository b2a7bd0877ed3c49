using Shouldly;
using TimeBank.Access;
using TimeBank.Redemptions;

namespace TimeBank.Domain.Tests;

/// <summary>Every stage of a booking, and so of its voucher, against every command, each by somebody who may say it. A service has two stages.</summary>
public sealed class BookingStagesTests
{
    private const string No = "refused", Same = "nothing happens", Stays = "stays, and minutes move";

    /// <summary>What follows in each stage: the next stage, nothing, or a refusal, since it is past that.</summary>
    private static readonly (string Command, Dictionary<BookingStage, string> Leads)[] s_table =
    [
        ("take", Leads("Given", Same, No, No, No)),
        ("take less", Leads("Given", No, No, No, No)),
        ("cancel by the member", Leads("Cancelled", No, Same, No, No)),
        ("cancel by the provider", Leads("Cancelled", No, Same, No, No)),
        ("no-show", Leads("NoShow", No, No, Same, No)),
        ("refund", Leads(No, Stays, No, Stays, No)),
        ("time", Leads("Expired", Same, Same, Same, Same)),
    ];

    private static readonly (string Command, string Offered, string Ended)[] s_services =
    [
        ("rewrite", Stays, No), ("end", "Ended", Same), ("book", Stays, No),
    ];

    private static Dictionary<BookingStage, string> Leads(params string[] to) =>
        Enum.GetValues<BookingStage>().Zip(to).ToDictionary(p => p.First, p => p.Second);

    private static IEnumerable<TestCaseData> Cells() =>
        from row in s_table
        from stage in Enum.GetValues<BookingStage>()
        select new TestCaseData(row.Command, stage, row.Leads[stage]).SetArgDisplayNames(row.Command, stage.ToString(), row.Leads[stage]);

    private static IEnumerable<TestCaseData> ServiceCells() => s_services.SelectMany(row => (TestCaseData[])
    [
        new(row.Command, ServiceStage.Offered, row.Offered), new(row.Command, ServiceStage.Ended, row.Ended),
    ]);

    [Test]
    public void Every_cell_of_the_table_is_filled() => s_table.ShouldAllBe(row => row.Leads.Count == Enum.GetValues<BookingStage>().Length);

    [TestCaseSource(nameof(Cells))]
    public void Each_command_leads_where_the_table_says(string command, BookingStage stage, string leads)
    {
        var desk = new FrontDesk();
        var booking = At(desk, stage);
        desk.Now(booking).Is.ShouldBe(stage);

        var decision = Say(desk, command, booking);

        if (leads == No)
        {
            decision.ShouldBeRefused(RefusalCode.BookingPast).Figure("stage").ShouldBe(stage);
        }
        else if (leads == Same)
        {
            decision.ShouldChangeNothing(desk.Town);
            desk.Now(booking).Is.ShouldBe(stage);
        }
        else
        {
            decision.ShouldHappen();
            desk.Now(booking).Is.ToString().ShouldBe(leads == Stays ? stage.ToString() : leads);
        }
    }

    [TestCaseSource(nameof(ServiceCells))]
    public void Each_command_about_a_service_leads_where_the_table_says(string command, ServiceStage stage, string leads)
    {
        var desk = new FrontDesk();
        var service = desk.Offer();
        if (stage == ServiceStage.Ended)
            desk.Do(d => ServiceDecisions.End(d, service, 1)).ShouldHappen();
        var edition = desk.Town.Thing<Service>(service).Edition;

        var refusal = command switch
        {
            "rewrite" => desk.Do(d => ServiceDecisions.Rewrite(d, service, FrontDesk.Terms(), FrontDesk.Text, null, edition)).Refusal,
            "end" => desk.Do(d => ServiceDecisions.End(d, service, edition)).Refusal,
            _ => desk.As(FrontDesk.Holder(desk.Ann)).Book(service).Refusal,
        };

        refusal?.Code.ShouldBe(RefusalCode.ServiceEnded);
        (refusal is null).ShouldBe(leads != No);
        desk.Town.Thing<Service>(service).Is.ToString().ShouldBe(leads == "Ended" ? leads : stage.ToString());
    }

    /// <summary>Ann booked for today; not coming costs half of it.</summary>
    private static Booking At(FrontDesk desk, BookingStage stage)
    {
        var booking = desk.Booked(FrontDesk.Terms(noShow: 5_000));
        switch (stage)
        {
            case BookingStage.Given:
                desk.As(FrontDesk.Holder(desk.Clinic)).Take(booking).ShouldHappen();
                break;
            case BookingStage.Cancelled:
                desk.Cancel(booking).ShouldHappen();
                break;
            case BookingStage.NoShow:
                desk.As(FrontDesk.Holder(desk.Clinic)).Miss(booking).ShouldHappen();
                break;
            case BookingStage.Expired:
                desk.Town.Now += TimeSpan.FromDays(8);
                desk.Expire(booking).ShouldHappen();
                break;
        }
        return booking;
    }

    private static Decision<BookingChange> Say(FrontDesk desk, string command, Booking booking)
    {
        switch (command)
        {
            case "cancel by the member":
                return desk.As(FrontDesk.Holder(desk.Ann)).Cancel(booking);
            case "time":
                desk.Town.Now += TimeSpan.FromDays(8);
                return desk.Expire(booking);
        }
        desk.As(FrontDesk.Holder(desk.Clinic));
        return command switch
        {
            "take" => desk.Take(booking),
            "take less" => desk.Take(booking, 45),
            "cancel by the provider" => desk.Cancel(booking),
            "no-show" => desk.Miss(booking),
            _ => desk.Refund(booking, 10),
        };
    }
}
