namespace TimeBank.Web;

/// <summary>On a route that is the same for everybody: a session that a browser sends along is not looked at, and needs no proof that our page sent it.</summary>
public sealed class NobodyAsksNote;
