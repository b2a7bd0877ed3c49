using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using NUnit.Framework;
using Shouldly;

namespace TimeBank.Tests.Access;

/// <summary>Somebody with a login.</summary>
public sealed record Somebody(Guid Id, string Login, string Password, string Bank, Guid? Account)
{
    /// <summary>A client with a token of theirs.</summary>
    public async Task<HttpClient> SignInAsync(string? code = null, WebApplication? at = null) => PeopleAtTheDoor.WithToken(
        (string)(await PeopleAtTheDoor.Anybody(at).PostAsync("/v1/sessions", new { login = Login, password = Password, code, door = "app" })).Ok()["accessToken"]!, at);

    public Task<Answer> TryAsync(string password, string? code = null, string? recoveryCode = null, HttpClient? by = null) =>
        (by ?? PeopleAtTheDoor.Nobody).PostAsync("/v1/sessions", new { login = Login, password, code, recoveryCode, door = "app" });
}

/// <summary>Short words for tests of logins.</summary>
public static class PeopleAtTheDoor
{
    public const string Secret = "nine lives, one cat";

    public static HttpClient Nobody => Anybody(null);

    /// <summary>A client that nobody signed in with, and that keeps no cookies.</summary>
    public static HttpClient Anybody(WebApplication? at) =>
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri((at ?? RunningServer.App).Urls.First()) };

    public static HttpClient WithToken(string token, WebApplication? at = null)
    {
        var client = Anybody(at);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public static HttpClient WithCookie(string cookie, WebApplication? at = null)
    {
        var client = Anybody(at);
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return client;
    }

    public static string NewLogin() => $"p-{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>A new member of a new bank.</summary>
    public static async Task<Somebody> NewMemberAsync(string? email = null) => await NewMemberOfAsync(await RunningServer.Http.OpenBankAsync(), email);

    /// <summary>A new member of a bank, invited by its organiser.</summary>
    public static async Task<Somebody> NewMemberOfAsync(string bank, string? email = null)
    {
        var account = await RunningServer.Http.OpenAccountAsync(bank, "member", "Somebody new");
        return await ComeInAsync(bank, new { role = "member", account }, account, email);
    }

    public static Task<Somebody> NewOrganiserAsync(string bank) => ComeInAsync(bank, new { role = "organiser" }, null, null);

    /// <summary>Invites and accepts: by the letter's code if there is an address, else by the printed one.</summary>
    private static async Task<Somebody> ComeInAsync(string bank, object standing, Guid? account, string? email)
    {
        var invitation = (await RunningServer.Http.PostAsync($"{bank}/invitations", new { name = "Somebody new", email, standing })).Ok();
        var code = email is null ? (string)invitation["code"]! : CodeIn(await LetterAsync(email));
        var login = NewLogin();
        var accepted = (await Nobody.PostAsync("/v1/invitations/acceptance", new { code, login, password = Secret })).Ok();
        return new Somebody(Guid.Parse((string)accepted["person"]!), login, Secret, bank, account);
    }

    public static HttpClient TokenOf(this Answer session) => WithToken((string)session.Ok()["accessToken"]!);

    public static Answer Ok(this Answer answer)
    {
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }

    public static void ShouldBe(this Answer answer, HttpStatusCode status, string code)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.Code.ShouldBe(code);
    }

    /// <summary>The newest letter to an address, once it lies in the outbox.</summary>
    public static async Task<string> LetterAsync(string to, int among = 1)
    {
        var outbox = Path.Combine(RunningServer.DataFolder, "outbox");
        for (var tries = 0; tries < 200; tries++)
        {
            var letters = Directory.Exists(outbox)
                ? Directory.EnumerateFiles(outbox, "*.txt").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(l => l.StartsWith($"To: {to}\n", StringComparison.Ordinal)).ToList()
                : [];
            if (letters.Count >= among)
                return letters[^1];
            await Task.Delay(50);
        }
        throw new AssertionException($"No letter to {to} in {outbox}.");
    }

    public static string CodeIn(string letter) => PartAfter(letter, "#code=");

    public static string PartAfter(string letter, string word)
    {
        var start = letter.IndexOf(word, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, letter);
        return letter[(start + word.Length)..].Split('&', '\n')[0];
    }

    /// <summary>What an authenticator app shows at a moment (RFC 6238), computed without the program's help.</summary>
    public static string CodeOf(string key, DateTimeOffset at)
    {
        const string signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(key.Select(c => Convert.ToString(signs.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
        var hash = HMACSHA1.HashData(secret, counter);
        var from = hash[^1] & 0xF;
        var number = ((hash[from] & 0x7F) << 24) | (hash[from + 1] << 16) | (hash[from + 2] << 8) | hash[from + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Turns the second factor on; answers the key and the recovery codes. The client is signed in anew.</summary>
    public static async Task<(string Key, string[] RecoveryCodes)> TurnOnSecondFactorAsync(this HttpClient mine, string password = Secret)
    {
        var key = (string)(await mine.PostAsync("/v1/me/authenticator", new { password })).Ok()["key"]!;
        var on = (await mine.SayAsync(HttpMethod.Put, "/v1/me/authenticator", new { code = CodeOf(key, DateTimeOffset.UtcNow) })).Ok();
        mine.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)on["token"]["accessToken"]!);
        return (key, [.. on["recoveryCodes"].AsArray().Select(c => (string)c!)]);
    }

    /// <summary>Codes count once: the next sign-in needs the next code.</summary>
    public static string NextCodeOf(string key) => CodeOf(key, DateTimeOffset.UtcNow.AddSeconds(30));

    public static async Task<List<T>> SqlAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(RunningServer.Store.OwnerConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    /// <summary>What a bank's audit trail notes, oldest first, once it has so many lines of a kind.</summary>
    public static async Task<List<string>> NotedAsync(string bank, string what, int atLeast = 1)
    {
        var tenant = bank.Split('/')[^1];
        for (var tries = 0; ; tries++)
        {
            var notes = await SqlAsync<string>($"select coalesce(data ->> 'subject', '') from timebank.mt_events where tenant_id = '{tenant}' and data ->> 'what' = '{what}' order by seq_id");
            if (notes.Count >= atLeast || tries == 100)
                return notes;
            await Task.Delay(50);
        }
    }
}
