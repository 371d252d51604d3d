using System.Buffers;
using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// A file that was hashed as a whole through the very handle from which it is then read, and that has the SHA-256 it should
/// have. It is the only way to a table reader: what Parquet.Net reads is what the record of the table is about. Not thread-safe.
/// </summary>
internal sealed class VerifiedFile : ReadOnlyStream
{
    // The file is read in pieces of this size. One that is no larger is read once, to be hashed and to be decoded.
    private const int WindowBytes = 1024 * 1024;

    private readonly Stream _input;
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private long _windowStart;
    private int _windowLength;
    private long _position;
    private long? _end;
    private bool _disposed;

    private VerifiedFile(Stream input, string name)
    {
        _input = input;
        Name = name;
        Length = input.Length;
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <summary>The file's size in bytes when it was hashed; bytes that somebody appends later are not read.</summary>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>
    /// Where reading ends before the end of the file, null where it does not. Parquet.Net reads pages until it has all values:
    /// where those of a column are fewer than they claim, it would go on with what follows the column.
    /// </summary>
    public long? ReadEnd
    {
        set => _end = value;
    }

    private long End => _end ?? Length;

    /// <summary>Opens a file and hashes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">The SHA-256 that it should have, 64 lower-case hex digits.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>: it has another; or the file cannot be read.</exception>
    public static VerifiedFile Open(string path, string sha256, CancellationToken cancellation = default) =>
        Open(AtomicFile.OpenRead(path, bufferBytes: 0), path, sha256, cancellation);

    /// <summary>Hashes a file that is open.</summary>
    /// <param name="input">Can seek; disposed with the result, and where this fails.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="sha256">The SHA-256 that it should have, 64 lower-case hex digits.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>: it has another; or the file cannot be read.</exception>
    public static VerifiedFile Open(Stream input, string name, string sha256, CancellationToken cancellation = default)
    {
        var file = new VerifiedFile(input, name);
        try
        {
            string actual = file.Hash(cancellation);
            return actual == sha256
                ? file
                : throw ParquetErrors.ParquetDamaged(name, "the file as a whole", $"its SHA-256 is {actual} and should be {sha256}");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ReadOnlySpan<byte> next = Next(buffer.Length);
        next.CopyTo(buffer);
        return next.Length;
    }

    /// <summary>The next bytes without a copy of them, valid until more is read; empty at the end.</summary>
    public ReadOnlySpan<byte> Next(int most)
    {
        if (_position >= End || most <= 0)
        {
            return [];
        }

        Fetch();
        int at = (int)(_position - _windowStart);
        int count = (int)Math.Min(Math.Min(most, _windowLength - at), End - _position);
        _position += count;
        return _window.AsSpan(at, count);
    }

    /// <summary>The next byte; unlike other streams it has no -1, which Parquet.Net takes for a byte of a number that goes on.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    public override int ReadByte()
    {
        if (_position >= End)
        {
            throw new EndOfStreamException("A page's header reaches beyond its column or the file.");
        }

        Fetch();
        return _window[_position++ - _windowStart];
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _input.Dispose();
            ArrayPool<byte>.Shared.Return(_window);
        }

        base.Dispose(disposing);
    }

    private string Hash(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < Length; at += _windowLength)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(at);
            hash.AppendData(_window, 0, _windowLength);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Has the window hold the byte at the position.</summary>
    private void Fetch()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position < _windowStart || _position >= _windowStart + _windowLength)
        {
            Fill(_position);
        }
    }

    private void Fill(long start)
    {
        int wanted = (int)Math.Min(WindowBytes, Length - start);
        int read;
        try
        {
            _input.Position = start;
            read = _input.ReadAtLeast(_window.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, Name, "read");
        }

        if (read < wanted)
        {
            throw ParquetErrors.ParquetDamaged(Name, "end", "the file has become shorter while it was read");
        }

        (_windowStart, _windowLength) = (start, read);
    }
}
