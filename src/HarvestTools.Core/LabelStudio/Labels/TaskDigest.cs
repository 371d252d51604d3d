using System.Buffers.Binary;
using System.Security.Cryptography;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// The labels of one task as 32 bytes, and where it is in the file; ordered by task id (a task without one first), then by the
/// bytes.
/// </summary>
internal readonly struct TaskDigest : IComparable<TaskDigest>
{
    private readonly long _id;
    private readonly long _offset;
    private readonly int _line;
    private readonly bool _hasId;

    // Not two 128-bit integers: code that touches such cannot be compiled ahead of time.
    private readonly ulong _digest0;
    private readonly ulong _digest1;
    private readonly ulong _digest2;
    private readonly ulong _digest3;

    private TaskDigest(long? id, long offset, long line, ReadOnlySpan<byte> digest)
    {
        _offset = offset;
        _line = (int)Math.Min(line, int.MaxValue);
        _id = id ?? 0;
        _hasId = id is not null;
        _digest0 = BinaryPrimitives.ReadUInt64BigEndian(digest);
        _digest1 = BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
        _digest2 = BinaryPrimitives.ReadUInt64BigEndian(digest[16..]);
        _digest3 = BinaryPrimitives.ReadUInt64BigEndian(digest[24..]);
    }

    public long? Id => _hasId ? _id : null;

    /// <summary>The digest's first eight bytes.</summary>
    public ulong Beginning => _digest0;

    /// <summary>Where the task starts in its file, in bytes from 0.</summary>
    public long ByteOffset => _offset;

    /// <summary>The line of the task's opening brace, from 1.</summary>
    public long Line => _line;

    /// <summary>SHA-256 of the task's canonical text, see <see cref="LabelHash"/>.</summary>
    /// <param name="id">The task's.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="canonical">The text.</param>
    public static TaskDigest Of(long? id, in RawTask place, ReadOnlySpan<byte> canonical)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical, digest);
        return new TaskDigest(id, place.ByteOffset, place.Line, digest);
    }

    /// <summary>64 hex digits, lower case.</summary>
    public void WriteHex(Span<byte> to)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(digest, _digest0);
        BinaryPrimitives.WriteUInt64BigEndian(digest[8..], _digest1);
        BinaryPrimitives.WriteUInt64BigEndian(digest[16..], _digest2);
        BinaryPrimitives.WriteUInt64BigEndian(digest[24..], _digest3);
        Convert.TryToHexStringLower(digest, to, out _);
    }

    public int CompareIds(TaskDigest other) =>
        _hasId != other._hasId ? (_hasId ? 1 : -1) : _id.CompareTo(other._id);

    public int CompareTo(TaskDigest other)
    {
        int order = CompareIds(other);
        order = order != 0 ? order : _digest0.CompareTo(other._digest0);
        order = order != 0 ? order : _digest1.CompareTo(other._digest1);
        order = order != 0 ? order : _digest2.CompareTo(other._digest2);
        return order != 0 ? order : _digest3.CompareTo(other._digest3);
    }

    /// <summary>Whether both have the same labels, whatever their ids.</summary>
    public bool HasLabelsOf(in TaskDigest other) =>
        _digest0 == other._digest0 && _digest1 == other._digest1 && _digest2 == other._digest2 && _digest3 == other._digest3;
}
