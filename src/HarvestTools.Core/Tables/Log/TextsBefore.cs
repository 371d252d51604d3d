using HarvestTools.Strings;

namespace HarvestTools.Tables.Log;

/// <summary>The texts of the row that was given last, which the next one may leave out where it has the same.</summary>
internal sealed class TextsBefore
{
    private readonly RememberedText _medium = new();
    private Utf8Text _taskSubdir;
    private Utf8Text _episode;

    /// <param name="run">The run of the row that comes next.</param>
    /// <param name="medium">The texts of its medium, as they were written.</param>
    public bool Are(in RowRun run, ReadOnlySpan<byte> medium) =>
        _medium.Is(medium) && run.First.Episode == _episode && run.First.TaskSubdir == _taskSubdir;

    public void Set(in RowRun run, ReadOnlySpan<byte> medium)
    {
        (_taskSubdir, _episode) = (run.First.TaskSubdir, run.First.Episode);
        if (!_medium.Is(medium))
        {
            _medium.Set(medium);
        }
    }

    public void Forget() => _medium.Forget();
}
