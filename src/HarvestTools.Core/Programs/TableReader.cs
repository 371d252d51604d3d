using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Parquet.Reading;

namespace HarvestTools.Programs;

/// <summary>Gives the rows of what a program wrote one at a time, with their values: CSV, JSON lines, Parquet.</summary>
internal static class TableReader
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>What a line of JSON lines that is no object has its value under.</summary>
    private const string OnlyColumn = "value";

    /// <param name="file">Full path.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">TableUnreadable; the file cannot be read.</exception>
    public static IEnumerable<TableRow> Read(string file, string name, CancellationToken cancellation)
    {
        using IEnumerator<TableRow> rows = Rows(file, name, cancellation).GetEnumerator();
        while (true)
        {
            try
            {
                if (!rows.MoveNext())
                {
                    break;
                }
            }
            catch (Exception exception) when (TableRows.FaultOf(exception, file, name) is { } fault)
            {
                throw fault;
            }

            yield return rows.Current;
        }
    }

    /// <summary>The columns that a table has; of JSON lines those of any line.</summary>
    /// <exception cref="HarvestException">As <see cref="Read"/>.</exception>
    public static IReadOnlyCollection<string> Columns(string file, string name, CancellationToken cancellation)
    {
        try
        {
            switch (Path.GetExtension(name).ToUpperInvariant())
            {
                case ".PARQUET":
                    using (FileStream stream = AtomicFile.OpenRead(file))
                    {
                        return ColumnNames(new ForeignTable(stream));
                    }

                case ".CSV" or ".TSV":
                    using (StreamReader reader = TableRows.Open(file))
                    {
                        var header = new List<string>();
                        long line = 1;
                        _ = TableRows.NextRecord(reader, name, SeparatorOf(name), header, ref line);
                        return header;
                    }
            }
        }
        catch (Exception exception) when (TableRows.FaultOf(exception, file, name) is { } fault)
        {
            throw fault;
        }

        var names = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        IReadOnlyList<string>? last = null;
        foreach (TableRow row in Read(file, name, cancellation).Where(row => !ReferenceEquals(row.Names, last)))
        {
            last = row.Names;
            foreach (string column in last)
            {
                names[column] = true;
            }
        }

        return names.Keys;
    }

    private static IEnumerable<TableRow> Rows(string file, string name, CancellationToken cancellation) => Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".CSV" or ".TSV" => Delimited(file, name, cancellation),
        ".JSONL" or ".NDJSON" => Lines(file, name, cancellation),
        ".PARQUET" => Parquet(file, cancellation),
        _ => throw ProgramRunErrors.TableUnreadable(name, "its name ends in none of .csv, .tsv, .jsonl, .ndjson and .parquet"),
    };

    private static char SeparatorOf(string name) => Path.GetExtension(name).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';

    private static IEnumerable<TableRow> Delimited(string file, string name, CancellationToken cancellation)
    {
        using StreamReader reader = TableRows.Open(file);
        long line = 1;
        var fields = new List<string>();
        if (!TableRows.NextRecord(reader, name, SeparatorOf(name), fields, ref line))
        {
            yield break;
        }

        string[] names = [.. fields];
        while (TableRows.NextRecord(reader, name, SeparatorOf(name), fields, ref line))
        {
            cancellation.ThrowIfCancellationRequested();
            if (fields.Count != names.Length)
            {
                throw ProgramRunErrors.TableUnreadable(name, FormattableString.Invariant($"the row that ends at line {line - 1} has {fields.Count} fields, and the header {names.Length}"));
            }

            yield return new TableRow(names, [.. fields]);
        }
    }

    private static IEnumerable<TableRow> Lines(string file, string name, CancellationToken cancellation)
    {
        using StreamReader reader = TableRows.Open(file);
        IReadOnlyList<string> names = [OnlyColumn];
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            JsonNode? node;
            try
            {
                node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            }
            catch (JsonException)
            {
                throw ProgramRunErrors.TableUnreadable(name, FormattableString.Invariant($"line {line} is no JSON"));
            }

            if (node is not JsonObject map)
            {
                yield return new TableRow(names is [OnlyColumn] ? names : names = [OnlyColumn], [Value(node)]);
                continue;
            }

            if (!map.Select(static pair => pair.Key).SequenceEqual(names))
            {
                names = [.. map.Select(static pair => pair.Key)];
            }

            yield return new TableRow(names, [.. map.Select(static pair => Value(pair.Value))]);
        }
    }

    private static object? Value(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        JsonValue value when value.TryGetValue(out long whole) => whole,
        JsonValue value when value.TryGetValue(out double number) && double.IsFinite(number) && value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') >= 0 => number,
        JsonArray { Count: > 0 } list when list.All(static item => item?.GetValueKind() == JsonValueKind.Number) => list.Select(static item => item!.GetValue<double>()).ToArray(),
        _ => Encoding.UTF8.GetString(CanonicalJson.Of(node, exactIntegers: true)),
    };

    private static IEnumerable<TableRow> Parquet(string file, CancellationToken cancellation)
    {
        using FileStream stream = AtomicFile.OpenRead(file);
        var table = new ForeignTable(stream);
        string[] names = ColumnNames(table);
        Func<object?, object?>[] read = [.. table.Columns.Select(static column => Reader(column.Type.Split(' ')[0]))];
        foreach (ForeignRowGroup group in table.Read(cancellation))
        {
            for (long row = 0; row < group.Rows; row++)
            {
                yield return new TableRow(names, [.. group.Columns.Select((values, i) => read[i](values.ReadRow()))]);
            }
        }
    }

    /// <summary>The column, and of one that is nested, with several leaves, the path of each.</summary>
    private static string[] ColumnNames(ForeignTable table)
    {
        string[] first = [.. table.Columns.Select(static column => column.Name.Split('/')[0])];
        return [.. table.Columns.Select((column, i) => first.Count(name => name == first[i]) == 1 ? first[i] : column.Name)];
    }

    private static Func<object?, object?> Reader(string type)
    {
        // Times are read as ticks, moments as nanoseconds, and whole numbers of plain columns as their digits, for digests.
        Func<object, object> one = type switch
        {
            "date" => static value => Moment(value, "yyyy-MM-dd"),
            "timestamp" => static value => Moment(value, "yyyy-MM-ddTHH:mm:ss"),
            nameof(SByte) or nameof(Byte) or nameof(Int16) or nameof(UInt16) or nameof(Int32) or nameof(UInt32) or nameof(Int64) or nameof(UInt64) => static value =>
                long.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
                    : Convert.ToString(value, CultureInfo.InvariantCulture)!,
            nameof(DateOnly) => static value => DateOnly.FromDayNumber((int)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            nameof(TimeOnly) or nameof(TimeSpan) => static value => new TimeSpan((long)value).ToString("c", CultureInfo.InvariantCulture),
            _ => static value => value switch
            {
                string or bool or long or double => value,
                sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            },
        };
        return value => value switch
        {
            null => null,
            List<object?> items when items.TrueForAll(static item => item is double or float or long or int) => items.Select(static item => Convert.ToDouble(item, CultureInfo.InvariantCulture)).ToArray(),
            List<object?> items => new JsonArray([.. items.Select(item => item is null ? null : Node(one(item)))]).ToJsonString(),
            _ => one(value),
        };
    }

    /// <summary>A moment in nanoseconds since 1970; what is beyond the years of the calendar is its number.</summary>
    private static string Moment(object value, string form)
    {
        string digits = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        if (!Int128.TryParse(digits, CultureInfo.InvariantCulture, out Int128 nanoseconds))
        {
            return digits;
        }

        Int128 fraction = ((nanoseconds % NanosecondsPerSecond) + NanosecondsPerSecond) % NanosecondsPerSecond;
        Int128 seconds = (nanoseconds - fraction) / NanosecondsPerSecond;
        if (seconds < -(DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond) || seconds >= (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond)
        {
            return digits;
        }

        string text = DateTime.UnixEpoch.AddTicks((long)seconds * TimeSpan.TicksPerSecond).ToString(form, CultureInfo.InvariantCulture);
        return fraction == 0 || form.Length == "yyyy-MM-dd".Length ? text : $"{text}.{((long)fraction).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }

    private static JsonValue Node(object value) => value switch
    {
        long whole => JsonValue.Create(whole),
        bool truth => JsonValue.Create(truth),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };
}
