using HarvestTools.Json;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Manifests;

/// <summary>Something that a manifest says and that cannot be: no command writes it, so it was edited or is damaged.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Field">Where it is, for example <c>outputs[2].table</c>.</param>
/// <param name="Value">What it says.</param>
/// <param name="Problem">Why that cannot be, after "is".</param>
internal sealed record ManifestFault(string Version, string Field, string Value, string Problem)
{
    public string Message => $"slice.json of slice {Version} has \"{PlainText.OneLine(Value)}\" in {Field}, {Problem}: it was edited, or is damaged.";

    /// <param name="slicesFolder">The slices' folder, relative to the repository.</param>
    public Remedy Remedy(string slicesFolder) =>
        $"Restore the manifest, for example with {new RemedyAction.RestoreFromGit($"{slicesFolder}/{Version}/{SliceStore.FileName}")}.";
}

/// <summary>
/// Holds the fields of a manifest against each other and against what this release knows. The reader leaves them alone, so that a
/// slice of a later release can be listed and traced.
/// </summary>
internal static class ManifestFaults
{
    public static IEnumerable<ManifestFault> Of(SliceManifest slice) => Outputs(slice).Concat(Exports(slice)).Concat(Rest(slice));

    /// <summary>Exports that outputs are recorded of, and that are none of the slice's.</summary>
    public static IEnumerable<string> StrayExports(SliceManifest slice)
    {
        HashSet<string> exports = Hashes(slice);
        return slice.Outputs.Select(static output => output.Export).Distinct(StringComparer.Ordinal).Where(sha256 => !exports.Contains(sha256));
    }

    /// <summary>The same as faults, for a check that has no words of its own for them.</summary>
    public static IEnumerable<ManifestFault> StrayOutputs(SliceManifest slice) =>
        StrayExports(slice).Select(sha256 => new ManifestFault(slice.Version, "outputs", Figures.ShortHash(sha256), "which is none of its exports"));

    private static IEnumerable<ManifestFault> Outputs(SliceManifest slice)
    {
        // Of a version that this release lacks it cannot know the tables.
        IReadOnlyList<TableDescriptor>? tables = SliceVersions.Of(slice).Format?.Tables;
        var seen = new HashSet<(string Export, string Table)>();
        for (int i = 0; i < slice.Outputs.Count; i++)
        {
            SliceOutput output = slice.Outputs[i];
            string place = JsonFileText.ItemPath("outputs", i);
            if (tables is not null && tables.All(table => table.Name != output.Table))
            {
                yield return new ManifestFault(slice.Version, $"{place}.table", output.Table, "which is none of its tables");
            }

            if (!seen.Add((output.Export, output.Table)))
            {
                yield return new ManifestFault(slice.Version, $"{place}.table", output.Table, $"which is there a second time for export {Figures.ShortHash(output.Export)}");
            }
        }
    }

    private static IEnumerable<ManifestFault> Exports(SliceManifest slice)
    {
        HashSet<string> exports = Hashes(slice);
        for (int i = 0; i < slice.Exports.Count; i++)
        {
            foreach (string winner in slice.Exports[i].SupersededBy.Where(sha256 => !exports.Contains(sha256)))
            {
                yield return new ManifestFault(
                    slice.Version, $"{JsonFileText.ItemPath("exports", i)}.superseded_by", Figures.ShortHash(winner), "which is none of its exports");
            }
        }
    }

    private static IEnumerable<ManifestFault> Rest(SliceManifest slice)
    {
        for (int i = 0; i < slice.Runs.Count; i++)
        {
            foreach (string metric in slice.Runs[i].Metrics.Select(static metric => metric.Key).Where(static name => !IsName(name)))
            {
                yield return new ManifestFault(slice.Version, $"{JsonFileText.ItemPath("runs", i)}.metrics", metric, "which cannot name a metric");
            }
        }

        for (int i = 0; i < slice.Runs.Count; i++)
        {
            if (slice.Runs[i].GitCommit is { } trained && !IsCommit(trained))
            {
                yield return new ManifestFault(slice.Version, $"{JsonFileText.ItemPath("runs", i)}.git_commit", trained, "which is no commit");
            }
        }

        if (slice.Pins?.GitCommit is { } commit && !IsCommit(commit))
        {
            yield return new ManifestFault(slice.Version, "pins.git_commit", commit, "which is no commit");
        }

        foreach ((string field, string value, string problem) in slice.Pins?.Faults() ?? [])
        {
            yield return new ManifestFault(slice.Version, field, value, problem);
        }
    }

    private static HashSet<string> Hashes(SliceManifest slice) => slice.Exports.Select(static export => export.Sha256).ToHashSet(StringComparer.Ordinal);

    private static bool IsName(string name) => name.Length > 0 && name.Trim().Length == name.Length && !name.Any(char.IsControl);

    // By hand one writes the first digits.
    private static bool IsCommit(string text) => text.Length is >= 4 and <= Sha256Text.Length && Sha256Text.IsHex(text);
}
