using System.Globalization;

namespace HarvestTools.Reports;

/// <summary>Draws each slice's part of the graph: rows of one height, so that the lines of neighbours meet.</summary>
/// <param name="rows">All lines.</param>
internal sealed class GraphSvg(IReadOnlyList<GraphRow> rows)
{
    /// <summary>The height of a row, which the style sheet knows as <c>--row</c>.</summary>
    public const int Height = 56;

    private const int NodeY = Height / 2;
    private const int Margin = 12;
    private const int Colors = 6;

    // A narrow screen has room for about so much beside the text; many lanes move closer together.
    private const double Room = 108;
    private const double Widest = 18;

    private readonly int _lanes = rows.SelectMany(static row => row.Passing.Concat(row.Forks).Append(row.Node)).DefaultIfEmpty(0).Max();

    private double Lane => Math.Min(Widest, Room / Math.Max(1, _lanes));

    private string Width => Text((2 * Margin) + (Lane * _lanes));

    /// <param name="to">Where to draw.</param>
    /// <param name="row">The lines.</param>
    /// <param name="mark">The node's classes, such as <c>trained drifted</c>.</param>
    public void Draw(HtmlWriter to, GraphRow row, string mark)
    {
        to.Add($"<svg class=\"graph\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" aria-hidden=\"true\">");
        foreach (int lane in row.Passing)
        {
            to.Add($"<path class=\"l{lane % Colors}\" d=\"M{X(lane)} 0V{Height}\"/>");
        }

        foreach (int lane in row.Joins)
        {
            to.Add($"<path class=\"l{lane % Colors}\" d=\"M{X(lane)} 0C{X(lane)} {NodeY * 2 / 3} {X(row.Node)} {NodeY / 3} {X(row.Node)} {NodeY}\"/>");
        }

        if (row.Continues)
        {
            to.Add($"<path class=\"l{row.Node % Colors}\" d=\"M{X(row.Node)} {NodeY}V{Height}\"/>");
        }

        foreach (int lane in row.Forks)
        {
            to.Add($"<path class=\"l{lane % Colors}\" d=\"M{X(row.Node)} {NodeY}C{X(row.Node)} {Height - (NodeY / 3)} {X(lane)} {Height - (NodeY * 2 / 3)} {X(lane)} {Height}\"/>");
        }

        to.Add($"<circle class=\"l{row.Node % Colors} {mark}\" cx=\"{X(row.Node)}\" cy=\"{NodeY}\" r=\"6\"/></svg>");
    }

    private string X(int lane) => Text(Margin + (Lane * lane));

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
