using System.Text.Json.Nodes;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>Real exports: three people's boxes, and the control tags of an older editor.</summary>
public class OfficialAgreementTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public void Three_peoples_boxes_are_joined_as_the_rule_says(double limit)
    {
        byte[] export = File.ReadAllBytes(SharedExports.Require("official/evalme_multi_annotator_bbox.json"));
        var rules = new HarvestRules { MinPixelAgreement = limit, Consensus = Consensus.First };
        Dictionary<long, List<HashSet<Box>>> expected = JsonNode.Parse(export)!.AsArray()
            .ToDictionary(static task => task!["id"]!.GetValue<long>(), task => Join(BoxesOf(task!), limit));
        int joined = 0;

        Tally tally = ExportRows.Derive(
            export,
            derived =>
            {
                foreach (BoxRow row in derived.Boxes)
                {
                    HashSet<Box> group = expected[row.Key.TaskId].Single(g => g.Any(b => b.Is(row)));
                    Assert.Equal(group.Count, row.Key.Annotators);
                    Assert.Equal(group.Min(static b => b.Annotation), row.Key.AnnotationId);
                    joined += group.Count;
                }

                long task = derived.Boxes.Select(static r => r.Key.TaskId).Concat(derived.Rejected.Select(static r => r.TaskId)).First();
                Assert.Equal(expected[task].Count(static g => g.Count > 1), derived.Boxes.Count(static r => r.Key.Annotators > 1));
            },
            rules);

        Assert.Equal((91, 91), (tally.Regions, tally.Total.Kept + tally.RowsByTable["rejected"]));
        Assert.True(joined > 0);
    }

    [Fact]
    public void Older_tags_label_bare_shapes_by_separate_items()
    {
        JsonNode task = JsonNode.Parse(File.ReadAllText(SharedExports.Require("official/editor_image_tools_1.json")))!;
        ExportRows.Derive(ExportRows.Wrap(task["annotations"]![0]!["result"]!), static derived =>
        {
            Assert.Equal(["Moonwalker", "Moonwalker", "Moonwalker"], derived.Keypoints.Select(static r => r.Key.Label.ToString()));
            Assert.Equal(
                [("dYjaasY56i", "Moonwalker"), ("kuZf2E5DRQ", "Moonwalker"), ("tFnfajSEZh", "Planet"), ("wkl8d6uPq5", "Moonwalker")],
                derived.Boxes.Select(static r => (r.Key.RegionId.ToString(), r.Key.Label.ToString())).Order());
            Assert.Single(derived.Polygons);

            // Ellipse and brush with their labels, and two relations.
            Assert.Equal(6, derived.Rejected.Count);
            Assert.All(derived.Reasons, static r => Assert.Equal("unsupported-type", r));
            Assert.Equal(6, derived.Tally.Attributes);
        });
    }

    /// <summary>The rule once more, as plainly as can be: nearest pair first, a group agrees each with each.</summary>
    private static List<HashSet<Box>> Join(List<Box> boxes, double limit)
    {
        var groups = boxes.ToDictionary(static b => b, static b => new HashSet<Box> { b });
        var pairs =
            from a in boxes
            from b in boxes
            where a.Annotation < b.Annotation && a.Label == b.Label && a.EdgesApart(b) <= limit
            orderby a.CornersApart(b), a.Annotation, a.Id, b.Annotation, b.Id
            select (a, b);
        foreach ((Box a, Box b) in pairs)
        {
            HashSet<Box> left = groups[a];
            HashSet<Box> right = groups[b];
            bool may = left != right
                && left.All(x => right.All(y => x.Annotation != y.Annotation && x.EdgesApart(y) <= limit));
            if (may)
            {
                left.UnionWith(right);
                foreach (Box member in right)
                {
                    groups[member] = left;
                }
            }
        }

        return [.. groups.Values.Distinct()];
    }

    private static List<Box> BoxesOf(JsonNode task)
    {
        var boxes = new List<Box>();
        foreach (JsonNode? annotation in task["annotations"]!.AsArray())
        {
            foreach (JsonNode? region in annotation!["result"]!.AsArray())
            {
                JsonNode value = region!["value"]!;
                double width = region["original_width"]!.GetValue<double>() / 100;
                double height = region["original_height"]!.GetValue<double>() / 100;
                double x = value["x"]!.GetValue<double>() * width;
                double y = value["y"]!.GetValue<double>() * height;
                boxes.Add(new Box(
                    annotation["id"]!.GetValue<long>(),
                    region["id"]!.GetValue<string>(),
                    value["rectanglelabels"]![0]!.GetValue<string>(),
                    x,
                    y,
                    x + (value["width"]!.GetValue<double>() * width),
                    y + (value["height"]!.GetValue<double>() * height)));
            }
        }

        return boxes;
    }

    private sealed record Box(long Annotation, string Id, string Label, double Left, double Top, double Right, double Bottom)
    {
        public bool Is(BoxRow row) => row.Key.AnnotationId == Annotation && row.Key.RegionId.ToString() == Id;

        // Percents become pixels with rounding noise far below a thousandth.
        public double EdgesApart(Box other) => Math.Round(Math.Max(Sideways(other), UpDown(other)), 6);

        public double CornersApart(Box other) => Math.Sqrt(Math.Pow(Sideways(other), 2) + Math.Pow(UpDown(other), 2));

        private double Sideways(Box other) => Math.Max(Math.Abs(Left - other.Left), Math.Abs(Right - other.Right));

        private double UpDown(Box other) => Math.Max(Math.Abs(Top - other.Top), Math.Abs(Bottom - other.Bottom));
    }
}
