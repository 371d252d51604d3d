using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Cli.Output;

/// <summary>What was kept and dropped, in at most about twenty lines; the whole of it is in the JSON.</summary>
internal static class TallyText
{
    private const int MostLabels = 5;
    private const int MostOthers = 3;
    private const int MostReasons = 8;

    /// <summary>The first lines alone: what was kept, what was dropped and why.</summary>
    public static IEnumerable<string> Summary(Tally tally)
    {
        yield return $"  kept     {Figures.Count(tally.Total.Kept, "region")} in {Figures.Count(tally.Rows, "row")}: "
            + string.Join(", ", TableCatalog.All
                .Where(static table => table.HoldsLabels)
                .Select(table => Figures.Count(tally.RowsByTable[table.Name], table.One, table.Many)));
        yield return tally.Total.Dropped.Count == 0 ? "  dropped  nothing" : $"  dropped  {Reasons(tally.Total.Dropped)}";
    }

    public static void Write(Invocation run, Tally tally)
    {
        if (!run.Text)
        {
            return;
        }

        foreach (string line in Summary(tally).Concat(Notes(tally)))
        {
            run.Say(line);
        }

        TextTable groups = new TextTable("", "kept", "dropped", "rows").Right(1, 2, 3).Indent(2);
        Group(groups, "label", tally.ByLabel, MostLabels, static name => name.Length == 0 ? "(none)" : name);
        Group(groups, "annotator", tally.ByAnnotator, MostOthers, static name => name.Length == 0 ? "(unknown)" : name);
        Group(groups, "task_subdir", tally.ByTaskSubdir, MostOthers, static name => name.Length == 0 ? "(none)" : name);
        if (!groups.Empty)
        {
            run.Say(groups);
        }
    }

    /// <summary><c>9 cancelled, 2 no-label</c>, the most frequent first.</summary>
    public static string Reasons(IReadOnlyDictionary<string, long> dropped)
    {
        string[] all =
            [.. dropped
                .OrderByDescending(static reason => reason.Value)
                .ThenBy(static reason => reason.Key, StringComparer.Ordinal)
                .Select(static reason => $"{Figures.Count(reason.Value)} {reason.Key}")];
        return all.Length <= MostReasons
            ? string.Join(", ", all)
            : $"{string.Join(", ", all.Take(MostReasons))} and {Figures.Count(all.Length - MostReasons, "more reason")}";
    }

    private static IEnumerable<string> Notes(Tally tally)
    {
        if (tally.Drafts + tally.Unlabeled > 0)
        {
            yield return $"  no label {Figures.Count(tally.Drafts, "draft")}, {Figures.Count(tally.Unlabeled, "task")} without an annotation";
        }

        string[] fields =
            [.. Field("task_subdir", tally.TaskSubdir).Concat(Field("episode", tally.Episode)).Concat(Field("frame", tally.Frame))];
        if (fields.Length > 0)
        {
            yield return $"  fields   {string.Join("; ", fields)}";
        }

        foreach (TallyNote note in tally.Notes)
        {
            foreach (string line in Lines(note))
            {
                yield return line;
            }
        }
    }

    /// <summary>What <c>new</c> says of the rows it made beside their counts: what probably is not meant.</summary>
    public static IEnumerable<string> Warnings(Tally tally) => tally.Notes.Where(static note => note.IsWarning).SelectMany(Lines);

    private static IEnumerable<string> Lines(TallyNote note)
    {
        yield return $"  note     {note.Message}";
        string remedy = note.Remedy.Spell(ProgramSpelling.Instance);
        if (remedy.Length > 0)
        {
            yield return $"           {remedy}";
        }
    }

    private static IEnumerable<string> Field(string name, FieldCounts counts)
    {
        if (counts.FromPath > 0)
        {
            yield return $"{name} from the path in {Figures.Count(counts.FromPath, "task")}";
        }

        if (counts.Missing > 0)
        {
            yield return $"{name} missing in {Figures.Count(counts.Missing, "task")}";
        }
    }

    private static void Group(
        TextTable table, string heading, IReadOnlyDictionary<string, RegionCounts> groups, int most, Func<string, string> name)
    {
        if (groups.Count == 0)
        {
            return;
        }

        table.Add($"by {heading}");
        foreach ((string key, RegionCounts counts) in groups
            .OrderByDescending(static group => group.Value.Kept)
            .ThenBy(static group => group.Key, StringComparer.Ordinal)
            .Take(groups.Count == most + 1 ? most + 1 : most))
        {
            table.Add($"  {name(key)}", Figures.Count(counts.Kept), Figures.Count(counts.Dropped.Values.Sum()), Figures.Count(counts.Rows));
        }

        if (groups.Count > most + 1)
        {
            table.Add($"  and {Figures.Count(groups.Count - most)} more");
        }
    }
}
