using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Packs;

namespace HarvestTools.Fuzz.Targets;

/// <summary>The pack of an export, whole or a patch, as it is and with checksums that fit, so that a change is decoded and not merely refused.</summary>
internal sealed class PackTarget : FuzzTarget
{
    private readonly ScratchFolder _folder = new();
    private readonly PackFolder _packs;
    private readonly List<byte[]> _seeds = [];
    private readonly string _anchor;

    public PackTarget()
    {
        _packs = new PackFolder(_folder[""]);
        _anchor = Pack(Export([1, 2, 3, 5, 8], 0), null);
        foreach (string sha256 in (string[])[_anchor, Pack(Export([2, 3, 5, 9], 1), _anchor), Pack(Export([8, 1, 5, 2], 2), _anchor), Pack("no tasks"u8.ToArray(), null)])
        {
            _seeds.Add(File.ReadAllBytes(_packs.PathOf(sha256)));
        }
    }

    public override string Name => "pack";

    public override IReadOnlyList<byte[]> Seeds => _seeds;

    public override void Run(byte[] input)
    {
        foreach (byte[] pack in (byte[][])[input, Mend(input)])
        {
            string sha256 = LayoutOf(pack)?.Sha256 is { } own && own != _anchor ? own : new string('0', 64);
            string path = _packs.PathOf(sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ScratchFolder.Write(path, pack);
            string first = Outcome(() => Read(sha256));
            Require(first == Outcome(() => Read(sha256)), "Two readings differ.");
            File.Delete(path);
        }
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    private string Read(string sha256)
    {
        using PackStream stream = _packs.TryOpen(sha256, static _ => null)!;
        byte[] buffer = new byte[64 * 1024];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        for (int read; (read = stream.Read(buffer)) > 0; bytes += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        Require(bytes == stream.Length, "It gave another number of bytes than it says.");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string Pack(byte[] bytes, string? against)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        ScratchFolder.Write(_folder["raw"], bytes);
        using FileStream raw = AtomicFile.OpenRead(_folder["raw"]);
        PackUnits? units = PackUnits.TryCut(raw, "raw", CancellationToken.None);
        using IPackAnchor? anchor = against is null ? null : _packs.OpenAnchor(against, static _ => null);
        Directory.CreateDirectory(Path.GetDirectoryName(_packs.PathOf(sha256))!);
        using FileStream target = File.Create(_packs.PathOf(sha256));
        _ = PackWriter.Write(raw, sha256, units, anchor, target, null, CancellationToken.None);
        return sha256;
    }

    private static byte[] Export(int[] ids, int seed)
    {
        var random = new Random(seed);
        return Encoding.UTF8.GetBytes($"[{string.Join(',', ids.Select(id => $"{{\"id\":{id},\"annotations\":[{{\"x\":{random.NextDouble()}}}]}}"))}]");
    }

    private static PackLayout? LayoutOf(ReadOnlySpan<byte> pack)
    {
        if (pack.Length < PackLayout.TailBytes || BinaryPrimitives.ReadInt32LittleEndian(pack[^PackLayout.TailBytes..]) is var line && (line <= 0 || line > pack.Length - PackLayout.TailBytes))
        {
            return null;
        }

        return PackLayout.TryParse(pack.Slice(pack.Length - PackLayout.TailBytes - line, line).ToArray(), out _);
    }

    /// <summary>The pack with the checksums of its parts, and of its segments as far as they are in it.</summary>
    private static byte[] Mend(byte[] pack)
    {
        if (LayoutOf(pack) is not { } layout || Frame(pack, layout.Index) is not { } frame || layout.Index.Raw is < 0 or > 1_000_000)
        {
            return pack;
        }

        byte[] index = new byte[layout.Index.Raw];
        using var decompressor = new PackDecompressor();
        if (!decompressor.TryDecompress(frame, [], index))
        {
            return pack;
        }

        int at = 0;
        long offset = PackLayout.Mark.Length;
        while (Varint.TryRead(index, ref at, out _) && Varint.TryRead(index, ref at, out ulong stored) && Varint.TryRead(index, ref at, out _) && index.Length - at >= 4)
        {
            if (stored > int.MaxValue || Frame(pack, new PackFrame(offset, (int)stored, 0, 0)) is not { } segment)
            {
                break;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(index.AsSpan(at), Crc32.HashToUInt32(segment));
            at += 4;
            offset += (long)stored;
        }

        using var compressor = new PackCompressor();
        byte[] room = new byte[PackCompressor.MostBytes(index.Length)];
        byte[] now = room[..compressor.Compress(index, [], room)];
        byte[] before = pack[..(pack.Length - PackLayout.TailBytes)];
        PackFrame? order = layout.Order is { } of && Frame(pack, of) is { } bytes ? of with { Crc32 = Crc32.HashToUInt32(bytes) } : layout.Order;
        PackLayout mended = layout with { Index = new PackFrame(before.Length, now.Length, index.Length, Crc32.HashToUInt32(now)), Order = order };
        return [.. before, .. now, .. mended.ToBytes()];
    }

    private static byte[]? Frame(byte[] pack, PackFrame frame) =>
        frame.Offset < 0 || frame.Stored < 0 || frame.Offset > pack.Length - frame.Stored ? null : pack.AsSpan((int)frame.Offset, frame.Stored).ToArray();
}
