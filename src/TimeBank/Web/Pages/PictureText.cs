using System.Globalization;

namespace TimeBank.Web;

/// <summary>Numbers and names as pictures have them.</summary>
public static class PictureText
{
    /// <summary>A length in a picture, to a tenth: with a point, whatever the language.</summary>
    public static string Number(double length) => Math.Round(length, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>So much of a name as there is room for.</summary>
    public static string Short(string name, int most) => name.Length <= most ? name : name[..(char.IsHighSurrogate(name[most - 2]) ? most - 2 : most - 1)] + "…";
}

/// <summary>A line of a picture of bars.</summary>
/// <param name="Text">What the bar says, at its end.</param>
/// <param name="Second">The length of a second bar under it; null: there is none.</param>
public sealed record Bar(string Label, long First, string Text, long? Second = null, string? SecondText = null);
