using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Parquet.Reading;
using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>Reads the rows of what a program wrote: CSV, JSON lines, Parquet.</summary>
internal static class TableRows
{
    private const int MostLineCharacters = 64 * 1024 * 1024;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How many rows a file has and their digest, as the definition has rows compared.</summary>
    /// <param name="file">Full path.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="program">Whether order counts, and to how many digits.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">TableUnreadable; the file cannot be read.</exception>
    public static (long Rows, string Sha256) Digest(string file, string name, HarvestProgram program, CancellationToken cancellation)
    {
        using var digest = new RowDigest(program.RowOrder, program.FloatDigits);
        try
        {
            switch (Path.GetExtension(name).ToUpperInvariant())
            {
                case ".CSV":
                    ReadDelimited(file, name, ',', digest, cancellation);
                    break;
                case ".TSV":
                    ReadDelimited(file, name, '\t', digest, cancellation);
                    break;
                case ".JSONL" or ".NDJSON":
                    ReadLines(file, name, digest, cancellation);
                    break;
                case ".PARQUET":
                    ReadParquet(file, digest, cancellation);
                    break;
                default:
                    throw ProgramRunErrors.TableUnreadable(name, "its name ends in none of .csv, .tsv, .jsonl, .ndjson and .parquet");
            }
        }
        catch (Exception exception) when (FaultOf(exception, file, name) is { } fault)
        {
            throw fault;
        }

        return (digest.Rows, digest.Finish());
    }

    /// <summary>What is wrong with a table, from what reading it threw; null where that is no matter of the file.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="file">Full path.</param>
    /// <param name="name">What messages call it.</param>
    public static HarvestException? FaultOf(Exception exception, string file, string name) => exception switch
    {
        DecoderFallbackException => ProgramRunErrors.TableUnreadable(name, "it is no UTF-8"),
        InvalidDataException => ProgramRunErrors.TableUnreadable(name, exception.Message.TrimEnd('.')),
        _ when FileErrors.IsFileFault(exception) => FileErrors.From(exception, file, "read"),
        _ => null,
    };

    private static void ReadParquet(string file, RowDigest digest, CancellationToken cancellation)
    {
        using FileStream stream = AtomicFile.OpenRead(file);
        var table = new ForeignTable(stream);
        digest.Schema("parquet");
        foreach (ForeignColumn column in table.Columns)
        {
            digest.Schema(column.Name);
            digest.Schema(column.Type);
        }

        foreach (ForeignRowGroup group in table.Read(cancellation))
        {
            for (int row = 0; row < group.Rows; row++)
            {
                foreach (ForeignValues values in group.Columns)
                {
                    values.WriteRow(digest.Value, digest.Value);
                }

                digest.EndRow();
            }

            foreach (ForeignValues values in group.Columns)
            {
                values.RequireEnd();
            }
        }
    }

    private static void ReadLines(string file, string name, RowDigest digest, CancellationToken cancellation)
    {
        digest.Schema("json lines");
        using StreamReader reader = Open(file);
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            digest.Value(Encoding.UTF8.GetString(CanonicalJson.Of(Parsed(text, name, line, digest), exactIntegers: true)));
            digest.EndRow();
        }
    }

    /// <summary>A line of JSON, its numbers rounded as rows are compared.</summary>
    internal static JsonNode? Parsed(string text, string name, long line, RowDigest digest)
    {
        try
        {
            JsonNode? node = Rounded(JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }), digest);

            // What has no canonical form is no row either.
            _ = CanonicalJson.Of(node, exactIntegers: true);
            return node;
        }
        catch (Exception fault) when (fault is JsonException or HarvestException or ArgumentException or InvalidOperationException)
        {
            throw ProgramRunErrors.TableUnreadable(name, FormattableString.Invariant($"line {line} {WhatIsWrong(text, fault)}"));
        }
    }

    private static string WhatIsWrong(string text, Exception fault)
    {
        if (fault is HarvestException { ErrorId: nameof(JsonErrors.JsonNotCanonical) })
        {
            return "has a number beyond the range of a 64-bit float, or half a character";
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return fault is JsonException ? "has a key twice" : "has half a character";
        }
        catch (JsonException)
        {
            return "is no JSON";
        }
    }

    private static JsonNode? Rounded(JsonNode? node, RowDigest digest) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Rounded(pair.Value, digest)))),
        JsonArray list => new JsonArray([.. list.Select(item => Rounded(item, digest))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => JsonNode.Parse(digest.Rounded(value.ToJsonString())),
        _ => node?.DeepClone(),
    };

    internal static StreamReader Open(string file) => new(AtomicFile.OpenRead(file), s_strict, detectEncodingFromByteOrderMarks: true);

    /// <summary>RFC 4180: a header, fields in quotes where they have separators, quotes doubled within them; lines end in LF or CR LF.</summary>
    private static void ReadDelimited(string file, string name, char separator, RowDigest digest, CancellationToken cancellation)
    {
        using StreamReader reader = Open(file);
        digest.Schema("csv");
        int columns = -1;
        long line = 1;
        var fields = new List<string>();
        while (NextRecord(reader, name, separator, fields, ref line))
        {
            cancellation.ThrowIfCancellationRequested();
            if (columns < 0)
            {
                columns = fields.Count;
                fields.ForEach(digest.Schema);
                continue;
            }

            if (fields.Count != columns)
            {
                throw ProgramRunErrors.TableUnreadable(name, FormattableString.Invariant($"the row that ends at line {line - 1} has {fields.Count} fields, and the header {columns}"));
            }

            foreach (string field in fields)
            {
                digest.Value(digest.Rounded(field));
            }

            digest.EndRow();
        }

        if (columns < 0)
        {
            throw ProgramRunErrors.TableUnreadable(name, "it is empty, without so much as a header");
        }
    }

    internal static bool NextRecord(StreamReader reader, string name, char separator, List<string> fields, ref long line)
    {
        fields.Clear();
        if (reader.Peek() < 0)
        {
            return false;
        }

        var field = new StringBuilder();
        bool quoted = false;
        while (true)
        {
            int next = reader.Read();
            if (next < 0 && quoted)
            {
                throw ProgramRunErrors.TableUnreadable(name, "a quoted field has no end");
            }

            if (field.Length > MostLineCharacters)
            {
                throw ProgramRunErrors.TableUnreadable(name, FormattableString.Invariant($"a field at line {line} is larger than a field may be"));
            }

            char character = (char)next;
            line += next == '\n' ? 1 : 0;
            if (quoted)
            {
                if (character != '"')
                {
                    field.Append(character);
                }
                else if (reader.Peek() == '"')
                {
                    field.Append((char)reader.Read());
                }
                else
                {
                    quoted = false;
                }
            }
            else if (next < 0 || character == '\n' || (character == '\r' && reader.Peek() is '\n' or < 0))
            {
                if (character == '\r' && reader.Read() == '\n')
                {
                    line++;
                }

                fields.Add(field.ToString());
                return true;
            }
            else if (character == separator)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (character == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else
            {
                field.Append(character);
            }
        }
    }
}
