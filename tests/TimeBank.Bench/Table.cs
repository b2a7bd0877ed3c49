using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TimeBank.Bench;

/// <summary>One line of the result: what was measured, against what, and whether the bar is met.</summary>
public sealed record Row(string What, string Unit, Series? Measured, Series? Against, string Figure, string Bar, bool Met)
{
    public string Verdict => !Met ? "NO" : Bar.Length > 0 ? "yes" : "";

    /// <summary>At least so many times the other side, by the median of the pairs.</summary>
    public static Row Ratio(string what, string unit, Series measured, Series against, double bar)
    {
        var ratio = measured.Over(against);
        return new Row(what, unit, measured, against, Show(ratio, "×"), $"≥ {Number(bar)} ×", ratio.Median >= bar);
    }

    public static Row AtLeast(string what, string unit, Series measured, double bar) =>
        new(what, unit, measured, null, $"{Number(measured.Median)} {unit}", $"≥ {Number(bar)} {unit}", measured.Median >= bar);

    public static Row AtMost(string what, string unit, Series measured, double bar) =>
        new(what, unit, measured, null, $"{Number(measured.Median)} {unit}", $"≤ {Number(bar)} {unit}", measured.Median <= bar);

    /// <summary>Shown to be known; nothing is asked of it.</summary>
    public static Row Without(string what, string unit, Series measured) =>
        new(what, unit, measured, null, $"{Number(measured.Median)} {unit}", "", true);

    /// <summary>A scenario that came to no result has missed its bars.</summary>
    public static Row Failed(string what, string why) => new(what, "", null, null, why.Split('\n')[0], "", false);

    /// <summary>Median (least–most).</summary>
    public static string Show(Series? series, string unit) => series switch
    {
        null => "",
        { Values.Count: 1 } => $"{Number(series.Median)} {unit}",
        _ => $"{Number(series.Median)} {unit} ({Number(series.Least)}–{Number(series.Most)})",
    };

    public static string Number(double value) => value.ToString(Math.Abs(value) switch
    {
        >= 100 => "N0",
        >= 10 => "0.0",
        _ => "0.00",
    }, CultureInfo.InvariantCulture);
}

/// <summary>All lines with the machine they were measured on, as markdown or JSON.</summary>
public static class Table
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static string Markdown(string machine, IReadOnlyList<Row> rows)
    {
        List<string[]> lines =
        [
            ["what", "measured: median (least–most)", "against: median (least–most)", "ratio or figure", "bar", "met"],
            .. rows.Select(r => new[] { r.What, Row.Show(r.Measured, r.Unit), Row.Show(r.Against, r.Unit), r.Figure, r.Bar, r.Verdict }),
        ];
        var widths = Enumerable.Range(0, lines[0].Length).Select(c => lines.Max(l => l[c].Length)).ToArray();
        var text = new StringBuilder().AppendLine(machine).AppendLine();
        for (var i = 0; i < lines.Count; i++)
        {
            text.AppendLine($"| {string.Join(" | ", lines[i].Select((cell, c) => cell.Replace("|", "/", StringComparison.Ordinal).PadRight(widths[c])))} |");
            if (i == 0)
                text.AppendLine($"|{string.Join("|", widths.Select(w => new string('-', w + 2)))}|");
        }
        return text.ToString();
    }

    public static string Json(string machine, IReadOnlyList<Row> rows) => JsonSerializer.Serialize(new { machine, rows }, s_json);

    public static Task WriteAsync(string path, string machine, IReadOnlyList<Row> rows) =>
        File.WriteAllTextAsync(path, path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Json(machine, rows) : Markdown(machine, rows));
}
