using Parquet;
using Parquet.Schema;

namespace HarvestTools.Tests.Shared;

/// <summary>A column of a row group as Parquet.Net reads it, whatever its type.</summary>
internal static class ParquetNetColumn
{
    /// <returns>One value a row; null for absent ones.</returns>
    public static async Task<Array> ReadAsync(ParquetRowGroupReader group, DataField field) => field.ClrType switch
    {
        Type type when type == typeof(long) => await ReadAsync<long>(group, field),
        Type type when type == typeof(int) => await ReadAsync<int>(group, field),
        Type type when type == typeof(double) => await ReadAsync<double>(group, field),
        Type type when type == typeof(bool) => await ReadAsync<bool>(group, field),
        Type type when type == typeof(string) || type == typeof(ReadOnlyMemory<char>) => await ReadTextsAsync(group, field),
        Type other => throw new NotSupportedException($"{field.Name} is a column of {other.Name}."),
    };

    private static async Task<Array> ReadAsync<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        if (field.IsNullable)
        {
            var nullable = new T?[group.RowCount];
            await group.ReadAsync<T>(field, nullable.AsMemory(), null, CancellationToken.None);
            return nullable;
        }

        var values = new T[group.RowCount];
        await group.ReadAsync<T>(field, values.AsMemory(), null, CancellationToken.None);
        return values;
    }

    private static async Task<Array> ReadTextsAsync(ParquetRowGroupReader group, DataField field)
    {
        var texts = new string?[group.RowCount];
        await group.ReadAsync(field, texts.AsMemory()!, null, CancellationToken.None);
        return texts;
    }
}
