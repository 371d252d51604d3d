using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>A gzip or zip is the JSON in it: the same hash, the same labels, the same places in errors.</summary>
public sealed class PackedExportTests : IDisposable
{
    private const string Json = "[{\"id\":1,\"data\":{},\"annotations\":[{\"id\":2,\"completed_by\":1,\"result\":[]}],\"project\":3}]";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harvest-packed");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_gzip_and_a_zip_have_the_hashes_of_their_JSON()
    {
        ExportFingerprint plain = ExportFingerprint.Compute(Write("a.json", Bytes(Json)), true);
        string[] packed =
        [
            Write("a.json.gz", Gzip(Json)),
            Write("two members.gz", [.. Gzip(Json[..30]), .. Gzip(Json[30..])]),
            Write("a.zip", Zip(("project-1.json", Json))),
            Write("with more.zip", Zip(("images/", ""), ("images/a.jpg", "x"), ("sub/RESULT.JSON", Json), ("__MACOSX/sub/._RESULT.JSON", "x"), (".hidden.json", "x"))),
            Write("no ending.zip", Zip(("export", Json))),
        ];

        Assert.All(packed, path =>
        {
            ExportFingerprint read = ExportFingerprint.Compute(path, true);
            Assert.Equal((plain.Sha256, plain.LabelSha256, plain.Bytes, plain.Tasks), (read.Sha256, read.LabelSha256, read.Bytes, read.Tasks));
            Assert.Equal(plain.Sha256, ExportContent.HashOf(path));
            Assert.Equal(plain.Sha256, ExportFingerprint.Compute(path, false).Sha256);
        });
    }

    [Fact]
    public void Places_are_those_of_the_JSON_and_the_message_says_so()
    {
        string bad = Json.Replace("\"id\":1", "\"id\":\"x\"", StringComparison.Ordinal);

        Assert.StartsWith($"the JSON in {Path("a.json.gz")}, line 1, byte 7 (task 1): ", Fault(Write("a.json.gz", Gzip(bad))).Message, StringComparison.Ordinal);
        Assert.StartsWith($"b?.json in {Path("a.zip")}, line 1, byte 7 (task 1): ", Fault(Write("a.zip", Zip(("b\n.json", bad)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"detail\":\"x\"}", "ExportIsApiError")]
    [InlineData("<html></html>", "ExportIsWebPage")]
    [InlineData("", "ExportEmpty")]
    [InlineData("id,image\n1,a\n", "ExportIsCsv")]
    public void What_is_in_it_is_named_too(string content, string id)
    {
        Assert.Equal(id, Fault(Write("a.json.gz", Gzip(content))).ErrorId);
        Assert.Equal(id, Fault(Write("a.zip", Zip(("a.json", content)))).ErrorId);
        Assert.Equal(id, Fault(Write("b.zip", Zip(("a.csv", content)))).ErrorId);
    }

    [Fact]
    public void What_is_packed_twice_is_refused()
    {
        Assert.Equal("ExportIsPacked", Fault(Write("a.gz", Gzip(Gzip(Json)))).ErrorId);
        Assert.Equal("ExportIsPacked", Fault(Write("b.gz", Gzip(Zip(("a.json", Json))))).ErrorId);
    }

    [Fact]
    public void A_zip_without_exactly_one_JSON_names_what_it_has()
    {
        HarvestException several = Fault(Write("a.zip", Zip(("a.json", Json), ("b/c.json", Json))));
        Assert.Equal("ExportZipHasSeveral", several.ErrorId);
        Assert.Contains("a.json, b/c.json.", several.Message, StringComparison.Ordinal);
        HarvestException none = Fault(Write("b.zip", Zip([.. Enumerable.Range(0, 30).Select(static i => ($"{i}.xml", "<a/>"))])));
        Assert.Equal("ExportZipHasNoJson", none.ErrorId);
        Assert.Contains("0.xml, ", none.Message, StringComparison.Ordinal);
        Assert.EndsWith(", and 20 more.", none.Message, StringComparison.Ordinal);
        Assert.Contains("without files", Fault(Write("c.zip", Zip(("folder/", "")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_zip_is_refused()
    {
        byte[] zip = Zip(("a.json", Json));

        // Bit 0 of the flags says that the file is encrypted, in the local header and in the directory.
        zip[6] |= 1;
        zip[zip.AsSpan().IndexOf("PK\x01\x02"u8) + 8] |= 1;

        Assert.Equal("ExportZipEncrypted", Fault(Write("a.zip", zip)).ErrorId);
    }

    [Fact]
    public void A_gzip_that_is_cut_off_anywhere_is_damaged()
    {
        // Random text hardly packs: the cut is in stored blocks, which no decoder can tell from their end by itself.
        string json = $"[{{\"id\":1,\"data\":\"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(3000))}\"}}]";
        foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.Optimal, CompressionLevel.NoCompression])
        {
            byte[] whole = Gzip(Bytes(json), level);
            for (int length = 2; length < whole.Length; length += length < 40 || length > whole.Length - 40 ? 1 : 37)
            {
                Assert.Equal(("ExportPackedDamaged", length), (Fault(Write("a.gz", whole[..length])).ErrorId, length));
            }
        }
    }

    [Fact]
    public void A_gzip_is_read_whole_wherever_its_end_is_in_the_buffers()
    {
        for (int extra = 0; extra < 60; extra++)
        {
            // Stored blocks of chosen length put the end of the member at every place around 8 KiB and 128 KiB.
            foreach (int size in (int[])[8192 - 60, (128 * 1024) - 80])
            {
                byte[] json = Bytes($"[{{\"id\":1,\"data\":\"{new string('x', size - 20 + extra)}\"}}]");
                string path = Write("a.gz", Gzip(json, CompressionLevel.NoCompression));
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(json)), ExportFingerprint.Compute(path, true).Sha256);
            }
        }
    }

    [Fact]
    public void Damage_is_found_by_the_checksum()
    {
        byte[] gzip = Gzip(Bytes(Json), CompressionLevel.NoCompression);
        gzip[gzip.AsSpan().IndexOf("\"project\":3"u8) + 10] = (byte)'4';
        Assert.Equal("ExportPackedDamaged", Fault(Write("a.gz", gzip)).ErrorId);

        byte[] zip = Zip(CompressionLevel.NoCompression, ("a.json", Json));
        zip[zip.AsSpan().IndexOf("\"project\":3"u8) + 10] = (byte)'4';
        string path = Write("a.zip", zip);
        Assert.Equal("ExportPackedDamaged", Fault(path).ErrorId);

        // Nothing in it can be trusted, so the file is what it is by its own bytes.
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(zip)), ExportContent.HashOf(path));
        Assert.Equal("ExportPackedDamaged", Fault(Write("b.zip", zip[..^30])).ErrorId);
        Assert.Equal("ExportPackedDamaged", Fault(Write("c.gz", [0x1F, 0x8B, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])).ErrorId);
    }

    [Fact]
    public void A_small_file_that_unpacks_without_end_is_stopped()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write("["u8);
            byte[] spaces = Bytes(new string(' ', 1024 * 1024));
            for (int i = 0; i < 100; i++)
            {
                gzip.Write(spaces);
            }
        }

        Assert.Equal("ExportUnpacksTooLarge", Fault(Write("a.gz", packed.ToArray())).ErrorId);
    }

    [Fact]
    public void A_large_gzip_is_read_in_little_memory()
    {
        string path = Path("large.json.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            gzip.Write("["u8);
            byte[] task = Bytes($"{{\"id\":1,\"data\":{{\"a\":\"{Convert.ToHexString(RandomNumberGenerator.GetBytes(16 * 1024))}\"}}}},");
            for (int i = 0; i < 4000; i++)
            {
                gzip.Write(task);
            }

            gzip.Write("{\"id\":2,\"data\":{}}]"u8);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        ExportFingerprint read = ExportFingerprint.Compute(path, true, threads: 1);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(4001, read.Tasks);
        Assert.True(read.Bytes > 125_000_000, $"{read.Bytes}");
        Assert.True(allocated < 20_000_000, $"{allocated} bytes were allocated for {read.Bytes}");
    }

    private static HarvestException Fault(string path) => Assert.Throws<HarvestException>(() => ExportFingerprint.Compute(path, true));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gzip(string text) => Gzip(Bytes(text));

    private static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
        {
            gzip.Write(content);
        }

        // .NET writes nothing at all for no content.
        return packed.Length > 0 ? packed.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static byte[] Zip(params (string Name, string Content)[] files) => Zip(CompressionLevel.Optimal, files);

    private static byte[] Zip(CompressionLevel level, params (string Name, string Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in files)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(Bytes(content));
            }
        }

        return packed.ToArray();
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path(name), content);
        return Path(name);
    }
}
