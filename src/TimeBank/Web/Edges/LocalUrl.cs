namespace TimeBank.Web;

/// <summary>Addresses to go back to, which callers name: only those on this server are followed.</summary>
public static class LocalUrl
{
    private const int MostCharacters = 2_048;

    /// <summary>Whether it is a path on this server, such as <c>/accounts?page=2</c>, whatever a browser or a proxy makes of it.</summary>
    /// <remarks>No scheme, no second slash in a row, no backslash (browsers read it as a slash), nothing but printable ASCII
    /// (browsers drop tabs and line ends; a header carries nothing else).</remarks>
    public static bool IsSafe(string? address)
    {
        if (address is not ['/', ..] || address.Length > MostCharacters)
            return false;
        foreach (var c in address)
        {
            if (c is <= ' ' or > '~' or '\\')
                return false;
        }
        var end = address.AsSpan().IndexOfAny('?', '#');
        return !(end < 0 ? address : address.AsSpan(0, end)).Contains("//", StringComparison.Ordinal);
    }
}
