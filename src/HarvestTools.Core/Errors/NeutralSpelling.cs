namespace HarvestTools.Errors;

/// <summary>For callers without commands of their own, such as tests and benchmarks: actions by their names.</summary>
internal sealed class NeutralSpelling : ICommandSpelling
{
    public static readonly NeutralSpelling Instance = new();

    public string Spell(RemedyAction action) => action.ToString();
}
