using System.Buffers.Binary;

namespace HarvestTools.Derivation.Tallies;

/// <summary>
/// The labels of one episode as far as people made them, without a word of who, when, under which task id or in which project.
/// Sums of hashes, so that neither the order of tasks nor that of workers matters.
/// </summary>
internal sealed class EpisodeLabels
{
    private const int PackedBytes = 32;

    /// <summary>
    /// The sum of the hashes of the different labels that people drew or changed, and of the predicted ones that they deleted:
    /// equal where people labelled alike.
    /// </summary>
    public UInt128 Digest { get; private set; }

    /// <summary>How many these are.</summary>
    public long Made { get; private set; }

    /// <summary>How many different labels there are, those taken over from a prediction included and deleted ones left out.</summary>
    public long All { get; private set; }

    public void Add(UInt128 digest, long made, long all)
    {
        Digest += digest;
        Made += made;
        All += all;
    }

    public void Merge(EpisodeLabels other) => Add(other.Digest, other.Made, other.All);

    public byte[] Pack()
    {
        var packed = new byte[PackedBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(packed, Digest);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(16), Made);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(24), All);
        return packed;
    }

    /// <summary>Adds what was packed; false where it is none.</summary>
    public bool TryAdd(ReadOnlySpan<byte> packed)
    {
        if (packed.Length != PackedBytes
            || BinaryPrimitives.ReadInt64LittleEndian(packed[16..]) is not (>= 0 and var made)
            || BinaryPrimitives.ReadInt64LittleEndian(packed[24..]) is not (>= 0 and var all))
        {
            return false;
        }

        Add(BinaryPrimitives.ReadUInt128LittleEndian(packed), made, all);
        return true;
    }
}
