using System.Globalization;
using HarvestTools.Tests.Parquet;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>The rows of built slices as plain texts, for comparisons that share nothing with the engine's own.</summary>
internal static class TableRows
{
    /// <summary>Every row of a table over all its files, each as <c>column=value</c> pairs.</summary>
    public static List<Dictionary<string, string>> Read(BuiltSlice slice, string table)
    {
        var rows = new List<Dictionary<string, string>>();
        foreach (BuiltTable file in slice.Tables.Where(built => built.Table == table))
        {
            TestTable read = TestTable.ReadIndependently(file.Path, table);
            rows.AddRange(read.Rows.Select(row => read.Schema.Columns
                .Select((column, i) => (column.Name, Text(row[i])))
                .ToDictionary(static cell => cell.Name, static cell => cell.Item2, StringComparer.Ordinal)));
        }

        return rows;
    }

    /// <summary>Rows that only the first has, equal rows counted singly.</summary>
    public static List<string> Except(IEnumerable<Dictionary<string, string>> rows, IEnumerable<Dictionary<string, string>> others)
    {
        Dictionary<string, int> left = others.CountBy(Line).ToDictionary(StringComparer.Ordinal);
        var only = new List<string>();
        foreach (string line in rows.Select(Line))
        {
            int count = left.GetValueOrDefault(line);
            left[line] = count - 1;
            if (count <= 0)
            {
                only.Add(line);
            }
        }

        return only;
    }

    public static string Line(Dictionary<string, string> row) => string.Join('|', row.Values);

    public static string Line(IReadOnlyDictionary<string, object?> row) => string.Join('|', row.Values.Select(Text));

    private static string Text(object? value) => value switch
    {
        null => "∅",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
