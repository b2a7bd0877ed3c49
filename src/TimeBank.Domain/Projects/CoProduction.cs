using System.Collections.Immutable;

namespace TimeBank.Projects;

/// <summary>What users and professionals produce together.</summary>
public enum CoProductionKind { CoPlanning, CoDesign, CoCommissioning, CoFinancing, CoManaging, CoDelivery, CoMonitoringAndCoEvaluation }

/// <summary>Whose hands it is in.</summary>
public enum Hands { Professionals, ProfessionalsWithUsersAndCommunities, UsersAndCommunities }

/// <summary>Whether each does it for themselves, or all do it together.</summary>
public enum Togetherness { Individual, Collective }

/// <summary>Whether it stands in place of what professionals put in, or comes on top of it.</summary>
public enum InputEffect { Substitutive, Additive }

/// <summary>Who puts something in.</summary>
public enum InputOf { Citizen, PublicAgency, Business, VoluntaryOrganisation }

/// <summary>The nine forms that follow from who planned and who does it.</summary>
/// <remarks>Bovaird's matrix, row by row: delivered by professionals, by both, by users and communities; in each row planned by the same three.</remarks>
public enum CoProductionForm
{
    TraditionalProvision,
    UserInvolvementInPlanning,
    BespokeServicesCommissionedByUsers,
    CommunityDeliveryOfProfessionallyDesignedServices,
    FullCoProduction,
    TechnicallyAidedCommunityPlannedServices,
    Voluntarism,
    TechnicallyAidedCommunityDeliveredServices,
    SelfHelp,
}

/// <summary>Which co-production a project is, said once for all of it: contributions inherit it, and members are never asked.</summary>
/// <param name="InputOf">Whose input it lives by, at least one.</param>
public sealed record CoProduction(
    CoProductionKind Kind, Hands PlannedBy, Hands DeliveredBy, Togetherness Togetherness, InputEffect Effect, ImmutableArray<InputOf> InputOf)
{
    public static CoProductionForm FormOf(Hands plannedBy, Hands deliveredBy) => (CoProductionForm)((int)deliveredBy * 3 + (int)plannedBy);
}
