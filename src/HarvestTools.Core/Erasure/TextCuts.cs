using System.Buffers;

namespace HarvestTools.Erasure;

/// <summary>A part of a task's bytes that goes, and what is put in its place.</summary>
/// <param name="Start">In bytes from the task's opening brace.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Put">In its place; empty for nothing.</param>
internal readonly record struct TextCut(int Start, int Length, ReadOnlyMemory<byte> Put = default)
{
    public int End => Start + Length;
}

/// <summary>What goes of one task. Its other bytes stay as they are, spacing and escapes included. Reusable.</summary>
internal sealed class TextCuts
{
    private readonly List<TextCut> _cuts = [];

    public int Count => _cuts.Count;

    public void Clear() => _cuts.Clear();

    public void Add(int start, int end, ReadOnlyMemory<byte> put = default) => _cuts.Add(new TextCut(start, end - start, put));

    /// <summary>Takes items out of a list, with the commas that no item needs any more.</summary>
    /// <param name="items">All items of the list in order, and whether each goes.</param>
    public void AddItems(IReadOnlyList<(int Start, int End, bool Goes)> items)
    {
        int kept = -1;
        for (int i = 0; i < items.Count; i++)
        {
            if (!items[i].Goes)
            {
                kept = i;
                continue;
            }

            int first = i;
            while (i + 1 < items.Count && items[i + 1].Goes)
            {
                i++;
            }

            // Behind a kept item the comma before the gap goes, else the one behind it.
            Add(
                kept >= 0 ? items[kept].End : items[first].Start,
                kept < 0 && i + 1 < items.Count ? items[i + 1].Start : items[i].End);
        }
    }

    /// <summary>Writes the task without what goes.</summary>
    public void Write(ReadOnlySpan<byte> task, IBufferWriter<byte> to)
    {
        _cuts.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        int at = 0;
        foreach (TextCut cut in _cuts)
        {
            to.Write(task[at..cut.Start]);
            to.Write(cut.Put.Span);
            at = cut.End;
        }

        to.Write(task[at..]);
    }
}
