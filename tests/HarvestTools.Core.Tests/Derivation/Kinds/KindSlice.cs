using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Tests.Shared;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>
/// One export taken through add, new and check in a repository of its own. Rows are read back from the Parquet files with
/// DuckDB, which shares no code with the engine.
/// </summary>
internal sealed class KindSlice : IDisposable
{
    private const string Path = "label_studio/export.json";

    private readonly TemporaryRepository _temporary = new();

    private KindSlice()
    {
    }

    public AddedExport Added { get; private set; } = null!;

    public NewSliceResult Made { get; private set; } = null!;

    public Tally Tally => Made.Built!.Tally;

    /// <param name="export">The file's text.</param>
    /// <param name="edit">Changes <c>harvest</c> of harvest.json.</param>
    /// <param name="config">The labeling configuration; null adds the export without.</param>
    public static KindSlice Of(string export, Action<JsonObject>? edit = null, string? config = null)
    {
        var slice = new KindSlice();
        try
        {
            slice.Make(export, edit, config);
            return slice;
        }
        catch
        {
            slice.Dispose();
            throw;
        }
    }

    /// <summary>What add or new says of an export that it refuses.</summary>
    public static HarvestException Refused(string export) => Assert.Throws<HarvestException>(() => Of(export).Dispose());

    /// <summary>Gives an object tag its key of data.</summary>
    public static Action<JsonObject> Objects(params (string Tag, string Place)[] objects) => harvest =>
        Fields(harvest)["objects"] = new JsonObject(objects.Select(static pair => KeyValuePair.Create<string, JsonNode?>(pair.Tag, pair.Place)));

    /// <summary>Maps a field.</summary>
    public static Action<JsonObject> Field(string name, string from, string? match = null) => harvest =>
        Fields(harvest)[name] = match is null ? new JsonObject { ["from"] = from } : new JsonObject { ["from"] = from, ["match"] = match };

    public static Action<JsonObject> Rule(string name, JsonNode value) => harvest => harvest["rules"]!.AsObject()[name] = value;

    /// <summary>All rows of a table in the order of its file, each by its columns.</summary>
    public List<Dictionary<string, object?>> Rows(string table)
    {
        using var duck = new DuckDb();
        var rows = new List<Dictionary<string, object?>>();
        foreach (BuiltTable file in Made.Built!.Tables.Where(built => built.Table == table))
        {
            (string[] names, List<object?[]> read) = duck.Read($"SELECT * FROM read_parquet({DuckDb.Text(file.Path)}, hive_partitioning = false)");
            rows.AddRange(read.Select(row => names.Zip(row).ToDictionary(static cell => cell.First, static cell => cell.Second, StringComparer.Ordinal)));
        }

        return rows;
    }

    /// <summary>Some columns of every row, null as <c>∅</c>, sorted.</summary>
    public string[] Read(string table, params string[] columns) =>
        [.. Rows(table).Select(row => string.Join(' ', columns.Select(column => Text(row[column])))).Order(StringComparer.Ordinal)];

    /// <summary>Every column of every row, in the order of the file.</summary>
    public string[] ReadAll(string table) => [.. Rows(table).Select(static row => string.Join('|', row.Values.Select(Text)))];

    /// <summary>The note of the tally of a kind, which there is once; null where there is none.</summary>
    public TallyNote? Note(string kind) => Tally.Notes.SingleOrDefault(note => note.Kind == kind);

    /// <summary>Puts another file at the recorded path and checks.</summary>
    public DriftReport CheckWith(string export)
    {
        _temporary.WriteText(Path, export);
        return Check();
    }

    public DriftReport Check()
    {
        using var check = new CheckSlice(_temporary.Repository, _temporary.Context);
        return check.Run(_temporary.Repository.Slices.Load("v1"), quick: false);
    }

    /// <summary>SHA-256 of each table's file.</summary>
    public string[] Hashes() => [.. Made.Slice.Outputs.Select(static output => $"{output.Table} {output.Sha256}")];

    public void Dispose() => _temporary.Dispose();

    private static JsonObject Fields(JsonObject harvest)
    {
        harvest["fields"] ??= new JsonObject();
        return harvest["fields"]!.AsObject();
    }

    private void Make(string export, Action<JsonObject>? edit, string? config)
    {
        if (edit is not null)
        {
            string settings = _temporary.PathOf("harvest.json");
            JsonNode json = JsonNode.Parse(File.ReadAllText(settings))!;
            edit(json["harvest"]!.AsObject());
            File.WriteAllText(settings, json.ToJsonString());
        }

        LabelConfigFile? file = config is null ? null : LabelConfigFile.Read(_temporary.WriteText("config.xml", config));
        Added = AddExport.Run(_temporary.Repository, _temporary.WriteText(Path, export), "p", _temporary.Context, labelConfig: file);
        Made = _temporary.New("v1");
        DriftReport report = Check();
        Assert.Empty(report.Findings);
        Assert.Equal(DriftStatus.Clean, report.Status);
    }

    private static string Text(object? value) => value switch
    {
        null => "∅",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list and not string => $"[{string.Join(',', list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
