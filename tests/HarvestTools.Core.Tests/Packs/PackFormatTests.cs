using System.Text;
using HarvestTools.Packs;

namespace HarvestTools.Tests.Packs;

/// <summary>What is packed comes out byte for byte, whatever it is, and a pack that was changed never gives other bytes.</summary>
public sealed class PackFormatTests : IDisposable
{
    private readonly PackFile _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<string, byte[]> Shapes => new()
    {
        { "in order", PackFile.Export(Enumerable.Range(1, 900)) },
        { "in another order", PackFile.Export(Shuffled(900, 1)) },
        { "backwards", PackFile.Export(Enumerable.Range(1, 900).Reverse()) },
        { "spaced, with an end of its own", PackFile.Export(Enumerable.Range(1, 60), separator: "  ,\r\n\t", end: " \n]\n\n") },
        { "byte order mark", [0xEF, 0xBB, 0xBF, .. PackFile.Export(Enumerable.Range(1, 40))] },
        { "an id twice", PackFile.Export([3, 1, 3, 2, 1]) },
        { "one task", PackFile.Export([7], bytes: 900_000) },
        { "large ids", PackFile.Export([int.MaxValue, 1, int.MaxValue - 1]) },
        { "no ids", Encoding.UTF8.GetBytes("[{\"a\":1},{\"b\":[2]}]") },
        { "ids that are none", Encoding.UTF8.GetBytes("[{\"id\":\"x\"},{\"id\":1.5}]") },
        { "no task", "[]"u8.ToArray() },
        { "nothing", [] },
        { "no JSON", [.. Enumerable.Range(0, 700_000).Select(static i => (byte)(i * i >> 3))] },
        { "broken off", PackFile.Export(Enumerable.Range(1, 300))[..^900] },
    };

    private static int[] Shuffled(int count, int seed)
    {
        int[] ids = [.. Enumerable.Range(1, count)];
        new Random(seed).Shuffle(ids);
        return ids;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_whole_pack_gives_its_bytes(string shape, byte[] bytes)
    {
        Assert.NotEmpty(shape);
        Assert.Equal(bytes, _files.Read(_files.Pack(bytes)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_patch_gives_its_bytes_against_anything(string shape, byte[] bytes)
    {
        Assert.NotEmpty(shape);
        foreach (byte[] other in (byte[][])[PackFile.Export(Enumerable.Range(2, 700)), PackFile.Export([5]), PackFile.Export(Shuffled(300, 2).Select(static id => id * 3))])
        {
            Assert.Equal(bytes, _files.Read(_files.Pack(bytes, _files.Pack(other))));
        }
    }

    [Fact]
    public void A_patch_takes_what_changed_and_little_more_in_whatever_order_the_tasks_are()
    {
        byte[] anchor = PackFile.Export(Enumerable.Range(1, 2_000));
        string against = _files.Pack(anchor);
        foreach (int[] order in (int[][])[[.. Enumerable.Range(1, 2_000)], Shuffled(2_000, 3)])
        {
            string sha256 = _files.Pack(PackFile.Export(order, changed: 77), against);

            long bytes = new FileInfo(_files.Packs.PathOf(sha256)).Length;
            Assert.InRange(bytes, 100, anchor.Length / 100);
            Assert.Equal(against, PackReader.LayoutOf(_files.Packs.PathOf(sha256), sha256).Anchor);
        }
    }

    [Fact]
    public void The_plain_bytes_of_an_anchor_do_for_its_pack()
    {
        byte[] anchor = PackFile.Export(Shuffled(800, 4));
        byte[] bytes = PackFile.Export(Enumerable.Range(3, 800));
        string against = _files.Pack(anchor);
        string sha256 = _files.Pack(bytes, against);
        File.Delete(_files.Packs.PathOf(against));

        Assert.Equal("AnchorMissing", Assert.Throws<HarvestException>(() => _files.Read(sha256)).ErrorId);
        Assert.Equal(bytes, _files.Read(sha256, hash => hash == against ? _files.Folder[$"raw-{against}"] : null));
    }

    [Fact]
    public void A_flipped_byte_anywhere_is_found_and_takes_along_what_needs_it_alone()
    {
        string anchor = _files.Pack(PackFile.Export(Enumerable.Range(1, 700)));
        byte[] near = PackFile.Export(Shuffled(700, 5), changed: 9);
        string patch = _files.Pack(near, anchor);
        byte[] few = PackFile.Export(Enumerable.Range(1, 20));
        string head = _files.Pack(few, anchor);
        int stillRead = 0;
        var random = new Random(6);
        foreach (string sha256 in (string[])[anchor, patch])
        {
            string path = _files.Packs.PathOf(sha256);
            byte[] whole = File.ReadAllBytes(path);
            for (int i = 0; i < 250; i++)
            {
                byte[] damaged = [.. whole];
                damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, damaged);

                HarvestException fault = Assert.Throws<HarvestException>(() => _files.Read(sha256));
                Assert.True(fault.ErrorId is "PackDamaged" or "PackUnsupported", fault.Message);
                Assert.Equal(sha256, fault.ErrorId == "PackDamaged" ? fault.Subject : sha256);
                stillRead += sha256 == anchor ? IsRead(head, few) : IsRead(head, few) & 0;
            }

            File.WriteAllBytes(path, whole);
        }

        // The first segment of several is all that the small one needs.
        Assert.InRange(stillRead, 50, 249);
    }

    [Fact]
    public void A_pack_that_is_cut_off_or_goes_on_is_damaged()
    {
        string sha256 = _files.Pack(PackFile.Export(Enumerable.Range(1, 50)));
        string path = _files.Packs.PathOf(sha256);
        byte[] whole = File.ReadAllBytes(path);
        foreach (byte[] bytes in (byte[][])[[], whole[..7], whole[..24], whole[..^1], whole[..^16], [.. whole, 0], [.. whole[..8], .. whole[^16..]], [.. whole, .. whole[^16..]]])
        {
            File.WriteAllBytes(path, bytes);
            Assert.Equal("PackDamaged", Assert.Throws<HarvestException>(() => _files.Read(sha256)).ErrorId);
        }

        string other = new('a', 64);
        Directory.CreateDirectory(Path.GetDirectoryName(_files.Packs.PathOf(other))!);
        File.WriteAllBytes(_files.Packs.PathOf(other), whole);
        Assert.Equal("PackDamaged", Assert.Throws<HarvestException>(() => _files.Read(other)).ErrorId);
    }

    [Fact]
    public void Numbers_come_out_as_they_went_in()
    {
        long[] numbers = [0, 1, -1, 63, 64, -64, -65, 127, 128, 16_383, 16_384, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
        var bytes = new List<byte>();
        foreach (long number in numbers)
        {
            Varint.WriteSigned(bytes, number);
            Varint.Write(bytes, (ulong)number);
        }

        int at = 0;
        foreach (long number in numbers)
        {
            Assert.True(Varint.TryReadSigned([.. bytes], ref at, out long signed));
            Assert.True(Varint.TryRead([.. bytes], ref at, out ulong plain));
            Assert.Equal((number, (ulong)number), (signed, plain));
        }

        Assert.Equal(bytes.Count, at);
        Assert.False(Varint.TryRead([.. bytes], ref at, out _));
        int start = 0;
        Assert.False(Varint.TryRead([0x80, 0x80], ref start, out _));
        start = 0;
        Assert.False(Varint.TryRead([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], ref start, out _));
    }

    private int IsRead(string sha256, byte[] bytes)
    {
        try
        {
            Assert.Equal(bytes, _files.Read(sha256));
            return 1;
        }
        catch (HarvestException fault)
        {
            Assert.Equal(HarvestFault.Damaged, fault.Fault);
            return 0;
        }
    }
}
