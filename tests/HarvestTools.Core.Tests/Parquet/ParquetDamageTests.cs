using System.Text;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tests.Parquet;

/// <summary>Files that were damaged after they were written, or were never ours.</summary>
public class ParquetDamageTests
{
    private static readonly string[] Refusals = ["ParquetDamaged", "ParquetForeign"];

    [Fact]
    public void Every_flipped_byte_is_refused_or_changes_no_value()
    {
        TestTable table = TestTables.Awkward();
        byte[] file = table.Write();
        int refused = 0;
        for (int i = 0; i < file.Length; i++)
        {
            foreach (byte flip in new byte[] { 0xFF, 0x01, 0x80 })
            {
                file[i] ^= flip;
                refused += RefusedOrEqual(file, table, i) ? 1 : 0;
                file[i] ^= flip;
            }
        }

        // Only the footer's statistics and list of encodings can change without changing what the rows are.
        Assert.True(refused > file.Length * 3 * 85 / 100, $"{refused} of {file.Length * 3}");
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        byte[] file = TestTables.Awkward().Write();
        for (int length = 0; length < file.Length; length++)
        {
            HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file[..length]));
            Assert.Contains(error.ErrorId, Refusals);
        }
    }

    [Fact]
    public void Bytes_put_in_or_taken_out_are_refused()
    {
        TestTable table = TestTables.Awkward();
        byte[] file = table.Write();
        for (int i = 0; i < file.Length; i += 3)
        {
            byte[] longer = [.. file[..i], 0, .. file[i..]];
            byte[] shorter = [.. file[..i], .. file[(i + 1)..]];
            RefusedOrEqual(longer, table, i);
            RefusedOrEqual(shorter, table, i);
        }
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new SplitMix(1);
        for (int round = 0; round < 2000; round++)
        {
            var bytes = new byte[12 + random.Next(200)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)random.NextBits();
            }

            "PAR1"u8.CopyTo(bytes);
            "PAR1"u8.CopyTo(bytes.AsSpan(bytes.Length - 4));
            BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 8), random.Next(bytes.Length - 11));
            HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(bytes));
            Assert.Contains(error.ErrorId, Refusals);
        }
    }

    [Fact]
    public void A_changed_value_names_row_group_column_and_page()
    {
        var table = new TestTable(new ParquetSchema("t", [new("id", ParquetType.Utf8)]));
        table.Add("somewhere");
        byte[] file = table.Write();
        file[file.AsSpan().IndexOf("somewhere"u8)] ^= 1;
        HarvestException error = Assert.Throws<HarvestException>(() => TestTable.Read(file));
        Assert.Equal("ParquetDamaged", error.ErrorId);
        Assert.Equal(HarvestFault.Damaged, error.Fault);
        Assert.Equal("test.parquet: row group 0, column id, page 0: its checksum does not match its bytes.", error.Message);
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

    /// <summary>True where the file is refused; fails where it is read as other rows.</summary>
    private static bool RefusedOrEqual(byte[] file, TestTable expected, int at)
    {
        TestTable actual;
        try
        {
            actual = TestTable.Read(file);
        }
        catch (HarvestException error)
        {
            Assert.Contains(error.ErrorId, Refusals);
            Assert.NotEmpty(error.Remedy.ToString());
            return true;
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"Byte {at} of {file.Length} brought down the reader.", error);
        }

        // Names of the table and of columns carry no checksum; whoever knows the schema compares it.
        Assert.Equal(
            expected.Schema.Columns.Select(static column => (column.Type, column.Nullable)),
            actual.Schema.Columns.Select(static column => (column.Type, column.Nullable)));
        expected.AssertEqualRows(actual);
        return false;
    }
}
