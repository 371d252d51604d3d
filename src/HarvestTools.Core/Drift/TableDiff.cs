using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using HarvestTools.Programs;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>One difference: a row that one side alone has, or a row of one key on both sides with other values.</summary>
internal sealed record RowPair(TableRow? Before, TableRow? After)
{
    public string Kind => Before is null ? RowChangeKind.Added : After is null ? RowChangeKind.Removed : RowChangeKind.Changed;
}

/// <summary>
/// Compares tables whose rows are in no order that is known. Equal rows cancel out, each as often as it is there; of the others those
/// of one key are one changed row, the first of either side, and what is left over was added or removed. Without a key all of them were.
/// Memory holds a hash for each row that is on one side alone so far, and the rows that differ.
/// </summary>
/// <param name="key">The columns that identify a row; null for none.</param>
/// <param name="digits">To how many digits after the point numbers are compared; null for all.</param>
/// <param name="numbers">Whether texts that are numbers are compared as such: the files are of two kinds, of which one may have no numbers.</param>
internal sealed class TableDiff(IReadOnlyList<string>? key, int? digits, bool numbers)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private IReadOnlyList<string>? _names;
    private int[] _order = [];

    /// <param name="before">Reads the rows of one side; called twice.</param>
    /// <param name="after">Reads those of the other.</param>
    /// <returns>In the order of their keys, or of their values.</returns>
    public IEnumerable<RowPair> Between(Func<IEnumerable<TableRow>> before, Func<IEnumerable<TableRow>> after)
    {
        var counts = new Dictionary<UInt128, long>();
        Count(before(), 1, counts);
        Count(after(), -1, counts);
        if (counts.Count == 0)
        {
            return [];
        }

        List<TableRow> lost = Differing(before(), 1, counts);
        List<TableRow> gained = Differing(after(), -1, counts);
        return Paired(lost, gained).OrderBy(pair => OrderOf(pair.After ?? pair.Before!), NaturalOrder.Instance);
    }

    /// <summary>The columns in which two rows differ.</summary>
    public IEnumerable<string> Columns(TableRow before, TableRow after) => after.Names.Union(before.Names).Where(name => Text(before[name]) != Text(after[name]));

    private void Count(IEnumerable<TableRow> rows, long step, Dictionary<UInt128, long> counts)
    {
        foreach (TableRow row in rows)
        {
            UInt128 hash = HashOf(row);
            long count = counts.GetValueOrDefault(hash) + step;
            if (count == 0)
            {
                counts.Remove(hash);
            }
            else
            {
                counts[hash] = count;
            }
        }
    }

    private List<TableRow> Differing(IEnumerable<TableRow> rows, int sign, Dictionary<UInt128, long> counts)
    {
        var differing = new List<TableRow>();
        foreach (TableRow row in rows)
        {
            UInt128 hash = HashOf(row);
            if (counts.TryGetValue(hash, out long count) && Math.Sign(count) == sign)
            {
                counts[hash] = count - sign;
                differing.Add(row);
            }
        }

        return differing;
    }

    private IEnumerable<RowPair> Paired(List<TableRow> lost, List<TableRow> gained)
    {
        var byKey = new Dictionary<string, Queue<TableRow>>(StringComparer.Ordinal);
        foreach (TableRow row in gained)
        {
            if (KeyOf(row) is { } value)
            {
                (byKey.TryGetValue(value, out Queue<TableRow>? rows) ? rows : byKey[value] = new()).Enqueue(row);
            }
            else
            {
                yield return new RowPair(null, row);
            }
        }

        foreach (TableRow row in lost)
        {
            yield return new RowPair(row, KeyOf(row) is { } value && byKey.TryGetValue(value, out Queue<TableRow>? rows) && rows.TryDequeue(out TableRow? other) ? other : null);
        }

        foreach (TableRow row in byKey.Values.SelectMany(static rows => rows))
        {
            yield return new RowPair(null, row);
        }
    }

    private string? KeyOf(TableRow row) => key is null || key.Any(name => !row.Names.Contains(name)) ? null : string.Join('\0', key.Select(name => Text(row[name])));

    private string OrderOf(TableRow row) => KeyOf(row) ?? string.Join('\0', row.Values.Select(Text));

    private string? Text(object? value) => numbers && value is string text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
        ? RowDigest.Text(number, digits)
        : RowText.Of(value, digits);

    /// <summary>Blind to the order of columns.</summary>
    private UInt128 HashOf(TableRow row)
    {
        if (!ReferenceEquals(row.Names, _names))
        {
            _names = row.Names;
            _order = [.. Enumerable.Range(0, _names.Count)];
            Array.Sort(_order, (a, b) => string.CompareOrdinal(_names[a], _names[b]));
        }

        _bytes.ResetWrittenCount();
        foreach (int column in _order)
        {
            Append(_names[column]);
            Append(Text(row.Values[column]));
        }

        return XxHash128.HashToUInt128(_bytes.WrittenSpan);
    }

    /// <summary>The length first, so that two texts are never taken for two others.</summary>
    private void Append(string? text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        _bytes.Advance(sizeof(int));
        if (text is not null)
        {
            _ = Encoding.UTF8.GetBytes(text, _bytes);
        }
    }
}
