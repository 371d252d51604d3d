namespace HarvestTools.History;

/// <summary>Draws branch lines beside a list of versions, newest first, as <c>git log --graph</c> does.</summary>
internal sealed class HistoryGraph
{
    // Each open branch line waits for the version it leads down to.
    private readonly List<string?> _lanes = [];

    /// <summary>The lines of the next version: where branches run together above it, then its own line.</summary>
    /// <param name="version">The version; every child of it must have been drawn before.</param>
    /// <param name="parent">The version it follows; null, or one that is not in the list, for a root.</param>
    public IReadOnlyList<string> Next(string version, string? parent)
    {
        var lines = new List<string>();
        int lane = _lanes.IndexOf(version);
        if (lane < 0)
        {
            lane = _lanes.Count;
            _lanes.Add(version);
        }

        for (int other; (other = _lanes.IndexOf(version, lane + 1)) >= 0;)
        {
            lines.Add(JoinLine(lane, other));
            _lanes.RemoveAt(other);
        }

        lines.Add(Line(lane, '*'));
        _lanes[lane] = parent;
        if (parent is null)
        {
            _lanes.RemoveAt(lane);
        }

        return lines;
    }

    // "|/" where the right-hand line ends in the one beside it, "|_|/" where it crosses others.
    private string JoinLine(int into, int from)
    {
        var line = new char[2 * _lanes.Count];
        Array.Fill(line, ' ');
        for (int i = 0; i < _lanes.Count; i++)
        {
            if (i != from)
            {
                line[2 * i] = i < from ? '|' : '/';
            }
        }

        for (int i = into; i < from - 1; i++)
        {
            line[(2 * i) + 1] = '_';
        }

        line[(2 * from) - 1] = '/';
        if (from + 1 < _lanes.Count)
        {
            // Lines to the right move one place to the left.
            for (int i = from + 1; i < _lanes.Count; i++)
            {
                line[2 * i] = ' ';
                line[(2 * i) - 1] = '/';
            }
        }

        return new string(line).TrimEnd();
    }

    private string Line(int lane, char mark) =>
        string.Join(' ', _lanes.Select((_, i) => i == lane ? mark : '|'));
}
