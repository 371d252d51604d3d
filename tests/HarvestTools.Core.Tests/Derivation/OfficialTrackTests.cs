using System.Text.Json.Nodes;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>Tracks against the frames that Label Studio's own exporter makes of the same key frames.</summary>
public class OfficialTrackTests
{
    /// <summary>
    /// The exporter computes in the same doubles by the same formula, so only the last bits of its decimal output may
    /// differ: a millionth of a millionth of the image.
    /// </summary>
    private const double Tolerance = 1e-10;

    [Theory]
    [InlineData("editor_video_bboxes_1")]
    [InlineData("mlbackend_opossum_snow_short_1")]
    [InlineData("mlbackend_opossum_snow_short_2")]
    [InlineData("converter_pathtrack_ls_video")]
    public void Real_tracks_have_the_exporters_frames(string name)
    {
        JsonNode input = Read($"official/{name}.json");
        JsonNode golden = Read($"golden/video_interpolated/{name}.0.json");

        Compare(ResultOf(input), golden.AsArray());
    }

    [Fact]
    public void The_exporters_unit_cases_have_its_frames()
    {
        foreach (JsonNode? test in Read("golden/video_interpolated/official_unit_cases.json").AsArray())
        {
            Compare(test!["input"]!, test["official_output"]!.AsArray());
        }
    }

    [Fact]
    public void A_track_without_labels_is_rejected()
    {
        JsonNode test = Read("golden/video_interpolated/official_unit_cases.json").AsArray()
            .Single(static t => t!["test"]!.GetValue<string>() == "test_no_label_result")!;

        ExportRows.Derive(ExportRows.Wrap(test["input"]!), static derived =>
        {
            Assert.Empty(derived.Boxes);
            Assert.Equal(["no-label"], derived.Reasons);
        });
    }

    [Fact]
    public void Without_interpolation_only_key_frames_remain()
    {
        JsonNode result = ResultOf(Read("official/editor_video_bboxes_1.json"));
        int keys = result.AsArray().Sum(static r => r!["value"]!["sequence"]!.AsArray().Count);

        Tally tally = ExportRows.Derive(
            ExportRows.Wrap(result),
            static derived => Assert.DoesNotContain(derived.Boxes, static r => r.Interpolated),
            new HarvestRules { InterpolateTracks = false });

        Assert.Equal(keys, tally.RowsByTable["boxes"]);
    }

    private static void Compare(JsonNode result, JsonArray golden)
    {
        JsonArray regions = Identified(result.AsArray());
        int compared = 0;
        ExportRows.Derive(ExportRows.Wrap(regions), derived =>
        {
            ILookup<string, BoxRow> rows = derived.Boxes.ToLookup(static r => r.Key.RegionId.ToString(), StringComparer.Ordinal);
            Assert.Empty(derived.Rejected);
            for (int i = 0; i < golden.Count; i++)
            {
                JsonArray frames = golden[i]!["value"]!["sequence"]!.AsArray();
                BoxRow[] own = [.. rows[regions[i]!["id"]!.GetValue<string>()]];
                Assert.Equal(frames.Select(static f => f!["frame"]!.GetValue<long>()), own.Select(static r => r.Key.Frame));
                for (int j = 0; j < own.Length; j++)
                {
                    JsonNode frame = frames[j]!;
                    Assert.Equal(Number(frame, "x"), own[j].XPct, Tolerance);
                    Assert.Equal(Number(frame, "y"), own[j].YPct, Tolerance);
                    Assert.Equal(Number(frame, "width"), own[j].WidthPct, Tolerance);
                    Assert.Equal(Number(frame, "height"), own[j].HeightPct, Tolerance);
                    Assert.Equal(Number(frame, "rotation"), own[j].Rotation, Tolerance);
                    Assert.Equal(frame["auto"]?.GetValue<bool>() ?? false, own[j].Interpolated);
                    Assert.Null(own[j].X);
                    compared++;
                }
            }
        });
        Assert.True(compared > 0);
    }

    private static double Number(JsonNode frame, string name) => frame[name]?.GetValue<double>() ?? 0;

    /// <summary>Gives each region an id of its own and one label: the exporter needs neither, and writes one track for two labels.</summary>
    private static JsonArray Identified(JsonArray result)
    {
        var regions = new JsonArray();
        for (int i = 0; i < result.Count; i++)
        {
            JsonObject region = result[i]!.DeepClone().AsObject();
            region["id"] = $"region{i}";
            region["value"]!["labels"] = new JsonArray("thing");
            regions.Add(region);
        }

        return regions;
    }

    /// <summary>The files hold a task, or predictions alone.</summary>
    private static JsonNode ResultOf(JsonNode file) =>
        file is JsonArray predictions ? predictions[0]!["result"]! : file["annotations"]![0]!["result"]!;

    private static JsonNode Read(string relative) => JsonNode.Parse(File.ReadAllText(SharedExports.Require(relative)))!;
}
