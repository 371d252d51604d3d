namespace HarvestTools.Workflows;

/// <summary>What an eval set holds, as far as its form says it.</summary>
/// <param name="Path">Full path of its file or folder.</param>
internal sealed record EvalSetContents(string Path)
{
    /// <summary>Its episodes, where it has columns or tasks that name them; null where names have to be looked for.</summary>
    public IReadOnlySet<(string TaskSubdir, string Episode)>? Episodes { get; init; }

    /// <summary>Links of its media, as its columns or tasks have them.</summary>
    public IReadOnlySet<string> Links { get; init; } = new HashSet<string>();

    /// <summary>Full paths of the files of a folder; empty for a file.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}
