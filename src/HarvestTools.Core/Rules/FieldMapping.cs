namespace HarvestTools.Rules;

/// <summary>Where the three key columns come from.</summary>
public sealed record FieldMapping(FieldSource TaskSubdir, FieldSource Episode, FieldSource Frame)
{
    /// <summary>What derivations take where harvest.json maps nothing.</summary>
    public static FieldMapping Default { get; } =
        new(new FieldSource("data.task_subdir"), new FieldSource("data.episode"), new FieldSource("data.frame"));
}

/// <summary>A place in the task's data and, where given, a pattern whose first group is the value.</summary>
/// <param name="From">For example <c>data.episode</c>.</param>
/// <param name="Match">A regular expression, for example <c>/episode_([0-9]+)/</c>; null takes the value whole.</param>
public sealed record FieldSource(string From, string? Match = null);
