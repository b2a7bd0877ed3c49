using System.Text.Json;
using FluentValidation;
using TimeBank.Web;

namespace TimeBank.Access;

public sealed class SessionRequestValidator : AbstractValidator<SessionRequest>
{
    public static readonly SessionRequestValidator Instance = new();

    public SessionRequestValidator()
    {
        RuleFor(r => r.Login).TypedLogin();
        RuleFor(r => r.Password).PresentPassword();
        RuleFor(r => r.Code).Code();
        RuleFor(r => r.RecoveryCode).Code();
        RuleFor(r => r.Door).Given();
    }
}

public sealed class PasskeySessionRequestValidator : AbstractValidator<PasskeySessionRequest>
{
    public static readonly PasskeySessionRequestValidator Instance = new();

    public PasskeySessionRequestValidator()
    {
        RuleFor(r => r.State).PasskeyState();
        RuleFor(r => r.Credential).Credential();
        RuleFor(r => r.Door).Given();
    }
}

public sealed class NewPasskeyRequestValidator : AbstractValidator<NewPasskeyRequest>
{
    public static readonly NewPasskeyRequestValidator Instance = new();

    public NewPasskeyRequestValidator()
    {
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").PersonName();
        RuleFor(r => r.State).PasskeyState();
        RuleFor(r => r.Credential).Credential();
    }
}

public sealed class ChangePasswordRequestValidator : AbstractValidator<ChangePasswordRequest>
{
    public static readonly ChangePasswordRequestValidator Instance = new();

    public ChangePasswordRequestValidator()
    {
        RuleFor(r => r.Old).PresentPassword();
        RuleFor(r => r.New).NewPassword();
    }
}

public sealed class ConfirmationRequestValidator : AbstractValidator<ConfirmationRequest>
{
    public static readonly ConfirmationRequestValidator Instance = new();

    public ConfirmationRequestValidator() => RuleFor(r => r.Password).PresentPassword();
}

public sealed class AuthenticatorRequestValidator : AbstractValidator<AuthenticatorRequest>
{
    public static readonly AuthenticatorRequestValidator Instance = new();

    public AuthenticatorRequestValidator() => RuleFor(r => r.Code).Given().Code();
}

public sealed class ResetRequestValidator : AbstractValidator<ResetRequest>
{
    public static readonly ResetRequestValidator Instance = new();

    public ResetRequestValidator() => RuleFor(r => r.Email).Given().Email();
}

public sealed class NewPasswordRequestValidator : AbstractValidator<NewPasswordRequest>
{
    public static readonly NewPasswordRequestValidator Instance = new();

    public NewPasswordRequestValidator()
    {
        RuleFor(r => r.Person).Given();
        RuleFor(r => r.Token).Given().Code(2_000);
        RuleFor(r => r.Password).NewPassword();
    }
}

public sealed class StandingRequestValidator : AbstractValidator<StandingRequest>
{
    public static readonly StandingRequestValidator Instance = new();

    public StandingRequestValidator()
    {
        RuleFor(r => r.Role).Given();
        RuleFor(r => r.Neighbourhood).Category();
    }
}

public sealed class InvitationRequestValidator : AbstractValidator<InvitationRequest>
{
    public static readonly InvitationRequestValidator Instance = new();

    public InvitationRequestValidator()
    {
        RuleFor(r => r.Name).NotEmpty().WithMessage("This is missing.").PersonName();
        RuleFor(r => r.Email).Email();
        RuleFor(r => r.Standing).Given();
        RuleFor(r => r.Standing!).SetValidator(StandingRequestValidator.Instance).When(r => r.Standing is not null);
    }
}

/// <summary>Of somebody new. Who has signed in is checked by <see cref="OfSignedIn"/>.</summary>
public sealed class AcceptanceRequestValidator : AbstractValidator<AcceptanceRequest>
{
    public static readonly AcceptanceRequestValidator Instance = new();

    public AcceptanceRequestValidator()
    {
        RuleFor(r => r.Code).Given().Code();
        RuleFor(r => r.Login).Login();
        RuleFor(r => r.Password).NewPassword();
        RuleFor(r => r.Name).PersonName();
    }

    /// <summary>A helper at the neighbour's side, signed in, would take the standing for themselves: so they must not ask for a login.</summary>
    public static readonly IValidator<AcceptanceRequest> OfSignedIn = Checked();

    private static InlineValidator<AcceptanceRequest> Checked()
    {
        var validator = new InlineValidator<AcceptanceRequest>();
        validator.RuleFor(r => r.Code).Given().Code();
        validator.RuleFor(r => r.Login).Null().WithMessage("You are signed in: the standing would be yours. Sign out to choose a login for somebody else.");
        validator.RuleFor(r => r.Password).Null().WithMessage("You are signed in: your password stays as it is.");
        validator.RuleFor(r => r.Name).Null().WithMessage("You are signed in: your name stays as it is.");
        return validator;
    }
}

public sealed class PrintCodeRequestValidator : AbstractValidator<PrintCodeRequest>
{
    public static readonly PrintCodeRequestValidator Instance = new();
}

public sealed class CodeAcceptanceRequestValidator : AbstractValidator<CodeAcceptanceRequest>
{
    public static readonly CodeAcceptanceRequestValidator Instance = new();

    public CodeAcceptanceRequestValidator()
    {
        RuleFor(r => r.Code).Given().Code();
        RuleFor(r => r.Password).NewPassword();
    }
}

/// <summary>What passkeys bring.</summary>
internal static class PasskeyRules
{
    private const int MostState = 4_000;
    private const int MostCredential = 50_000;

    public static IRuleBuilderOptions<T, string?> PasskeyState<T>(this IRuleBuilder<T, string?> rule) => rule.Given().Code(MostState);

    public static IRuleBuilderOptions<T, JsonElement?> Credential<T>(this IRuleBuilder<T, JsonElement?> rule) =>
        rule.Must(c => c is { ValueKind: JsonValueKind.Object } given && given.GetRawText().Length <= MostCredential).WithMessage("The credential that the browser gave, as JSON.");
}
