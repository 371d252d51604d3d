using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// The derivation against the one in SQL where ids occur on every medium of a task, and items leave out what they are on. Rows
/// alone: items of one id on several media cannot be accounted for by their ids.
/// </summary>
public class MediaSqlTests
{
    [Fact]
    public void Tasks_of_several_media_have_the_rows_of_sql()
    {
        HarvestRules[] variants =
        [
            HarvestRules.Default,
            new() { MinPixelAgreement = 20, MinFrameAgreement = 6 },
            new() { RequireTwoAnnotators = true, AcceptUntouched = false, InterpolateTracks = false },
        ];
        long rows = 0;
        Gen.Select(MediaExport.Any().Array[40], Gen.OneOf(variants)).Sample(
            made =>
            {
                using var sql = new SqlDerivation();
                sql.Add("media", Encoding.UTF8.GetBytes(Together(made.Item1).ToJsonString()), made.Item2);
                SqlOutcome outcome = Assert.Single(sql.Outcomes());
                string[] differing =
                [
                    .. outcome.Tables.Where(static table => table.Value.Differing > 0)
                        .Select(static table => $"{table.Key}: {string.Join('\n', table.Value.First)}"),
                ];
                Assert.True(differing.Length == 0, string.Join('\n', differing));
                Interlocked.Add(ref rows, outcome.Tables.Values.Sum(static table => table.Rows));
            },
            iter: 4,
            threads: 1,
            print: static made => $"{made.Item2.ToJson().ToJsonString()}\n{Together(made.Item1).ToJsonString()}");

        Assert.True(rows > 1_000, $"only {rows} rows");
    }

    private static JsonArray Together(JsonArray[] exports)
    {
        var together = new JsonArray();
        foreach (JsonNode? task in exports.SelectMany(static export => export))
        {
            JsonNode another = task!.DeepClone();
            another["id"] = together.Count + 1;
            together.Add(another);
        }

        return together;
    }
}
