using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Tables;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>Boxes and their corners against Label Studio's YOLO and YOLO_OBB exports and its converter's unit tests.</summary>
public class OfficialBoxTests
{
    /// <summary>
    /// Of the image's side. The exporter turns corners in pixels and divides again, in another order of operations:
    /// a few units in the last of 16 digits on images up to 10,000 px.
    /// </summary>
    private const double Tolerance = 1e-12;

    [Fact]
    public void Every_rotated_box_has_the_exporters_corners()
    {
        Dictionary<string, List<double[]>> golden = ReadCorners("golden/rect_rotated_1329tasks/YOLO_OBB/labels_all.tsv");
        ILookup<string, List<double[]>> byStem = golden.ToLookup(static g => g.Key[9..], static g => g.Value, StringComparer.Ordinal);
        int compared = 0;

        Tally tally = ExportRows.Derive(File.ReadAllBytes(SharedExports.Require("real/rect_rotated_1329tasks.json")), derived =>
        {
            foreach (BoxRow row in derived.Boxes)
            {
                // The exporter's file names still have the upload prefix, eight digits and a dash, that our episode leaves out.
                IEnumerable<double[]> expected = byStem[row.Key.Episode.ToString()].SelectMany(static corners => corners);
                double[] own = Normalised(row);
                Assert.Contains(expected, corners => Distance(corners, own) < Tolerance);
                compared++;
            }
        });

        Assert.Equal(3094, compared);
        Assert.Equal((3094, 3094), (golden.Values.Sum(static g => g.Count), tally.RowsByTable["boxes"]));
        Assert.Equal(golden.Values.Count(static g => g.Count == 0), tally.Total.Dropped["empty"]);
    }

    [Fact]
    public void The_converters_upright_cases_give_its_centres_and_sizes()
    {
        JsonNode test = Read()["test_convert_annotation_to_yolo_format"]!;
        for (int i = 0; i < test["annotations"]!.AsArray().Count; i++)
        {
            BoxRow row = Assert.Single(Derive(test["annotations"]![i]!).Boxes);
            double[] expected = Numbers(test["expectations"]![i]!);
            Assert.Equal(expected[0], (row.XPct + (row.WidthPct / 2)) / 100, Tolerance);
            Assert.Equal(expected[1], (row.YPct + (row.HeightPct / 2)) / 100, Tolerance);
            Assert.Equal(expected[2], row.WidthPct / 100, Tolerance);
            Assert.Equal(expected[3], row.HeightPct / 100, Tolerance);
        }
    }

    [Fact]
    public void The_converters_rotated_cases_give_its_corners()
    {
        JsonNode test = Read()["test_convert_annotation_to_yolo_obb_format"]!;
        for (int i = 0; i < test["annotations"]!.AsArray().Count; i++)
        {
            BoxRow row = Assert.Single(Derive(test["annotations"]![i]!).Boxes);
            double[] expected = [.. test["expectations"]![i]!.AsArray().SelectMany(static p => Numbers(p!))];
            Assert.True(Distance(expected, Normalised(row)) < Tolerance);
        }
    }

    [Fact]
    public void Boxes_that_the_converter_refuses_are_rejected()
    {
        foreach (JsonNode? annotation in Read()["test_convert_invalid_annotation_to_yolo_format"]!["annotations"]!.AsArray())
        {
            Assert.Equal(["no-geometry"], Derive(annotation!).Reasons);
        }
    }

    private static Derived Derive(JsonNode annotation)
    {
        var task = new TaskBuilder();
        task.By(1).Region(HarvestTools.LabelStudio.Tasks.RegionKind.Rectangle, "rectanglelabels", "r", "thing", r =>
        {
            r.OriginalWidth = (double?)annotation["original_width"];
            r.OriginalHeight = (double?)annotation["original_height"];
            r.X = (double?)annotation["x"];
            r.Y = (double?)annotation["y"];
            r.Width = (double?)annotation["width"];
            r.Height = (double?)annotation["height"];
            r.Rotation = (double?)annotation["rotation"];
        });
        return task.Derive();
    }

    /// <summary>The row's four corners as shares of the image.</summary>
    private static double[] Normalised(BoxRow row)
    {
        double imageWidth = row.Width!.Value / row.WidthPct * 100;
        double imageHeight = row.Height!.Value / row.HeightPct * 100;
        var corners = new PixelPoint[4];
        new RotatedBox(row.X!.Value, row.Y!.Value, row.Width.Value, row.Height.Value, row.Rotation).Corners(corners);
        return [.. corners.SelectMany(c => new[] { c.X / imageWidth, c.Y / imageHeight })];
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, static (x, y) => Math.Abs(x - y)).Max();

    private static Dictionary<string, List<double[]>> ReadCorners(string relative)
    {
        var corners = new Dictionary<string, List<double[]>>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(SharedExports.Require(relative)))
        {
            string[] parts = line.Split('\t');
            string name = Path.GetFileNameWithoutExtension(parts[0]);
            corners.TryAdd(name, []);
            string[] numbers = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length > 0)
            {
                corners[name].Add([.. numbers.Skip(1).Select(static n => double.Parse(n, CultureInfo.InvariantCulture))]);
            }
        }

        return corners;
    }

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(static n => n!.GetValue<double>())];

    private static JsonNode Read() =>
        JsonNode.Parse(File.ReadAllText(SharedExports.Require("golden/yolo_unit_expectations.json")))!;
}
