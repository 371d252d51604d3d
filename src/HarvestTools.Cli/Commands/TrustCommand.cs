using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Json;
using HarvestTools.Programs;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class TrustCommand : HarvestCommand
{
    private readonly Option<string?> _slice;
    private readonly Option<string?> _definition;
    private readonly Option<bool> _list;
    private readonly Option<string?> _revoke;

    public TrustCommand()
        : base("trust", "Allow the program of harvest.json to be run on this machine, in exactly the content that it has now: its command line, files and parameters. Runs nothing.")
    {
        _slice = With(new Option<string?>("--slice") { Description = "Trust the program that a slice was made with instead.", HelpName = "VERSION" });
        _definition = With(new Option<string?>("--definition") { Description = "Trust the program of this definition of harvest.json, with all steps before it (default: the one that no other follows).", HelpName = "NAME" });
        _list = With(new Option<bool>("--list") { Description = "List what is trusted on this machine." });
        _revoke = With(new Option<string?>("--revoke") { Description = "Take trust back, by the beginning of the hash.", HelpName = "HASH" });
    }

    public override void Run(Invocation run)
    {
        run.Document["program"] = null;
        run.Document["trusted"] = null;
        run.Document["revoked"] = null;
        if (run.Value(_list))
        {
            IReadOnlyList<TrustedProgram> all = TrustProgram.List();
            run.Document["trusted"] = new JsonArray([.. all.Select(Shape)]);
            TextTable table = new("definition", "hash", "trusted", "in");
            foreach (TrustedProgram program in all)
            {
                table.Add(program.HarvestVersion, Terminal.Short(program.Sha256), Terminal.Time(program.TrustedAt), program.Repository);
            }

            run.Say(all.Count == 0 ? "No program is trusted on this machine." : $"{Figures.Count(all.Count, "program")} trusted on this machine:");
            if (all.Count > 0)
            {
                run.Say(table);
            }
        }
        else if (run.Value(_revoke) is { } prefix)
        {
            IReadOnlyList<TrustedProgram> revoked = TrustProgram.Revoke(prefix);
            run.Document["revoked"] = new JsonArray([.. revoked.Select(Shape)]);
            foreach (TrustedProgram program in revoked)
            {
                run.Say($"no longer trusted  {program.HarvestVersion}  {Terminal.Short(program.Sha256)}");
            }
        }
        else
        {
            run.Repository.Definition = run.Value(_definition);
            DefinedProgram program = TrustProgram.Run(run.Repository, run.Value(_slice), run.Context);
            run.Document["program"] = new JsonObject
            {
                ["harvest_version"] = program.HarvestVersion,
                ["sha256"] = program.Sha256,
                ["run"] = new JsonArray([.. program.Command.Select(static word => JsonValue.Create(word))]),
                ["files"] = new JsonArray([.. program.Files.Select(static file => JsonValue.Create(file))]),
                ["steps"] = new JsonArray([.. program.Steps.Select(static step => new JsonObject
                {
                    ["harvest_version"] = step.HarvestVersion,
                    ["sha256"] = step.Sha256,
                    ["run"] = new JsonArray([.. step.Command.Select(static word => JsonValue.Create(word))]),
                    ["files"] = new JsonArray([.. step.Files.Select(static file => JsonValue.Create(file))]),
                })]),
            };
            run.Say($"trusted  {program.HarvestVersion}  {Terminal.Short(program.Sha256)}");
            foreach (DefinedProgram step in program.Steps)
            {
                run.Say($"  step   {step.HarvestVersion}");
                Write(run, step);
            }

            Write(run, program);
        }
    }

    private static void Write(Invocation run, DefinedProgram program)
    {
        run.Say($"  runs   {(program.Command.Count == 0 ? "no program, but the rules" : string.Join(' ', program.Command))}");
        foreach (string file in program.Files)
        {
            run.Say($"  file   {file}");
        }
    }

    private static JsonObject Shape(TrustedProgram program) => new()
    {
        ["harvest_version"] = program.HarvestVersion,
        ["sha256"] = program.Sha256,
        ["repository"] = program.Repository,
        ["trusted_at"] = Timestamp.From(program.TrustedAt).Text,
    };
}
