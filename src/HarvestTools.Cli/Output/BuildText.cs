using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>How a built slice reads.</summary>
internal static class BuildText
{
    private static readonly string[] s_order = [BuildStatus.Hit, BuildStatus.Shared, BuildStatus.Regenerated];

    /// <summary>For example <c>12 files: 8 hit, 4 regenerated</c>.</summary>
    public static string Headline(BuiltSlice built) =>
        $"{Figures.Count(built.Tables.Count, "file")}: " + string.Join(", ", built.Tables
            .GroupBy(static table => table.Status)
            .OrderBy(static group => Array.IndexOf(s_order, group.Key))
            .Select(static group => $"{Figures.Count(group.Count())} {Shapes.StatusName(group.Key)}"));

    /// <summary>A line a table and, if asked for, the tally; else its first two lines.</summary>
    public static void Write(Invocation run, BuiltSlice built, bool tally)
    {
        if (!run.Text)
        {
            return;
        }

        TextTable tables = new TextTable("table", "files", "rows", "size").Right(1, 2, 3).Indent(2);
        foreach (IGrouping<string, BuiltTable> table in built.Tables.GroupBy(static table => table.Table))
        {
            tables.Add(table.Key, Figures.Count(table.Count()), table.Any(static t => t.Rows is null) ? "-" : Figures.Count(table.Sum(static t => t.Rows ?? 0)), Figures.Size(table.Sum(static t => t.Bytes)));
        }

        run.Say($"  in {Display(run, built.Folder)}");
        run.Say(tables);
        if (built.Tables.All(static table => table.Export.Length == 0))
        {
            // What a program dropped it alone knows.
            return;
        }

        if (tally)
        {
            TallyText.Write(run, built.Tally);
        }
        else
        {
            TallyText.Summary(built.Tally).Concat(TallyText.Warnings(built.Tally)).ToList().ForEach(run.Say);
        }
    }

    /// <summary>A path as the user would write it: relative to the repository where it is inside.</summary>
    public static string Display(Invocation run, string path) => run.Repository.MakeRelative(path) ?? path;
}
