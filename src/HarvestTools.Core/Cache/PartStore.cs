using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Exports;
using HarvestTools.Files;
using HarvestTools.Filtering;
using HarvestTools.Rows;

namespace HarvestTools.Cache;

/// <summary>The rows derived from one export under one definition, as files of the cache.</summary>
/// <param name="Key">See <see cref="PartKey"/>.</param>
/// <param name="ExportSha256">The export it was derived from; others with the same labels give the same tables.</param>
/// <param name="Tables">In the order of <see cref="TableSchemas.All"/>.</param>
/// <param name="Tally">What was kept and dropped.</param>
/// <param name="Episodes">What each table holds of each episode.</param>
internal sealed record Part(
    string Key, string ExportSha256, IReadOnlyList<PartTable> Tables, Tally Tally, IReadOnlyList<EpisodeFacts> Episodes);

/// <summary>
/// Parts by key, below <c>parts/</c> in the cache folder. <c>part.json</c> is written last: a part is there exactly if
/// that file is. Slices share parts by hard links, so what stands here is never changed in place.
/// </summary>
internal sealed class PartStore(string cacheFolder)
{
    private const string RecordName = "part.json";
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string SpillFolder => Path.Combine(cacheFolder, "spill");

    public string PathOf(string key, string table) => Path.Combine(FolderOf(key), table + ".parquet");

    /// <summary>The part, or null where it is absent or not whole (a missing file, other bytes, an unreadable record).</summary>
    /// <param name="key">The part's key.</param>
    /// <param name="verify">Hash the files too; otherwise their presence and size must do.</param>
    public Part? TryLoad(string key, bool verify)
    {
        string record = Path.Combine(FolderOf(key), RecordName);
        if (!File.Exists(record))
        {
            return null;
        }

        Part? part = Parse(key, AtomicFile.ReadAllBytes(record));
        return part is not null && part.Tables.All(table => IsWhole(key, table, verify)) ? part : null;
    }

    /// <summary>Derives the part from the export's bytes and stores it, replacing what stood there.</summary>
    /// <exception cref="HarvestException">The export is at fault, or does not have the hash it should have.</exception>
    public Part Derive(
        string key, PartRequest request, Stream export, string exportSha256, IProgress<long>? progress, CancellationToken cancellation)
    {
        var pending = new Dictionary<string, PendingFile>(StringComparer.Ordinal);
        try
        {
            foreach (var schema in TableSchemas.All)
            {
                pending[schema.Table] = PendingFile.Create(FolderOf(key));
            }

            DerivedPart derived = PartDerivation.Run(
                request, export, schema => pending[schema.Table].Stream, progress, cancellation);
            CacheErrors.RequireHash(request.FileName, exportSha256, derived.Export.Sha256);
            foreach ((string table, PendingFile file) in pending)
            {
                file.Commit(PathOf(key, table), readOnly: true);
            }

            var part = new Part(key, exportSha256, derived.Tables, derived.Tally, derived.Episodes);
            AtomicFile.WriteAllBytes(Path.Combine(FolderOf(key), RecordName), Record(part));
            return part;
        }
        finally
        {
            foreach (PendingFile file in pending.Values)
            {
                file.Dispose();
            }
        }
    }

    private static byte[] Record(Part part) => JsonSerializer.SerializeToUtf8Bytes(
        new PartRecord(FormatVersion.Current, part.ExportSha256, part.Tables, TallyJson.Write(part.Tally), part.Episodes), s_json);

    /// <summary>part.json. Not a tree of nodes: an export of gigabytes has tens of thousands of episodes.</summary>
    private sealed record PartRecord(
        int FormatVersion, string ExportSha256, IReadOnlyList<PartTable> Tables, JsonObject Tally, IReadOnlyList<EpisodeFacts> Episodes);

    private static Part? Parse(string key, byte[] record)
    {
        try
        {
            JsonNode json = JsonNode.Parse(record)!;
            if (json["format_version"]!.GetValue<int>() != FormatVersion.Current)
            {
                return null;
            }

            return new Part(
                key,
                json["export_sha256"]!.GetValue<string>(),
                json["tables"].Deserialize<PartTable[]>(s_json)!,
                TallyJson.Read(json["tally"]!.AsObject()),
                json["episodes"].Deserialize<EpisodeFacts[]>(s_json)!);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            // The cache regenerates: an unreadable record is a miss, not an error.
            return null;
        }
    }

    private string FolderOf(string key) => Path.Combine(cacheFolder, "parts", key);

    private bool IsWhole(string key, PartTable table, bool verify)
    {
        var file = new FileInfo(PathOf(key, table.Table));
        return file.Exists
            && file.Length == table.Bytes
            && (!verify || FileHash.Compute(file.FullName) == table.Sha256);
    }
}

internal static class CacheErrors
{
    public static void RequireHash(string fileName, string expected, string actual)
    {
        if (expected != actual)
        {
            throw ExportHashDiffers(fileName, expected, actual);
        }
    }

    public static HarvestException ExportHashDiffers(string fileName, string expected, string actual) => new(
        nameof(ExportHashDiffers),
        HarvestFault.Damaged,
        $"The export '{fileName}' should have SHA-256 {expected} but has {actual}.",
        "Run 'harvest fsck --repair' (Test-ExportArchive -Repair), or add the original export again.",
        fileName);
}
