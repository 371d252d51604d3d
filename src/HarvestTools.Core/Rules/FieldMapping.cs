namespace HarvestTools.Rules;

/// <summary>Where the three key columns come from, and which medium a region is on.</summary>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Frame">The frame, for images.</param>
public sealed record FieldMapping(FieldSource TaskSubdir, FieldSource Episode, FieldSource Frame)
{
    /// <summary>The link of every medium of a task; null takes what each region's object tag shows.</summary>
    public FieldSource? Media { get; init; }

    /// <summary>
    /// For an object tag of the labeling configuration the place of its link or list of links, for example
    /// <c>front</c> and <c>data.front_image</c>. A number in the place is one in a list.
    /// </summary>
    public IReadOnlyDictionary<string, string> Objects { get; init; } = new OrderedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What derivations take where harvest.json maps nothing.</summary>
    public static FieldMapping Default { get; } =
        new(new FieldSource("data.task_subdir"), new FieldSource("data.episode"), new FieldSource("data.frame"));
}

/// <summary>A place in the task's data and, where given, a pattern whose first group is the value.</summary>
/// <param name="From">For example <c>data.episode</c>.</param>
/// <param name="Match">A regular expression, for example <c>/episode_([0-9]+)/</c>; null takes the value whole.</param>
public sealed record FieldSource(string From, string? Match = null);
