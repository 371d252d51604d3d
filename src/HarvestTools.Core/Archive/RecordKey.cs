using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Archive;

/// <summary>A SHA-256 as four numbers, in the order of its hexadecimal text.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct HashKey(ulong A, ulong B, ulong C, ulong D) : IComparable<HashKey>
{
    /// <param name="sha256">64 lower-case digits; null gives none, which no hash is.</param>
    public static HashKey Of(string? sha256)
    {
        if (sha256 is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        _ = Convert.FromHexString(sha256, bytes, out _, out _);
        return new HashKey(Number(bytes, 0), Number(bytes, 8), Number(bytes, 16), Number(bytes, 24));
    }

    public int CompareTo(HashKey other)
    {
        int order = A.CompareTo(other.A);
        order = order != 0 ? order : B.CompareTo(other.B);
        order = order != 0 ? order : C.CompareTo(other.C);
        return order != 0 ? order : D.CompareTo(other.D);
    }

    public override string ToString() => string.Create(null, $"{A:x16}{B:x16}{C:x16}{D:x16}");

    private static ulong Number(ReadOnlySpan<byte> bytes, int place) => BinaryPrimitives.ReadUInt64BigEndian(bytes[place..]);
}

/// <summary>What of one record others are asked for by, in a fixed number of bytes.</summary>
/// <param name="Sha256">The export.</param>
/// <param name="Labels">Its label hash where it can be compared; else none.</param>
/// <param name="Path">Of its recorded path; 0 where it has none.</param>
/// <param name="Through">Where its labels end, in ticks of UTC; the least number where that is not known.</param>
/// <param name="Added">When it was added, in ticks of UTC.</param>
/// <param name="Project">The place of the recorded project name among those of <see cref="RecordKeys"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RecordKey(HashKey Sha256, HashKey Labels, ulong Path, long Through, long Added, long Project)
{
    public static RecordKey Of(ExportRecord record, int project) => new(
        HashKey.Of(record.Sha256),
        HashKey.Of(record.ComparableLabels),
        PathKey(record.Path),
        record.LabelsThrough?.Instant.UtcTicks ?? long.MinValue,
        record.AddedAt.Instant.UtcTicks,
        project);

    public static ulong PathKey(string? path)
    {
        if (path is null)
        {
            return 0;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(path), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest) | 1;
    }

    /// <summary>Whether all of both is the same.</summary>
    public static bool AreSame(in RecordKey x, in RecordKey y) =>
        ByLabels(x, y) == 0 && x.Path == y.Path && x.Through == y.Through;

    /// <summary>By export.</summary>
    public static int BySha256(in RecordKey x, in RecordKey y)
    {
        int order = x.Sha256.CompareTo(y.Sha256);
        return order != 0 ? order : x.Project.CompareTo(y.Project);
    }

    /// <summary>By labels, then by project, and the one that was added first at first.</summary>
    public static int ByLabels(in RecordKey x, in RecordKey y)
    {
        int order = x.Labels.CompareTo(y.Labels);
        return order != 0 ? order : ByProject(x, y);
    }

    /// <summary>By recorded path, then as above.</summary>
    public static int ByPath(in RecordKey x, in RecordKey y)
    {
        int order = x.Path.CompareTo(y.Path);
        return order != 0 ? order : ByProject(x, y);
    }

    /// <summary>By project, the newest last, as far as records say.</summary>
    public static int ByAge(in RecordKey x, in RecordKey y)
    {
        int order = x.Project.CompareTo(y.Project);
        order = order != 0 ? order : x.Through.CompareTo(y.Through);
        order = order != 0 ? order : x.Added.CompareTo(y.Added);
        return order != 0 ? order : x.Sha256.CompareTo(y.Sha256);
    }

    /// <summary>The one that was added first at first, whatever the project.</summary>
    public static int ByAddition(in RecordKey x, in RecordKey y)
    {
        int order = x.Added.CompareTo(y.Added);
        return order != 0 ? order : x.Sha256.CompareTo(y.Sha256);
    }

    private static int ByProject(in RecordKey x, in RecordKey y)
    {
        int order = x.Project.CompareTo(y.Project);
        return order != 0 ? order : ByAddition(x, y);
    }
}
