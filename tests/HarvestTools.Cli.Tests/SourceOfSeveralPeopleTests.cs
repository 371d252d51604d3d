using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A row has the origin of the annotation with the lowest id; who changed what is in it is asked of all who agree.</summary>
public sealed class SourceOfSeveralPeopleTests
{
    [Fact]
    public void What_one_annotator_accepted_and_another_moved_is_a_correction_by_the_other()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("exports/b.json", $$"""
            [{"id":7,"data":{"image":"task_01/episode_1/frame_0003.jpg"},"annotations":[
               {{Annotation(70, 4, "prediction", 1, "2026-05-02T08:00:00Z")}},{{Annotation(71, 5, "prediction-changed", 2, "2026-05-04T09:00:00Z")}}]},
             {"id":8,"data":{"image":"task_01/episode_2/frame_0001.jpg"},"annotations":[
               {{Annotation(80, 4, "prediction", 1, "2026-05-02T08:00:00Z")}},{{Annotation(81, 5, "prediction", 1, "2026-05-02T09:00:00Z")}}]},
             {"id":9,"data":{"image":"task_01/episode_3/frame_0001.jpg"},"annotations":[
               {{Annotation(90, 4, "manual", 1, "2026-05-02T08:00:00Z")}},{{Annotation(91, 5, "prediction", 1, "2026-05-02T09:00:00Z")}}]}]
            """);
        scratch.Run("add", "exports/b.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v1", "-q").Exits(0);

        JsonElement source = Assert.Single(scratch.Run("source", "v1", "--corrections", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray());
        Assert.Equal((3, 2, 3, 2), (Number(source, "episodes"), Number(source, "corrected_episodes"), Number(source, "rows"), Number(source, "corrected_rows")));
        JsonElement[] corrections = [.. source.GetProperty("corrections").EnumerateArray()];
        Assert.Equal(
            [(7, 71, "5", "2026-05-04T09:00:00Z", "episode_1", 1), (9, 90, "4,5", "2026-05-02T08:00:00Z", "episode_3", 1)],
            corrections.Select(static correction => (
                Number(correction, "task_id"),
                Number(correction, "annotation_id"),
                string.Join(',', correction.GetProperty("annotators").EnumerateArray().Select(static id => id.GetString())),
                correction.GetProperty("updated_at").GetString()!,
                correction.GetProperty("episode").GetString()!,
                Number(correction, "rows"))));
        Assert.Equal(
            1, Number(scratch.Run("source", "--episode", "episode_1", "--json").Exits(0).Document().GetProperty("sources")[0], "corrected_rows"));
        Assert.Equal(
            0, Number(scratch.Run("source", "--episode", "episode_2", "--json").Exits(0).Document().GetProperty("sources")[0], "corrected_rows"));
    }

    private static string Annotation(int id, int annotator, string origin, int x, string updated) => $$$"""
        {"id":{{{id}}},"completed_by":{{{annotator}}},"updated_at":"{{{updated}}}","result":[{"id":"r1","type":"rectanglelabels","from_name":"l","to_name":"i",
          "original_width":100,"original_height":100,"origin":"{{{origin}}}","value":{"x":{{{x}}},"y":1,"width":50,"height":50,"rectanglelabels":["cup"]}}]}
        """;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
