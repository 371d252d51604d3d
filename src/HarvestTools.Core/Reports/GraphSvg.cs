namespace HarvestTools.Reports;

/// <summary>Draws one slice's part of the graph: a head of fixed height with the node, and a tail that grows with the text beside it.</summary>
internal static class GraphSvg
{
    private const int Lane = 20;
    private const int Margin = 12;
    private const int Head = 56;
    private const int NodeY = 30;
    private const int Colors = 6;

    public static int Width(IReadOnlyList<GraphRow> rows) =>
        (2 * Margin) + (Lane * rows.SelectMany(static row => row.Passing.Append(row.Node)).DefaultIfEmpty(0).Max());

    /// <param name="to">Where to draw.</param>
    /// <param name="row">The lines.</param>
    /// <param name="width">Of the whole graph, in pixels.</param>
    /// <param name="mark">The node's classes, such as <c>trained drifted</c>.</param>
    public static void Draw(HtmlWriter to, GraphRow row, int width, string mark)
    {
        to.Add($"<div class=\"graph\" aria-hidden=\"true\"><svg class=\"head\" width=\"{width}\" height=\"{Head}\" viewBox=\"0 0 {width} {Head}\">");
        foreach (int lane in row.Passing)
        {
            to.Add($"<path class=\"l{lane % Colors}\" d=\"M{X(lane)} 0V{Head}\"/>");
        }

        foreach (int lane in row.Joins)
        {
            to.Add($"<path class=\"l{lane % Colors}\" d=\"M{X(lane)} 0C{X(lane)} {NodeY * 2 / 3} {X(row.Node)} {NodeY / 3} {X(row.Node)} {NodeY}\"/>");
        }

        if (row.Continues)
        {
            to.Add($"<path class=\"l{row.Node % Colors}\" d=\"M{X(row.Node)} {NodeY}V{Head}\"/>");
        }

        to.Add($"<circle class=\"l{row.Node % Colors} {mark}\" cx=\"{X(row.Node)}\" cy=\"{NodeY}\" r=\"6\"/></svg>");
        int[] tails = [.. row.Passing, .. row.Continues ? [row.Node] : Array.Empty<int>()];
        if (tails.Length > 0)
        {
            to.Add($"<svg class=\"tail\" width=\"{width}\" viewBox=\"0 0 {width} 10\" preserveAspectRatio=\"none\">");
            foreach (int lane in tails)
            {
                to.Add($"<path class=\"l{lane % Colors}\" d=\"M{X(lane)} 0V10\"/>");
            }

            to.Add($"</svg>");
        }

        to.Add($"</div>");
    }

    private static int X(int lane) => Margin + (Lane * lane);
}
