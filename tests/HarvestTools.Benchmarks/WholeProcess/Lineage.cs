using System.Globalization;
using HarvestTools.Parquet.Reading;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>What reached which of 200 slices with five million rows: the first question, which makes the index, and later ones.</summary>
internal sealed class Lineage(string work, Peers peers, Report report, int runs)
{
    private const int Slices = 200;
    private const int ExportBytes = 18_000_000;

    public void Run()
    {
        string repository = Path.Combine(work, "lineage");
        if (!File.Exists(Path.Combine(repository, "made")))
        {
            Make(repository);
        }

        string cache = Path.Combine(repository, ".harvest", "cache");
        (long rows, _) = Read(Path.Combine(cache, "parts"));
        report.Section(string.Create(CultureInfo.InvariantCulture, $"What an annotator reached, {Slices} slices with {rows:N0} rows"));
        ProcessRun[] first = ProcessRun.Medians(
            runs,
            () => First(repository, cache),
            () =>
            {
                // As an earlier release made the parts, or as they came from a remote.
                foreach (string people in Directory.EnumerateFiles(Path.Combine(cache, "parts"), "people.index", SearchOption.AllDirectories))
                {
                    File.Delete(people);
                }

                return First(repository, cache);
            },
            () => ProcessRun.Of(work, Environment.ProcessPath!, "read-tables", Path.Combine(cache, "parts")));
        ProcessRun[] later = ProcessRun.Medians(
            runs,
            () => Harvest(repository, "source", "--annotator", "1", "--json"),
            () => Harvest(repository, "source", "--task", "101", "--json"),
            () => Harvest(repository, "source", "--model", "m1", "--json"),
            () => Harvest(repository, "slices", "--json"));
        report.Row("the first question, which makes the index", first[0]);
        report.Row("the same where the parts do not say who made annotations", first[1]);
        report.Row("reading all columns of the tables", first[2]);
        report.Row("an annotator", later[0]);
        report.Row("a task", later[1]);
        report.Row("the exports behind a model", later[2]);
        report.Row("slices, for comparison", later[3]);
        report.Ratio("the first question against reading the tables, wall", first[0].Seconds / first[2].Seconds, "at most 2");
        report.Ratio("seconds of an annotator once indexed", later[0].Seconds, "below 1");
        report.Ratio("seconds of a task once indexed", later[1].Seconds, "below 1");
        report.Ratio("seconds of a model", later[2].Seconds, "below 1");
    }

    /// <summary>Reads all columns of all tables below a folder.</summary>
    /// <returns>How many rows there are, and how many values that are not null.</returns>
    public static (long Rows, long Values) Read(string folder)
    {
        long rows = 0;
        long values = 0;
        using var group = new ParquetRowGroup();
        foreach (string file in Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories))
        {
            using ParquetTableReader reader = ParquetTableReader.Open(file, Files.FileHash.Compute(file));
            rows += reader.Rows;
            for (int i = 0; i < reader.RowGroups; i++)
            {
                reader.ReadRowGroup(i, group);
                values += group.Columns.Sum(column => Enumerable.Range(0, group.Rows).LongCount(row => !column.IsNull(row)));
            }
        }

        return (rows, values);
    }

    private void Make(string repository)
    {
        if (Directory.Exists(repository))
        {
            Directory.Delete(repository, recursive: true);
        }

        Directory.CreateDirectory(repository);
        Harvest(repository, "init", "-q");
        string export = Path.Combine(repository, "export.json");
        for (int i = 0; i < Slices; i++)
        {
            using (FileStream output = File.Create(export))
            {
                ExportGenerator.Write(output, ExportGenerator.Benchmark(ExportBytes) with { Seed = (ulong)i + 1, ProjectId = 1000 + i, FirstTaskId = 1 + (i * 100_000), FirstAnnotationId = 1 + (i * 100_000) });
            }

            Harvest(repository, "add", export, "--project", $"p{i:D3}", "-q");
            Harvest(repository, "new", $"v{i + 1}", "--export", $"p{i:D3}", "-q");
        }

        File.Delete(export);
        Harvest(repository, "register", "v100", "m1", "s3://models/m1.pt", "-q");
        File.WriteAllText(Path.Combine(repository, "made"), "");
    }

    private ProcessRun First(string repository, string cache)
    {
        string index = Path.Combine(cache, "lineage");
        if (Directory.Exists(index))
        {
            Directory.Delete(index, recursive: true);
        }

        return Harvest(repository, "source", "--annotator", "1", "--json");
    }

    private ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, peers.Harvest, arguments);
}
