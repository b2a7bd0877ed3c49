namespace TimeBank.Texts;

/// <summary>Where a text about people is kept, and a salted hash that shows it was not altered since.</summary>
/// <remarks>The salt lies with the text and goes when the text goes, so that the hash tells nothing afterwards.</remarks>
public sealed record TextRef(TextId Id, string Hash);
