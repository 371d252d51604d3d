using System.Text;
using HarvestTools.Packs;

namespace HarvestTools.Tests.Packs;

/// <summary>The parts of a pack one by one: where an export is cut, and what an index, an order and an end may say.</summary>
public sealed class PackPartsTests
{
    private const int Least = PackCut.SegmentBytes;

    private static readonly string s_hash = new('1', 64);
    private static readonly PackFrame s_frame = new(Offset: 1000, Stored: 5, Raw: 7, Crc32: 9);

    [Fact]
    public void Pieces_are_the_file_in_its_order_and_come_by_id()
    {
        PackUnits units = Cut("[ {\"id\":2}, {\"id\":1} ,{\"id\":2}] \n")!;
        Assert.False(units.InOrder);
        Assert.Equal(
            [new PackUnit(10, 10, 1, 1), new PackUnit(0, 10, 2, 0), new PackUnit(20, 13, 2, 2)],
            units.ById);
        Assert.True(Cut("[{\"id\":1},{\"id\":1},{\"id\":2}]")!.InOrder);
        Assert.Equal([0, 1, 2], Cut("[{\"id\":1},{\"id\":1},{\"id\":2}]")!.ById.Select(static unit => unit.Ordinal));
        foreach (string none in new[] { "[]", "", "{\"id\":1}", "[{\"id\":1},{\"x\":1}]", "[{\"id\":1}", "[{\"id\":\"x\"}]" })
        {
            Assert.Null(Cut(none));
        }
    }

    [Fact]
    public void A_whole_export_is_cut_where_a_segment_is_large_enough()
    {
        PackUnits units = Units((1, Least - 100), (2, 100), (3, Least - 101), (4, 100), (5, 200), (6, 10));
        Assert.Equal(
            [new PackSegment(0, 2, Least, -1), new PackSegment(2, 3, Least + 199, -1), new PackSegment(5, 1, 10, -1)],
            PackCut.Whole(units));
        Assert.Equal([new PackSegment(0, 1, 20, -1)], PackCut.Whole(Units((1, 20))));
        Assert.Equal([new PackSegment(0, 1, Least, -1), new PackSegment(1, 1, Least, -1)], PackCut.Whole(Units((1, Least), (2, Least))));
    }

    [Fact]
    public void Along_another_export_it_is_cut_where_that_one_is_and_where_much_is_new()
    {
        PackUnits units = Units((1, 10), (4, 11), (5, 12), (9, 13), (20, 14));

        // What is before the first of the other belongs to its first; segments of which nothing is here are left out.
        Assert.Equal(
            [new PackSegment(0, 2, 21, 0), new PackSegment(2, 2, 25, 1), new PackSegment(4, 1, 14, 3)],
            PackCut.Along(units, [3, 5, 10, 20]));
        Assert.Equal([new PackSegment(0, 5, 60, 0)], PackCut.Along(units, [100]));
        Assert.Equal([new PackSegment(0, 5, 60, 2)], PackCut.Along(units, [-3, -2, -1]));

        PackUnits much = Units((1, Least), (2, Least - 1), (3, 10), (4, 10), (5, 2 * Least), (6, 10));
        Assert.Equal(
            [new PackSegment(0, 3, (2 * Least) + 9, 0), new PackSegment(3, 2, (2 * Least) + 10, 0), new PackSegment(5, 1, 10, 0)],
            PackCut.Along(much, [1]));
        Assert.Equal([new PackSegment(0, 2, 2 * Least, 0), new PackSegment(2, 1, 10, 0)], PackCut.Along(Units((1, Least), (2, Least), (3, 10)), [1]));
    }

    [Fact]
    public void An_index_has_its_segments_one_after_the_other()
    {
        IndexedSegment[] whole = [new(new PackFrame(8, 300, 1000, 1), -1, -5), new(new PackFrame(308, 20, 200, uint.MaxValue), -1, 900), new(new PackFrame(328, 1, 1, 3), -1, 7)];
        Assert.Equal(whole, PackIndex.TryRead(PackIndex.Write(whole, patch: false), Layout(1201), 8));
        IndexedSegment[] patch = [new(new PackFrame(8, 300, 1000, 1), 4, 0), new(new PackFrame(308, 20, 200, 2), 0, 0)];
        Assert.Equal(patch, PackIndex.TryRead(PackIndex.Write(patch, patch: true), Layout(1200) with { Anchor = new string('2', 64) }, 8));
        Assert.Empty(PackIndex.TryRead([], Layout(0), 8)!);
    }

    [Fact]
    public void An_index_that_cannot_be_is_none()
    {
        IndexedSegment[] two = [new(new PackFrame(8, 300, 1000, 1), -1, 5), new(new PackFrame(308, 20, 200, 2), -1, 900)];
        byte[] right = PackIndex.Write(two, patch: false);
        Assert.NotNull(PackIndex.TryRead(right, Layout(1200), 8));
        for (int length = 1; length < right.Length; length++)
        {
            Assert.Null(PackIndex.TryRead(right.AsSpan(0, length), Layout(1200), 8));
        }

        // Not all of the object, or more than there is of the file.
        Assert.Null(PackIndex.TryRead(right, Layout(1199), 8));
        Assert.NotNull(PackIndex.TryRead(right, Layout(1200) with { Index = s_frame with { Offset = 328 } }, 8));
        Assert.Null(PackIndex.TryRead(right, Layout(1200) with { Index = s_frame with { Offset = 327 } }, 8));

        foreach ((int stored, int raw) in new[] { (0, 10), (10, 0) })
        {
            Assert.Null(PackIndex.TryRead(PackIndex.Write([new IndexedSegment(new PackFrame(8, stored, raw, 1), -1, 1)], patch: false), Layout(raw), 8));
        }

        Assert.Null(PackIndex.TryRead(PackIndex.Write([new IndexedSegment(new PackFrame(8, 1, 1, 1), -1, 0)], patch: true), Layout(1) with { Anchor = s_hash }, 8));
        Assert.NotNull(PackIndex.TryRead(PackIndex.Write([new IndexedSegment(new PackFrame(8, 1, 1, 1), 0, 0)], patch: true), Layout(1) with { Anchor = s_hash }, 8));
        Assert.NotNull(PackIndex.TryRead([.. Number(PackReader.MostRawBytes), 1, 0, 0, 0, 0, 0], Layout(PackReader.MostRawBytes), 8));
        foreach (ulong size in new[] { PackReader.MostRawBytes + 1UL, (ulong)int.MaxValue + 1, ulong.MaxValue })
        {
            Assert.Null(PackIndex.TryRead([.. Number(size), 1, 0, 0, 0, 0, 0], Layout(unchecked((long)size)), 8));
        }

        byte[] large = [1, .. Number(int.MaxValue + 1UL), 0, 0, 0, 0, 0];
        Assert.Null(PackIndex.TryRead(large, Layout(1) with { Index = s_frame with { Offset = long.MaxValue } }, 8));

        // The segment of an anchor is a number of 31 bits.
        byte[] far = [1, 1, .. Signed(int.MaxValue + 1L), 0, 0, 0, 0];
        Assert.Null(PackIndex.TryRead(far, Layout(1) with { Anchor = s_hash }, 8));
        Assert.Equal(int.MaxValue + 1L, Assert.Single(PackIndex.TryRead(far, Layout(1), 8)!).FirstId);
        Assert.Equal(int.MaxValue, Assert.Single(PackIndex.TryRead([1, 1, .. Signed(int.MaxValue), 0, 0, 0, 0], Layout(1) with { Anchor = s_hash }, 8)!).Anchor);
    }

    [Fact]
    public void An_order_gives_each_piece_its_place()
    {
        PackUnits units = Units((3, 15), (1, 17), (2, 21), (9, 23));
        byte[] order = PackOrder.Write(units);
        Assert.Equal([(38L, 15), (0L, 17), (17L, 21), (53L, 23)], PackOrder.TryRead(order, 76));
        Assert.Equal([.. Signed(2), 15, .. Signed(-3), 17, .. Signed(0), 21, .. Signed(1), 23], order);
        Assert.Null(PackOrder.TryRead(order, 75));
        Assert.Null(PackOrder.TryRead(order.AsSpan(0, order.Length - 1), 53));
        Assert.Empty(PackOrder.TryRead([], 0)!);
    }

    [Fact]
    public void An_order_that_cannot_be_is_none()
    {
        Assert.Null(PackOrder.TryRead([.. Signed(-1), 1], 1));
        Assert.Null(PackOrder.TryRead([.. Signed(1), 1], 1));
        Assert.Null(PackOrder.TryRead([.. Signed(0), 1, .. Signed(-1), 1], 2));
        Assert.Null(PackOrder.TryRead([.. Signed(int.MaxValue + 1L), 1], 1));
        Assert.Null(PackOrder.TryRead([.. Signed(long.MaxValue), 1, .. Signed(long.MaxValue), 1], 2));
        Assert.Null(PackOrder.TryRead([.. Signed(0), .. Number(int.MaxValue + 1UL)], int.MaxValue + 1L));
        Assert.Equal([(0L, int.MaxValue)], PackOrder.TryRead([.. Signed(0), .. Number(int.MaxValue)], int.MaxValue));
        Assert.Equal([(0L, 0), (0L, 3)], PackOrder.TryRead([.. Signed(0), 0, .. Signed(0), 3], 3));
    }

    [Fact]
    public void An_end_says_what_it_was_made_of()
    {
        foreach (PackLayout layout in new[]
        {
            Layout(12), Layout(0) with { ByTask = false }, Layout(12) with { Anchor = new string('2', 64) }, Layout(12) with { Order = s_frame with { Offset = 7 } },
        })
        {
            byte[] end = layout.ToBytes();
            Assert.Equal(layout, PackReader.LayoutOfEnd(end, "p", s_hash));
            Assert.Equal(layout, PackReader.LayoutOfEnd([.. new byte[50], .. end], "p", s_hash));
            Assert.Equal(layout, PackLayout.TryParse(end.AsMemory(0, end.Length - PackLayout.TailBytes), out long version));
            Assert.Equal(1, version);
        }

        Assert.Equal(
            $$$"""{"pack":1,"sha256":"{{{s_hash}}}","bytes":12,"cut":"tasks","index":{"offset":1000,"stored":5,"raw":7,"crc32":9}}""" + "\n",
            Encoding.UTF8.GetString(Layout(12).ToBytes().AsSpan(..^PackLayout.TailBytes)));
    }

    [Theory]
    [InlineData("\"bytes\":12", "\"bytes\":-1")]
    [InlineData("\"cut\":\"tasks\"", "\"cut\":\"lines\"")]
    [InlineData("\"cut\":\"tasks\"", "\"cut\":\"bytes\",\"order\":{\"offset\":1,\"stored\":1,\"raw\":1,\"crc32\":1}")]
    [InlineData("\"cut\":\"tasks\"", "\"cut\":\"bytes\",\"anchor\":\"2222222222222222222222222222222222222222222222222222222222222222\"")]
    [InlineData("\"cut\":\"tasks\"", "\"cut\":\"tasks\",\"anchor\":\"22\"")]
    [InlineData("\"cut\":\"tasks\"", "\"cut\":\"tasks\",\"anchor\":\"1111111111111111111111111111111111111111111111111111111111111111\"")]
    [InlineData("\"sha256\":\"1", "\"sha256\":\"")]
    [InlineData("\"bytes\":12,", "")]
    [InlineData("\"bytes\":12", "\"bytes\":\"12\"")]
    [InlineData("\"bytes\":12", "\"bytes\":1e99")]
    [InlineData("\"offset\":1000,", "")]
    [InlineData("}}", "}")]
    public void An_end_that_cannot_be_is_none(string written, string other)
    {
        byte[] line = Layout(12).ToBytes()[..^PackLayout.TailBytes];
        string text = Encoding.UTF8.GetString(line);
        Assert.Contains(written, text, StringComparison.Ordinal);
        Assert.Null(PackLayout.TryParse(Encoding.UTF8.GetBytes(text.Replace(written, other, StringComparison.Ordinal)), out long version));
        Assert.Equal(1, version);
    }

    [Fact]
    public void An_end_of_a_later_version_is_said_to_be_one_and_damage_is_found()
    {
        byte[] end = Layout(12).ToBytes();
        for (int i = 0; i < end.Length; i++)
        {
            byte[] damaged = [.. end];
            damaged[i] ^= 1;
            Assert.Equal("PackDamaged", Assert.Throws<HarvestException>(() => PackReader.LayoutOfEnd(damaged, "p", s_hash)).ErrorId);
        }

        foreach (byte[] cut in new[] { [], end[^15..], end[^16..], end[1..], [.. end, 0] })
        {
            Assert.Equal("PackDamaged", Assert.Throws<HarvestException>(() => PackReader.LayoutOfEnd(cut, "p", s_hash)).ErrorId);
        }

        Assert.Equal("PackDamaged", Assert.Throws<HarvestException>(() => PackReader.LayoutOfEnd(end, "p", new string('3', 64))).ErrorId);
        string later = Encoding.UTF8.GetString(end[..^PackLayout.TailBytes]).Replace("\"pack\":1", "\"pack\":2", StringComparison.Ordinal);
        byte[] line = Encoding.UTF8.GetBytes(later);
        Assert.Null(PackLayout.TryParse(line, out long version));
        Assert.Equal(2, version);
        byte[] tail = [.. BitConverter.GetBytes(line.Length), .. BitConverter.GetBytes(System.IO.Hashing.Crc32.HashToUInt32(line)), .. PackLayout.Mark];
        HarvestException fault = Assert.Throws<HarvestException>(() => PackReader.LayoutOfEnd([.. line, .. tail], "p", s_hash));
        Assert.Equal(("PackUnsupported", "p"), (fault.ErrorId, fault.Subject));
        Assert.Contains("version 2 of the format", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Checksums are right in a pack that somebody made: its sizes alone show that nobody has written it.</summary>
    [Fact]
    public void A_segment_larger_than_any_that_is_written_is_damage_and_takes_no_memory()
    {
        using var packs = new PackFile();
        using var compressor = new PackCompressor();
        PackFrame Frame(List<byte> file, byte[] raw)
        {
            byte[] room = new byte[PackCompressor.MostBytes(raw.Length)];
            byte[] stored = room[..compressor.Compress(raw, [], room)];
            var frame = new PackFrame(file.Count, stored.Length, raw.Length, System.IO.Hashing.Crc32.HashToUInt32(stored));
            file.AddRange(stored);
            return frame;
        }

        List<byte> file = [.. PackLayout.Mark];
        PackFrame segment = Frame(file, [1, 2, 3]) with { Raw = int.MaxValue };
        PackFrame index = Frame(file, PackIndex.Write([new IndexedSegment(segment, -1, 0)], patch: false));
        file.AddRange(new PackLayout(s_hash, int.MaxValue, null, ByTask: true, index, null).ToBytes());
        Directory.CreateDirectory(Path.GetDirectoryName(packs.Packs.PathOf(s_hash))!);
        File.WriteAllBytes(packs.Packs.PathOf(s_hash), [.. file]);

        Assert.Equal("PackDamaged", Assert.Throws<HarvestException>(() => packs.Read(s_hash)).ErrorId);
    }

    [Fact]
    public void A_folder_has_packs_by_their_names_and_places_alone()
    {
        using var packs = new PackFile();
        PackFolder folder = packs.Packs;
        Assert.Empty(folder.List());
        string path = packs.Folder[$"packs/11/{s_hash}.pack"];
        Assert.Equal((path, s_hash), (folder.PathOf(s_hash), folder.ObjectOf(path)));
        Assert.Null(folder.Find(s_hash));
        packs.Folder.Write($"packs/11/{s_hash}.pack", "xyz");
        foreach (string other in new[] { $"packs/12/{s_hash}.pack", $"packs/{s_hash}.pack", $"packs/11/{s_hash}", "packs/11/notes.pack", $"packs/11/{s_hash}.PACK" })
        {
            packs.Folder.Write(other, "xyz");
            Assert.Null(folder.ObjectOf(packs.Folder[other]));
        }

        Assert.Equal([new StoredPack(s_hash, 3, path)], folder.List());
        Assert.Throws<OperationCanceledException>(() => folder.List(new CancellationToken(canceled: true)).ToList());
        Assert.Equal((path, path), (folder.Find(s_hash), folder.Locate(s_hash)));
        Assert.Null(PackFolder.TryLayout(new StoredPack(s_hash, 3, path)));
        Assert.Null(PackFolder.TryLayout(new StoredPack(s_hash, 3, path + "x")));
        Assert.True(folder.Remove(s_hash));
        Assert.False(folder.Remove(s_hash));
        Assert.Null(folder.Locate(s_hash));
        Assert.Equal("elsewhere", new PackFolder(packs.Folder.Path) { TakeBack = static (_, _) => "elsewhere" }.Locate(s_hash));
    }

    [Fact]
    public void Errors_name_the_file_the_part_and_the_object()
    {
        HarvestException damaged = PackErrors.PackDamaged("p", s_hash, "its end", 1234);
        Assert.Equal($"'p' is damaged in its end (from byte 1234), so that the object {s_hash} cannot be read.", damaged.Message);
        Assert.EndsWith(", or add the file with the right hash again.", damaged.Remedy.ToString(), StringComparison.Ordinal);
        HarvestException missing = PackErrors.AnchorMissing("p", s_hash, "other");
        Assert.Equal(($"'p' holds the object {s_hash} as a patch against other, which is not here.", s_hash), (missing.Message, missing.Subject));
        Assert.EndsWith(", or add the file with either hash again.", missing.Remedy.ToString(), StringComparison.Ordinal);
        Assert.Equal("Use the release that wrote it, or a later one.", PackErrors.PackUnsupported("p", 2).Remedy.ToString());
    }

    private static PackLayout Layout(long bytes) => new(s_hash, bytes, null, ByTask: true, s_frame, null);

    private static byte[] Number(ulong value)
    {
        var bytes = new List<byte>();
        Varint.Write(bytes, value);
        return [.. bytes];
    }

    private static byte[] Signed(long value)
    {
        var bytes = new List<byte>();
        Varint.WriteSigned(bytes, value);
        return [.. bytes];
    }

    private static PackUnits? Cut(string text)
    {
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return PackUnits.TryCut(bytes, "it", CancellationToken.None);
    }

    /// <summary>An export whose tasks have these ids and whose pieces are so long.</summary>
    private static PackUnits Units(params (int Id, int Length)[] tasks)
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < tasks.Length; i++)
        {
            // A piece begins with what is before its task, and the last one has the end.
            string task = $"{{\"id\":{tasks[i].Id}}}";
            int spaces = tasks[i].Length - task.Length - 1 - (i == tasks.Length - 1 ? 1 : 0);
            text.Append(i == 0 ? "" : ",").Append(' ', Math.Max(0, spaces)).Append(task);
        }

        return Cut(text.Append(']').ToString())!;
    }
}
