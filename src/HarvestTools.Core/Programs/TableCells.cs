using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Parquet.Reading;
using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>A value of a table, as text.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Value">The value; null is none.</param>
internal readonly record struct TableCell(string Column, string? Value);

/// <summary>Reads the rows of what a program wrote value by value, to name the first that differs; what is only compared is read by <see cref="TableRows"/>.</summary>
internal static class TableCells
{
    /// <summary>The rows; of CSV the header first.</summary>
    /// <exception cref="HarvestException">TableUnreadable; the file cannot be read.</exception>
    public static IEnumerable<TableCell[]> Read(string file, string name, HarvestProgram program, CancellationToken cancellation) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".CSV" => Delimited(file, name, ',', program, cancellation),
        ".TSV" => Delimited(file, name, '\t', program, cancellation),
        ".JSONL" or ".NDJSON" => Lines(file, name, program, cancellation),
        ".PARQUET" => Parquet(file, program, cancellation),
        _ => throw ProgramRunErrors.TableUnreadable(name, "its name ends in none of .csv, .tsv, .jsonl, .ndjson and .parquet"),
    };

    private static IEnumerable<TableCell[]> Delimited(string file, string name, char separator, HarvestProgram program, CancellationToken cancellation)
    {
        using var digest = new RowDigest(program.RowOrder, program.FloatDigits);
        using StreamReader reader = TableRows.Open(file);
        string[]? header = null;
        long line = 1;
        var fields = new List<string>();
        while (TableRows.NextRecord(reader, name, separator, fields, ref line))
        {
            cancellation.ThrowIfCancellationRequested();
            TableCell[] row = [.. fields.Select((field, column) => new TableCell(header is null ? "the header" : column < header.Length ? header[column] : FormattableString.Invariant($"{column + 1}"), digest.Rounded(field)))];
            header ??= [.. fields];
            yield return row;
        }
    }

    private static IEnumerable<TableCell[]> Lines(string file, string name, HarvestProgram program, CancellationToken cancellation)
    {
        using var digest = new RowDigest(program.RowOrder, program.FloatDigits);
        using StreamReader reader = TableRows.Open(file);
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return TableRows.Parsed(text, name, line, digest) is JsonObject map
                    ? [.. map.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new TableCell(pair.Key, Text(pair.Value)))]
                    : [new TableCell("the line", text)];
            }
        }

        static string Text(JsonNode? node) => Encoding.UTF8.GetString(CanonicalJson.Of(node, exactIntegers: true));
    }

    private static IEnumerable<TableCell[]> Parquet(string file, HarvestProgram program, CancellationToken cancellation)
    {
        using var digest = new RowDigest(program.RowOrder, program.FloatDigits);
        using FileStream stream = AtomicFile.OpenRead(file);
        var table = new ForeignTable(stream);
        foreach (ForeignRowGroup group in table.Read(cancellation))
        {
            for (int row = 0; row < group.Rows; row++)
            {
                var cells = new TableCell[group.Columns.Count];
                for (int column = 0; column < cells.Length; column++)
                {
                    var texts = new List<string?>();
                    group.Columns[column].WriteRow(texts.Add, number => texts.Add(digest.Text(number)));
                    cells[column] = new TableCell(table.Columns[column].Name, texts is [var only] ? only : string.Join(' ', texts.Select(static text => text ?? "null")));
                }

                yield return cells;
            }
        }
    }
}
