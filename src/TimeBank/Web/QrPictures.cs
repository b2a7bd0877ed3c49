using System.Globalization;
using System.Net;
using System.Text;
using QRCoder;

namespace TimeBank.Web;

/// <summary>A text as a QR code: a voucher's code, or the secret of an authenticator app; it holds that and nothing else.</summary>
public static class QrPictures
{
    /// <summary>So large that it is read from paper at arm's length.</summary>
    private const int PixelsOfDot = 10;

    public static byte[] Png(string text)
    {
        using var dots = Dots(text);
        using var picture = new PngByteQRCode(dots);
        return picture.GetGraphic(PixelsOfDot);
    }

    /// <summary>Styled by its classes; printed as it is, it is black on white.</summary>
    public static byte[] Svg(string text)
    {
        using var dots = Dots(text);
        var rows = dots.ModuleMatrix;
        var ink = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                if (rows[y][x])
                    ink.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges"><title>{WebUtility.HtmlEncode(text)}</title><rect class="qr-paper" width="{rows.Count}" height="{rows.Count}" fill="#fff"/><path class="qr-ink" fill="#000" d="{ink}"/></svg>

            """));
    }

    private static QRCodeData Dots(string text)
    {
        using var generator = new QRCodeGenerator();
        return generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.Q);
    }
}
