using System.Text.Json.Nodes;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Parameters;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>Holds what a run used against what its slice pins.</summary>
internal static class RunPins
{
    /// <param name="repository">The repository: commits that changed slices alone are no difference.</param>
    /// <param name="pins">The slice's.</param>
    /// <param name="run">The run.</param>
    /// <returns>A sentence a difference; what either of the two does not have is none.</returns>
    public static IReadOnlyList<string> Differences(Repository repository, SlicePins? pins, SliceRun run) => pins is null ? [] : [.. Compare(repository, pins, run)];

    private static IEnumerable<string> Compare(Repository repository, SlicePins pins, SliceRun run)
    {
        if (pins.GitCommit is { } pinned && run.GitCommit is { } commit
            && !commit.StartsWith(pinned, StringComparison.OrdinalIgnoreCase) && !pinned.StartsWith(commit, StringComparison.OrdinalIgnoreCase)
            && !GitState.SameFiles(repository.Root, pinned, commit, repository.Settings.SlicesFolder))
        {
            yield return $"It ran at commit {Figures.ShortHash(commit)}; the slice pins {Figures.ShortHash(pinned)}.";
        }

        foreach (PinnedFile file in run.Dependencies)
        {
            if (pins.Dependencies.FirstOrDefault(other => other.Path == file.Path) is { Sha256: { } before } && file.Sha256 is { } now && before != now)
            {
                yield return $"{file.Path} had SHA-256 {Figures.ShortHash(now)}; the slice pins {Figures.ShortHash(before)}.";
            }
        }

        foreach ((string name, JsonNode? given) in run.Parameters)
        {
            foreach (PinnedParameters file in pins.Parameters)
            {
                if (file.Values.TryGetPropertyValue(name, out JsonNode? value) && !Same(value, given))
                {
                    yield return $"The parameter {name} was {Text(given)}; the slice pins {Text(value)} from {file.Path}.";
                }
            }
        }

        if (pins.Seeds is { } seeds && run.Seeds is { } used && !Same(seeds, used))
        {
            yield return $"Its seed was {used.ToJsonString()}; the slice pins {seeds.ToJsonString()}.";
        }

        if (pins.Hardware is { } hardware && run.Hardware is { } machine && !Same(hardware, machine))
        {
            yield return $"It ran on {Text(machine)}; the slice pins {Text(hardware)}.";
        }
    }

    // A tracker keeps every parameter as text: 0.001 and "0.001" are one value.
    private static bool Same(JsonNode? one, JsonNode? other) => Text(one) == Text(other) || ParameterFile.Same(one, other);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "null";
}
