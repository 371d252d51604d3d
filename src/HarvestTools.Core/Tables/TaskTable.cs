using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HarvestTools.Tables;

/// <summary>A row of <see cref="TaskTable"/>.</summary>
/// <param name="Start">Where its bytes start, behind the header.</param>
/// <param name="Length">How many they are.</param>
/// <param name="MediumAt">Where in them the texts of its medium are left out; -1 in a table without these.</param>
/// <param name="Medium">Which of the task's <see cref="RowTexts"/> it has.</param>
/// <param name="Group">Rows of one group differ in frame and weight and in the table's own columns alone.</param>
/// <param name="Frame">The frame; 0 in a table without frames.</param>
internal readonly record struct TaskRow(int Start, int Length, int MediumAt, int Medium, int Group, long Frame);

/// <summary>
/// The rows of one task in one table, in any order: in canonical form from the start (<see cref="RowWriter"/>), so that what is
/// sorted is places, what is compared is bytes, and what goes into the log is copied. The texts that rows share are
/// left out of all of them, and kept beside.
/// </summary>
internal abstract class TaskTable
{
    private readonly List<TaskRow> _rows = [];
    private readonly List<RowTexts> _texts = [];

    public int Count => _rows.Count;

    /// <summary>How many groups the rows are of.</summary>
    public int Groups { get; private set; }

    /// <summary>How many media the rows are of: of two with the same texts it is one.</summary>
    public int Media => _texts.Count;

    public ReadOnlySpan<TaskRow> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>Every row behind a header that says that it leaves the shared texts out.</summary>
    public ReadOnlySpan<byte> Written => Writer.Written;

    /// <summary>What <see cref="Written"/> is in.</summary>
    public byte[] Buffer => Writer.Buffer;

    protected RowWriter Writer { get; } = new();

    public ref readonly RowTexts TextsOf(in TaskRow row) => ref CollectionsMarshal.AsSpan(_texts)[row.Medium];

    public void Clear()
    {
        _rows.Clear();
        _texts.Clear();
        Writer.Clear();
        Groups = 0;
    }

    protected void Added(in RowTexts texts, long frame)
    {
        int medium = MediumOf(texts);
        _rows.Add(new TaskRow(Writer.RowStart, Writer.Length - Writer.RowStart, Writer.MediumAt, medium, Groups++, frame));
    }

    /// <summary>Begins a row that has the key of the one before it but for frame and weight.</summary>
    protected void BeginNext(long frame, double weight)
    {
        int weightAt = Writer.MediumAt - sizeof(double);
        Span<byte> key = Writer.RepeatKey();
        BinaryPrimitives.WriteInt64LittleEndian(key[CommonColumns.FrameAt..], frame);
        BinaryPrimitives.WriteDoubleLittleEndian(key[weightAt..], weight);
    }

    protected void AddedNext(long frame)
    {
        CollectionsMarshal.SetCount(_rows, _rows.Count + 1);
        Span<TaskRow> rows = CollectionsMarshal.AsSpan(_rows);
        ref readonly TaskRow last = ref rows[^2];
        rows[^1] = new TaskRow(Writer.RowStart, Writer.Length - Writer.RowStart, last.MediumAt, last.Medium, last.Group, frame);
    }

    private int MediumOf(in RowTexts texts)
    {
        Span<RowTexts> known = CollectionsMarshal.AsSpan(_texts);
        for (int i = known.Length - 1; i >= 0; i--)
        {
            if (known[i].Equals(texts))
            {
                return i;
            }
        }

        _texts.Add(texts);
        return known.Length;
    }
}

/// <inheritdoc/>
internal sealed class TaskTable<TRow, TTable> : TaskTable
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    /// <summary>Adds a row, which begins a group.</summary>
    public void Add(in TRow row)
    {
        Writer.BeginRow(sharesTexts: true);
        TTable.Write(Writer, row);
        Writer.EndRow();
        Added(TTable.TextsOf(row), TTable.FrameOf(row));
    }

    /// <summary>Adds a row to the group of the one before it, whose key it has but for frame and weight.</summary>
    /// <param name="frame">Its frame.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="row">Has the table's own columns; the others of it are not looked at.</param>
    public void AddNext(long frame, double weight, in TRow row)
    {
        BeginNext(frame, weight);
        TTable.WriteOwn(Writer, row);
        Writer.EndRow();
        AddedNext(frame);
    }

    /// <summary>The row at a place; its texts are valid until rows are added.</summary>
    public TRow Read(int place)
    {
        ref readonly TaskRow row = ref Rows[place];
        var reader = new RowReader(Writer.Buffer, row.Start, TextsOf(row));
        TTable.Read(ref reader, out TRow read);
        return read;
    }
}
