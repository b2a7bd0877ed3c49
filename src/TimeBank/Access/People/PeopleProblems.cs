using TimeBank.Web;

namespace TimeBank.Access;

/// <summary>What the API answers about logins, in order of precedence.</summary>
public static class PeopleProblems
{
    public static readonly Problem SignInFailed = new("SignInFailed", 401, "This did not let you in.",
        "Check the login and the password, and the code if you have a second factor. After 5 failures a login rests for 15 minutes; a new password by e-mail or by a printed code wakes it.");
    public static readonly Problem SecondFactorNeeded = new("SecondFactorNeeded", 401, "This login has a second factor.",
        "Send the code that the authenticator app shows, or one of the recovery codes.");
    public static readonly Problem PasswordWrong = new("PasswordWrong", 422, "The password is not right, or was wrong too often.",
        "Send your present password. After 5 failures it rests for 15 minutes.");
    public static readonly Problem CodeRefused = new("CodeRefused", 422, "This code counts no more, or never did.",
        "Check its letters, or ask for a new one.");
    public static readonly Problem LoginTaken = new("LoginTaken", 409, "Somebody has this login already.", "Choose another.");
    public static readonly Problem SecondFactorOff = new("SecondFactorOff", 422, "This login has no second factor.", "Turn it on first, at /v1/me/authenticator.");
    public static readonly Problem PasskeyRefused = new("PasskeyRefused", 422, "The passkey was not accepted.",
        "Ask for new options and answer them within ten minutes, on a page of this server.");
    public static readonly Problem TooManyPasskeys = new("TooManyPasskeys", 422, "This person has as many passkeys as there can be.", "Remove one first.");
    public static readonly Problem PasskeyUnknown = new("PasskeyUnknown", 404, "There is no such passkey.", "Check the id.");
    public static readonly Problem PersonUnknown = new("PersonUnknown", 404, "There is no such person in this bank.", "Check the id.");
    public static readonly Problem PersonOutOfReach = new("PersonOutOfReach", 403, "This person's login reaches further than this bank's members' do.",
        "They set a new password by e-mail; without e-mail, the operator helps.");
    public static readonly Problem InvitationUnknown = new("InvitationUnknown", 404, "There is no such open invitation.", "Check the id.");

    /// <summary>In order of precedence.</summary>
    public static readonly IReadOnlyList<Problem> All =
    [
        SignInFailed, SecondFactorNeeded, PasswordWrong, CodeRefused, LoginTaken, SecondFactorOff, PasskeyRefused, TooManyPasskeys, PasskeyUnknown,
        PersonUnknown, PersonOutOfReach, InvitationUnknown,
    ];
}
