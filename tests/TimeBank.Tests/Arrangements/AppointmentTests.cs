using System.Text;
using Shouldly;
using TimeBank.Arrangements;

namespace TimeBank.Tests.Arrangements;

/// <summary>Calendars as other programs read them.</summary>
public sealed class AppointmentTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 14, 9, 26, 53, TimeSpan.FromHours(1));

    private static string[] Lines(Appointment one) => Appointment.Write([one], s_now).Split("\r\n");

    [Test]
    public void A_moment_is_said_by_the_clock_of_the_world_and_a_day_without_one()
    {
        var id = Guid.Parse("0199f2d4-7a10-7c3e-8b00-000000000001");

        Lines(new(id, new(2026, 3, 15), s_now.AddDays(1), s_now.AddDays(1).AddMinutes(90), "Ben", null, null)).ShouldBe(
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TimeBank//EN", "BEGIN:VEVENT", $"UID:{id}@timebank", "DTSTAMP:20260314T082653Z",
            "DTSTART:20260315T082653Z", "DTEND:20260315T095653Z", "SUMMARY:Ben", "END:VEVENT", "END:VCALENDAR", "",
        ]);
        Lines(new(id, new(2026, 3, 15), null, s_now, "Clinic", null, null)).ShouldContain("DTSTART;VALUE=DATE:20260315");
    }

    [Test]
    public void What_somebody_wrote_begins_no_line_of_its_own() =>
        Lines(new(Guid.Empty, new(2026, 3, 15), null, null, "Ben\r\nATTACH:https://example.org", "a;b,c\\d", "x\ry"))
            .ShouldBeSubsetOf(
            [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TimeBank//EN", "BEGIN:VEVENT", $"UID:{Guid.Empty}@timebank", "DTSTAMP:20260314T082653Z", "DTSTART;VALUE=DATE:20260315",
                "SUMMARY:Ben\\nATTACH:https://example.org", "LOCATION:a\\;b\\,c\\\\d", "DESCRIPTION:x\\ny", "END:VEVENT", "END:VCALENDAR", "",
            ]);

    [Test]
    public void A_long_line_goes_on_below_and_no_sign_is_torn()
    {
        var summary = string.Concat(Enumerable.Repeat("🌳ä", 60));

        var lines = Lines(new(Guid.Empty, new(2026, 3, 15), null, null, summary, null, null));

        lines.ShouldAllBe(l => Encoding.UTF8.GetByteCount(l) <= 75);
        string.Join("\r\n", lines).Replace("\r\n ", "", StringComparison.Ordinal).ShouldContain($"SUMMARY:{summary}\r\n");
    }
}
