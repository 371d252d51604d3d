using HarvestTools.Parquet.Writing;
using Parquet;
using Parquet.Schema;
using ParquetSharp;
using PhysicalType = ParquetSharp.PhysicalType;

namespace HarvestTools.Tests.Shared;

/// <summary>
/// Readers of Parquet that share no code with the engine's writer: DuckDB, Apache's C++ reader and Parquet.Net.
/// Values are long, int, double, bool, string, a list of doubles, or null, as they are in the file.
/// </summary>
internal static class IndependentReaders
{
    public const string DuckDb = "DuckDB";
    public const string Arrow = "ParquetSharp";
    public const string Managed = "Parquet.Net";

    public static string[] All { get; } = [DuckDb, Arrow, Managed];

    /// <summary>The columns' names, and the rows in the order of the file.</summary>
    public static (string[] Names, List<object?[]> Rows) Read(string file, string reader) => reader switch
    {
        DuckDb => ReadWithDuckDb(file),
        Arrow => ReadWithArrow(file),
        Managed => ReadWithParquetNet(file).GetAwaiter().GetResult(),
        _ => throw new ArgumentException($"There is no reader '{reader}'.", nameof(reader)),
    };

    /// <summary>The columns as the file describes them, read with Apache's reader.</summary>
    public static ParquetColumn[] Columns(string file)
    {
        using var reader = new ParquetFileReader(file);
        return [.. Enumerable.Range(0, reader.FileMetaData.NumColumns).Select(i =>
        {
            ColumnDescriptor column = reader.FileMetaData.Schema.Column(i);
            return column.Path.ToDotVector() is [var name, "list", "element"] && column.PhysicalType == PhysicalType.Double
                && column is { MaxDefinitionLevel: 1, MaxRepetitionLevel: 1 }
                ? new ParquetColumn(name, ParquetType.DoubleList)
                : new ParquetColumn(column.Name, TypeOf(column), column.SchemaNode.Repetition == Repetition.Optional);
        })];
    }

    /// <summary>Rows of each row group, read with Apache's reader.</summary>
    public static long[] RowGroups(string file)
    {
        using var reader = new ParquetFileReader(file);
        return [.. Enumerable.Range(0, reader.FileMetaData.NumRowGroups).Select(i => reader.RowGroup(i).MetaData.NumRows)];
    }

    private static ParquetType TypeOf(ColumnDescriptor column) => (column.PhysicalType, column.LogicalType.Type) switch
    {
        (PhysicalType.Boolean, LogicalTypeEnum.None) => ParquetType.Boolean,
        (PhysicalType.Int32, LogicalTypeEnum.None or LogicalTypeEnum.Int) => ParquetType.Int32,
        (PhysicalType.Int64, LogicalTypeEnum.None or LogicalTypeEnum.Int) => ParquetType.Int64,
        (PhysicalType.Double, LogicalTypeEnum.None) => ParquetType.Double,
        (PhysicalType.ByteArray, LogicalTypeEnum.String) => ParquetType.Utf8,
        (PhysicalType physical, LogicalTypeEnum logical) => throw new NotSupportedException($"{column.Name} is a column of {physical}, {logical}."),
    };

    private static (string[] Names, List<object?[]> Rows) ReadWithDuckDb(string file)
    {
        using var duck = new DuckDb();
        (string[] names, List<object?[]> rows) = duck.Read($"SELECT * FROM read_parquet({Shared.DuckDb.Text(file)})");
        foreach (object?[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = row[i] is List<double> list ? list.ToArray() : row[i];
            }
        }

        return (names, rows);
    }

    private static (string[] Names, List<object?[]> Rows) ReadWithArrow(string file)
    {
        using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnablePageChecksumVerification();
        using var reader = new ParquetFileReader(file, properties);
        string[] names = [.. Enumerable.Range(0, reader.FileMetaData.NumColumns).Select(i => reader.FileMetaData.Schema.Column(i).Path.ToDotVector()[0])];
        var rows = new List<object?[]>();
        for (int g = 0; g < reader.FileMetaData.NumRowGroups; g++)
        {
            using RowGroupReader group = reader.RowGroup(g);
            int count = checked((int)group.MetaData.NumRows);
            Array[] columns = [.. Enumerable.Range(0, names.Length).Select(i =>
            {
                using ColumnReader column = group.Column(i);
                using LogicalColumnReader logical = column.LogicalReader();
                return logical.Apply(new ReadAll(count));
            })];
            AddRows(rows, columns, count);
        }

        return (names, rows);
    }

    private static async Task<(string[] Names, List<object?[]> Rows)> ReadWithParquetNet(string file)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        DataField[] fields = reader.Schema.GetDataFields();
        var rows = new List<object?[]>();
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            var columns = new Array[fields.Length];
            for (int i = 0; i < fields.Length; i++)
            {
                columns[i] = await ParquetNetColumn.ReadAsync(group, fields[i]);
            }

            AddRows(rows, columns, checked((int)group.RowCount));
        }

        return ([.. fields.Select(static field => field.Path.FirstPart!)], rows);
    }

    private static void AddRows(List<object?[]> rows, Array[] columns, int count)
    {
        Assert.All(columns, column => Assert.Equal(count, column.Length));
        for (int row = 0; row < count; row++)
        {
            rows.Add([.. columns.Select(column => column.GetValue(row))]);
        }
    }

    private sealed class ReadAll(int count) : ILogicalColumnReaderVisitor<Array>
    {
        public Array OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> columnReader) => columnReader.ReadAll(count);
    }
}
