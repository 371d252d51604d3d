using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ImportDvcCommand : HarvestCommand
{
    private readonly Argument<string?> _path;
    private readonly Option<string?> _stage;
    private readonly Option<string?> _slice;
    private readonly Option<bool> _noSlice;
    private readonly Option<bool> _force;
    private readonly Option<bool> _dryRun;

    public ImportDvcCommand()
        : base("import-dvc", "Make a stage of DVC the harvest definition, a program, and of what it wrote by dvc.lock a slice. Runs nothing.")
    {
        _path = With(new Argument<string?>("PATH") { Description = "A dvc.yaml, or the folder that has it (default: the current folder).", Arity = ArgumentArity.ZeroOrOne });
        _stage = With(new Option<string?>("--stage") { Description = "The stage; needed where the file has several. Of foreach and matrix as DVC names it: rows@hands.", HelpName = "NAME" });
        _slice = With(new Option<string?>("--slice") { Description = "The version of the slice (default: the next free one).", HelpName = "VERSION" });
        _noSlice = With(new Option<bool>("--no-slice") { Description = "Write the definition alone." });
        _force = With(new Option<bool>("--force") { Description = "Replace the definition of harvest.json also where it has another name." });
        _dryRun = With(new Option<bool>("--dry-run") { Description = "Verify all, say what would be written, and write nothing." });
    }

    public override void Run(Invocation run)
    {
        run.Document["import"] = null;
        var request = new DvcImportRequest(run.Value(_path) is { } path ? run.Resolve(path) : run.Folder, run.Value(_stage))
        {
            Version = run.Value(_slice),
            NoSlice = run.Value(_noSlice),
            Force = run.Value(_force),
        };
        if (request is { NoSlice: true, Version: not null })
        {
            throw CliErrors.CommandLineInvalid("--slice names a slice, and --no-slice makes none.", "Give one of the two.");
        }

        DvcImport import = run.Value(_dryRun) ? ImportDvc.Plan(run.Repository, request, run.Context) : ImportDvc.Run(run.Repository, request, run.Context);
        run.Document["import"] = Shape(import);
        run.Say($"{(import.Written ? "imported" : "would be")}  {import.HarvestVersion}  {Terminal.Short(import.Sha256)}  from the stage {import.Stage} of {import.File}");
        run.SayText(import.DefinitionText);
        Say(run, "export", import.Exports);
        Say(run, "output", import.Outputs);
        foreach (string note in import.Notes)
        {
            run.Say($"Note: {note}");
        }

        if (import.WhyNoSlice is { } why)
        {
            run.Say($"No slice: {why}.");
        }

        if (!import.Written)
        {
            run.Say("Nothing was written.");
        }
        else if (import.Version is { } version)
        {
            run.Say($"{version} has what DVC has of it. Nothing was run.");
            run.Next($"harvest check {version} --quick; then harvest trust --slice {version} and harvest check {version}, which runs the program and compares");
        }
        else
        {
            string definition = import.HarvestVersion.Split('@')[0];
            run.Next($"harvest add the exports, then harvest trust --definition {definition} and harvest new --definition {definition}");
        }
    }

    private static void Say(Invocation run, string what, IReadOnlyList<DvcImportedFile> files)
    {
        foreach (DvcImportedFile file in files)
        {
            run.Say($"  {what} {Terminal.Short(file.Sha256)}  {(file.Md5 is { } md5 ? $"MD5 {md5} verified" : "no MD5")}  {Figures.Size(file.Bytes)}  {file.Path}");
        }
    }

    private static JsonObject Shape(DvcImport import) => new()
    {
        ["stage"] = import.Stage,
        ["file"] = import.File,
        ["harvest_version"] = import.HarvestVersion,
        ["sha256"] = import.Sha256,
        ["definition"] = import.Definition.DeepClone(),
        ["exports"] = Shape(import.Exports),
        ["outputs"] = Shape(import.Outputs),
        ["notes"] = new JsonArray([.. import.Notes.Select(static note => JsonValue.Create(note))]),
        ["written"] = import.Written,
        ["slice"] = import.Version,
        ["why_no_slice"] = import.WhyNoSlice,
    };

    private static JsonArray Shape(IReadOnlyList<DvcImportedFile> files) => new([.. files.Select(static file => new JsonObject
    {
        ["path"] = file.Path,
        ["md5"] = file.Md5,
        ["sha256"] = file.Sha256,
        ["bytes"] = file.Bytes,
    })]);
}
