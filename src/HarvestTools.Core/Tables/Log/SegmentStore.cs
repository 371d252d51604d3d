using System.Collections.Concurrent;
using HarvestTools.Files;

namespace HarvestTools.Tables.Log;

/// <summary>A filled stretch of a row log: in memory, or at a place in the spill file.</summary>
internal sealed class Segment
{
    public byte[]? Buffer { get; set; }

    public int Length { get; set; }

    public long FileOffset { get; set; }
}

/// <summary>
/// Keeps the filled segments of all row logs of one run: in memory up to a budget, beyond it in one temporary file.
/// This is what keeps a large export's memory flat. Thread-safe.
/// </summary>
internal sealed class SegmentStore(string spillFolder, long memoryBudget) : IDisposable
{
    /// <summary>Size of one segment in bytes; also the largest read when rows come back.</summary>
    public const int SegmentBytes = 256 * 1024;

    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly Lock _spilling = new();
    private readonly List<Segment> _kept = [];
    private FileStream? _spill;
    private long _held;
    private long _spilled;

    /// <summary>Bytes that went to the spill file.</summary>
    public long SpilledBytes => Volatile.Read(ref _spilled);

    public byte[] Rent() => _free.TryTake(out byte[]? buffer) ? buffer : new byte[SegmentBytes];

    /// <summary>Takes over a filled buffer; the caller must not touch it again.</summary>
    /// <exception cref="HarvestException">It had to be spilled, and the file system refused that.</exception>
    public void Keep(Segment segment, byte[] buffer, int length)
    {
        segment.Length = length;
        if (Interlocked.Add(ref _held, buffer.Length) <= memoryBudget)
        {
            segment.Buffer = buffer;
            lock (_spilling)
            {
                _kept.Add(segment);
            }

            return;
        }

        Interlocked.Add(ref _held, -buffer.Length);
        Spill(segment, buffer);
        if (buffer.Length == SegmentBytes)
        {
            _free.Add(buffer);
        }
    }

    /// <summary>
    /// Says that all rows are there. Where some of them are in the file, so are all from now on: who reads them back needs the memory
    /// more. Nothing may be kept after it.
    /// </summary>
    /// <exception cref="HarvestException">The file system refused it.</exception>
    public void Settle()
    {
        if (SpilledBytes > 0)
        {
            _free.Clear();
            foreach (Segment segment in _kept)
            {
                Spill(segment, segment.Buffer!);
                segment.Buffer = null;
            }
        }

        _kept.Clear();
    }

    private void Spill(Segment segment, byte[] buffer)
    {
        try
        {
            lock (_spilling)
            {
                _spill ??= OpenSpill();
                FileFaults.Before(FileCall.Write, _spill.Name);
                RandomAccess.Write(_spill.SafeFileHandle, buffer.AsSpan(0, segment.Length), _spilled);
                segment.FileOffset = _spilled;
                _spilled += segment.Length;
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, spillFolder, "write");
        }
    }

    /// <summary>Reads a stretch of a spilled segment.</summary>
    public void Read(Segment segment, int offset, Span<byte> destination)
    {
        long position = segment.FileOffset + offset;
        while (destination.Length > 0)
        {
            FileFaults.Before(FileCall.Read, _spill!.Name);
            int read = RandomAccess.Read(_spill!.SafeFileHandle, destination, position);
            if (read == 0)
            {
                throw RowLogErrors.SpillFileCutShort(_spill.Name);
            }

            destination = destination[read..];
            position += read;
        }
    }

    public void Dispose() => _spill?.Dispose();

    private FileStream OpenSpill()
    {
        DurableFolder.Ensure(spillFolder);
        StaleFiles.Sweep(spillFolder);
        string path = Path.Combine(spillFolder, $".tmp-{Environment.ProcessId}-{Guid.NewGuid():N}.rows");

        // Deleted by the system when the handle closes, on every platform and also when the process is killed
        // (on Unix .NET unlinks it on close; a killed process leaves it, and fsck knows it by its name).
        return FileFaults.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
    }
}
