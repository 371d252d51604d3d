using System.Buffers.Binary;
using System.IO.Hashing;
using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Packs;

/// <summary>An open pack. Every part is held against its checksum before it is believed. For one thread at a time.</summary>
internal sealed class PackReader : IPackAnchor
{
    /// <summary>Larger than any segment that is written: the largest task, and what it shares a segment with.</summary>
    public const int MostRawBytes = 64 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly IDisposable? _owner;
    private readonly string _path;
    private readonly PackDecompressor _decompressor = new();
    private byte[] _stored = [];
    private byte[] _anchorBytes = [];
    private int _anchorSegment = -1;

    private PackReader(SafeFileHandle file, IDisposable? owner, string path, PackLayout layout)
    {
        (_file, _owner, _path, Layout) = (file, owner, path, layout);
        byte[] index = Part(layout.Index, "its index");
        Segments = PackIndex.TryRead(index, layout, PackLayout.Mark.Length) ?? throw Damaged("its index", layout.Index.Offset);
        FirstIds = [.. Segments.Select(static segment => segment.FirstId)];
    }

    /// <summary>What the file's end says.</summary>
    public PackLayout Layout { get; }

    /// <summary>The segments, in the order of the file.</summary>
    public IReadOnlyList<IndexedSegment> Segments { get; }

    public string Sha256 => Layout.Sha256;

    public IReadOnlyList<long> FirstIds { get; }

    /// <summary>Opens a pack.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">The object that it is named by.</param>
    /// <exception cref="HarvestException">PackDamaged, PackUnsupported; the file cannot be read.</exception>
    public static PackReader Open(string path, string sha256)
    {
        FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        try
        {
            return Open(file.SafeFileHandle, file, path, sha256);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The same of a file that is open, and that is closed by its owner.</summary>
    public static PackReader Open(SafeFileHandle file, IDisposable? owner, string path, string sha256) =>
        new(file, owner, path, ReadLayout(file, path, sha256));

    /// <summary>What the end of a pack says, without a look at the rest.</summary>
    /// <exception cref="HarvestException">As <see cref="Open(string, string)"/>.</exception>
    public static PackLayout LayoutOf(string path, string sha256)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        return ReadLayout(file.SafeFileHandle, path, sha256);
    }

    /// <summary>Whether it is a patch, which is read with its anchor.</summary>
    public bool IsPatch => Layout.Anchor is not null;

    /// <summary>The tasks' order in the file; null where it is that of the segments.</summary>
    /// <exception cref="HarvestException">PackDamaged.</exception>
    public List<(long Offset, int Length)>? Order() => Layout.Order is not { } frame ? null
        : PackOrder.TryRead(Part(frame, "the order of its tasks"), Layout.Bytes) ?? throw Damaged("the order of its tasks", frame.Offset);

    /// <summary>Decodes a segment.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="anchor">The anchor of a patch; null for a whole pack.</param>
    /// <param name="raw">Receives it; has the segment's size.</param>
    /// <exception cref="HarvestException">PackDamaged; the anchor is damaged.</exception>
    public void Decode(int index, IPackAnchor? anchor, Span<byte> raw)
    {
        IndexedSegment segment = Segments[index];
        ReadOnlySpan<byte> stored = Stored(segment.Frame, $"segment {index}");
        ReadOnlySpan<byte> against = [];
        if (IsPatch)
        {
            if (anchor is null || segment.Anchor >= anchor.FirstIds.Count)
            {
                throw Damaged($"segment {index}", segment.Frame.Offset);
            }

            against = anchor.Segment(segment.Anchor);
        }

        if (!_decompressor.TryDecompress(stored, against, raw))
        {
            throw Damaged($"segment {index}", segment.Frame.Offset);
        }
    }

    /// <summary>A segment as one of an anchor; several segments of a patch in turn ask for the same.</summary>
    public ReadOnlySpan<byte> Segment(int index)
    {
        int bytes = Segments[index].Frame.Raw;
        if (_anchorSegment != index)
        {
            _anchorSegment = -1;
            if (_anchorBytes.Length < bytes)
            {
                _anchorBytes = GC.AllocateUninitializedArray<byte>(bytes);
            }

            Decode(index, null, _anchorBytes.AsSpan(0, bytes));
            _anchorSegment = index;
        }

        return _anchorBytes.AsSpan(0, bytes);
    }

    public void Dispose()
    {
        _decompressor.Dispose();
        _owner?.Dispose();
    }

    /// <summary>The same of the end alone, for who has no more of a pack.</summary>
    /// <param name="end">The last bytes of the file, <see cref="PackLayout.MostEndBytes"/> or all of them.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="sha256">The object that it is named by.</param>
    /// <exception cref="HarvestException">PackDamaged, PackUnsupported.</exception>
    public static PackLayout LayoutOfEnd(ReadOnlySpan<byte> end, string path, string sha256)
    {
        int line = end.Length < PackLayout.TailBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(end[^PackLayout.TailBytes..]);
        if (line is <= 0 or > PackLayout.MostLineBytes || line > end.Length - PackLayout.TailBytes)
        {
            throw PackErrors.PackDamaged(path, sha256, "its end", 0);
        }

        byte[] text = end.Slice(end.Length - PackLayout.TailBytes - line, line).ToArray();
        return Parse(text, end[^PackLayout.TailBytes..], path, sha256) ?? throw PackErrors.PackDamaged(path, sha256, "its end", 0);
    }

    /// <summary>The same of a file that is open.</summary>
    /// <exception cref="HarvestException">As <see cref="LayoutOf(string, string)"/>.</exception>
    public static PackLayout LayoutOf(SafeFileHandle file, string path, string sha256) => ReadLayout(file, path, sha256);

    private static PackLayout ReadLayout(SafeFileHandle file, string path, string sha256)
    {
        long length = LengthOf(file, path);
        HarvestException damaged = PackErrors.PackDamaged(path, sha256, "its end", Math.Max(0, length - PackLayout.TailBytes));
        if (length < PackLayout.Mark.Length + PackLayout.TailBytes)
        {
            throw damaged;
        }

        byte[] tail = new byte[PackLayout.TailBytes];
        RawUnits.Read(file, path, length - tail.Length, tail);
        int line = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (line is <= 0 or > PackLayout.MostLineBytes || line > length - tail.Length)
        {
            throw damaged;
        }

        byte[] text = new byte[line];
        RawUnits.Read(file, path, length - tail.Length - line, text);
        byte[] head = new byte[PackLayout.Mark.Length];
        RawUnits.Read(file, path, 0, head);
        return head.AsSpan().SequenceEqual(PackLayout.Mark) ? Parse(text, tail, path, sha256) ?? throw damaged : throw damaged;
    }

    /// <summary>Null where the line is damaged, or another object's.</summary>
    private static PackLayout? Parse(byte[] line, ReadOnlySpan<byte> tail, string path, string sha256)
    {
        if (!tail[8..].SequenceEqual(PackLayout.Mark) || Crc32.HashToUInt32(line) != BinaryPrimitives.ReadUInt32LittleEndian(tail[4..]))
        {
            return null;
        }

        PackLayout? layout = PackLayout.TryParse(line, out long version);
        return version != PackLayout.Version ? throw PackErrors.PackUnsupported(path, version) : layout?.Sha256 == sha256 ? layout : null;
    }

    private byte[] Part(PackFrame frame, string what)
    {
        if (frame.Raw is < 0 or > MostRawBytes)
        {
            throw Damaged(what, frame.Offset);
        }

        byte[] raw = new byte[frame.Raw];
        return _decompressor.TryDecompress(Stored(frame, what), [], raw) ? raw : throw Damaged(what, frame.Offset);
    }

    private ReadOnlySpan<byte> Stored(PackFrame frame, string what)
    {
        if (frame.Raw is < 0 or > MostRawBytes || frame.Stored is < 0 or > MostRawBytes || frame.Offset < 0 || frame.Offset > LengthOf(_file, _path) - frame.Stored)
        {
            throw Damaged(what, frame.Offset);
        }

        if (_stored.Length < frame.Stored)
        {
            _stored = GC.AllocateUninitializedArray<byte>(frame.Stored);
        }

        Span<byte> stored = _stored.AsSpan(0, frame.Stored);
        RawUnits.Read(_file, _path, frame.Offset, stored);
        return Crc32.HashToUInt32(stored) == frame.Crc32 ? stored : throw Damaged(what, frame.Offset);
    }

    private static long LengthOf(SafeFileHandle file, string path)
    {
        try
        {
            return RandomAccess.GetLength(file);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }

    private HarvestException Damaged(string what, long offset) => PackErrors.PackDamaged(_path, Layout.Sha256, what, offset);
}
