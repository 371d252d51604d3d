namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Writes the levels at the beginning of a data page: of a nullable column which rows have a value, of a column of lists
/// where each row's list begins and which lists are empty. Reusable.
/// </summary>
internal sealed class LevelEncoder
{
    private int[] _levels = [];
    private int[] _repetitions = [];

    /// <summary>Writes the levels of some rows.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">The first of the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="output">Receives the levels.</param>
    /// <param name="slots">What the page's header counts.</param>
    /// <returns>How many values the rows have.</returns>
    public int Write(ParquetColumnWriter column, int row, int rows, ByteBuffer output, out int slots)
    {
        if (column.IsList)
        {
            return WriteLists(column.Lengths.Slice(row, rows), output, out slots);
        }

        slots = rows;
        if (!column.Column.Nullable)
        {
            return rows;
        }

        // Most columns that can hold nulls hold nothing else, or none.
        if (column.Levels.IsEmpty || column.Count == 0)
        {
            int all = column.Count == 0 ? 0 : 1;
            int lengthAt = Begin(output);
            RleEncoder.EncodeSame(all, rows, 1, output);
            End(lengthAt, output);
            return rows * all;
        }

        Span<int> levels = Room(ref _levels, rows);
        int count = 0;
        ReadOnlySpan<byte> bytes = column.Levels.Slice(row, rows);
        for (int i = 0; i < bytes.Length; i++)
        {
            levels[i] = bytes[i];
            count += bytes[i];
        }

        Write(levels, output);
        return count;
    }

    private int WriteLists(ReadOnlySpan<int> lengths, ByteBuffer output, out int slots)
    {
        slots = 0;
        int count = 0;
        foreach (int length in lengths)
        {
            count += length;
            slots += Math.Max(length, 1);
        }

        // An empty list has a slot of its own, which has no value. The first slot of a list repeats nothing.
        Span<int> repetitions = Room(ref _repetitions, slots);
        Span<int> definitions = Room(ref _levels, slots);
        int at = 0;
        foreach (int length in lengths)
        {
            repetitions[at] = 0;
            definitions[at++] = length == 0 ? 0 : 1;
            if (length > 1)
            {
                repetitions.Slice(at, length - 1).Fill(1);
                definitions.Slice(at, length - 1).Fill(1);
                at += length - 1;
            }
        }

        Write(repetitions, output);
        Write(definitions, output);
        return count;
    }

    /// <summary>Levels of 0 and 1, after their length in bytes.</summary>
    private static void Write(ReadOnlySpan<int> levels, ByteBuffer output)
    {
        int lengthAt = Begin(output);
        RleEncoder.Encode(levels, 1, output);
        End(lengthAt, output);
    }

    private static int Begin(ByteBuffer output)
    {
        int lengthAt = output.Length;
        output.WriteInt32(0);
        return lengthAt;
    }

    private static void End(int lengthAt, ByteBuffer output) => output.PatchInt32(lengthAt, output.Length - lengthAt - sizeof(int));

    private static Span<int> Room(ref int[] array, int length)
    {
        if (array.Length < length)
        {
            array = new int[Math.Max(length, array.Length * 2)];
        }

        return array.AsSpan(0, length);
    }
}
