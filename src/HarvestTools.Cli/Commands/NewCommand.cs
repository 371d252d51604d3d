using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Manifests;
using HarvestTools.Parameters;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class NewCommand : HarvestCommand
{
    private readonly Argument<string?> _version;
    private readonly Option<bool> _next;
    private readonly Option<string?> _definition;
    private readonly Option<string[]> _exports;
    private readonly Option<string?> _prefer;
    private readonly Option<string?> _parent;
    private readonly Option<string?> _reason;
    private readonly Option<string[]> _rules;
    private readonly Option<string[]> _models;
    private readonly Option<string?> _trainedAt;
    private readonly Option<string?> _evalSet;
    private readonly Option<string[]> _pins;
    private readonly Option<string[]> _pinnedParameters;
    private readonly Option<string[]> _seeds;
    private readonly Option<bool> _media;
    private readonly Option<bool> _noBuild;
    private readonly Option<bool> _allowShrink;
    private readonly Option<bool> _allowLeak;
    private readonly Option<bool> _ifChanged;

    public NewCommand()
        : base("new", "Make a slice: derive its tables, write slices/VERSION/slice.json once, and put the Parquet files into the cache.")
    {
        _version = With(new Argument<string?>("VERSION")
        {
            Description = "Its version, for example v3 (default: the next free one after the parent's: v4 after v3).",
            Arity = ArgumentArity.ZeroOrOne,
        });
        _next = With(new Option<bool>("--next") { Description = "Take the next free version, as without VERSION." });
        _definition = With(new Option<string?>("--definition") { Description = "The definition of harvest.json that it is made under (default: the one that no other follows).", HelpName = "NAME" });
        _exports = With(new Option<string[]>("--export", "-e")
        {
            Description = "An archived export: its hash or the beginning of it, a project (its newest export), or the path of an archived file. "
                + "Repeat it for more (default: the newest export of each project).",
            HelpName = "EXPORT",
        });
        _prefer = With(new Option<string?>("--prefer")
        {
            Description = "Which export wins where two of one project have the same labelled task: newest, or the beginning of its hash (default: refuse).",
            HelpName = "EXPORT",
        });
        _parent = With(new Option<string?>("--parent") { Description = "The slice it follows (default: the one made last).", HelpName = "VERSION" });
        _reason = With(new Option<string?>("--reason", "-m") { Description = "What changed and why, one sentence.", HelpName = "TEXT" });
        _rules = With(new Option<string[]>("--set")
        {
            Description = "A filter rule that differs from harvest.json's for this slice, as min_pixel_agreement=8 (people agree at most 8 px apart). Repeat it for more.",
            HelpName = "RULE=VALUE",
        });
        _models = With(new Option<string[]>("--model")
        {
            Description = "A model that was trained on it, as hand_keypoint=models/hand_kp/v3.pt. Repeat it for more.",
            HelpName = "NAME=PATH",
        });
        _trainedAt = With(new Option<string?>("--trained-at") { Description = "When it was trained on, as 2026-05-11T14:32:00Z.", HelpName = "TIME" });
        _evalSet = With(new Option<string?>("--eval-set") { Description = "The eval set to pin: a file or folder of the repository (default: harvest.json's).", HelpName = "PATH" });
        _allowLeak = With(new Option<bool>("--allow-leak") { Description = "The slice may have episodes or media that its eval set has." });
        _pins = With(new Option<string[]>("--pin") { Description = "A file to pin by its hash, such as a lock file of dependencies, besides those that \"pins\" in harvest.json names. Repeat it for more.", HelpName = "PATH" });
        _pinnedParameters = With(new Option<string[]>("--pin-params") { Description = "Parameters to pin: a YAML or JSON file, or keys of it, as params.yaml:train.*,model.depth. Repeat it for more.", HelpName = "PATH[:KEYS]" });
        _seeds = With(new Option<string[]>("--seed") { Description = "A seed to pin, as 42 or torch=42. Repeat it for more.", HelpName = "[NAME=]NUMBER" });
        _allowShrink = With(new Option<bool>("--allow-shrink")
        {
            Description = "A project may lose more than a tenth of the labelled tasks that the parent has (default: refuse).",
        });
        _ifChanged = With(new Option<bool>("--if-changed")
        {
            Description = "Make none where the parent, or a slice that was made meanwhile, has the same labels under the same rules; for schedulers.",
        });
        _media = With(new Option<bool>("--media") { Description = "Also list the images and videos that the rows name, each with its SHA-256, so that a change of raw files makes another data set." });
        _noBuild = With(new Option<bool>("--no-build") { Description = "Only write the manifest; the check then has nothing to compare with." });
    }

    public override void Run(Invocation run)
    {
        run.Document["made"] = null;
        run.Document["slice"] = null;
        run.Document["manifest"] = null;
        run.Document["built"] = null;
        run.Document["unchanged"] = null;
        run.Document["losses"] = null;
        run.Document["warnings"] = null;
        run.Document["retired"] = null;
        run.Document["passed_over"] = null;
        run.Document["taken"] = null;
        run.Repository.Definition = run.Value(_definition);
        NewSliceRequest request = Request(run);
        NewSliceResult made = NewSlice.Run(run.Repository, request, run.Context);
        foreach (ExportNotice notice in made.Notices)
        {
            run.Warn(notice);
        }

        if (run.Json)
        {
            run.Document["made"] = made.Made;
            run.Document["taken"] = new JsonArray([.. made.Taken.Select(static taken => new JsonObject { ["version"] = taken.Version, ["where"] = taken.Where })]);
            run.Document["slice"] = Shapes.Of(made.Slice);
            run.Document["manifest"] = made.ManifestPath;
            run.Document["unchanged"] = made.Unchanged;
            run.Document["losses"] = new JsonArray([.. made.Losses.Select(loss => Shapes.Of(loss, made.Slice.Parent!))]);
            run.Document["warnings"] = new JsonArray([.. made.Notices.Select(ErrorText.ToJson)]);
            run.Document["retired"] = new JsonArray([.. made.Retired.Select(static project => JsonValue.Create(project))]);
            run.Document["passed_over"] = new JsonArray([.. made.PassedOver.Select(static broken => new JsonObject { ["slice"] = broken.Version, ["error"] = ErrorText.ToJson(broken.Error!) })]);
            run.Document["built"] = made.Built is null ? null : Shapes.Of(made.Built);
        }

        foreach (SliceEntry broken in made.PassedOver)
        {
            run.Warn(new ExportNotice(broken.Error!.ErrorId, broken.PassedOver!, broken.Error.Remedy));
        }

        SliceManifest slice = made.Slice;
        if (!made.Made)
        {
            run.Say($"No slice was made: {slice.Version} has the same labels under the same rules.");
            return;
        }

        if (request.Version is null)
        {
            run.Say($"{slice.Version} is the next free version{(slice.Parent is null ? "" : $" after {slice.Parent}")}"
                + (made.Taken.Count == 0 ? "." : $": {TakenVersion.Describe(made.Taken)}."));
        }

        else if (made.Taken.Count > 0)
        {
            run.Warn(new ExportNotice(
                "VersionTaken",
                $"{TakenVersion.Describe(made.Taken)}, and {slice.Version} was made here too: merging the two will conflict.",
                $"Remove it with {new RemedyAction.RemoveSlice(slice.Version)} and make the next free version with {new RemedyAction.NewSlice()}, unless it is meant."));
        }

        run.Say($"{slice.Version}  {Figures.Count(slice.Exports.Count, "export")} under {slice.HarvestVersion}"
            + (slice.Parent is null ? "" : $", after {slice.Parent}") + $": {BuildText.Display(run, made.ManifestPath)}");
        foreach (SliceExport export in slice.Exports)
        {
            run.Say($"  {export.Project}  {Terminal.Short(export.Sha256)}  {Figures.Size(export.Bytes ?? 0)}  {export.Path ?? export.Name}");
        }

        if (slice.Media is { } media)
        {
            run.Say($"  media {media}");
            run.Say($"  data set {Terminal.Short(DatasetDigest.Of(run.Repository, slice))}");
        }

        if (SliceText.Pins(slice) is { } pins)
        {
            run.Say($"  pins {pins}");
        }

        if (made.Unchanged is not null)
        {
            run.Say($"  {made.Unchanged}");
        }

        foreach (ProjectLoss loss in made.Losses)
        {
            run.Say($"  {LossText.Of(loss, slice.Parent!)}");
        }

        foreach (string project in made.Retired)
        {
            run.Say($"  {LossText.OfRetired(project, slice.Version)}");
        }

        if (made.Built is null)
        {
            run.Say($"Not built. 'harvest build {slice.Version}' derives it, but the check has no recorded tables to compare with.");
        }
        else
        {
            BuildText.Write(run, made.Built, tally: true);
            run.Next($"harvest check {slice.Version}, then commit {run.Repository.Settings.SlicesFolder}/{slice.Version}");
        }
    }

    private NewSliceRequest Request(Invocation run)
    {
        JsonObject rules = RuleArguments.Read(run, _rules);
        string? version = run.Value(_version);
        if (version is not null && run.Value(_next))
        {
            throw CliErrors.CommandLineInvalid($"'{version}' names a version, and --next takes the next free one.", "Give one of the two.");
        }

        return new NewSliceRequest(version)
        {
            Exports = Exports(run),
            Prefer = run.Value(_prefer),
            Parent = run.Value(_parent),
            Reason = run.Value(_reason),
            FilterOverrides = rules,
            ModelOutputs = PairArguments.Read("--model", run.Value(_models) ?? [], "NAME=PATH", "hand_keypoint=models/hand_kp/v3.pt"),
            TrainedAt = TimeArguments.Read(run.Value(_trainedAt)),
            EvalSet = EvalSet(run),
            PinnedFiles = [.. (run.Value(_pins) ?? []).Select(run.Resolve)],
            PinnedParameters = [.. (run.Value(_pinnedParameters) ?? []).Select(text => Resolved(run, text))],
            Seeds = RunOptions.Seeds(run.Value(_seeds) ?? []),
            IfChanged = run.Value(_ifChanged),
            AllowShrink = run.Value(_allowShrink),
            AllowLeak = run.Value(_allowLeak),
            Media = run.Value(_media),
            NoBuild = run.Value(_noBuild),
        };
    }

    /// <summary>Paths are relative to the current folder; the engine reads them from the repository's root.</summary>
    private string[] Exports(Invocation run)
    {
        string[] selectors = run.Value(_exports) ?? [];
        if (selectors.Length == 0)
        {
            return selectors;
        }

        HashSet<string> projects = run.Repository.Archive.Projects().ToHashSet(StringComparer.Ordinal);
        return [.. selectors.Select(selector => !projects.Contains(selector) && File.Exists(run.Resolve(selector)) ? run.Resolve(selector) : selector)];
    }

    private static string Resolved(Invocation run, string text)
    {
        var selection = ParameterSelection.Parse(text);
        return (selection with { Path = run.Resolve(selection.Path) }).ToString();
    }

    private string? EvalSet(Invocation run) =>
        run.Value(_evalSet) is { } path ? run.Repository.MakeRelative(run.Resolve(path)) ?? path : null;
}
