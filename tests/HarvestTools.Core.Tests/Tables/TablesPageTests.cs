using System.Text;
using System.Text.RegularExpressions;
using HarvestTools.Tables;
using HarvestTools.Tests.Architecture;

namespace HarvestTools.Tests.Tables;

/// <summary>
/// docs/tables.md lists the columns that the descriptors have. Where it does not, <c>HARVEST_WRITE_PAGES=1</c> makes these tests
/// write the lists anew.
/// </summary>
public sealed class TablesPageTests
{
    private static readonly string s_page = Path.Combine(Checkout.Root, "docs", "tables.md");

    public static TheoryData<string> Lists => [.. TableCatalog.All.Select(static table => table.Name).Prepend("common")];

    [Theory]
    [MemberData(nameof(Lists))]
    public void The_page_lists_every_column_as_the_descriptors_have_it(string list)
    {
        string page = File.ReadAllText(s_page).ReplaceLineEndings("\n");
        var between = new Regex($"(?<=<!-- columns: {list} -->\n).*?(?=<!-- end -->)", RegexOptions.Singleline);
        string expected = Render(list);
        if (Environment.GetEnvironmentVariable("HARVEST_WRITE_PAGES") == "1")
        {
            page = between.Replace(page, expected.Replace("$", "$$", StringComparison.Ordinal));
            File.WriteAllText(s_page, page);
        }

        Assert.Equal(expected, between.Match(page).Value);
    }

    [Fact]
    public void Every_column_that_can_be_null_says_when()
    {
        foreach (TableColumn column in TableCatalog.All.SelectMany(static table => table.Columns))
        {
            Assert.True(!column.Nullable || column.Meaning.Contains("null", StringComparison.Ordinal), $"{column.Name}: {column.Meaning}");
        }
    }

    private static string Render(string list)
    {
        var text = new StringBuilder("| column | type | unit | meaning |\n|---|---|---|---|\n");
        foreach (TableColumn column in Columns(list))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{column.Name}` | {TypeOf(column)} | {column.Unit} | {column.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString();
    }

    /// <summary>The common columns; or those of a table that are its own, or differ from the common ones.</summary>
    private static IEnumerable<TableColumn> Columns(string list)
    {
        if (list == "common")
        {
            return CommonColumns.Columns;
        }

        TableDescriptor table = TableCatalog.Find(list)!;
        return table.HoldsLabels ? table.Columns.Except(CommonColumns.Columns) : table.Columns;
    }

    private static string TypeOf(TableColumn column) => column.Type switch
    {
        ColumnType.Boolean => "bool",
        ColumnType.Int32 => "int32",
        ColumnType.Int64 => "int64",
        ColumnType.Double => "double",
        ColumnType.Utf8 => "string",
        _ => "list of double",
    } + (column.Nullable ? "?" : "");
}
