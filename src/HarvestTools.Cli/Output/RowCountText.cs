using HarvestTools.Drift;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>How many rows differ, for people: in all, then by label, task folder and annotator. Episodes are too many.</summary>
internal static class RowCountText
{
    public static void Write(Invocation run, RowChangeSummary rows)
    {
        run.Say($"  rows  {Figures.Count(rows.Added)} added, {Figures.Count(rows.Removed)} removed, {Figures.Count(rows.Changed)} changed"
            + (rows.ByEpisode.Count == 0 ? "" : $", in {Figures.Count(rows.ByEpisode.Count, "episode")}"));
        Write(run, rows.ByLabel, "label", static count => $"{count.Table} {count.Label}");
        Write(run, rows.ByTaskSubdir, "task_subdir", static count => count.TaskSubdir!);
        Write(run, rows.ByAnnotator, "annotator", static count => count.Annotator!.Length == 0 ? "unknown" : count.Annotator);
    }

    private static void Write(Invocation run, IReadOnlyList<RowChangeCount> counts, string heading, Func<RowChangeCount, string> nameOf)
    {
        if (counts.Count == 0)
        {
            return;
        }

        TextTable table = new TextTable(heading, "added", "removed", "changed").Right(1, 2, 3).Indent(2);
        foreach (RowChangeCount count in counts)
        {
            table.Add(nameOf(count), Figures.Count(count.Added), Figures.Count(count.Removed), Figures.Count(count.Changed));
        }

        run.Say(table);
    }
}
