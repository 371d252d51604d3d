using System.Text.Json.Nodes;

namespace HarvestTools.Manifests;

/// <summary>What of a manifest is other than in an earlier state of the same slice, and was not merely added since.</summary>
internal static class ManifestChange
{
    private const string Runs = "runs";
    private const string Models = "model_outputs";
    private const string TrainedAt = "trained_at";
    private const string EvalSet = "eval_set";

    /// <summary>
    /// The fields, for example <c>outputs</c>; empty where models, runs and metrics were registered since, the eval set was pinned,
    /// and nothing else was done. The spelling of the file does not matter.
    /// </summary>
    /// <param name="before">The earlier state.</param>
    /// <param name="now">The present one.</param>
    /// <param name="pinned">Whether the eval set that is recorded now is the one that is there.</param>
    public static IReadOnlyList<string> Fields(SliceManifest before, SliceManifest now, bool pinned)
    {
        JsonObject old = before.ToJson();
        JsonObject present = now.ToJson();
        bool registered = !JsonNode.DeepEquals(old[Runs], present[Runs]) || !JsonNode.DeepEquals(old[Models], present[Models]);
        return
        [
            .. old.Select(static member => member.Key).Union(present.Select(static member => member.Key), StringComparer.Ordinal)
                .Where(field => !JsonNode.DeepEquals(old[field], present[field]) && !IsGrowth(field, old[field], present[field]))
        ];

        bool IsGrowth(string field, JsonNode? old, JsonNode? present) => field switch
        {
            Models => Grew(old, present),
            Runs => RunsGrew(before, now),
            TrainedAt => registered,
            EvalSet => pinned,
            _ => false,
        };
    }

    private static bool RunsGrew(SliceManifest before, SliceManifest now) => before.Runs.All(old =>
        now.Runs.FirstOrDefault(run => run.Name == old.Name) is { } run
            && (old.Artifact is null || old.Artifact == run.Artifact)
            && (old.Sha256 is null || old.Sha256 == run.Sha256)
            && (old.Tracking is null || JsonNode.DeepEquals(old.Tracking, run.Tracking))
            && Grew(old.Metrics, run.Metrics)
            && Grew(old.Parameters, run.Parameters)
            && (old.DatasetSha256 is null || old.DatasetSha256 == run.DatasetSha256)
            && (old.GitCommit is null || (old.GitCommit == run.GitCommit && old.GitDirty == run.GitDirty))
            && (old.Seeds is null || JsonNode.DeepEquals(old.Seeds, run.Seeds))
            && (old.Hardware is null || JsonNode.DeepEquals(old.Hardware, run.Hardware))
            && old.Dependencies.All(file => run.Dependencies.Any(other => other.Path == file.Path && other.Sha256 == file.Sha256))
            && (old.StartedAt is null || old.StartedAt == run.StartedAt)
            && Grew(old.Rest, run.Rest)
            && (old.TrainedAt == run.TrainedAt || IsMore(old, run)));

    // Registering more under a name may move the time; the time alone moves by no command.
    private static bool IsMore(SliceRun old, SliceRun run) => run.TrainedAt is not null
        && (run.Metrics.Count > old.Metrics.Count || old.Artifact != run.Artifact || old.Sha256 != run.Sha256 || (old.Tracking is null && run.Tracking is not null));

    /// <summary>Whether all of an object is as it was, besides what else it has.</summary>
    private static bool Grew(JsonNode? old, JsonNode? present) => old is not JsonObject members
        || members.All(member => JsonNode.DeepEquals(member.Value, (present as JsonObject)?[member.Key]));
}
