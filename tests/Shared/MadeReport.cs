using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Derivation.Tallies;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Reports;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Shared;

/// <summary>A season of slices as a report shows them, made without a repository: branches, merges, models, corrections.</summary>
internal static class MadeReport
{
    private const int Projects = 6;
    private const int Labels = 24;
    private const int People = 8;

    /// <summary>That many slices; every seventh begins a branch that the slice after the next merges.</summary>
    /// <param name="count">How many slices.</param>
    /// <param name="facts">Whether the cache's records are at hand.</param>
    public static ReportData Of(int count, bool facts = true)
    {
        var slices = new List<SliceManifest>(count);
        var known = new Dictionary<string, SliceFacts>(StringComparer.Ordinal);
        var exports = Enumerable.Range(0, Projects).Select(static project => Export(project, 0)).ToArray();
        for (int i = 0; i < count; i++)
        {
            exports = [.. exports];
            exports[i % Projects] = Export(i % Projects, i);
            HarvestRules rules = HarvestRules.Default.With(new JsonObject { ["min_pixel_agreement"] = 5 + (i / 40) });
            var definition = new HarvestDefinition("harvest", $"v1.{i / 40}.0", rules, FieldMapping.Default);
            SliceManifest slice = Slice(i, exports, definition);
            slices.Add(slice);
            if (facts)
            {
                known.Add(slice.Version, new SliceFacts(Hash($"key {i}"), Hash($"set {i}"), definition, [.. exports.Select(static export => Counts(export.Sha256))]));
            }
        }

        return new ReportData("hands", SliceHistory.Of(slices), slices.ToDictionary(static slice => slice.Version), null, [], NeutralSpelling.Instance)
        {
            Facts = known,
            Decision = facts ? RetrainDecider.Decide(State(), RetrainThresholds.Default) : null,
            DecisionUnknown = facts ? null : "Exports that the gates compare are not on this machine.",
        };
    }

    /// <summary>A report of these slices alone, of which nothing is known beyond their manifests.</summary>
    public static ReportData Of(params SliceManifest[] slices) => new(
        "repository", SliceHistory.Of(slices), slices.ToDictionary(static slice => slice.Version), null, [], NeutralSpelling.Instance);

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static SliceManifest Slice(int i, SliceExport[] exports, HarvestDefinition definition) => new()
    {
        Version = $"v{i + 1}",
        Parents = i == 0 ? [] : i % 7 == 6 ? [$"v{i - 2}"] : i % 7 == 1 && i > 7 ? [$"v{i}", $"v{i - 1}"] : [$"v{i}"],
        Reason = $"week {i / 5 + 1}: corrections of task {i % Projects + 1:00} after the review",
        CreatedAt = Timestamp.From(new DateTimeOffset(2025, 1, 6, 9, 0, 0, TimeSpan.Zero).AddHours(17 * i)),
        WrittenBy = "0.1.0",
        Exports = exports,
        HarvestVersion = definition.FullVersion,
        HarvestSha256 = definition.Sha256,
        FormatVersion = 2,
        DerivationVersion = 2,
        Media = new SliceMedia { Sha256 = Hash($"media {i}"), Files = 900 + i, Bytes = 1_200_000_000, Missing = i % 9 == 0 ? 3 : 0 },
        Outputs =
        [
            .. exports.SelectMany(export => new[] { "keypoints", "boxes", "rejected" }.Select((table, at) => new SliceOutput
            {
                Table = table, Export = export.Sha256, Sha256 = Hash($"{export.Sha256} {table}"), Rows = Number(export.Sha256, at) % (at == 2 ? 60 : 900),
            })),
        ],
        Pins = new SlicePins { GitCommit = Hash($"commit {i}")[..40], Dependencies = [new PinnedFile { Path = "uv.lock", Sha256 = Hash("uv") }], Seeds = JsonValue.Create(i) },
        Runs = i % 2 == 0 ? [Run("hand_keypoint", i, 0), .. i % 6 == 0 ? new[] { Run("hand_box", i, 1) } : []] : [],
    };

    private static SliceRun Run(string name, int i, int other) => new()
    {
        Name = name,
        Artifact = $"models/{name}/v{i + 1}.pt",
        Sha256 = Hash($"{name} {i}"),
        DatasetSha256 = Hash($"set {i}"),
        Parameters = new JsonObject { ["lr"] = 0.0003, ["epochs"] = 40, ["backbone"] = "resnet50", ["augment"] = true, ["batch"] = 32 },
        Metrics = new JsonObject { ["pck"] = Math.Round(0.95 - (0.3 / (1 + (i / 20.0))) - (other * 0.04) + (0.008 * Math.Sin(i)), 4), ["loss"] = Math.Round(1.0 / (2 + i), 4) },
        GitCommit = Hash($"code {i}")[..40],
        GitDirty = i % 4 == 0,
        Seeds = JsonValue.Create(17 + i),
        Hardware = new JsonObject { ["gpu"] = "A100 80 GB", ["gpus"] = 2, ["os"] = "Debian 12" },
        Dependencies = [new PinnedFile { Path = "uv.lock", Sha256 = Hash("uv") }],
        TrainedAt = Timestamp.From(new DateTimeOffset(2025, 1, 6, 20, 0, 0, TimeSpan.Zero).AddHours(17 * i)),
        Tracking = i % 4 == 0 ? JsonValue.Create($"https://tracking.example/runs/{i}") : new JsonObject { ["run_id"] = Hash($"run {i}")[..32], ["url"] = "javascript:alert(1)" },
    };

    private static SliceExport Export(int project, int i) => new()
    {
        Project = $"project_{(char)('a' + project)}",
        Sha256 = Hash($"export {project} {i}"),
        Path = $"label_studio/week_{i / 5 + 1:00}/project_{(char)('a' + project)}_{i:000}.json",
        LabelSha256 = Hash($"labels {project} {i}"),
        LabelsThrough = Timestamp.From(new DateTimeOffset(2025, 1, 5, 18, 0, 0, TimeSpan.Zero).AddHours(17 * i)),
        Bytes = 1_000_000 + i,
    };

    private static Tally Counts(string export)
    {
        var tally = new Tally();
        for (int label = 0; label < Labels; label++)
        {
            Fill(tally.Label(Encoding.UTF8.GetBytes($"joint_{label + 1:00}")), Number(export, label) % 400);
        }

        for (int person = 0; person < People; person++)
        {
            Fill(tally.Annotator(person + 1), Number(export, person) % 900);
        }

        tally.Total.CountDropped(DropReason.Disagreement, Number(export, 3) % 40);
        tally.Total.CountDropped(DropReason.Cancelled, Number(export, 4) % 20);
        return tally;
    }

    private static void Fill(RegionCounts counts, long rows)
    {
        counts.Rows = rows;
        counts.Kept = rows;
    }

    private static long Number(string hash, int at) => long.Parse(hash.AsSpan(at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static RetrainState State() => new()
    {
        CorrectedEpisodes = 27,
        NewEpisodes = 12,
        Corpus = 140,
        TrainedSlice = "v7",
        TaskSubdirCounts = new Dictionary<string, int> { ["task_01"] = 9, ["task_02"] = 8, ["task_03"] = 6, ["task_04"] = 4 },
        EvalSetChanged = false,
        CorrectionsPerEpisode =
        [
            .. new[] { 9, 7, 6, 4, 5 }.Select(static (corrections, at) => new VersionCorrections(
                $"hand_keypoint v{at + 1}", new DateTimeOffset(2025, 1 + at, 1, 0, 0, 0, TimeSpan.Zero),
                [new CorrectionStratum("task_01", 7, 40, 900, 900 - (corrections * 30), corrections * 22, corrections * 12, corrections * 6)])),
        ],
    };
}
