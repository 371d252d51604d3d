using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Parquet.Writing;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tables;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Rows;

/// <summary>
/// Exports derived twice: by the engine to Parquet, and by DuckDB from the JSON, in SQL that was written from the
/// contract and shares no code with the engine (<c>tests/interop/derive</c>). All cases go through one process.
/// </summary>
internal sealed class SqlDerivation : IDisposable
{
    private const string Project = "probe";

    private readonly string _script = IndependentReader.Require("derive.mjs");
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-sql-").FullName;
    private readonly JsonArray _cases = [];

    /// <summary>Derives a made export.</summary>
    public void Add(string name, ExportPlan plan, HarvestRules? rules = null)
    {
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, plan);
        Add(name, stream.ToArray(), rules);
    }

    /// <summary>Derives an export; the SQL can be told other rules, to see that it notices.</summary>
    public void Add(string name, byte[] export, HarvestRules? rules = null, HarvestRules? sqlRules = null)
    {
        rules ??= HarvestRules.Default;
        string stem = Path.Combine(_folder, _cases.Count.ToString("000", CultureInfo.InvariantCulture));
        File.WriteAllBytes(stem + ".json", export);
        var request = new PartRequest(Project, name, rules, FieldMapping.Default, Threads: 2, _folder);
        using var input = new MemoryStream(export);
        DerivedPart part = PartDerivation.Run(request, input, table => File.Create(PathOf(stem, table.Schema)), null, CancellationToken.None);
        Assert.Equal(TableSchemas.All.Count, part.Tables.Count);
        _cases.Add(new JsonObject
        {
            ["name"] = name,
            ["export"] = stem + ".json",
            ["project"] = Project,
            ["rules"] = (sqlRules ?? rules).ToJson(),
            ["tables"] = new JsonObject(TableSchemas.All.Select(schema => KeyValuePair.Create(schema.Table, (JsonNode?)PathOf(stem, schema)))),
        });
    }

    /// <summary>What the SQL finds, case by case, in the order in which they were added.</summary>
    public IReadOnlyList<SqlOutcome> Outcomes()
    {
        string cases = Path.Combine(_folder, "cases.json");
        File.WriteAllText(cases, _cases.ToJsonString());
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        SqlOutcome[] outcomes = [.. IndependentReader.Run(_script, cases).Select(line => JsonSerializer.Deserialize<SqlOutcome>(line, options)!)];
        Assert.Equal(_cases.Count, outcomes.Length);
        return outcomes;
    }

    /// <summary>As <see cref="Outcomes"/>, and fails with the first rows that differ and the first items that are lost.</summary>
    public IReadOnlyList<SqlOutcome> RequireEqual()
    {
        IReadOnlyList<SqlOutcome> outcomes = Outcomes();
        var differences = new StringBuilder();
        foreach (SqlOutcome outcome in outcomes)
        {
            foreach ((string table, SqlTable result) in outcome.Tables.Where(static t => t.Value.Differing > 0))
            {
                differences.Append(CultureInfo.InvariantCulture, $"\n{outcome.Name}, {table}: {result.Differing} rows differ (SQL {result.Expected}, engine {result.Rows})\n");
                differences.AppendJoin('\n', result.First);
            }

            if (outcome.Account.Faults > 0)
            {
                differences.Append(CultureInfo.InvariantCulture, $"\n{outcome.Name}: {outcome.Account.Faults} items are not found once\n");
                differences.AppendJoin('\n', outcome.Account.First);
            }
        }

        Assert.True(differences.Length == 0, differences.ToString());
        return outcomes;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string PathOf(string stem, ParquetSchema schema) => $"{stem}.{schema.Table}.parquet";
}

/// <summary>One export compared: its four tables, and where its items went.</summary>
internal sealed record SqlOutcome(string Name, Dictionary<string, SqlTable> Tables, SqlAccount Account);

/// <param name="Rows">Rows of the engine.</param>
/// <param name="Expected">Rows of the SQL.</param>
/// <param name="Exact">Rows of the engine that the SQL has bit for bit.</param>
/// <param name="Differing">Rows that differ by more than the order of a few operations explains.</param>
/// <param name="First">The first of them.</param>
internal sealed record SqlTable(long Rows, long Expected, long Exact, long Differing, string[] First);

/// <param name="Items">Items of all result lists.</param>
/// <param name="Merged">Regions that stand behind the row of one they agree with.</param>
/// <param name="Faults">Items that are not found exactly once.</param>
/// <param name="First">The first of them.</param>
internal sealed record SqlAccount(long Items, long Merged, long Faults, string[] First);
