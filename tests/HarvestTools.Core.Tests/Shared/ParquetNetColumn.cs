using Parquet;
using Parquet.Schema;

namespace HarvestTools.Tests.Shared;

/// <summary>A column of a row group as Parquet.Net reads it, whatever its type.</summary>
internal static class ParquetNetColumn
{
    /// <returns>One value a row; null for absent ones.</returns>
    public static async Task<Array> ReadAsync(ParquetRowGroupReader group, DataField field) => field.ClrType switch
    {
        _ when field.MaxRepetitionLevel > 0 => await ReadListsAsync(group, field),
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

    /// <summary>Lists from their elements and levels, as the format's specification puts them together.</summary>
    private static async Task<Array> ReadListsAsync(ParquetRowGroupReader group, DataField field)
    {
        int slots = checked((int)group.GetMetadata(field)!.MetaData!.NumValues);
        var values = new double[slots];
        var definitions = new int[slots];
        var repetitions = new int[slots];
        await group.ReadRawAsync<double>(field, values.AsMemory(), definitions.AsMemory(), repetitions.AsMemory());
        var lists = new List<List<double>>();
        int next = 0;
        for (int slot = 0; slot < slots; slot++)
        {
            if (repetitions[slot] == 0)
            {
                lists.Add([]);
            }

            if (definitions[slot] == field.MaxDefinitionLevel)
            {
                lists[^1].Add(values[next++]);
            }
        }

        return lists.Select(static list => list.ToArray()).ToArray();
    }

    private static async Task<Array> ReadTextsAsync(ParquetRowGroupReader group, DataField field)
    {
        var texts = new string?[group.RowCount];
        await group.ReadAsync(field, texts.AsMemory()!, null, CancellationToken.None);
        return texts;
    }
}
