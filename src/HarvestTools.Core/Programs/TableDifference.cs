using System.Globalization;
using HarvestTools.Files;
using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>The first place in which what two runs of one program wrote differs.</summary>
/// <param name="Table">The file, relative to the folder that the program wrote to; empty where a run failed.</param>
/// <param name="Row">The row, from 1 on, of CSV without the header, which is 0; null where rows have no order, or no row differs.</param>
/// <param name="Column">The column; null where no value can be named.</param>
/// <param name="First">What the first run wrote there; null where it wrote nothing.</param>
/// <param name="Second">What the other run wrote there; null where it wrote nothing.</param>
public sealed record TableDifference(string Table, long? Row, string? Column, string? First, string? Second)
{
    /// <summary><c>counts.csv, row 3, column regions: 4 and 5</c>.</summary>
    public override string ToString() =>
        (Table.Length == 0 ? "a run" : Table)
            + (Row is { } row ? string.Create(CultureInfo.InvariantCulture, $", row {row}") : "")
            + (Column is null ? "" : $", column {Column}")
            + $": {Shown(First)} and {Shown(Second)}";

    /// <summary>The first difference of two files of which it is known that they are to be the same.</summary>
    /// <param name="path">What they are called.</param>
    /// <param name="first">Full path of the one.</param>
    /// <param name="second">Full path of the other.</param>
    /// <param name="program">How rows are compared.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal static TableDifference Locate(string path, string first, string second, HarvestProgram program, CancellationToken cancellation)
    {
        try
        {
            if (InRows(path, first, second, program, cancellation) is { } row)
            {
                return row;
            }
        }
        catch (Exception fault) when (fault is HarvestException or InvalidDataException or System.Text.DecoderFallbackException)
        {
            // No table that can be read: its bytes are all there is.
        }

        return InBytes(path, first, second);
    }

    private static TableDifference? InRows(string path, string first, string second, HarvestProgram program, CancellationToken cancellation)
    {
        bool ordered = program.RowOrder || program.Identity == ProgramIdentity.Bytes;
        bool header = Path.GetExtension(path).ToUpperInvariant() is ".CSV" or ".TSV";
        using IEnumerator<TableCell[]> left = Rows(first).GetEnumerator();
        using IEnumerator<TableCell[]> right = Rows(second).GetEnumerator();
        for (long row = header ? 0 : 1; ; row++)
        {
            TableCell[]? one = left.MoveNext() ? left.Current : null;
            TableCell[]? other = right.MoveNext() ? right.Current : null;
            if (one is null && other is null)
            {
                return null;
            }

            long? number = ordered ? row : null;
            if (one is null || other is null)
            {
                return new TableDifference(path, number, null, Whole(one), Whole(other));
            }

            for (int i = 0; i < Math.Max(one.Length, other.Length); i++)
            {
                TableCell? a = i < one.Length ? one[i] : null;
                TableCell? b = i < other.Length ? other[i] : null;
                if (a != b)
                {
                    return new TableDifference(path, number, (a ?? b)!.Value.Column, a?.Value, b?.Value);
                }
            }
        }

        IEnumerable<TableCell[]> Rows(string file)
        {
            IEnumerable<TableCell[]> rows = TableCells.Read(file, path, program, cancellation);
            return ordered ? rows : rows.OrderBy(static row => Whole(row), StringComparer.Ordinal);
        }
    }

    private static string? Whole(TableCell[]? row) => row is null ? null : string.Join(", ", row.Select(static cell => cell.Value ?? "null"));

    private static TableDifference InBytes(string path, string first, string second)
    {
        using Stream one = new BufferedStream(AtomicFile.OpenRead(first));
        using Stream other = new BufferedStream(AtomicFile.OpenRead(second));
        for (long at = 0; ; at++)
        {
            (int a, int b) = (one.ReadByte(), other.ReadByte());
            if (a != b || a < 0)
            {
                return new TableDifference(path, null, null, Byte(a, at), Byte(b, at));
            }
        }

        static string Byte(int value, long at) =>
            value < 0 ? string.Create(CultureInfo.InvariantCulture, $"its end at byte {at}") : string.Create(CultureInfo.InvariantCulture, $"0x{value:x2} at byte {at}");
    }

    private static string Shown(string? value)
    {
        const int Most = 80;
        return value is null ? "nothing" : value.Length == 0 ? "\"\"" : value.Length <= Most ? value : value[..Most] + "…";
    }
}

/// <summary>What running a program twice, under other conditions the second time, came to.</summary>
/// <param name="HarvestVersion">The definition, <c>harvest@v1.4.2</c>.</param>
/// <param name="Runs">How often it was run.</param>
/// <param name="Causes">What its tables depend on, found by changing one condition at a time; empty where they are the same, or none of the conditions alone is the cause.</param>
/// <param name="Difference">The first difference; null where there is none.</param>
public sealed record TwiceResult(string HarvestVersion, int Runs, IReadOnlyList<string> Causes, TableDifference? Difference)
{
    /// <summary>Whether two runs under the same conditions differ already: it is the time of day, random numbers, or another input.</summary>
    public bool Random { get; init; }

    /// <summary>What was another one in the second run.</summary>
    public static IReadOnlyList<string> Conditions { get; } = [.. Enum.GetValues<RunCondition>().Select(static condition => condition.ToString())];
}
