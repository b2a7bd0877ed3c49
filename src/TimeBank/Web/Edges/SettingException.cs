namespace TimeBank.Web;

/// <summary>A setting that cannot be meant so, in words for whoever set it.</summary>
public sealed class SettingException(string message) : Exception(message);
