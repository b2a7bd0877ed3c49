using System.Globalization;

namespace TimeBank.Bench;

/// <summary>The Lua that wrk runs for each request: one concatenation and one or two cheap random numbers, all else is made beforehand.</summary>
public static class WrkScripts
{
    /// <summary>A transfer from one of the payers to one of the payees; the ids stand a line each in files.</summary>
    /// <param name="inTurn">Every account once before any twice, instead of at random.</param>
    public static string Transfers(Uri server, Community community, string payersFile, string payeesFile, string kind = "exchange", int minutes = 1, bool inTurn = false) => $$"""
        local function lines(file)
          local all = {}
          for line in io.lines(file) do all[#all + 1] = line end
          return all
        end
        local payers, payees = lines("{{payersFile}}"), lines("{{payeesFile}}")
        local m, k, n = #payers, #payees, 0
        local random = math.random
        math.randomseed({{Seed}})
        local head = "POST /v1/banks/{{community.Bank}}/transfers HTTP/1.1\r\nAuthorization: Bearer {{community.Key}}\r\n{{Head(server, BodyLength(kind, minutes))}}"
        local body = "\r\n\r\n{\"kind\":\"{{kind}}\",\"payer\":\""
        local tail = "\",\"minutes\":{{minutes}}}"
        function request()
          n = n + 1
          local i, j = {{(inTurn ? "(2 * n - 2) % m + 1, (2 * n - 1) % k + 1" : "random(m), random(k)")}}
          local payer, payee = payers[i], payees[j]
          if payer == payee then
            if k > 1 then payee = payees[j % k + 1] else payer = payers[i % m + 1] end
          end
          return head .. n .. body .. payer .. "\",\"payee\":\"" .. payee .. tail
        end
        """;

    /// <summary>A transfer in one of many banks; the file has "bank key payer payee" in each line.</summary>
    public static string TransfersInBanks(Uri server, string file) => $$"""
        local heads, bodies, n = {}, {}, 0
        local random = math.random
        math.randomseed({{Seed}})
        for line in io.lines("{{file}}") do
          local bank, key, payer, payee = line:match("(%S+) (%S+) (%S+) (%S+)")
          heads[#heads + 1] = "POST /v1/banks/" .. bank .. "/transfers HTTP/1.1\r\nAuthorization: Bearer " .. key .. "\r\n{{Head(server, BodyLength("exchange", 1))}}"
          bodies[#bodies + 1] = "\r\n\r\n{\"kind\":\"exchange\",\"payer\":\"" .. payer .. "\",\"payee\":\"" .. payee .. "\",\"minutes\":1}"
        end
        local m = #heads
        function request()
          n = n + 1
          local i = random(m)
          return heads[i] .. n .. bodies[i]
        end
        """;

    /// <summary>A GET of one of the paths at random, which stand a line each in the file.</summary>
    public static string Reads(Uri server, Community community, string file) => $$"""
        local requests = {}
        local random = math.random
        math.randomseed({{Seed}})
        for path in io.lines("{{file}}") do
          requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: {{server.Authority}}\r\nAuthorization: Bearer {{community.Key}}\r\n\r\n"
        end
        local m = #requests
        function request()
          return requests[random(m)]
        end
        """;

    private static string Seed => Random.Shared.Next(1_000_000).ToString(CultureInfo.InvariantCulture);

    /// <summary>Ends where the number of the key follows; each script has a prefix of its own, so no key comes twice.</summary>
    private static string Head(Uri server, int length) =>
        $@"Host: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nIdempotency-Key: {Guid.NewGuid().ToString("N")[..12]}-";

    private static int BodyLength(string kind, int minutes) =>
        $$"""{"kind":"{{kind}}","payer":"{{Guid.Empty}}","payee":"{{Guid.Empty}}","minutes":{{minutes}}}""".Length;
}
