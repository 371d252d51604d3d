using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation;

/// <summary>Whole exports made at random, read by the real parser: what must hold for every one of them.</summary>
public class DerivationPropertyTests
{
    private const int Exports = 120;

    private static readonly HarvestRules[] Variants =
    [
        HarvestRules.Default,
        new() { Consensus = Consensus.First, MinPixelAgreement = 20, MinFrameAgreement = 6 },
        new() { RequireTwoAnnotators = true, AcceptUntouched = false, PreferGroundTruth = false, InterpolateTracks = false },
    ];

    [Fact]
    public void The_order_of_tasks_keys_annotations_and_regions_changes_nothing()
    {
        int rows = 0;
        RandomExport.Shuffled().Sample(
            made =>
            {
                foreach (HarvestRules rules in Variants)
                {
                    string[] expected = ExportRows.Print(Bytes(made.Export), rules);
                    string[] found = ExportRows.Print(Bytes(made.Shuffled), rules);

                    // Of what differs, so that a failure can be read.
                    Assert.Equal(expected.Except(found), found.Except(expected));
                    Assert.Equal(expected, found);
                    Interlocked.Add(ref rows, expected.Length);
                }
            },
            iter: Exports,
            print: static made => made.Export.ToJsonString() + "\n" + made.Shuffled.ToJsonString());

        Assert.True(rows > 6_000, $"only {rows} rows");
    }

    [Fact]
    public void Every_item_ends_in_a_row_as_an_attribute_or_rejected_exactly_once()
    {
        RandomExport.Any(uniqueIds: true).Sample(
            static export =>
            {
                foreach (HarvestRules rules in Variants)
                {
                    AssertEveryItemEndsOnce(export, rules);
                }
            },
            iter: Exports,
            print: static export => export.ToJsonString());
    }

    /// <summary>Regions, not rows: a segment has a row a frame, and a third opinion may move the mean of its ends.</summary>
    [Fact]
    public void An_annotator_who_agrees_never_loses_a_region() => RandomExport.Any(uniqueIds: true, annotators: 2).Sample(
        static export =>
        {
            var rules = new HarvestRules { PreferGroundTruth = false };
            HashSet<string> before = Regions(export, rules);
            JsonArray echoed = export.DeepClone().AsArray();
            foreach (JsonNode? task in echoed)
            {
                JsonArray annotations = task!["annotations"]!.AsArray();
                JsonNode echo = annotations[0]!.DeepClone();
                echo["id"] = 999_999;
                echo["completed_by"] = 4711;
                annotations.Add(echo);
            }

            Assert.Superset(before, Regions(echoed, rules));
        },
        iter: Exports,
        print: static export => export.ToJsonString());

    private static HashSet<string> Regions(JsonArray export, HarvestRules rules)
    {
        var regions = new HashSet<string>(StringComparer.Ordinal);
        ExportRows.Derive(Bytes(export), derived => regions.UnionWith(Regions(derived)), rules);
        return regions;
    }

    /// <summary>A region's rows share its id, its label and (a segment's, a track's) differ in the frame only.</summary>
    private static HashSet<string> Regions(Derived derived) =>
    [
        .. derived.Keypoints.Select(static r => $"{r.Key.RegionId}/{r.Key.Label}"),
        .. derived.Boxes.Select(static r => $"{r.Key.RegionId}/{r.Key.Label}"),
        .. derived.Actions.Select(static r => $"{r.Key.RegionId}/{r.Key.Label}"),
    ];

    private static byte[] Bytes(JsonNode json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());

    private static void AssertEveryItemEndsOnce(JsonArray export, HarvestRules rules)
    {
        var fates = new Dictionary<string, int>(StringComparer.Ordinal);
        long merged = 0;
        Tally tally = ExportRows.Derive(
            Bytes(export),
            derived =>
            {
                HashSet<string> regions = Regions(derived);
                foreach (string region in regions)
                {
                    Assert.True(fates.TryAdd(region, 1));
                }

                foreach (RejectedRow row in derived.Rejected.Where(static r => !r.RegionId.IsAbsent))
                {
                    Assert.DoesNotContain($"{row.RegionId}/", regions);
                }
            },
            rules);

        merged = tally.Total.Kept - fates.Count;
        Assert.True(merged >= 0);
        long annotationsDropped = tally.Total.Dropped.Where(static d => d.Key is "cancelled" or "empty" or "superseded").Sum(static d => d.Value);
        long itemsOfDropped = ItemsOfDropped(export, rules);
        long extraLabels = ExtraLabels(export, rules);

        // Items of the annotations that count = kept (with merged ones) + attributes + rejected.
        Assert.Equal(
            tally.Regions - itemsOfDropped + extraLabels,
            tally.Total.Kept + tally.Attributes + tally.RowsByTable["rejected"] - annotationsDropped);
    }

    private static IEnumerable<(JsonNode Annotation, bool Counts)> Annotations(JsonArray export, HarvestRules rules)
    {
        foreach (JsonNode? task in export)
        {
            JsonNode[] usable =
            [
                .. task!["annotations"]!.AsArray()
                    .Where(static a => !a!["was_cancelled"]!.GetValue<bool>() && a["result"]!.AsArray().Count > 0).Select(static a => a!),
            ];
            bool truth = rules.PreferGroundTruth && usable.Any(static a => a["ground_truth"]!.GetValue<bool>());
            foreach (JsonNode? annotation in task["annotations"]!.AsArray())
            {
                yield return (annotation!, usable.Contains(annotation) && (!truth || annotation!["ground_truth"]!.GetValue<bool>()));
            }
        }
    }

    private static long ItemsOfDropped(JsonArray export, HarvestRules rules) =>
        Annotations(export, rules).Where(static a => !a.Counts).Sum(static a => a.Annotation["result"]!.AsArray().Count);

    /// <summary>A region with two labels counts twice, unless it falls as a whole before labels are looked at.</summary>
    private static long ExtraLabels(JsonArray export, HarvestRules rules) =>
        Annotations(export, rules).Where(static a => a.Counts)
            .SelectMany(static a => a.Annotation["result"]!.AsArray())
            .Count(r => r!["value"]?["rectanglelabels"]?.AsArray().Count == 2
                && (rules.AcceptUntouched || r["origin"]?.GetValue<string>() != "prediction"));
}
