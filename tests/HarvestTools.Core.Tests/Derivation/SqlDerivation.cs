using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Parquet.Writing;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// Exports derived twice: by the engine to Parquet, and by DuckDB from the JSON, in SQL that was written from the
/// contract and shares no code with the engine (<c>Derivation/Sql</c>); only the matching, nearest first, is not SQL.
/// </summary>
internal sealed class SqlDerivation : IDisposable
{
    private const string Project = "probe";

    /// <summary>What DuckDB is told of a list of nodes and their groups.</summary>
    private const string Shape = """'[{"i":"BIGINT","g":"BIGINT"}]'""";

    private static readonly string[] s_scripts = ["1-items", "2-fields", "3-filters", "4-shapes", "5-parents", "6-pairs", "7-rows", "8-account"];

    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-sql-").FullName;
    private readonly List<SqlCase> _cases = [];

    /// <summary>Derives a made export.</summary>
    public void Add(string name, ExportPlan plan, HarvestRules? rules = null)
    {
        using var stream = new MemoryStream();
        ExportGenerator.Write(stream, plan);
        Add(name, stream.ToArray(), rules);
    }

    /// <summary>Derives an export; the SQL can be told other rules, to see that it notices.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="export">The export.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="sqlRules">Those that the SQL is told.</param>
    /// <param name="objects">A mapping of object tags, or null.</param>
    /// <param name="config">A labeling configuration, and what it says of object tags, in the words of the mapping.</param>
    public void Add(
        string name,
        byte[] export,
        HarvestRules? rules = null,
        HarvestRules? sqlRules = null,
        Dictionary<string, string>? objects = null,
        (string Xml, Dictionary<string, string> Objects)? config = null)
    {
        rules ??= HarvestRules.Default;
        string stem = Path.Combine(_folder, _cases.Count.ToString("000", CultureInfo.InvariantCulture));
        File.WriteAllBytes(stem + ".json", export);
        FieldMapping fields = objects is null ? FieldMapping.Default : FieldMapping.Default with { Objects = objects };
        var request = new PartRequest(Project, name, rules, fields, Threads: 2, _folder)
        {
            LabelConfig = config is { } known ? LabelConfig.Parse(Encoding.UTF8.GetBytes(known.Xml), "config.xml") : null,
        };
        using var input = new MemoryStream(export);
        DerivedPart part = PartDerivation.Run(request, input, table => File.Create(PathOf(stem, table.Schema)), null, CancellationToken.None);
        Assert.Equal(TableSchemas.All.Count, part.Tables.Count);
        _cases.Add(new SqlCase(name, stem, (sqlRules ?? rules).ToJson(), objects ?? config?.Objects ?? []));
    }

    /// <summary>What the SQL finds, case by case, in the order in which they were added.</summary>
    public IReadOnlyList<SqlOutcome> Outcomes()
    {
        using var duck = new DuckDb();
        return [.. _cases.Select(one => Derive(duck, one))];
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

    private static SqlOutcome Derive(DuckDb duck, SqlCase one)
    {
        duck.Run($"SET VARIABLE export = {DuckDb.Text(one.Stem + ".json")}; SET VARIABLE project = {DuckDb.Text(Project)};");
        string rules = string.Join(", ", one.Rules.Select(static rule =>
            $"{(rule.Value!.GetValueKind() == JsonValueKind.String ? DuckDb.Text(rule.Value.GetValue<string>()) : rule.Value.ToJsonString())} AS {rule.Key}"));
        duck.Run($"CREATE OR REPLACE TEMP TABLE rules AS SELECT {rules}");
        string objects = string.Concat(one.Objects.Select(static pair => $"INSERT INTO objects VALUES ({DuckDb.Text(pair.Key)}, {DuckDb.Text("$" + pair.Value["data".Length..])});"));
        duck.Run($"CREATE OR REPLACE TEMP TABLE objects (tag VARCHAR, place VARCHAR); {objects}");
        RunScripts(duck, 0, 5);
        Match(duck, "parent_groups", "node", "SELECT node, ann_no, annotation_id, parent_id, node FROM parents", "parent_pairs", everyTwo: false);
        RunScripts(duck, 5, 6);
        Match(duck, "clusters", "cand", "SELECT cand, ann_no, annotation_id, region_id, cand FROM placed", "pairs WHERE agrees", everyTwo: true);
        RunScripts(duck, 6, 7);
        Dictionary<string, SqlTable> tables =
            TableSchemas.All.ToDictionary(static schema => schema.Table, schema => SqlComparison.Compare(duck, schema.Table, PathOf(one.Stem, schema)));
        return new SqlOutcome(one.Name, tables, Account(duck, one.Stem));
    }

    /// <summary>Looks for every item of the export in the engine's tables.</summary>
    private static SqlAccount Account(DuckDb duck, string stem)
    {
        foreach (ParquetSchema schema in TableSchemas.All)
        {
            duck.Run($"CREATE OR REPLACE TEMP VIEW found_{schema.Table} AS SELECT * FROM read_parquet({DuckDb.Text(PathOf(stem, schema))})");
        }

        RunScripts(duck, 7, 8);
        return new SqlAccount(
            duck.Single<long>("SELECT count(*) FROM items"),
            duck.Single<long>("SELECT coalesce(sum(merged), 0)::BIGINT FROM answered"),
            duck.Single<long>("SELECT count(*) FROM faults"),
            [
                .. duck.Query("SELECT task_id FROM faults ORDER BY 1 LIMIT 1").Select(row => $"task: {duck.TaskOf(row[0])}"),
                .. duck.Query("SELECT to_json(f)::VARCHAR FROM faults f ORDER BY task_id, annotation_id, region_id LIMIT 6").Select(static row => (string)row[0]!),
            ]);
    }

    private static void RunScripts(DuckDb duck, int first, int end)
    {
        foreach (string script in s_scripts[first..end])
        {
            duck.Run(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Derivation", "Sql", script + ".sql")));
        }
    }

    /// <summary>Joins the nodes of a query by the pairs of a table, and keeps who is with whom as a table.</summary>
    private static void Match(DuckDb duck, string groups, string column, string nodes, string pairs, bool everyTwo)
    {
        Dictionary<long, long> matched = SqlMatching.Match(
            [.. duck.Query(nodes).Select(static row => new SqlNode(Number(row[0]), Number(row[1]), [Plain(row[2]), Plain(row[3]), Number(row[4])]))],
            [.. duck.Query($"SELECT a, b, distance, others FROM {pairs}").Select(static row => new SqlPair(Number(row[0]), Number(row[1]), (double)row[2]!, (bool)row[3]!))],
            everyTwo);
        string list = string.Join(",", matched.Select(static pair => $"{{\"i\":{pair.Key},\"g\":{pair.Value}}}"));
        duck.Run($"""
            CREATE OR REPLACE TEMP TABLE {groups} AS SELECT u.i AS {column}, u.g AS grp
            FROM (SELECT unnest(from_json({DuckDb.Text($"[{list}]")}, {Shape})) AS u)
            """);
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static object? Plain(object? value) => value is null or string ? value : Number(value);

    private static string PathOf(string stem, ParquetSchema schema) => $"{stem}.{schema.Table}.parquet";

    private sealed record SqlCase(string Name, string Stem, JsonObject Rules, Dictionary<string, string> Objects);
}

/// <summary>One export compared: its six tables, and where its items went.</summary>
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
