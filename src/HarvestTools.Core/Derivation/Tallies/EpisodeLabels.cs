using System.Buffers.Binary;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Tallies;

/// <summary>
/// The labels of one episode as far as people made them, without a word of who, when, under which task id or in which project.
/// Sums of hashes, so that neither the order of tasks nor that of workers matters.
/// </summary>
internal sealed class EpisodeLabels
{
    /// <summary>Bytes that it is packed into.</summary>
    public const int PackedBytes = 40;

    /// <summary>
    /// The sum of the hashes of the different labels that people drew or changed, and of the predicted ones that they deleted:
    /// equal where people labelled alike.
    /// </summary>
    public Digest128 Digest { get; private set; }

    /// <summary>How many these are.</summary>
    public long Made { get; private set; }

    /// <summary>How many different labels there are, those taken over from a prediction included and deleted ones left out.</summary>
    public long All { get; private set; }

    /// <summary>Rows by their origin an accepted prediction, which another annotator who agrees drew or changed.</summary>
    public long OverruledRows { get; private set; }

    public void AddOverruled(long rows) => OverruledRows += rows;

    public void Add(Digest128 digest, long made, long all)
    {
        Digest += digest;
        Made += made;
        All += all;
    }

    public void Merge(EpisodeLabels other)
    {
        Add(other.Digest, other.Made, other.All);
        AddOverruled(other.OverruledRows);
    }

    public byte[] Pack()
    {
        var packed = new byte[PackedBytes];
        Digest.WriteLittleEndian(packed);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(16), Made);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(24), All);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(32), OverruledRows);
        return packed;
    }

    /// <summary>Whether these bytes can be what was packed: no count is negative.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> packed) =>
        packed.Length == PackedBytes && MadeOf(packed) >= 0 && AllOf(packed) >= 0 && OverruledRowsOf(packed) >= 0;

    /// <summary><see cref="Made"/> of what was packed.</summary>
    public static long MadeOf(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadInt64LittleEndian(packed[Digest128.Bytes..]);

    /// <summary><see cref="All"/> of what was packed.</summary>
    public static long AllOf(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadInt64LittleEndian(packed[24..]);

    /// <summary>Adds what was packed; false where it is none.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packed)
    {
        if (!IsPacked(packed))
        {
            return false;
        }

        Add(Digest128.ReadLittleEndian(packed), MadeOf(packed), AllOf(packed));
        AddOverruled(OverruledRowsOf(packed));
        return true;
    }

    private static long OverruledRowsOf(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadInt64LittleEndian(packed[32..]);
}
