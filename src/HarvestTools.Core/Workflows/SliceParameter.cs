namespace HarvestTools.Workflows;

/// <summary>One value that a training script is given.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Kind">One of <see cref="ParameterKind"/>.</param>
/// <param name="Name">Its name: <c>dataset_hash</c>, <c>seed.python</c>, <c>train.lr</c>.</param>
/// <param name="Value">A number, a text, a truth value; lists as JSON; null where the file has none.</param>
/// <param name="Text">The value as text; numbers keep their spelling.</param>
/// <param name="Variable">The environment variable that has it: <c>HARVEST_PARAM_TRAIN_LR</c>.</param>
public sealed record SliceParameter(string Version, string Kind, string Name, object? Value, string Text, string Variable)
{
    /// <summary>The value as JSON.</summary>
    public string Json { get; init; } = "null";

    /// <summary>The file that it was pinned from; null for what is known of the slice itself.</summary>
    public string? Source { get; init; }

    /// <summary><c>train.lr=0.001</c>.</summary>
    public override string ToString() => $"{Name}={Text}";
}

/// <summary>What a training script is given.</summary>
public static class ParameterKind
{
    /// <summary>What the data set is and where.</summary>
    public const string Dataset = nameof(Dataset);

    /// <summary>A seed.</summary>
    public const string Seed = nameof(Seed);

    /// <summary>A parameter of a pinned file.</summary>
    public const string Parameter = nameof(Parameter);
}
