using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TimeBank.Projections;

namespace TimeBank.Tests.Members;

/// <summary>Members are found while they are on the line, by what was understood of their name or by what the telephone shows.</summary>
[Category("Database")]
public sealed class PeopleSearchTests
{
    private string _bank = "", _other = "";

    [OneTimeSetUp]
    public async Task Enrol()
    {
        var http = RunningServer.Http;
        (_bank, _other) = (await http.OpenBankAsync(), await http.OpenBankAsync());
        foreach (var bank in (string[])[_bank, _other])
            await http.PostAsync($"{bank}/members/enrolments", new { name = "Zoë Müller", telephone = "+44 20 7946 0177", agreement = "1" });
        await http.PostAsync($"{_bank}/members/enrolments", new { name = "Ann Lee", telephone = "020 7946 0123", agreement = "1" });
        await http.OpenAccountAsync(_bank, "project", "Zoë's garden");
        var left = await http.OpenAccountAsync(_bank, "member", "Zoë who left");
        await http.PostAsync($"{_bank}/accounts/{left}/closure", new { });
    }

    [TestCase("zoe"), TestCase("ZOË"), TestCase("mull"), TestCase("ë m"), TestCase("er"), TestCase("z")]
    [TestCase("020 7946 0177"), TestCase("60177"), TestCase("+44 (20) 7946-0177"), TestCase("0060177")]
    public async Task A_part_of_the_name_or_the_end_of_the_number_is_enough(string said) =>
        (await FindAsync(said)).ShouldBe(["Zoë Müller"]);

    [TestCase("zoe x"), TestCase("%"), TestCase("_"), TestCase("177"), TestCase("55 20 7946 0177"), TestCase("garden"), TestCase("left")]
    public async Task What_fits_nobody_finds_nobody(string said) =>
        (await FindAsync(said)).ShouldBeEmpty();

    [Test]
    public async Task Several_come_by_their_names() =>
        (await FindAsync("e")).ShouldBe(["Ann Lee", "Zoë Müller"]);

    [TestCase("zoe"), TestCase("z"), TestCase("60177")]
    public async Task Who_coordinates_a_neighbourhood_finds_nobody_outside(string said) =>
        (await FindAsync(said, "north")).ShouldBeEmpty();

    private async Task<IEnumerable<string?>> FindAsync(string said, params string[] neighbourhoods) =>
        (await RunningServer.App.Services.GetRequiredService<PeopleSearch>()
            .FindAsync(new BankId(_bank["/v1/banks/".Length..]), said, neighbourhoods is [] ? null : neighbourhoods, CancellationToken.None)).Select(p => p.Name);
}
