using System.Security.Cryptography;

namespace HarvestTools.Exports;

/// <summary>The labels of one task as 32 bytes; ordered by task id (a task without one first), then by the bytes.</summary>
internal readonly struct TaskDigest : IComparable<TaskDigest>
{
    private readonly long _id;
    private readonly bool _hasId;
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private TaskDigest(long? id, UInt128 high, UInt128 low)
    {
        _id = id ?? 0;
        _hasId = id is not null;
        _high = high;
        _low = low;
    }

    public long? Id => _hasId ? _id : null;

    /// <summary>SHA-256 of the task's canonical text, see <see cref="LabelHash"/>.</summary>
    public static TaskDigest Of(long? id, ReadOnlySpan<byte> canonical)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical, digest);
        return new TaskDigest(
            id,
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    /// <summary>64 hex digits, lower case.</summary>
    public void WriteHex(Span<byte> to)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(digest, _high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(digest[16..], _low);
        Convert.TryToHexStringLower(digest, to, out _);
    }

    public int CompareIds(TaskDigest other) =>
        _hasId != other._hasId ? (_hasId ? 1 : -1) : _id.CompareTo(other._id);

    public int CompareTo(TaskDigest other)
    {
        int order = CompareIds(other);
        order = order != 0 ? order : _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }
}
