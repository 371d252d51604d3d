using System.Text;
using HarvestTools.Fuzz;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tests.Parquet;

/// <summary>Files that were damaged after they were written, or were never ours.</summary>
public class ParquetDamageTests
{
    private static readonly string[] s_refusals = ["ParquetDamaged", "ParquetForeign"];

    [Fact]
    public void Every_flipped_byte_is_refused()
    {
        byte[] file = TestTables.Awkward().Write();
        string written = TestTable.Sha256Of(file);
        for (int i = 0; i < file.Length; i++)
        {
            foreach (byte flip in new byte[] { 0xFF, 0x01, 0x80 })
            {
                file[i] ^= flip;
                AssertDamaged(file, written);
                file[i] ^= flip;
            }
        }

        // The loop put everything back, and what it refused was the damage and nothing else.
        TestTables.Awkward().AssertEqual(TestTable.Read(file, written));
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        byte[] file = TestTables.Awkward().Write();
        string written = TestTable.Sha256Of(file);
        for (int length = 0; length < file.Length; length++)
        {
            AssertDamaged(file[..length], written);

            // Also where somebody recorded the hash of what was cut off already.
            HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file[..length]));
            Assert.Contains(error.ErrorId, s_refusals);
        }
    }

    [Fact]
    public void Bytes_put_in_or_taken_out_are_refused()
    {
        byte[] file = TestTables.Awkward().Write();
        string written = TestTable.Sha256Of(file);
        for (int i = 0; i < file.Length; i++)
        {
            AssertDamaged([.. file[..i], 0, .. file[i..]], written);
            AssertDamaged([.. file[..i], .. file[(i + 1)..]], written);
        }

        AssertDamaged([.. file, 0], written);
    }

    [Fact]
    public void A_changed_file_is_told_by_both_hashes()
    {
        var table = new TestTable(new ParquetSchema("t", [new("id", ParquetType.Utf8)]));
        table.Add("somewhere");
        byte[] file = table.Write();
        string written = TestTable.Sha256Of(file);
        file[file.AsSpan().IndexOf("somewhere"u8)] ^= 1;
        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file, written));
        Assert.Equal("ParquetDamaged", error.ErrorId);
        Assert.Equal(HarvestFault.Damaged, error.Fault);
        Assert.Equal($"test.parquet: the file as a whole: its SHA-256 is {TestTable.Sha256Of(file)} and should be {written}.", error.Message);
    }

    [Fact]
    public void Bytes_after_the_hashed_ones_are_never_read()
    {
        TestTable table = TestTables.Awkward();
        byte[] file = table.Write();
        using var growing = new MemoryStream();
        growing.Write(file);
        using VerifiedFile verified = VerifiedFile.Open(growing, "test.parquet", TestTable.Sha256Of(file));
        growing.Position = file.Length;
        growing.Write(new byte[100]);

        Assert.Equal(file.Length, verified.Length);
        Assert.Equal(file.Length, verified.Seek(0, SeekOrigin.End));
        Assert.Equal(0, verified.Read(new byte[10]));
        Assert.Throws<EndOfStreamException>(() => verified.ReadByte());
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_read_is_refused()
    {
        TestTable table = TestTables.Keypoints(200_000, 8);
        using var shrinking = new MemoryStream();
        byte[] file = table.Write();
        Assert.True(file.Length > 3 * 1024 * 1024, "the file has to be read in several pieces");
        shrinking.Write(file);
        using var reader = new ParquetTableReader(VerifiedFile.Open(shrinking, "test.parquet", TestTable.Sha256Of(file)));
        shrinking.SetLength(1000);

        HarvestException error = Assert.Throws<HarvestException>(() => reader.ReadRowGroup(0, new ParquetRowGroup()));

        Assert.Equal("ParquetDamaged", error.ErrorId);
        Assert.Contains("shorter", error.Message, StringComparison.Ordinal);
    }

    // The hash is right, so it was recorded of something that is no table.
    [Theory]
    [InlineData("")]
    [InlineData("50415231")]
    [InlineData("5041523150415231")]
    [InlineData("50415231 00000000 50415231")]
    [InlineData("50415231 01000000 50415231")]
    [InlineData("50415231 FFFFFFFF 50415231")]
    [InlineData("50415231 FFFFFF7F 50415231")]
    [InlineData("50415231 00 01000000 50415231")]
    [InlineData("50415231 FF 01000000 50415231")]
    [InlineData("50415231 15021900160018 06000000 50415231")]
    [InlineData("50415231 19F1FFFFFFFFFFFFFFFF0F 0B000000 50415231")]
    [InlineData("50415231 1909FCFFFFFF0F 07000000 50415231")]
    public void What_is_no_table_is_refused_though_its_hash_is_right(string hex)
    {
        byte[] file = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file));
        Assert.Contains(error.ErrorId, s_refusals);
        Assert.NotEmpty(error.Remedy.ToString());
    }

    [Fact]
    public void Pages_that_cannot_be_decoded_are_told_by_row_group_and_column()
    {
        var table = new TestTable(new ParquetSchema("t", [new("first", ParquetType.Int64), new("id", ParquetType.Utf8)]));
        for (int i = 0; i < 1000; i++)
        {
            table.Add((long)i, "somewhere");
        }

        byte[] file = table.Write();
        int second = file.AsSpan().IndexOf("somewhere"u8);
        foreach (byte damage in new byte[] { 0x00, 0xFF })
        {
            byte[] damaged = [.. file];
            damaged.AsSpan(second - 30, 30).Fill(damage);
            HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(damaged));
            Assert.Equal("ParquetDamaged", error.ErrorId);
            Assert.StartsWith("test.parquet: row group 0, column ", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.InnerException);
        }
    }

    /// <summary>With such a size Parquet.Net would go back to the page's header for ever.</summary>
    [Theory]
    [InlineData(2, "a page's size is impossible")]
    [InlineData(3, "a page is not within its column")]
    [InlineData(5, "a page has no values")]
    public void A_page_of_a_size_below_zero_is_refused_though_its_hash_is_right(int number, string says)
    {
        byte[] file = TestTables.Awkward().Write();
        file[LastByteOfNumber(file, number) - (NumberBytes(file, number) - 1)] |= 1;

        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file));

        Assert.Equal("ParquetDamaged", error.ErrorId);
        Assert.StartsWith("test.parquet: row group 0, column ", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The hardest case: the hash of the file and the checksums of its pages are those of the changed bytes.</summary>
    [Fact]
    public void Every_flipped_byte_gives_values_or_an_error_though_hash_and_checksums_are_right()
    {
        byte[] file = TestTables.Awkward().Write();
        Assert.Equal(file.Length, PageChecksums.Mend(file).Length);
        TestTables.Awkward().AssertEqual(TestTable.Read(PageChecksums.Mend(file)));
        int read = 0;
        for (int i = 0; i < file.Length; i++)
        {
            foreach (byte flip in new byte[] { 0xFF, 0x01, 0x80 })
            {
                file[i] ^= flip;
                foreach (byte[] changed in new[] { file, PageChecksums.Mend(file) })
                {
                    try
                    {
                        _ = TestTable.Read(changed);
                        read++;
                    }
                    catch (HarvestException error)
                    {
                        Assert.Contains(error.ErrorId, s_refusals);
                    }
                }

                file[i] ^= flip;
            }
        }

        // Where a value or a statistic alone has changed, there is nothing to see it by.
        Assert.True(read > 0);
    }

    [Fact]
    public void A_changed_page_is_refused_by_its_checksum_though_the_hash_is_right()
    {
        var table = new TestTable(new ParquetSchema("t", [new("id", ParquetType.Utf8)]));
        table.Add("somewhere");
        byte[] file = table.Write();
        file[file.AsSpan().IndexOf("somewhere"u8)] ^= 1;

        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file));

        Assert.Contains("row group 0, column id: it cannot be decoded: a page has another checksum than its header claims", error.Message, StringComparison.Ordinal);
        Assert.Equal("romewhere", Assert.Single(TestTable.Read(PageChecksums.Mend(file)).Rows)[0]);
    }

    [Fact]
    public void What_a_column_has_too_few_of_is_not_read_from_the_next_one()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(static i => (byte)i)];
        using VerifiedFile file = VerifiedFile.Open(new MemoryStream(bytes), "test.parquet", TestTable.Sha256Of(bytes));
        file.ReadEnd = 10;
        file.Position = 8;

        Assert.Equal([8, 9], file.Next(5).ToArray());
        Assert.Equal(0, file.Read(new byte[5]));
        Assert.Throws<EndOfStreamException>(() => file.ReadByte());

        file.ReadEnd = null;
        Assert.Equal(10, file.ReadByte());
    }

    [Theory]
    [InlineData("HarvestTools", "OtherProgram", "names the writer \"OtherProgram\"")]
    [InlineData("harvest.format_version\u0018\u00012", "harvest.format_version\u0018\u00013", "format version 3")]
    public void Files_of_other_writers_and_versions_are_told_apart_from_damage(string was, string becomes, string says)
    {
        byte[] file = TestTables.Awkward().Write();
        Encoding.Latin1.GetBytes(becomes).CopyTo(file, file.AsSpan().LastIndexOf(Encoding.Latin1.GetBytes(was)));
        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file));
        Assert.Equal("ParquetForeign", error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_no_table()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(Encoding.UTF8.GetBytes("id,x,y\n1,2,3\n4,5,6\n")));
        Assert.Equal("ParquetForeign", error.ErrorId);
    }

    /// <summary>The last byte of the first page header's number: its type, sizes and checksum are the first four, its values the fifth.</summary>
    private static int LastByteOfNumber(byte[] file, int number)
    {
        int at = "PAR1".Length;
        for (int found = 1; ; found++)
        {
            // A struct's mark comes before the fifth, and a field's mark before each.
            at += found == 5 ? 2 : 1;
            while (file[at] >= 0x80)
            {
                at++;
            }

            if (found == number)
            {
                return at;
            }

            at++;
        }
    }

    private static int NumberBytes(byte[] file, int number)
    {
        int at = LastByteOfNumber(file, number);
        int bytes = 1;
        while (file[at - bytes] >= 0x80)
        {
            bytes++;
        }

        return bytes;
    }

    private static void AssertDamaged(byte[] file, string written)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file, written));
        Assert.Equal("ParquetDamaged", error.ErrorId);
    }
}
