using System.Globalization;
using System.Text;
using QRCoder;

namespace TimeBank.Redemptions;

/// <summary>A voucher's code as a QR code, which holds the code and nothing else.</summary>
public static class VoucherPictures
{
    /// <summary>So large that it is read from paper at arm's length.</summary>
    private const int PixelsOfDot = 10;

    public static byte[] Png(string code)
    {
        using var dots = Dots(code);
        using var picture = new PngByteQRCode(dots);
        return picture.GetGraphic(PixelsOfDot);
    }

    /// <summary>Styled by its classes; printed as it is, it is black on white.</summary>
    public static byte[] Svg(string code)
    {
        using var dots = Dots(code);
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
            <svg xmlns="http://www.w3.org/2000/svg" class="voucher" role="img" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges"><title>{code}</title><rect class="voucher-paper" width="{rows.Count}" height="{rows.Count}" fill="#fff"/><path class="voucher-ink" fill="#000" d="{ink}"/></svg>

            """));
    }

    private static QRCodeData Dots(string code)
    {
        using var generator = new QRCodeGenerator();
        return generator.CreateQrCode(code, QRCodeGenerator.ECCLevel.Q);
    }
}
