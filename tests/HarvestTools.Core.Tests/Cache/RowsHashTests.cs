using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.Parquet.Writing;
using HarvestTools.Samples;
using HarvestTools.Tests.Parquet;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Cache;

/// <summary>The row hash computed again from the Parquet files, as docs/format.md describes it.</summary>
public sealed class RowsHashTests : IDisposable
{
    private readonly TemporaryRepository _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData((int)SampleKind.Actions)]
    [InlineData((int)SampleKind.Hands)]
    public void It_can_be_computed_from_the_files_by_the_documented_rule(int kind)
    {
        _temporary.Add("label_studio/export.json", ExportPlan.ForTasks((SampleKind)kind, 50, predictedShare: 0.4), "b");
        NewSliceResult made = _temporary.New("v1");

        Assert.Contains(made.Built!.Tables, static table => table.Rows > 100);
        foreach (BuiltTable table in made.Built.Tables)
        {
            Assert.Equal(table.RowsSha256, Compute(table.Path, table.Table, table.Project));
        }
    }

    /// <summary>The hash of the rows of a file.</summary>
    internal static string Compute(string path, string table, string project)
    {
        TestTable read = TestTable.ReadIndependently(path, table);
        using var outer = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string columns = string.Concat(read.Schema.Columns.Select(static c => $"{c.Name}:{c.Type}{(c.Nullable ? "?" : "")}\n"));
        outer.AppendData(Encoding.UTF8.GetBytes($"harvest-rows 2\n{table}\n{project}\n{columns}"));
        var rows = new List<byte>();
        string? episode = null;
        int media = read.Schema.Columns.ToList().FindIndex(static column => column.Name == "media");
        (object? Link, object? Tag) medium = default;
        foreach (object?[] row in read.Rows)
        {
            string of = table == "rejected" ? "" : $"{row[1]}\n{row[2]}";
            if (episode is not null && of != episode)
            {
                outer.AppendData(SHA256.HashData([.. rows]));
                rows.Clear();
            }

            bool first = rows.Count == 0;
            for (int column = 1; column < row.Length; column++)
            {
                if (!first && media > 0 && (column is 1 or 2 || ((column == media || column == media + 1) && Equals((row[media], row[media + 1]), medium))))
                {
                    // -2 in 32 bits.
                    rows.AddRange([0xFE, 0xFF, 0xFF, 0xFF]);
                    continue;
                }

                Append(rows, read.Schema.Columns[column], row[column]);
            }

            episode = of;
            medium = media > 0 ? (row[media], row[media + 1]) : default;
        }

        if (rows.Count > 0)
        {
            outer.AppendData(SHA256.HashData([.. rows]));
        }

        return Convert.ToHexStringLower(outer.GetHashAndReset());
    }

    private static void Append(List<byte> bytes, ParquetColumn column, object? value)
    {
        byte[] number = new byte[8];
        if (column.Type == ParquetType.Utf8)
        {
            byte[] text = Encoding.UTF8.GetBytes((string?)value ?? "");
            BinaryPrimitives.WriteInt32LittleEndian(number, value is null ? -1 : text.Length);
            bytes.AddRange(number[..4]);
            bytes.AddRange(text);
            return;
        }

        if (value is double[] list)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, list.Length * sizeof(double));
            bytes.AddRange(number[..4]);
            foreach (double element in list)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(number, element);
                bytes.AddRange(number);
            }

            return;
        }

        if (column.Nullable)
        {
            bytes.Add(value is null ? (byte)0 : (byte)1);
        }

        switch (value)
        {
            case null:
                break;
            case bool flag:
                bytes.Add(flag ? (byte)1 : (byte)0);
                break;
            case int integer:
                BinaryPrimitives.WriteInt32LittleEndian(number, integer);
                bytes.AddRange(number[..4]);
                break;
            case long integer:
                BinaryPrimitives.WriteInt64LittleEndian(number, integer);
                bytes.AddRange(number);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(number, (double)value);
                bytes.AddRange(number);
                break;
        }
    }
}
