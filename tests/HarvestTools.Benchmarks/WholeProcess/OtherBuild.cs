using System.Globalization;
using System.Text.Json.Nodes;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// This build against another one, command by command: the two take turns, so that what the machine does meanwhile hits both
/// of a pair, and a ratio is the median of the pairs'.
/// </summary>
/// <param name="report">Where the figures go.</param>
/// <param name="runs">Pairs a command.</param>
/// <param name="export">The export that both read.</param>
/// <param name="relabelled">The same export with other labels.</param>
/// <param name="mine">This build.</param>
/// <param name="theirs">The other one.</param>
internal sealed class OtherBuild(Report report, int runs, string export, string relabelled, ProgramBuild mine, ProgramBuild theirs)
{
    private readonly List<string[]> _ratios = [];
    private readonly List<string> _notes = [];

    public void Run()
    {
        report.Section("This build against another one, in pairs");
        Pair("--help", build => () => build.Harvest(Path.GetTempPath(), "--help"));
        Pair("hash", build => () => build.Harvest(Path.GetTempPath(), "hash", export, "-q"));
        Pair("hash --labels", build => () => build.Harvest(Path.GetTempPath(), "hash", export, "--labels", "-q"));
        Pair("add --no-labels", build => () => build.AddToNew(export, "--no-labels"));
        Pair("add", build => () => build.AddToNew(export));
        Pair("diff-export", build => () => build.Harvest(Path.GetTempPath(), "diff-export", export, relabelled, "-q"));
        foreach ((string name, int threads, bool labelsKnown) in new[]
            {
                ("new, 2 threads", 2, false),
                ("new, 1 thread", 1, false),
                ("new, labels known, 2 threads", 2, true),
            })
        {
            Pair(name, build =>
            {
                Func<int, bool, ProcessRun> derive = build.Deriving(build.NewRepository("derive"), export);
                return () => derive(threads, labelsKnown);
            });
        }

        Pair("check", build => OnTwoSlices(build, (repository, _) => () => build.Harvest(repository, "check", "v1", "-q")));
        Pair("check --quick --rehash", build => OnTwoSlices(build, (repository, _) => () => build.Harvest(repository, "check", "v1", "--quick", "--rehash", "-q")));
        Pair("check of a slice of other rows than recorded", build => OnTwoSlices(build, (repository, slices) =>
        {
            RecordOutputsOf(slices("v1"), slices("v2"));
            return () => build.HarvestWithDrift(repository, "check", "v2", "-q");
        }), "at most 1.3");
        Pair("diff --rows", build => OnTwoSlices(build, (repository, _) => () => build.Harvest(repository, "diff", "v1", "v2", "--rows", "-q")), "at most 1.3");
        report.Table(["this build against the other", "wall", "processor time", "peak memory", "target"], _ratios);
        _notes.ForEach(report.Note);
    }

    /// <summary>Two slices of the export, of which the second one's rules are stricter: most rows are in both.</summary>
    private Func<ProcessRun> OnTwoSlices(ProgramBuild build, Func<string, Func<string, string>, Func<ProcessRun>> command)
    {
        string repository = build.NewRepository("slices");
        build.Harvest(repository, "add", export, "--project", "a", "-q");
        build.Harvest(repository, "new", "v1", "-q");
        build.Harvest(repository, "new", "v2", "--set", "min_pixel_agreement=2", "-q");
        return command(repository, slice => Path.Combine(repository, "slices", slice, "slice.json"));
    }

    /// <summary>Has a slice record another one's rows as its own, so that a check finds and compares them.</summary>
    private static void RecordOutputsOf(string from, string to)
    {
        JsonNode source = JsonNode.Parse(File.ReadAllText(from))!;
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(to))!;
        manifest["outputs"] = source["outputs"]!.DeepClone();
        File.WriteAllText(to, manifest.ToJsonString());
    }

    private void Pair(string name, Func<ProgramBuild, Func<ProcessRun>> prepare, string target = "at most 1.05")
    {
        try
        {
            List<ProcessRun>[] pairs = ProcessRun.Turns(runs, prepare(mine), prepare(theirs));
            report.Row($"{name}: this build", ProcessRun.Middle(pairs[0]));
            report.Row($"{name}: the other", ProcessRun.Middle(pairs[1]));
            _ratios.Add([name, Ratio(pairs, static run => run.Seconds), Ratio(pairs, static run => run.ProcessorSeconds), Ratio(pairs, static run => run.PeakMegabytes), target]);
        }
        catch (InvalidOperationException error)
        {
            // Builds of other days may not know a command or an option; the other commands are compared all the same.
            _notes.Add($"{name} was not measured: {error.Message}");
        }
    }

    /// <summary>The median of the pairs' ratios; a dash where the figure is not measured here.</summary>
    private static string Ratio(List<ProcessRun>[] pairs, Func<ProcessRun, double?> figure)
    {
        double[] ratios = [.. pairs[0].Zip(pairs[1], (mine, theirs) => figure(mine) / figure(theirs)).OfType<double>().Order()];
        return ratios.Length == 0 ? "-" : ratios[ratios.Length / 2].ToString("0.000", CultureInfo.InvariantCulture);
    }
}
