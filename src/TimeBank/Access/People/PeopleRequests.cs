using System.Text.Json;

namespace TimeBank.Access;

/// <summary>The doors of a person: a page has a cookie, an app a token.</summary>
public enum PersonDoor { Page, App }

public sealed record SessionRequest
{
    public string? Login { get; init; }
    public string? Password { get; init; }
    /// <summary>What the authenticator app shows, if the login has a second factor.</summary>
    public string? Code { get; init; }
    /// <summary>A recovery code in its place.</summary>
    public string? RecoveryCode { get; init; }
    public PersonDoor? Door { get; init; }
    /// <summary>By the door page: nobody else uses the device, so that its cookie counts for 14 days after its last use, and not for 10 minutes.</summary>
    public bool? OwnDevice { get; init; }
}

public sealed record PasskeySessionRequest
{
    /// <summary>As the options' answer said it.</summary>
    public string? State { get; init; }
    /// <summary>What navigator.credentials.get() gave, with toJSON().</summary>
    public JsonElement? Credential { get; init; }
    public PersonDoor? Door { get; init; }
    /// <summary>As in signing in with a password.</summary>
    public bool? OwnDevice { get; init; }
}

public sealed record NewPasskeyRequest
{
    /// <summary>What the owner calls it, such as "my phone".</summary>
    public string? Name { get; init; }
    /// <summary>As the options' answer said it.</summary>
    public string? State { get; init; }
    /// <summary>What navigator.credentials.create() gave, with toJSON().</summary>
    public JsonElement? Credential { get; init; }
}

public sealed record ChangePasswordRequest
{
    public string? Old { get; init; }
    public string? New { get; init; }
}

/// <summary>The present password, asked for again before what a thief of a session would do first.</summary>
public sealed record ConfirmationRequest
{
    public string? Password { get; init; }
}

public sealed record AuthenticatorRequest
{
    /// <summary>What the authenticator app shows.</summary>
    public string? Code { get; init; }
}

public sealed record ResetRequest
{
    public string? Email { get; init; }
}

public sealed record NewPasswordRequest
{
    /// <summary>From the letter's address.</summary>
    public Guid? Person { get; init; }
    /// <summary>From the letter's address.</summary>
    public string? Token { get; init; }
    public string? Password { get; init; }
}

/// <summary>A role with its place: an account for coordinators, staff and members, a neighbourhood for its coordinator.</summary>
public sealed record StandingRequest
{
    public Role? Role { get; init; }
    public Guid? Account { get; init; }
    public string? Neighbourhood { get; init; }
}

public sealed record InvitationRequest
{
    /// <summary>Whom it is for.</summary>
    public string? Name { get; init; }
    /// <summary>A letter goes there too, if it is given.</summary>
    public string? Email { get; init; }
    /// <summary>What they will be in the bank.</summary>
    public StandingRequest? Standing { get; init; }
}

/// <summary>Who has a login already signs in first and sends the code alone.</summary>
public sealed record AcceptanceRequest
{
    public string? Code { get; init; }
    public string? Login { get; init; }
    public string? Password { get; init; }
    /// <summary>How others see them; left out: as the invitation calls them.</summary>
    public string? Name { get; init; }
}

public sealed record PrintCodeRequest
{
    /// <summary>Whether the code also ends the second factor, for who has lost the authenticator app and the recovery codes; left out: no.</summary>
    public bool? EndsSecondFactor { get; init; }
}

public sealed record CodeAcceptanceRequest
{
    public string? Code { get; init; }
    public string? Password { get; init; }
}
