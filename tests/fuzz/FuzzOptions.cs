namespace HarvestTools.Fuzz;

/// <summary>What is run, and for how long.</summary>
internal sealed class FuzzOptions
{
    /// <summary>Over all targets.</summary>
    public int Seconds { get; set; } = 60;

    public int Seed { get; set; } = 1;

    /// <summary>Where inputs of findings are kept.</summary>
    public string Keep { get; set; } = "fuzz-findings";

    /// <summary>Set in the process that runs a target: the file that has the input that it is at.</summary>
    public string? Worker { get; set; }

    /// <summary>All of them where none is named.</summary>
    public List<string> Targets { get; } = [];
}
