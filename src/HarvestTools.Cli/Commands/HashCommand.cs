using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class HashCommand : HarvestCommand
{
    private readonly Argument<string[]> _files;
    private readonly Option<bool> _labels;

    public HashCommand()
        : base("hash", "Hash exports without storing anything. Needs no repository.")
    {
        _files = With(new Argument<string[]>("FILE") { Description = "Export files; patterns with * and ? are expanded.", Arity = ArgumentArity.OneOrMore });
        _labels = With(new Option<bool>("--labels")
        {
            Description = "Also hash the labels alone, blind to spacing, order and timestamps, and count what is in the export.",
        });
    }

    public override void Run(Invocation run)
    {
        var exports = new JsonArray();
        run.Document["exports"] = exports;
        bool labels = run.Value(_labels);
        WorkContext context = run.Context;

        // The hash of one file is one thread's work; labels are read by all threads, file by file.
        FileArguments.ForEach(run, run.Value(_files)!, labels ? 1 : context.Threads, file => HashExport.Run(file.Path, labels, context), (file, hash) =>
        {
            exports.Add((JsonNode)Shapes.Of(hash, file.Name));
            if (labels)
            {
                SayLabels(run, file.Name, hash);
            }
            else
            {
                run.Say($"{hash.Sha256}  {Figures.Size(hash.Bytes),9}  {file.Name}{Inside(hash)}");
            }

            run.Warn(hash.Notice);
        });
    }

    /// <summary>Other programs give another hash of a packed file: this one is of the JSON in it.</summary>
    private static string Inside(ExportHash hash) => hash.Entry is null ? "" : $" ({hash.Entry} in it)";

    private static void SayLabels(Invocation run, string name, ExportHash hash)
    {
        run.Say($"{name}{Inside(hash)}");
        run.Say($"  bytes    {hash.Sha256}  {Figures.Size(hash.Bytes)}");
        run.Say($"  labels   {hash.LabelSha256}");
        run.Say($"  holds    {Figures.Count(hash.Tasks ?? 0, "task")}, {Figures.Count(hash.Annotations ?? 0, "annotation")} "
            + $"({Figures.Count(hash.Cancelled ?? 0)} cancelled), {Figures.Count(hash.Drafts ?? 0, "draft")}");
        string[] types =
            [.. (hash.RegionTypes?.AsEnumerable() ?? [])
                .OrderByDescending(static type => type.Value)
                .ThenBy(static type => type.Key, StringComparer.Ordinal)
                .Select(static type => $"{Figures.Count(type.Value)} {type.Key}")];
        run.Say($"  regions  {(types.Length == 0 ? "none" : string.Join(", ", types))}");
    }
}
