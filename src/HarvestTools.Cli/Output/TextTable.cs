using System.Globalization;
using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>An aligned table for people: text to the left, numbers to the right, two spaces between columns.</summary>
internal sealed class TextTable(params string[] headings)
{
    // A metric's name can be one.
    private readonly string[] _headings = [.. headings.Select(PlainText.OneLine)];
    private readonly List<string[]> _rows = [];
    private readonly HashSet<int> _right = [];
    private int _optional = -1;
    private string _indent = "";

    public bool Empty => _rows.Count == 0;

    /// <summary>Aligns these columns to the right.</summary>
    public TextTable Right(params int[] columns)
    {
        _right.UnionWith(columns);
        return this;
    }

    /// <summary>Leaves this column out where no row has a value in it, which is written <c>-</c>.</summary>
    public TextTable Optional(int column)
    {
        _optional = column;
        return this;
    }

    /// <summary>Puts spaces before every line.</summary>
    public TextTable Indent(int spaces)
    {
        _indent = new string(' ', spaces);
        return this;
    }

    /// <summary>Cells that are left out at the end are empty.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(PlainText.OneLine), .. Enumerable.Repeat("", _headings.Length - cells.Length)]);

    public override string ToString()
    {
        int[] widths = [.. _headings.Select((heading, i) => _rows.Select(row => Width(row[i])).Append(Width(heading)).Max())];
        bool leftOut = _optional >= 0 && _rows.All(row => row[_optional] == "-");
        var text = new StringBuilder();
        Line(_headings);
        foreach (string[] row in _rows)
        {
            Line(row);
        }

        return text.ToString();

        void Line(string[] cells)
        {
            var line = new StringBuilder(_indent);
            for (int i = 0; i < cells.Length; i++)
            {
                if (leftOut && i == _optional)
                {
                    continue;
                }

                string gap = new(' ', widths[i] - Width(cells[i]));
                line.Append(i == 0 ? "" : "  ").Append(_right.Contains(i) ? gap + cells[i] : cells[i] + gap);
            }

            text.Append(line.ToString().TrimEnd()).Append(Environment.NewLine);
        }
    }

    // Counted in characters as people see them, so that accents and emoji do not shift the columns much.
    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
