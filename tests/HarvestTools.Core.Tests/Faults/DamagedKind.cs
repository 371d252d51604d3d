using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Faults;

/// <summary>One kind of file of a repository.</summary>
/// <param name="Name">As the table of docs/reliability.md has it.</param>
/// <param name="Pattern">Which files, relative to the repository: a path whose last part may hold <c>*</c>.</param>
/// <param name="Why">
/// Of what was written and what the flip made of it: why the flip is without consequence; null where it has one.
/// </param>
internal sealed record DamagedKind(string Name, string Pattern, Func<byte[], byte[], string?> Why)
{
    public static IReadOnlyList<DamagedKind> All { get; } =
    [
        new("archived export", ".harvest/archive/sha256/**", None),
        new("export record", ".harvest/archive/exports/*.json", SameJson),
        new("`slice.json`", "slices/*/slice.json", SameJson),
        new("`definition.json` of a slice", "slices/*/definition.json", SameJson),
        new("`harvest.json`", "harvest.json", SameJson),
        new("eval set", "eval.csv", None),
        new("registered model file", "model.bin", None),
        new("export file that was added", "exports/*.json", None),
        new("`part.json` of the cache", ".harvest/cache/parts/*/part.json", None),
        new("Parquet file of a part", ".harvest/cache/parts/*/*.parquet", None),
        new("Parquet file of a slice", ".harvest/cache/slice/**.parquet", None),
        new("list of an export's tasks", ".harvest/cache/tasks/*", None),
        new("`stat-cache.txt`", ".harvest/cache/stat-cache.txt", None),
        new("lock", ".harvest/locks/*", static (_, _) => "nothing reads what is in a lock"),
        new("`.gitignore` of the store", ".harvest/.gitignore", static (_, _) => "git alone reads it, and the archive is checked without it"),
        new("report", "report.html", static (_, _) => "nothing reads it, and `report` writes it whole each time"),
    ];

    private static string? None(byte[] written, byte[] flipped) => null;

    private static string? SameJson(byte[] written, byte[] flipped)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(flipped)) ? "white space, or another spelling of the same value" : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
