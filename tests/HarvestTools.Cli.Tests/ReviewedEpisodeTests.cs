using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A reviewer who fixes and accepts in annotations of her own hides no regression and makes none.</summary>
public sealed class ReviewedEpisodeTests
{
    private const string Unchanged = "No sustained rise";
    private const string Worse = "v6 to v8 needed x2";
    private const string Unknown = "are by annotators without an episode under v1 to v5 (9)";

    [Theory]
    [InlineData(4, true, Unchanged)]
    [InlineData(8, true, Worse)]
    [InlineData(4, false, Unknown)]
    [InlineData(8, false, Unknown)]
    public void Her_annotations_are_revisions_where_they_name_what_they_revise(int then, bool named, string said)
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        JsonArray tasks = CorrectedExport.Make([4, 4, 4, 4, 4, then, then, then]);
        foreach (JsonNode? task in tasks.Skip(5 * 20))
        {
            JsonObject first = task!["annotations"]![0]!.AsObject();
            JsonObject review = first.DeepClone().AsObject();
            review["id"] = (int)first["id"]! + 1;
            review["completed_by"] = 9;
            review["parent_annotation"] = named ? (int)first["id"]! : null;
            review["result"]![9]!["value"]!["x"] = 40;
            review["result"]![9]!["origin"] = "prediction-changed";
            task["annotations"]!.AsArray().Add((JsonNode)review);
        }

        scratch.Write("p.json", tasks.ToJsonString());
        scratch.Run("add", "p.json", "--project", "p", "-q").Exits(0);
        HarvestResult run = scratch.Run("decide", "--explain").Exits(0);
        Assert.Contains(said, run.Out, StringComparison.Ordinal);
        Assert.Equal(said == Worse, run.Out.StartsWith("RetrainNow", StringComparison.Ordinal));
    }
}
