namespace HarvestTools.Remotes.Streams;

/// <summary>Cancels a request when nothing moved for a while, however long it takes in all.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _outer;
    private readonly TimeSpan _patience;

    /// <param name="patience">How long nothing may move.</param>
    /// <param name="cancellation">What else ends the request.</param>
    public SilenceWatch(TimeSpan patience, CancellationToken cancellation)
    {
        _patience = patience;
        _outer = cancellation;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _source.CancelAfter(patience);
    }

    /// <summary>Cancelled when the request is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was silence that ended the request.</summary>
    public bool Expired => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    /// <summary>What was waited for, for messages.</summary>
    public string Trouble => $"nothing came for {Math.Max(1, (int)_patience.TotalSeconds)} s";

    /// <summary>Something moved.</summary>
    public void Moved() => _source.CancelAfter(_patience);

    public void Dispose() => _source.Dispose();
}
