namespace HarvestTools.Rules;

/// <summary>What a column of a program's table is about.</summary>
internal enum ColumnRole
{
    /// <summary>The project of the row's export.</summary>
    Project,

    /// <summary>The task folder of its episode.</summary>
    TaskSubdir,

    /// <summary>Its episode.</summary>
    Episode,

    /// <summary>Its frame.</summary>
    Frame,

    /// <summary>Label Studio's task.</summary>
    TaskId,

    /// <summary>Label Studio's annotation.</summary>
    AnnotationId,

    /// <summary>The region within the annotation.</summary>
    RegionId,

    /// <summary>Its label.</summary>
    Label,

    /// <summary>Who drew it: <c>prediction</c> is what nobody touched.</summary>
    Origin,

    /// <summary>Who labelled it: an id, or several with commas between.</summary>
    Annotator,

    /// <summary>The image or video that it is of.</summary>
    Medium,
}

/// <summary>The columns that identify a row of some tables.</summary>
/// <param name="Pattern">Of the tables' files, relative to the folder that the program writes to.</param>
/// <param name="Columns">The columns.</param>
internal sealed record TableKey(string Pattern, IReadOnlyList<string> Columns);

/// <summary>
/// What the columns of a program's tables are. It says how rows are compared and found, and changes none of them, so that it is
/// recorded with a definition and is no part of its hash: a key that is named later makes no other definition and asks for no new trust.
/// </summary>
internal sealed record ProgramColumns(IReadOnlyList<TableKey> Keys, IReadOnlyDictionary<ColumnRole, string> Mapped)
{
    /// <summary>The pattern of a key that is for all tables.</summary>
    public const string AllTables = "**";

    private static readonly Dictionary<ColumnRole, string[]> s_standard = new()
    {
        [ColumnRole.Project] = ["project"],
        [ColumnRole.TaskSubdir] = ["task_subdir"],
        [ColumnRole.Episode] = ["episode"],
        [ColumnRole.Frame] = ["frame"],
        [ColumnRole.TaskId] = ["task_id"],
        [ColumnRole.AnnotationId] = ["annotation_id"],
        [ColumnRole.RegionId] = ["region_id"],
        [ColumnRole.Label] = ["label"],
        [ColumnRole.Origin] = ["origin"],
        [ColumnRole.Annotator] = ["annotator", "annotator_ids"],
        [ColumnRole.Medium] = ["medium", "media", "video", "image"],
    };

    /// <summary>Nothing is named.</summary>
    public static ProgramColumns None { get; } = new([], new Dictionary<ColumnRole, string>());

    /// <summary>Whether nothing is named.</summary>
    public bool IsEmpty => Keys.Count == 0 && Mapped.Count == 0;

    /// <summary>A role as definitions spell it, which is also the name that its column has by default: <c>task_id</c>.</summary>
    public static string Word(ColumnRole role) => role switch
    {
        ColumnRole.TaskSubdir => "task_subdir",
        ColumnRole.TaskId => "task_id",
        ColumnRole.AnnotationId => "annotation_id",
        ColumnRole.RegionId => "region_id",
        _ => Json.SettingValue.Word(role),
    };

    /// <summary>The columns that a role may have, the first of them that a table has being it.</summary>
    public IEnumerable<string> NamesOf(ColumnRole role) => Mapped.TryGetValue(role, out string? name) ? s_standard[role].Prepend(name) : s_standard[role];

    /// <summary>The columns that identify a row of a table; null where none are named.</summary>
    /// <param name="path">The table's file, relative to the folder that the program writes to.</param>
    public IReadOnlyList<string>? KeyOf(string path) => Keys.FirstOrDefault(key => FilePatterns.Matches(key.Pattern, path))?.Columns;

    /// <summary>These, and of the others what these do not name.</summary>
    public ProgramColumns OrElse(ProgramColumns other) => other.IsEmpty ? this : new(
        [.. Keys.Concat(other.Keys).DistinctBy(static key => key.Pattern)],
        other.Mapped.Concat(Mapped).GroupBy(static pair => pair.Key).ToDictionary(static pair => pair.Key, static pair => pair.Last().Value));
}
