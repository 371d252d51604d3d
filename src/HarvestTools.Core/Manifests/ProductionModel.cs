namespace HarvestTools.Manifests;

/// <summary>A model that is in production, or was: one line of production.jsonl.</summary>
/// <param name="Name">The registered model's name.</param>
/// <param name="Version">The slice that it was trained on.</param>
/// <param name="Sha256">Of its artifact, as it was registered then; null where no hash was.</param>
/// <param name="At">When it was put into production.</param>
/// <param name="By">Who did: the name and e-mail that git has, else the machine's user name.</param>
/// <param name="Reason">Why.</param>
public sealed record ProductionModel(string Name, string Version, string? Sha256, DateTimeOffset At, string By, string Reason)
{
    /// <summary>What became of it, one of <see cref="ProductionState"/>.</summary>
    public string State { get; init; } = ProductionState.Current;

    /// <summary><c>hand of v3</c>.</summary>
    public override string ToString() => $"{Name} of {Version}";
}

/// <summary>What became of a model that was put into production.</summary>
public static class ProductionState
{
    /// <summary>It is in production.</summary>
    public const string Current = nameof(Current);

    /// <summary>It is in production, and its slice has another artifact under the name now.</summary>
    public const string Replaced = nameof(Replaced);

    /// <summary>It is in production, and no slice here has it.</summary>
    public const string Missing = nameof(Missing);

    /// <summary>Another one was put into production after it.</summary>
    public const string Former = nameof(Former);
}
