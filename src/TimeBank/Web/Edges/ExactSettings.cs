namespace TimeBank.Web;

/// <summary>Reads a section of settings, and refuses what would be ignored in silence.</summary>
internal static class ExactSettings
{
    /// <summary>Null if nothing of it is set.</summary>
    /// <exception cref="SettingException">A name is unknown there, or its value is not of its kind.</exception>
    public static TSettings? Exactly<TSettings>(this IConfigurationSection section) where TSettings : class
    {
        if (section.GetChildren().FirstOrDefault(s => s.GetChildren().Any()) is { } list)
            throw new SettingException($"{list.Path} is one text; what is several stands in it with semicolons between.");
        try
        {
            return section.Get<TSettings>(options => options.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            throw new SettingException($"In the settings {section.Path}: {e.Message}");
        }
    }
}
