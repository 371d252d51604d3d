using HarvestTools.Parquet.Writing;
using Net = global::Parquet;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// What the footer of a file says, as far as readers of tables ask for it: who wrote it, the table and its columns, and the
/// sizes of its row groups.
/// </summary>
internal static class TableFooter
{
    private const string Where = "footer";

    /// <summary>The table's name and columns.</summary>
    /// <param name="footer">The footer as Parquet.Net read it.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="HarvestException">
    /// <c>ParquetForeign</c>: another program wrote the file, or this one in another format; <c>ParquetDamaged</c>: the footer
    /// contradicts itself or goes beyond the format's limits.
    /// </exception>
    public static ParquetSchema Read(Net.Meta.FileMetaData footer, string file)
    {
        CheckWriter(footer, file);
        List<Net.Meta.SchemaElement> elements = footer.Schema;
        Expect(elements.Count > 1 && elements[0].NumChildren == elements.Count - 1, "the columns are not as many as the table has", file);
        var schema = new ParquetSchema(elements[0].Name, [.. elements.Skip(1).Select(element => ColumnOf(element, file))]);
        foreach (Net.Meta.RowGroup group in footer.RowGroups)
        {
            // Readers take room for as many rows as a row group claims.
            Expect(group.NumRows is >= 1 and <= ReaderLimits.RowGroupRows, FormattableString.Invariant($"a row group of {group.NumRows} rows"), file);
            Expect(group.Columns.Count == schema.Columns.Count, "a row group has another number of columns than the table", file);
            foreach ((Net.Meta.ColumnChunk chunk, ParquetColumn column) in group.Columns.Zip(schema.Columns))
            {
                Expect(chunk.MetaData?.PathInSchema is [var name] && name == column.Name, "a column has another name than in the table", file);
                Expect(chunk.MetaData!.NumValues == group.NumRows, $"column {column.Name} has another number of values than its row group", file);
            }
        }

        Expect(footer.RowGroups.Sum(static group => group.NumRows) == footer.NumRows, "the row groups have another number of rows than the file", file);
        return schema;
    }

    private static void CheckWriter(Net.Meta.FileMetaData footer, string file)
    {
        if (footer.CreatedBy != ParquetLayout.CreatedBy)
        {
            throw ParquetErrors.ParquetForeign(
                file, footer.CreatedBy is null ? "its footer names no writer" : $"its footer names the writer \"{Printable(footer.CreatedBy)}\"");
        }

        string? version = footer.KeyValueMetadata?.FirstOrDefault(static pair => pair.Key == ParquetLayout.FormatVersionKey)?.Value;
        string read = FormattableString.Invariant($"{ReaderLimits.FormatVersion}");
        if (version != read)
        {
            throw ParquetErrors.ParquetForeign(file, $"it has format version {Printable(version ?? "none")}, and this release reads version {read}");
        }
    }

    /// <summary>A text from a file that nothing is known of, fit for a message on a terminal.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(80).Select(static letter => char.IsControl(letter) ? '?' : letter));

    private static ParquetColumn ColumnOf(Net.Meta.SchemaElement element, string file)
    {
        ParquetType type = (element.Type, element.ConvertedType) switch
        {
            (Net.Meta.Type.BOOLEAN, null) => ParquetType.Boolean,
            (Net.Meta.Type.INT32, null) => ParquetType.Int32,
            (Net.Meta.Type.INT64, null) => ParquetType.Int64,
            (Net.Meta.Type.DOUBLE, null) => ParquetType.Double,
            (Net.Meta.Type.BYTE_ARRAY, Net.Meta.ConvertedType.UTF8) => ParquetType.Utf8,

            // A group, of a list for example, has no type of its own.
            _ => throw ParquetErrors.ParquetDamaged(file, Where, $"column {Printable(element.Name)} has a type that this format version does not have"),
        };
        Expect(
            element.RepetitionType is Net.Meta.FieldRepetitionType.REQUIRED or Net.Meta.FieldRepetitionType.OPTIONAL,
            "a column is neither required nor optional",
            file);
        return new ParquetColumn(element.Name, type, element.RepetitionType == Net.Meta.FieldRepetitionType.OPTIONAL);
    }

    private static void Expect(bool condition, string otherwise, string file)
    {
        if (!condition)
        {
            throw ParquetErrors.ParquetDamaged(file, Where, otherwise);
        }
    }
}
