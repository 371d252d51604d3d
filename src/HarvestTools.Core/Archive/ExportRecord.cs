using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Rules;

namespace HarvestTools.Archive;

/// <summary>
/// What is known of one archived export, under the project it was added to: one JSON file a record,
/// <c>exports/&lt;project&gt;-&lt;sha256&gt;.json</c>. Unknown fields survive a rewrite, and the record carries a digest of itself.
/// </summary>
public sealed record ExportRecord
{
    /// <summary>The project that the export is of, by its present name.</summary>
    public required string Project { get; init; }

    /// <summary>The project's name when the export was archived, where it has another since; records never change.</summary>
    internal string? ArchivedAs { get; init; }

    /// <summary>Of the export's exact bytes; its name in the archive.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of the labels alone.</summary>
    public string? LabelSha256 { get; init; }

    /// <summary>The definition of the label hash; null in records of builds before it was recorded.</summary>
    public long? LabelVersion { get; init; }

    /// <summary>The label hash where it is of this release's definition; hashes of two definitions say nothing of each other.</summary>
    internal string? ComparableLabels => LabelHash.Comparable(LabelSha256, LabelVersion);

    /// <summary>Of the labeling configuration that was archived with it last; null where none was.</summary>
    public string? LabelConfigSha256 { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Relative to the repository; null where the export was added from outside it.</summary>
    public string? Path { get; init; }

    /// <summary>The file's name, where it was added from outside the repository.</summary>
    public string? Name { get; init; }

    /// <summary>When it was added first; adding it again does not change this.</summary>
    public required Timestamp AddedAt { get; init; }

    /// <summary>
    /// The latest time at which one of its tasks or annotations was updated, as the export has it; null where it has no such
    /// time, or its labels were not read.
    /// </summary>
    public Timestamp? LabelsThrough { get; init; }

    /// <summary>Label Studio's ids of the projects that its tasks are from; empty where it has none, or its labels were not read.</summary>
    public IReadOnlyList<long> ProjectIds { get; init; } = [];

    /// <summary>
    /// Exports of the project that it takes the place of though its labels end earlier, since somebody said so when it was added.
    /// </summary>
    public IReadOnlyList<string> NewerThan { get; init; } = [];

    /// <summary>How many tasks it has; null where it was added without reading its labels.</summary>
    public long? Tasks { get; init; }

    /// <summary>Submitted annotations, cancelled ones included.</summary>
    public long? Annotations { get; init; }

    /// <summary>How many of its annotations were cancelled; null where its labels were not read.</summary>
    public long? Cancelled { get; init; }

    /// <summary>How many drafts it has; null where its labels were not read.</summary>
    public long? Drafts { get; init; }

    /// <summary>
    /// How many tasks have no annotation though their counter says that they have some; null where its labels were not read.
    /// </summary>
    public long? LabelsMissing { get; init; }

    /// <summary>Regions by type.</summary>
    public IReadOnlyDictionary<string, long> RegionTypes { get; init; } = new OrderedDictionary<string, long>();

    /// <summary>The export that this one is without somebody's work or an episode; null for one of Label Studio.</summary>
    public string? RedactedFrom { get; init; }

    /// <summary>Whose work and which episodes it is without, those of its origins included.</summary>
    public Exclusion Redacted { get; init; } = Exclusion.None;

    /// <summary>When the export was removed from the archive to erase what it held; null while it is kept.</summary>
    public Timestamp? RemovedAt { get; init; }

    internal JsonObject? Rest { get; init; }

    /// <summary>True where it has no label at all though its counters say that there are some: nothing to make a slice of.</summary>
    internal bool LacksAllLabels => Annotations == 0 && LabelsMissing > 0;

    /// <summary>How the export is named in commands where its hash alone could be of several projects.</summary>
    internal string FileStem => $"{Project}-{Sha256[..12]}";

    internal string FileName => $"{RecordedProject}-{Sha256}.json";

    /// <summary>The project's name in the record.</summary>
    internal string RecordedProject => ArchivedAs ?? Project;

    /// <summary>False where it was archived without reading its labels, and nothing has read them since.</summary>
    internal bool LabelsRead => LabelSha256 is not null;

    /// <summary>
    /// The record with what a later one of the same export says more. It keeps the time it was added first; a path inside the repository
    /// replaces the bare name of an addition from outside, a labeling configuration the one before.
    /// </summary>
    internal ExportRecord JoinedWith(ExportRecord later) => this with
    {
        LabelSha256 = later.LabelSha256 ?? LabelSha256,
        LabelVersion = later.LabelSha256 is null ? LabelVersion : later.LabelVersion,
        LabelConfigSha256 = later.LabelConfigSha256 ?? LabelConfigSha256,
        Tasks = later.Tasks ?? Tasks,
        Annotations = later.Annotations ?? Annotations,
        Cancelled = later.Cancelled ?? Cancelled,
        Drafts = later.Drafts ?? Drafts,
        LabelsMissing = later.LabelsMissing ?? LabelsMissing,
        LabelsThrough = later.LabelsThrough ?? LabelsThrough,
        ProjectIds = later.ProjectIds.Count > 0 ? later.ProjectIds : ProjectIds,
        RedactedFrom = later.RedactedFrom ?? RedactedFrom,
        Redacted = later.RedactedFrom is null ? Redacted : later.Redacted,
        RemovedAt = later.RemovedAt ?? RemovedAt,
        NewerThan = [.. NewerThan.Union(later.NewerThan, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        RegionTypes = later.RegionTypes.Count > 0 ? later.RegionTypes : RegionTypes,
        Path = later.Path ?? Path,
        Name = later.Path is null && Path is null ? later.Name ?? Name : null,
    };

    /// <summary>The record with what was read of its labels.</summary>
    internal ExportRecord With(ExportFingerprint labels) => this with
    {
        LabelSha256 = labels.LabelSha256,
        LabelVersion = labels.LabelSha256 is null ? null : LabelHash.Version,
        LabelsThrough = labels.LabelsThrough is { } through ? Timestamp.From(through) : null,
        ProjectIds = labels.ProjectIds ?? [],
        Tasks = labels.Tasks,
        Annotations = labels.Annotations,
        Cancelled = labels.Cancelled,
        Drafts = labels.Drafts,
        LabelsMissing = labels.LabelsMissing,
        RegionTypes = labels.RegionTypes ?? new Dictionary<string, long>(),
    };

    internal static ExportRecord Load(string path) => Read(JsonFileText.LoadStored(path), path);

    /// <summary>Reads a record that came from elsewhere.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="path">Where they are from, ending with the file's name.</param>
    /// <exception cref="HarvestException">As <see cref="Load"/>.</exception>
    internal static ExportRecord Parse(byte[] bytes, string path) => Read(new JsonFileText(bytes, path), path);

    private static ExportRecord Read(JsonFileText file, string path)
    {
        JsonObject json = Parse(file, path);
        SealState seal = RecordSeal.Open(json);
        if (seal == SealState.Wrong)
        {
            throw ArchiveErrors.RecordDamaged(path);
        }

        // A record that lost the name of its digest must not pass for one that never had a digest. Builds that sealed nothing wrote
        // no member that is unknown today.
        ExportRecord record = Read(file, json);
        if (seal == SealState.Absent && record.Rest is not null)
        {
            throw ArchiveErrors.RecordDamaged(path);
        }

        return System.IO.Path.GetFileName(path) == record.FileName ? record : throw ArchiveErrors.RecordMismatch(path, record.FileName);
    }

    private static JsonObject Parse(JsonFileText file, string path)
    {
        try
        {
            return file.ParseObject();
        }
        catch (HarvestException fault) when (fault.ErrorId is nameof(JsonDocumentErrors.JsonSyntax) or nameof(JsonDocumentErrors.DuplicateKey))
        {
            // Nobody writes records by hand, so that there is nothing to correct at that place.
            throw ArchiveErrors.RecordDamaged(path, fault.Message);
        }
    }

    /// <summary>What a record says whose digest is wrong; null where it cannot be read at all. Nothing of it is to be believed unseen.</summary>
    internal static ExportRecord? TryReadDamaged(byte[] bytes, string path)
    {
        try
        {
            var file = new JsonFileText(bytes, path);
            JsonObject json = file.ParseObject();
            json.Remove(RecordSeal.Member);
            return Read(file, json) with { Rest = null };
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private static ExportRecord Read(JsonFileText file, JsonObject json)
    {
        var reader = new ObjectReader(file, json);
        string project = reader.RequiredText("project");
        string? why = SliceNames.WhyNotProject(project);
        if (why is not null)
        {
            throw reader.Invalid("project", $"is \"{project}\", which cannot name a project: {why}", "Use letters, digits, '.', '_' and '-'.");
        }

        return new ExportRecord
        {
            Project = project,
            Sha256 = reader.RequiredSha256("sha256"),
            LabelSha256 = reader.Sha256("label_sha256"),
            LabelVersion = reader.Integer("label_version"),
            LabelConfigSha256 = reader.Sha256("label_config_sha256"),
            Bytes = reader.Integer("bytes") ?? throw Missing(reader, "bytes"),
            Path = reader.RelativePath("path"),
            Name = reader.Text("name"),
            AddedAt = reader.Time("added_at") ?? throw Missing(reader, "added_at"),
            LabelsThrough = reader.Time("labels_through"),
            ProjectIds = reader.IntegerList("project_ids"),
            NewerThan = reader.Sha256List("newer_than"),
            RedactedFrom = reader.Sha256("redacted_from"),
            Redacted = reader.Object("redacted") is { } redacted ? ReadRedacted(redacted) : Exclusion.None,
            RemovedAt = reader.Time("removed_at"),
            Tasks = reader.Integer("tasks"),
            Annotations = reader.Integer("annotations"),
            Cancelled = reader.Integer("cancelled"),
            Drafts = reader.Integer("drafts"),
            LabelsMissing = reader.Integer("labels_missing"),
            RegionTypes = ReadRegionTypes(reader),
            Rest = reader.Rest(),
        };
    }

    internal byte[] ToUtf8Bytes()
    {
        var types = new JsonObject();
        foreach ((string type, long count) in RegionTypes)
        {
            types.Add(type, count);
        }

        return ReadableJson.ToUtf8(RecordSeal.Seal(new ObjectWriter(Rest)
            .Add("project", ArchivedAs ?? Project)
            .Add("sha256", Sha256)
            .Add("label_sha256", LabelSha256)
            .Add("label_version", LabelVersion)
            .Add("label_config_sha256", LabelConfigSha256)
            .Add("bytes", Bytes)
            .Add("path", Path)
            .Add("name", Name)
            .Add("added_at", AddedAt)
            .Add("labels_through", LabelsThrough)
            .Add("project_ids", ProjectIds.Count == 0 ? null : new JsonArray([.. ProjectIds.Select(static id => JsonValue.Create(id))]))
            .Add("newer_than", NewerThan.Count == 0 ? null : new JsonArray([.. NewerThan.Select(static hash => JsonValue.Create(hash))]))
            .Add("redacted_from", RedactedFrom)
            .Add("redacted", RedactedFrom is null ? null : Redacted.ToJson())
            .Add("removed_at", RemovedAt)
            .Add("tasks", Tasks)
            .Add("annotations", Annotations)
            .Add("cancelled", Cancelled)
            .Add("drafts", Drafts)
            .Add("labels_missing", LabelsMissing is > 0 ? LabelsMissing : null)
            .Add("region_types", types.Count == 0 ? null : types)
            .Build()));
    }

    private static Exclusion ReadRedacted(ObjectReader reader)
    {
        try
        {
            return Exclusion.Read("redacted", reader.Rest());
        }
        catch (HarvestException fault)
        {
            throw JsonDocumentErrors.At(fault, reader.File.File, reader.Place("annotators"));
        }
    }

    private static OrderedDictionary<string, long> ReadRegionTypes(ObjectReader reader)
    {
        var types = new OrderedDictionary<string, long>();
        ObjectReader? counts = reader.Object("region_types");
        foreach (string type in counts?.Rest()?.Select(static pair => pair.Key).ToArray() ?? [])
        {
            types.Add(type, counts!.Integer(type) ?? throw Missing(counts, type));
        }

        return types;
    }

    private static HarvestException Missing(ObjectReader reader, string name) =>
        JsonDocumentErrors.FieldMissing(reader.File.File, reader.Place(name), reader.FieldName(name));
}

/// <summary>A record as the archive found it, or why it cannot be read.</summary>
public sealed record ExportRecordEntry(string Path, ExportRecord? Record, HarvestException? Error);
