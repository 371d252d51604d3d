using System.Text.RegularExpressions;
using HarvestTools.Tests.Architecture;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Programs;

/// <summary>The SQL of docs/own-program-examples.md in DuckDB itself, where the program need not be installed.</summary>
public sealed class SqlExampleTests
{
    [Fact]
    public void It_counts_the_regions_of_annotations_that_have_enough_and_were_not_skipped()
    {
        string folder = Directory.CreateTempSubdirectory("harvest-sql-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "exports"));
            Directory.CreateDirectory(Path.Combine(folder, "out"));
            File.WriteAllText(Path.Combine(folder, "params.json"), """{ "preprocess": { "least_regions": 1 } }""");
            File.WriteAllText(Path.Combine(folder, "exports", "b.json"), """
                [{"id":9007199254740993,"annotations":[{"id":12,"result":[{"x":1},{"x":2}],"was_cancelled":false},{"id":11,"result":[{}]}],"more":1},
                 {"id":3,"annotations":[{"id":31,"result":[],"was_cancelled":false},{"id":32,"result":[{}],"was_cancelled":true},{"id":33,"result":null}]},
                 {"id":4,"annotations":[]}, {"id":5,"annotations":null}, {"id":6}]
                """);
            File.WriteAllText(Path.Combine(folder, "exports", "a.json"), """[{"id":8,"annotations":[{"id":81,"result":[{}, {}, {}]}]}]""");
            string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "own-program-examples.md"));
            string sql = Regex.Match(page, "```sql\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

            using var duck = new DuckDb();
            duck.Run(sql.Replace("'../", $"'{folder.Replace("'", "''", StringComparison.Ordinal)}/", StringComparison.Ordinal));

            Assert.Equal("task_id,annotation_id,regions\n8,81,3\n9007199254740993,11,1\n9007199254740993,12,2\n", File.ReadAllText(Path.Combine(folder, "out", "counts.csv")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
