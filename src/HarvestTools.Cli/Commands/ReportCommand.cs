using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ReportCommand : HarvestCommand
{
    private readonly Argument<string> _file;
    private readonly Option<bool> _check;
    private readonly Option<bool> _quick;

    public ReportCommand()
        : base("report", "Write the version graph as one self-contained HTML page: details of each slice, comparison, charts, search; nothing is fetched.")
    {
        _file = With(new Argument<string>("FILE") { Description = "The page; a file that is there is replaced." });
        _check = With(new Option<bool>("--check") { Description = "Also derive every slice again and show what drifted. Exit code 1 on drift, or where no slice could be verified." });
        _quick = With(new Option<bool>("--quick") { Description = "Check by hashing exports and cached files and comparing definitions, without deriving." });
    }

    public override void Run(Invocation run)
    {
        run.Document["report"] = null;
        ReportCheck check = run.Value(_quick) ? ReportCheck.Quick : run.Value(_check) ? ReportCheck.Full : ReportCheck.None;
        WrittenReport written = WriteReport.Run(run.Repository, run.Resolve(run.Value(_file)!), check, run.Context);
        run.Document["report"] = new JsonObject
        {
            ["path"] = written.Path,
            ["bytes"] = written.Bytes,
            ["slices"] = written.Slices,
            ["models"] = written.Models,
            ["drifted"] = written.Drifted,
            ["unverifiable"] = written.Unverifiable,
        };
        foreach (HarvestException fault in written.Faults)
        {
            run.Fail(fault);
        }

        run.Say($"{BuildText.Display(run, written.Path)}  {Figures.Size(written.Bytes)}: {Figures.Count(written.Slices, "slice")}, {Figures.Count(written.Models, "model")}"
            + (written.Drifted is { } drifted ? $", {Figures.Count(drifted)} drifted" : "")
            + (written.Unverifiable is > 0 and { } unverifiable ? $", {Figures.Count(unverifiable)} unverifiable" : ""));

        // A build that checks nothing must not pass for one in which all is well.
        if (written.Drifted > 0 || (written.Unverifiable > 0 && written.Unverifiable == written.Slices))
        {
            run.Raise(ExitCode.DriftOrDamage);
        }
    }
}
