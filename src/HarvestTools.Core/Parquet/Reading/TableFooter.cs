using HarvestTools.Parquet.Writing;
using Net = global::Parquet;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// What the footer of a file says, as far as readers of tables ask for it: the table and its columns, and the sizes of its row
/// groups. Who wrote it, and whether it is a footer at all, was checked before (<see cref="FooterCheck"/>).
/// </summary>
internal static class TableFooter
{
    private const string Where = "footer";

    private static readonly string[] s_listPath = [ParquetFooter.ListGroup, ParquetFooter.ListElement];

    /// <summary>The table's name and columns.</summary>
    /// <param name="footer">The footer as Parquet.Net read it.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="HarvestException">
    /// <c>ParquetDamaged</c>: the footer contradicts itself or goes beyond the format's limits.
    /// </exception>
    public static ParquetSchema Read(Net.Meta.FileMetaData footer, string file)
    {
        List<Net.Meta.SchemaElement> elements = footer.Schema;
        Expect(elements.Count > 1, "the table has no columns", file);
        var schema = new ParquetSchema(elements[0].Name, ColumnsOf(elements, file));
        Expect(elements[0].NumChildren == schema.Columns.Count, "the columns are not as many as the table has", file);
        foreach (Net.Meta.RowGroup group in footer.RowGroups)
        {
            // Readers take room for as many rows as a row group claims.
            Expect(group.NumRows is >= 1 and <= ReaderLimits.RowGroupRows, FormattableString.Invariant($"a row group of {group.NumRows} rows"), file);
            Expect(group.Columns.Count == schema.Columns.Count, "a row group has another number of columns than the table", file);
            foreach ((Net.Meta.ColumnChunk chunk, ParquetColumn column) in group.Columns.Zip(schema.Columns))
            {
                bool isList = column.Type == ParquetType.DoubleList;
                List<string>? path = chunk.MetaData?.PathInSchema;
                Expect(
                    path is [var name, .. var rest] && name == column.Name && rest.SequenceEqual(isList ? s_listPath : []),
                    "a column has another name than in the table",
                    file);
                long values = chunk.MetaData!.NumValues;
                Expect(
                    isList ? values >= group.NumRows && values <= ReaderLimits.ListSlotsMax : values == group.NumRows,
                    $"column {column.Name} has another number of values than its row group",
                    file);
            }
        }

        Expect(footer.RowGroups.Sum(static group => group.NumRows) == footer.NumRows, "the row groups have another number of rows than the file", file);
        return schema;
    }

    private static List<ParquetColumn> ColumnsOf(List<Net.Meta.SchemaElement> elements, string file)
    {
        var columns = new List<ParquetColumn>();
        for (int i = 1; i < elements.Count; i++)
        {
            if (i + 2 < elements.Count && IsListOfDoubles(elements[i], elements[i + 1], elements[i + 2]))
            {
                columns.Add(new ParquetColumn(elements[i].Name, ParquetType.DoubleList));
                i += 2;
            }
            else
            {
                columns.Add(ColumnOf(elements[i], file));
            }
        }

        return columns;
    }

    private static bool IsListOfDoubles(Net.Meta.SchemaElement list, Net.Meta.SchemaElement group, Net.Meta.SchemaElement element) =>
        list is { ConvertedType: Net.Meta.ConvertedType.LIST, NumChildren: 1, RepetitionType: Net.Meta.FieldRepetitionType.REQUIRED }
        && group is { Name: ParquetFooter.ListGroup, NumChildren: 1, RepetitionType: Net.Meta.FieldRepetitionType.REPEATED }
        && element is { Name: ParquetFooter.ListElement, Type: Net.Meta.Type.DOUBLE, RepetitionType: Net.Meta.FieldRepetitionType.REQUIRED };

    private static ParquetColumn ColumnOf(Net.Meta.SchemaElement element, string file)
    {
        ParquetType type = (element.Type, element.ConvertedType) switch
        {
            (Net.Meta.Type.BOOLEAN, null) => ParquetType.Boolean,
            (Net.Meta.Type.INT32, null) => ParquetType.Int32,
            (Net.Meta.Type.INT64, null) => ParquetType.Int64,
            (Net.Meta.Type.DOUBLE, null) => ParquetType.Double,
            (Net.Meta.Type.BYTE_ARRAY, Net.Meta.ConvertedType.UTF8) => ParquetType.Utf8,

            // A group that is no list of doubles has no type of its own.
            _ => throw ParquetErrors.ParquetDamaged(file, Where, $"column {FooterCheck.Printable(element.Name)} has a type that this format version does not have"),
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
