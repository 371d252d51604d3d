namespace HarvestTools.Tables.Log;

/// <summary>The texts of the row that was given last, which the next one may leave out where it has the same.</summary>
internal sealed class TextsBefore
{
    private readonly RememberedText _medium = new();
    private RunEpisode _episode = new(default, default);

    /// <param name="episode">That of the row that comes next.</param>
    /// <param name="medium">The texts of its medium, as they were written.</param>
    public bool Are(RunEpisode episode, ReadOnlySpan<byte> medium) => _medium.Is(medium) && episode == _episode;

    public void Set(RunEpisode episode, ReadOnlySpan<byte> medium)
    {
        _episode = episode;
        if (!_medium.Is(medium))
        {
            _medium.Set(medium);
        }
    }

    public void Forget() => _medium.Forget();
}
