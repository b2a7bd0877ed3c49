using System.Globalization;
using System.Text;

namespace TimeBank.Banks;

/// <summary>A bank's id made of its name: small letters without their accents, and hyphens for all between them.</summary>
public static class Slug
{
    private const int Longest = 63;

    /// <summary>Null if nothing of the name can stand in an address.</summary>
    public static string? Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var id = slug.ToString(0, Math.Min(slug.Length, Longest)).Trim('-');
        return BankId.IsValid(id) ? id : null;
    }
}
