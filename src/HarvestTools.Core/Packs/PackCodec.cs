using ZstdSharp;
using ZstdSharp.Unsafe;

namespace HarvestTools.Packs;

/// <summary>Compresses frames of zstd, each alone or as a patch against other bytes. For one thread at a time.</summary>
internal sealed unsafe class PackCompressor : IDisposable
{
    // As native zstd has it where nobody says: further levels cost several times the time for a tenth of the size.
    private const int Level = 3;

    // Covers a segment and the one that it is a patch against, with room for large tasks.
    private const int WindowLog = 26;

    private ZSTD_CCtx_s* _context;

    public PackCompressor()
    {
        _context = Methods.ZSTD_createCCtx();
        Set(ZSTD_cParameter.ZSTD_c_compressionLevel, Level);
    }

    /// <summary>Room that a frame of so many bytes needs at most.</summary>
    public static int MostBytes(int raw) => checked((int)Methods.ZSTD_compressBound((nuint)raw));

    /// <summary>Compresses bytes into a frame of its own; returns its size.</summary>
    /// <param name="raw">The bytes.</param>
    /// <param name="against">What they are a patch against; empty for none.</param>
    /// <param name="target">Has <see cref="MostBytes"/>.</param>
    public int Compress(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> against, Span<byte> target)
    {
        fixed (byte* source = raw)
        fixed (byte* prefix = against)
        fixed (byte* destination = target)
        {
            // Alone, the window is what the frame needs; as a patch it covers what the patch is against too.
            Set(ZSTD_cParameter.ZSTD_c_windowLog, against.IsEmpty ? 0 : WindowLog);
            if (!against.IsEmpty)
            {
                PackDecompressor.Require(Methods.ZSTD_CCtx_refPrefix(_context, prefix, (nuint)against.Length));
            }

            return checked((int)PackDecompressor.Require(Methods.ZSTD_compress2(_context, destination, (nuint)target.Length, source, (nuint)raw.Length)));
        }
    }

    public void Dispose()
    {
        if (_context != null)
        {
            _ = Methods.ZSTD_freeCCtx(_context);
            _context = null;
        }
    }

    private void Set(ZSTD_cParameter parameter, int value) => PackDecompressor.Require(Methods.ZSTD_CCtx_setParameter(_context, parameter, value));
}

/// <summary>Decompresses what <see cref="PackCompressor"/> makes, and any frame of zstd of known size. For one thread at a time.</summary>
internal sealed unsafe class PackDecompressor : IDisposable
{
    private ZSTD_DCtx_s* _context = Methods.ZSTD_createDCtx();

    /// <summary>Whether the frame gives exactly so many bytes; false for one that is damaged.</summary>
    /// <param name="frame">One frame.</param>
    /// <param name="against">What it is a patch against; empty for none.</param>
    /// <param name="raw">Receives the bytes, and is filled by them.</param>
    public bool TryDecompress(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> against, Span<byte> raw)
    {
        fixed (byte* source = frame)
        fixed (byte* prefix = against)
        fixed (byte* destination = raw)
        {
            Require(Methods.ZSTD_DCtx_refPrefix(_context, prefix, (nuint)against.Length));
            nuint result = Methods.ZSTD_decompressDCtx(_context, destination, (nuint)raw.Length, source, (nuint)frame.Length);
            return !Methods.ZSTD_isError(result) && result == (nuint)raw.Length;
        }
    }

    public void Dispose()
    {
        if (_context != null)
        {
            _ = Methods.ZSTD_freeDCtx(_context);
            _context = null;
        }
    }

    /// <exception cref="ZstdException">The library refuses.</exception>
    internal static nuint Require(nuint result) => Methods.ZSTD_isError(result)
        ? throw new ZstdException(Methods.ZSTD_getErrorCode(result), Methods.ZSTD_getErrorName(result))
        : result;
}
