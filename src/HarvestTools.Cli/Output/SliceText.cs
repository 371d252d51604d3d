using System.Text.Json.Nodes;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>A manifest for people.</summary>
internal static class SliceText
{
    public static void Write(Invocation run, SliceManifest slice)
    {
        run.Say($"slice {slice.Version}");
        Field(run, "reason", slice.Reason);
        Field(run, slice.Parents.Count > 1 ? "parents" : "parent", string.Join(", ", slice.Parents));
        Field(run, "created", slice.CreatedAt is { } created ? $"{Terminal.Time(created.Instant)} UTC" : null);
        Field(run, "trained", slice.TrainedAt is { } trained ? $"{Terminal.Time(trained.Instant)} UTC" : null);
        Field(run, "harvest", slice.HarvestVersion
            + (slice.HarvestSha256 is { } definition ? $", definition {Terminal.Short(definition)}" : "")
            + (slice.FormatVersion is { } format ? $", format {Figures.Count(format)}" : "")
            + (slice.DerivationVersion is { } derivation ? $", derivation {Figures.Count(derivation)}" : ""));
        Field(run, "written by", slice.WrittenBy);
        Field(run, "overrides", slice.FilterOverrides.Count == 0 ? null : Pairs(slice.FilterOverrides));
        Field(run, "eval set", slice.EvalSet is { } eval ? $"{eval.Path}  {Terminal.Short(eval.Sha256)}" : null);
        Field(run, "media", slice.Media is { } media ? $"{media}  {Terminal.Short(media.Sha256)}" : null);
        Field(run, "data set", Terminal.Short(DatasetDigest.Of(run.Repository, slice)));
        Field(run, "commit", slice.Pins?.GitCommit is { } commit ? $"{Terminal.Short(commit)}{(slice.Pins.GitDirty ? ", with changes that are not committed" : "")}" : null);
        Field(run, "pins", Pins(slice));
        var marks = ProductionMarks.Open(run.Repository);
        foreach (RegisteredModel model in RegisteredModels.Of(slice).Select(marks.Of))
        {
            Field(run, "model", $"{model.Name}  {model.Path}  {HistoryShapes.Text(model.Metrics)}".TrimEnd() + (RegisteredModelText.Production(model) is { } production ? $"  {production}" : ""));
        }

        Exports(run, slice);
        Outputs(run, slice);
    }

    /// <summary>What is pinned besides the commit; null where nothing is.</summary>
    public static string? Pins(SliceManifest slice)
    {
        if (slice.Pins is not { } pins)
        {
            return null;
        }

        string[] parts =
        [
            .. pins.Dependencies.Select(static file => file.Path),
            .. pins.Parameters.Select(static file => file.ToString()),
            .. pins.Seeds is null ? Array.Empty<string>() : [$"seed {pins.Seeds.ToJsonString()}"],
            .. pins.Hardware is null ? Array.Empty<string>() : ["hardware"],
        ];
        return parts.Length == 0 ? null : string.Join(", ", parts);
    }

    private static void Exports(Invocation run, SliceManifest slice)
    {
        TextTable table = new TextTable("project", "export", "labels", "config", "size", "from").Right(4).Optional(3).Indent(2);
        foreach (SliceExport export in slice.Exports)
        {
            table.Add(
                export.Project,
                Terminal.Short(export.Sha256),
                Terminal.Short(export.LabelSha256),
                Terminal.Short(export.LabelConfigSha256),
                export.Bytes is { } bytes ? Figures.Size(bytes) : "-",
                export.Path ?? export.Name ?? "-");
        }

        run.Say("");
        run.Say(table);
    }

    private static void Outputs(Invocation run, SliceManifest slice)
    {
        run.Say("");
        foreach (SliceStep step in slice.Steps)
        {
            run.Say($"  after {step.HarvestVersion}  {Terminal.Short(step.HarvestSha256)}  {Figures.Count(step.Outputs.Count, "file")}");
        }

        if (slice.ProgramOutputs.Count > 0)
        {
            TextTable files = new TextTable("table", "file", "rows", "identity", "sha256").Right(2).Indent(2);
            foreach (ProgramOutput output in slice.ProgramOutputs)
            {
                files.Add(output.Table, output.Path, output.Rows is { } rows ? Figures.Count(rows) : "-", output.Sha256 is null ? "rows" : "bytes", Terminal.Short(output.Sha256 ?? output.RowsSha256));
            }

            run.Say(files);
            return;
        }

        if (slice.Outputs.Count == 0)
        {
            run.Say("  No tables are recorded.");
            return;
        }

        TextTable table = new TextTable("project", "table", "rows", "sha256").Right(2).Indent(2);
        foreach (SliceOutput output in slice.Outputs)
        {
            table.Add(Project(slice, output), output.Table, Figures.Count(output.Rows), Terminal.Short(output.Sha256));
        }

        run.Say(table);
    }

    private static string Project(SliceManifest slice, SliceOutput output) =>
        slice.Exports.FirstOrDefault(export => output.Export == export.Sha256)?.Project ?? Terminal.Short(output.Export);

    private static void Field(Invocation run, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            run.Say($"  {name,-10}  {value}");
        }
    }

    private static string Pairs(JsonObject pairs) => string.Join(", ", pairs.Select(static pair => $"{pair.Key} = {pair.Value?.ToJsonString() ?? "null"}"));
}
