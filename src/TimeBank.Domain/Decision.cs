namespace TimeBank;

/// <summary>What a decision comes to: an answer, with the events standing in the <see cref="Draft"/>, or a refusal, with none.</summary>
public readonly struct Decision<TAnswer> where TAnswer : class
{
    private Decision(TAnswer? answer, Refusal? refusal) => (Answer, Refusal) = (answer, refusal);

    public TAnswer? Answer { get; }
    public Refusal? Refusal { get; }

    public static implicit operator Decision<TAnswer>(TAnswer answer) => new(answer, null);
    public static implicit operator Decision<TAnswer>(Refusal refusal) => new(null, refusal);
    public static implicit operator Decision<TAnswer>(RefusalCode code) => new(null, new Refusal(code));
}
