namespace HarvestTools.Tests.Errors;

/// <summary>One row of docs/errors.md.</summary>
internal sealed record ErrorRow(string Section, string Id, string Exit, string Category, string When, string Remedy);

/// <summary>docs/errors.md, which is checked against the code.</summary>
internal static class ErrorPage
{
    public const string ProgramSection = "The program";
    public const string CmdletSection = "The cmdlets";

    /// <summary>The first table: a fault's name with its exit code and category.</summary>
    public static IReadOnlyDictionary<string, (string Exit, string Category)> Faults { get; } = Cells()
        .Where(static row => row.Section == "Kinds")
        .ToDictionary(static row => row.Cells[0].Trim('`'), static row => (row.Cells[1], row.Cells[2]));

    /// <summary>The second table: ids with a category other than their fault's.</summary>
    public static IReadOnlyDictionary<string, string> OwnCategories { get; } = Cells()
        .Where(static row => row.Section == "Categories of their own")
        .ToDictionary(static row => row.Cells[0].Trim('`'), static row => row.Cells[1]);

    public static IReadOnlyList<ErrorRow> Rows { get; } =
    [
        .. Cells()
            .Where(static row => row.Cells.Length == 5)
            .Select(static row => new ErrorRow(row.Section, row.Cells[0].Trim('`'), row.Cells[1], row.Cells[2], row.Cells[3], row.Cells[4])),
    ];

    private static IEnumerable<(string Section, string[] Cells)> Cells()
    {
        string section = "";
        foreach (string line in File.ReadLines(Find()))
        {
            if (line.StartsWith('#'))
            {
                section = line.TrimStart('#').Trim();
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                // A bar inside a cell is written \|.
                yield return (section, [.. line.Replace("\\|", "\0", StringComparison.Ordinal).Trim().Trim('|').Split('|').Select(static cell => cell.Trim().Replace('\0', '|'))]);
            }
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string page = Path.Combine(folder.FullName, "docs", "errors.md");
            if (File.Exists(page))
            {
                return page;
            }
        }

        throw new FileNotFoundException("docs/errors.md is not in a folder above the tests");
    }
}
