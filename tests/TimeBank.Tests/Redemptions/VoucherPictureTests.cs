using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using TimeBank.Redemptions;
using TimeBank.Web;

namespace TimeBank.Tests.Redemptions;

/// <summary>Pictures of a voucher, read back by a decoder that knows nothing of us.</summary>
public sealed partial class VoucherPictureTests
{
    private static readonly string s_code = VoucherCode.Of([19, 7, 23, 15, 3, 20, 2, 22]).ToString();

    [Test]
    public async Task The_png_is_read_back() => (await ReadAsync(QrPictures.Png(s_code), "png")).ShouldBe(s_code);

    /// <summary>What the SVG paints is painted here dot by dot, for a decoder that reads pixels.</summary>
    [Test]
    public async Task The_svg_is_read_back()
    {
        const int Dot = 8;
        var svg = XElement.Parse(Encoding.UTF8.GetString(QrPictures.Svg(s_code)));
        var size = int.Parse(((string)svg.Attribute("viewBox")!).Split(' ')[3]);
        var pixels = new byte[size * Dot * size * Dot];
        Array.Fill(pixels, (byte)255);
        foreach (Match dot in Dots().Matches((string)svg.Elements().Last().Attribute("d")!))
        {
            for (var i = 0; i < Dot * Dot; i++)
                pixels[(int.Parse(dot.Groups[2].Value) * Dot + i / Dot) * size * Dot + int.Parse(dot.Groups[1].Value) * Dot + i % Dot] = 0;
        }

        (await ReadAsync([.. Encoding.ASCII.GetBytes($"P5 {size * Dot} {size * Dot} 255\n"), .. pixels], "pgm")).ShouldBe(s_code);
    }

    [Test]
    public void The_svg_is_styled_by_its_classes_alone()
    {
        var svg = XElement.Parse(Encoding.UTF8.GetString(QrPictures.Svg(s_code)));

        svg.DescendantsAndSelf().Attributes().Select(a => a.Name.LocalName).ShouldNotContain("style");
        svg.DescendantsAndSelf().Select(e => e.Name.LocalName).ShouldBe(["svg", "title", "rect", "path"]);
        svg.Elements().First().Value.ShouldBe(s_code);
    }

    private static async Task<string> ReadAsync(byte[] picture, string ending)
    {
        var decoder = Tools.Require("zbarimg", "apt-get install zbar-tools");
        var file = Path.Combine(Path.GetTempPath(), $"tb-voucher-{Guid.NewGuid():N}.{ending}");
        await File.WriteAllBytesAsync(file, picture);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(decoder, ["--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", file]) { RedirectStandardOutput = true })!;
            var said = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return said.Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"M(\d+) (\d+)h1v1h-1z")]
    private static partial Regex Dots();
}
