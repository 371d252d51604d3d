using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;

namespace HarvestTools.Manifests;

/// <summary>
/// harvest.json: the current harvest definition, the repository's folders and the retrain thresholds. What the file leaves
/// out has its default; a key it does not know is an error, so that a misspelt setting cannot pass unnoticed.
/// </summary>
public sealed record HarvestSettings
{
    private const string Automatic = "auto";
    private const string SchemaName = "$schema";

    /// <summary>Name of the settings file in a repository's folder.</summary>
    public const string FileName = "harvest.json";

    // Fields such as { "from": "data.episode" } stay on their line, lists of settings get one line each.
    private const int InlineMembers = 2;

    /// <summary>Every setting at its default.</summary>
    public static HarvestSettings Default { get; } = new();

    /// <summary>The definition that new slices are made under where none is named: the one that no other follows.</summary>
    public HarvestDefinition Harvest { get; init; } = HarvestDefinition.Default;

    /// <summary>All definitions, that of <c>harvest</c> and those of <c>definitions</c>.</summary>
    internal HarvestDefinitions Definitions { get; init; } = HarvestDefinitions.None;

    /// <summary>Folder of the manifests, relative to the repository.</summary>
    public string SlicesFolder { get; init; } = "slices";

    /// <summary>Folder of the archive, relative to the repository.</summary>
    public string ArchiveFolder { get; init; } = ".harvest/archive";

    /// <summary>Folder of the Parquet cache, relative to the repository.</summary>
    public string CacheFolder { get; init; } = ".harvest/cache";

    /// <summary>The file that models are evaluated on, relative to the repository; null where none is set.</summary>
    public string? EvalSet { get; init; }

    /// <summary>Images of one video that are fewer or as many frames apart are near, and named where one is in the eval set; 0 looks for none.</summary>
    public long EvalFramesApart { get; init; } = 30;

    /// <summary>Projects by name, those of which there is something to say.</summary>
    public IReadOnlyDictionary<string, ProjectSettings> Projects { get; init; } = ProjectSettings.NoProjects;

    /// <summary>The remotes, in the order of the file.</summary>
    public IReadOnlyList<RemoteSettings> Remotes { get; init; } = RemoteSettings.None;

    /// <summary>Where media are, by the beginnings of their links; folders are relative to the repository.</summary>
    public IReadOnlyList<MediaRoot> Media { get; init; } = MediaRoot.None;

    /// <summary>What every new slice pins besides its exports and rules.</summary>
    public PinSettings Pins { get; init; } = PinSettings.Default;

    /// <summary>The present names of projects.</summary>
    internal ProjectNames ProjectNames => new(Projects);

    /// <summary>What the retrain decision is measured against.</summary>
    public RetrainThresholds Retrain { get; init; } = RetrainThresholds.Default;

    /// <summary>How long what nothing needs any more is kept.</summary>
    public RetentionSettings Retention { get; init; } = RetentionSettings.Default;

    /// <summary>What the file says of its JSON Schema, for editors; kept when the file is written again.</summary>
    internal string? Schema { get; init; }

    /// <summary>Whether adding an export packs the ones before it, once they take more of the disk than it does.</summary>
    public bool PacksAutomatically { get; init; }

    /// <summary>Reads a settings file.</summary>
    /// <exception cref="HarvestException">The file cannot be read or its content is at fault; the message names the place.</exception>
    public static HarvestSettings Load(string path) => Read(JsonFileText.Load(path));

    /// <summary>Reads settings from bytes; <paramref name="file"/> is their name in errors.</summary>
    public static HarvestSettings Parse(byte[] bytes, string file = FileName) => Read(new JsonFileText(bytes, file));

    /// <summary>The file's bytes, every setting spelt out.</summary>
    public byte[] ToUtf8Bytes() => ReadableJson.ToUtf8(
        new JsonObject((Schema is null ? [] : new[] { KeyValuePair.Create(SchemaName, (JsonNode?)Schema) }).Concat(Definitions.ToJson(Harvest)))
        {
            ["slices"] = SlicesFolder,
            ["archive"] = ArchiveFolder,
            ["cache"] = CacheFolder,
            ["eval_set"] = EvalSet,
            ["eval_frames_apart"] = EvalFramesApart,
            ["projects"] = ProjectSettings.ToJson(Projects),
            ["media"] = MediaRoot.ToJson(Media),
            ["remotes"] = RemoteSettings.ToJson(Remotes),
            ["pins"] = Pins.ToJson(),
            ["retrain"] = Retrain.ToJson(),
            ["retention"] = Retention.ToJson(),
            ["pack"] = PacksAutomatically ? Automatic : "manual",
        },
        InlineMembers);

    /// <summary>Writes the settings, replacing the file.</summary>
    public void Write(string path) => AtomicFile.WriteAllBytes(path, ToUtf8Bytes());

    private static HarvestSettings Read(JsonFileText file)
    {
        var reader = new ObjectReader(file, file.ParseObject());
        string? schema = reader.Text(SchemaName);
        HarvestDefinition? harvest = Section(file, reader, "harvest", ParseDefinition);
        HarvestDefinitions definitions = Section(file, reader, "definitions", json => HarvestDefinitions.Parse(harvest, json)) ?? HarvestDefinitions.Of(harvest ?? Default.Harvest);
        var settings = new HarvestSettings
        {
            Schema = schema,
            Harvest = definitions.Standard,
            Definitions = definitions,
            SlicesFolder = reader.OwnPath("slices") ?? Default.SlicesFolder,
            ArchiveFolder = reader.OwnPath("archive") ?? Default.ArchiveFolder,
            CacheFolder = reader.OwnPath("cache") ?? Default.CacheFolder,
            EvalSet = reader.OwnPath("eval_set"),
            EvalFramesApart = FramesApart(reader),
            Projects = ProjectSettings.Parse(reader.Object("projects")),
            Media = MediaRoot.Parse(reader.Object("media")),
            Remotes = RemoteSettings.Parse(reader.Object("remotes")) is { Count: > 0 } remotes ? remotes : RemoteSettings.None,
            Pins = PinSettings.Parse(reader.Object("pins")),
            Retrain = Section(file, reader, "retrain", RetrainThresholds.Parse) ?? Default.Retrain,
            Retention = RetentionSettings.Parse(reader.Object("retention")),
            PacksAutomatically = Packs(reader),
        };
        reader.RefuseRest("harvest", "definitions", "slices", "archive", "cache", "eval_set", "eval_frames_apart", "projects", "media", "remotes", "pins", "retrain", "retention", "pack");
        return settings;
    }

    private static bool Packs(ObjectReader reader) => reader.Text("pack") switch
    {
        null or "manual" => false,
        Automatic => true,
        _ => throw reader.Invalid("pack", "is neither \"auto\" nor \"manual\"", "Write \"auto\" to have exports packed as newer ones are added, or \"manual\"."),
    };

    private static long FramesApart(ObjectReader reader) => reader.Integer("eval_frames_apart") switch
    {
        null => Default.EvalFramesApart,
        < 0 or > 1_000_000_000 => throw reader.Invalid("eval_frames_apart", "is negative, or more than a billion", "Write how many frames apart is near, or 0 to look for none."),
        { } frames => frames,
    };

    private static HarvestDefinition ParseDefinition(JsonObject json)
    {
        HarvestDefinition definition = HarvestDefinition.Parse(json);
        return definition.Program?.Content is null ? definition : throw ProgramErrors.ProgramContentGiven("harvest");
    }

    /// <summary>
    /// A part of the settings that has a reader of its own, which knows the names but not the file: its errors get the
    /// file and the place of the key that they are about.
    /// </summary>
    private static T? Section<T>(JsonFileText file, ObjectReader reader, string name, Func<JsonObject, T> parse)
        where T : class
    {
        ObjectReader? section = reader.Object(name);
        if (section is null)
        {
            return null;
        }

        try
        {
            return parse(section.Rest() ?? []);
        }
        catch (HarvestException fault)
        {
            throw JsonDocumentErrors.At(fault, file.File, file.FindKey(name, fault.Subject as string));
        }
    }
}
