using HarvestTools.Fuzz.Targets;

namespace HarvestTools.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<string> Names { get; } = ["export", "label-config", "manifest", "pack", "packed", "parquet", "part", "record", "remote", "repository", "settings"];

    /// <summary>Makes a target; those of a repository's files take their seeds from a repository that is made for them.</summary>
    public static FuzzTarget Create(string name)
    {
        switch (name)
        {
            case "export":
                return new ExportTarget();
            case "label-config":
                return new LabelConfigTarget();
            case "pack":
                return new PackTarget();
            case "packed":
                return new PackedTarget();
            case "parquet":
                return new ParquetTarget();
            case "remote":
                return new RemoteTarget();
            case "repository":
                return new RepositoryTarget(new SampleRepository());
        }

        using var sample = new SampleRepository();
        var files = sample.Files().Select(file => (Path: sample.Relative(file.Path), file.Bytes)).ToList();
        return name switch
        {
            "manifest" => new ManifestTarget(Bytes("/slice.json")),
            "part" => new PartTarget([.. files.Where(static file => file.Path.EndsWith("/part.json", StringComparison.Ordinal)).Select(static file => (file.Path.Split('/')[^2], file.Bytes))]),
            "record" => new RecordTarget([.. files.Where(static file => file.Path.StartsWith(".harvest/archive/exports/", StringComparison.Ordinal)).Select(static file => (Path.GetFileName(file.Path), file.Bytes))]),
            "settings" => new SettingsTarget([.. Bytes("harvest.json"), .. Bytes("/definition.json").Select(static definition => (byte[])[.. "{\"harvest\":"u8, .. definition, .. "}"u8])]),
            _ => throw new ArgumentException($"There is no target '{name}'; there are {string.Join(", ", Names)}."),
        };

        List<byte[]> Bytes(string end) => [.. files.Where(file => file.Path.EndsWith(end, StringComparison.Ordinal)).Select(static file => file.Bytes)];
    }
}
