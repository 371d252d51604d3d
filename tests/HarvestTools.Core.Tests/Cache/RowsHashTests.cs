using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Samples;
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
            Assert.Equal(table.RowsSha256, Compute(table));
        }
    }

    private static string Compute(BuiltTable table)
    {
        using ParquetTableReader reader = ParquetTableReader.Open(table.Path, table.Sha256);
        using var outer = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string columns = string.Concat(reader.Schema.Columns.Select(static c => $"{c.Name}:{c.Type}{(c.Nullable ? "?" : "")}\n"));
        outer.AppendData(Encoding.UTF8.GetBytes($"harvest-rows 1\n{table.Table}\n{table.Project}\n{columns}"));
        var rows = new List<byte>();
        string? episode = null;
        var group = new ParquetRowGroup();
        for (int g = 0; g < reader.RowGroups; g++)
        {
            reader.ReadRowGroup(g, group);
            for (int row = 0; row < group.Rows; row++)
            {
                string of = table.Table == "rejected"
                    ? ""
                    : Encoding.UTF8.GetString(group.Columns[1].GetText(row)) + "\n" + Encoding.UTF8.GetString(group.Columns[2].GetText(row));
                if (episode is not null && of != episode)
                {
                    outer.AppendData(SHA256.HashData([.. rows]));
                    rows.Clear();
                }

                episode = of;
                for (int column = 1; column < reader.Schema.Columns.Count; column++)
                {
                    Append(rows, reader.Schema.Columns[column], group.Columns[column], row);
                }
            }
        }

        if (rows.Count > 0)
        {
            outer.AppendData(SHA256.HashData([.. rows]));
        }

        return Convert.ToHexStringLower(outer.GetHashAndReset());
    }

    private static void Append(List<byte> bytes, ParquetColumn column, ParquetColumnValues values, int row)
    {
        bool isNull = values.IsNull(row);
        byte[] number = new byte[8];
        if (column.Type == ParquetType.Utf8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, isNull ? -1 : values.GetText(row).Length);
            bytes.AddRange(number[..4]);
            bytes.AddRange(values.GetText(row));
            return;
        }

        if (column.Nullable)
        {
            bytes.Add(isNull ? (byte)0 : (byte)1);
        }

        if (isNull)
        {
            return;
        }

        switch (column.Type)
        {
            case ParquetType.Boolean:
                bytes.Add(values.GetBoolean(row) ? (byte)1 : (byte)0);
                break;
            case ParquetType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(number, values.GetInt32(row));
                bytes.AddRange(number[..4]);
                break;
            case ParquetType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(number, values.GetInt64(row));
                bytes.AddRange(number);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(number, values.GetDouble(row));
                bytes.AddRange(number);
                break;
        }
    }
}
