using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class CheckCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;
    private readonly Option<bool> _quick;

    public CheckCommand()
        : base("check", "Check slices against what they recorded: derive everything again from the archive and tell what drifted. Exit code 1 on drift.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices (default: all).", Arity = ArgumentArity.ZeroOrMore });
        _quick = With(new Option<bool>("--quick") { Description = "Hash exports and cached files and compare definitions, without deriving." });
    }

    public override void Run(Invocation run)
    {
        var reports = new JsonArray();
        run.Document["slices"] = reports;
        bool quick = run.Value(_quick);
        IReadOnlyList<string> versions = SliceArguments.Versions(run, _versions);
        var check = new CheckSlice(run.Repository, run.Context);
        var found = new List<DriftStatus>();
        run.ForEach(versions, version =>
        {
            SliceManifest slice = run.Repository.Slices.Load(version);
            DriftReport report = check.Run(slice, quick);
            found.Add(report.Status);
            reports.Add((JsonNode)Shapes.Of(report));
            if (report.Status == DriftStatus.Drifted)
            {
                run.Raise(ExitCode.DriftOrDamage);
            }

            DriftText.Write(run, slice, report);
        });
        if (versions.Count > 1)
        {
            run.Say($"{Terminal.Count(found.Count, "slice")}: {Terminal.Count(found.Count(static status => status == DriftStatus.Clean))} clean, "
                + $"{Terminal.Count(found.Count(static status => status == DriftStatus.Drifted))} drifted, "
                + $"{Terminal.Count(found.Count(static status => status == DriftStatus.Unverifiable))} unverifiable.");
        }
    }
}
