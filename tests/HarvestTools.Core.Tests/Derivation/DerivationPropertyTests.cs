using System.Globalization;
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
        // Items of one region share its places: where they end is for the derivation in SQL to say.
        RandomExport.Any(uniqueIds: true, without: Quirks.Repeated).Sample(
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

    /// <summary>What somebody labels on one medium says nothing of what is on another.</summary>
    [Fact]
    public void An_annotation_on_another_medium_changes_no_row_of_this_one()
    {
        const string Added = "50000";
        int rows = 0;
        int added = 0;
        RandomExport.Any().Sample(
            export =>
            {
                JsonArray more = export.DeepClone().AsArray();
                foreach (JsonNode? task in more)
                {
                    JsonArray annotations = task!["annotations"]!.AsArray();
                    JsonNode other = annotations[0]!.DeepClone();
                    other["id"] = int.Parse(Added, CultureInfo.InvariantCulture);
                    other["was_cancelled"] = false;
                    other["ground_truth"] = false;
                    if (task["id"]!.GetValue<int>() % 2 == 0)
                    {
                        other["completed_by"] = 4711;
                    }

                    bool list = task["data"]!["image"] is JsonArray;
                    foreach (JsonNode? item in other["result"]!.AsArray().Where(static item => item!["to_name"] is not null))
                    {
                        item!["to_name"] = list ? "image" : "added";
                        item["item_index"] = list ? 7 : null;
                    }

                    annotations.Add(other);
                }

                foreach (HarvestRules rules in Variants)
                {
                    string[] expected = ExportRows.Print(Bytes(export), rules);
                    string[] found = ExportRows.Print(Bytes(more), rules);
                    string[] here = [.. found.Where(static row => !row.Contains(" to_name=added ", StringComparison.Ordinal)
                        && !row.Contains(" to_name=image item_index=7 ", StringComparison.Ordinal)
                        && !(row.StartsWith("rejected ", StringComparison.Ordinal) && row.Split(' ')[2] == Added))];
                    Assert.Equal(expected, here);
                    Interlocked.Add(ref rows, here.Length);
                    Interlocked.Add(ref added, found.Length - here.Length);
                }
            },
            iter: Exports,
            print: static export => export.ToJsonString());

        Assert.True(rows > 6_000 && added > 2_000, $"only {rows} rows, {added} on another medium");
    }

    private static HashSet<string> Regions(JsonArray export, HarvestRules rules)
    {
        var regions = new HashSet<string>(StringComparer.Ordinal);
        ExportRows.Derive(Bytes(export), derived => regions.UnionWith(Regions(derived)), rules);
        return regions;
    }

    /// <summary>A region's rows share its id, its control and its label, and (a segment's, a track's) differ in the frame only.</summary>
    private static HashSet<string> Regions(Derived derived) =>
    [
        .. derived.Keypoints.Select(static r => Region(r.Key)),
        .. derived.Boxes.Select(static r => Region(r.Key)),
        .. derived.Actions.Select(static r => Region(r.Key)),
        .. derived.Polygons.Select(static r => Region(r.Key)),
        .. derived.Choices.Select(static r => Region(r.Key)),
    ];

    private static string Region(in RowKey key) => $"{key.RegionId} {key.FromName} {key.Label}";

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

                // What is dropped before annotators are compared is dropped with all its labels.
                foreach (RejectedRow row in derived.Rejected.Where(static r => !r.RegionId.IsAbsent && r.Reason.ToString() is "no-label" or "untouched-prediction"))
                {
                    Assert.DoesNotContain(regions, region => region.StartsWith($"{row.RegionId} ", StringComparison.Ordinal));
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

    /// <summary>A region with two labels or two ranges counts twice, unless it falls as a whole before they are looked at.</summary>
    private static long ExtraLabels(JsonArray export, HarvestRules rules) =>
        Annotations(export, rules).Where(static a => a.Counts)
            .SelectMany(static a => a.Annotation["result"]!.AsArray())
            .Select(static item => item!)
            .Where(item => rules.AcceptUntouched || item["origin"]?.GetValue<string>() != "prediction")
            .Count(static item => Labels(item, "rectanglelabels") == 2
                || (Labels(item, "timelinelabels") == 1 && item["value"]!["ranges"]!.AsArray().Count == 2));

    private static int Labels(JsonNode item, string list) =>
        item["value"]?[list]?.AsArray().Count(static label => label!.GetValue<string>().Length > 0) ?? 0;
}
