using System.Runtime.ExceptionServices;
using HarvestTools.Files;

namespace HarvestTools.Remotes.Streams;

/// <summary>A stream whose reader is watched, and which says how much of it was sent.</summary>
/// <param name="inner">The bytes. Disposed by who gave them.</param>
/// <param name="watch">Learns of each read.</param>
/// <param name="sent">Receives how many bytes were read to be sent; fewer than none where it begins again. Null for nobody.</param>
/// <param name="hashedFirst">
/// Whether all bytes are read once before they are sent. A fault of that pass is thrown at its end, when the reader goes back: the SDK of
/// S3 hashes with one object a thread, and one that was left halfway gives the next file of that thread another hash.
/// </param>
internal sealed class WatchedStream(Stream inner, SilenceWatch watch, Action<int>? sent = null, bool hashedFirst = false) : ReadOnlyStream
{
    private bool _sends = !hashedFirst;
    private ExceptionDispatchInfo? _fault;
    private long _reported;

    public override bool CanSeek => inner.CanSeek;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        watch.Moved();
        if (!_sends)
        {
            return ReadToHash(buffer);
        }

        int read = inner.Read(buffer);
        sent?.Invoke(read);
        _reported += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        _fault?.Throw();
        long before = inner.Position;
        long after = inner.Seek(offset, origin);
        if (after < before)
        {
            _sends = true;
            for (; _reported > 0; _reported -= Math.Min(_reported, int.MaxValue))
            {
                sent?.Invoke(-(int)Math.Min(_reported, int.MaxValue));
            }
        }

        return after;
    }

    private int ReadToHash(Span<byte> buffer)
    {
        try
        {
            return _fault is null ? inner.Read(buffer) : 0;
        }
        catch (Exception fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
            return 0;
        }
    }
}
