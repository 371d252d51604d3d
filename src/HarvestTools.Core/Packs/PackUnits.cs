using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Packs;

/// <summary>A piece of an export: one task with what is before it, and for the last one what is after it.</summary>
/// <param name="Offset">Where it begins in the file, in bytes from 0.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Id">The task's id.</param>
/// <param name="Ordinal">Its place in the file, from 0.</param>
internal readonly record struct PackUnit(long Offset, int Length, long Id, int Ordinal);

/// <summary>
/// The pieces of an export, one a task: together, in the order of the file, they are the file. By them two exports of a project are
/// laid side by side, whatever order a database gave their tasks.
/// </summary>
internal sealed class PackUnits
{
    private const int ReadBytes = 128 * 1024;

    // A task that outgrows this is unlikely, and its piece would be held in memory whole.
    private static readonly ExportLimits s_limits = new(MaxTaskBytes: 32 * 1024 * 1024);

    private PackUnits(PackUnit[] byId, bool inOrder)
    {
        ById = byId;
        InOrder = inOrder;
    }

    /// <summary>The pieces by the ids of their tasks; those of one id in the order of the file.</summary>
    public IReadOnlyList<PackUnit> ById { get; }

    /// <summary>Whether that is the order of the file.</summary>
    public bool InOrder { get; }

    /// <summary>Cuts an export; null for what is no list of tasks with ids, which is packed without regard to what is in it.</summary>
    /// <param name="raw">The bytes, from their beginning to their end.</param>
    /// <param name="name">What messages call them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">The bytes cannot be read.</exception>
    public static PackUnits? TryCut(Stream raw, string name, CancellationToken cancellation)
    {
        using var input = new ExportInput(raw, name, copyTo: null, cancellation, hash: false);
        var splitter = new TaskSplitter(input, s_limits, ReadBytes);
        var batch = new TaskBatch(s_limits.BatchBytes);
        var units = new List<PackUnit>();
        long end = 0;
        bool inOrder = true;
        try
        {
            bool more;
            do
            {
                batch.Reset();
                more = splitter.Fill(batch, progress: null);
                for (int i = 0; i < batch.Count; i++)
                {
                    RawTask task = batch.Task(i, name);
                    if (TaskIdProbe.Find(task.Span) is not { } id)
                    {
                        return null;
                    }

                    long next = task.ByteOffset + task.Length;
                    inOrder &= units.Count == 0 || units[^1].Id <= id;
                    units.Add(new PackUnit(end, checked((int)(next - end)), id, units.Count));
                    end = next;
                }
            }
            while (more);
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.InvalidData)
        {
            return null;
        }

        if (units.Count == 0)
        {
            return null;
        }

        units[^1] = units[^1] with { Length = checked((int)(input.Bytes - units[^1].Offset)) };
        PackUnit[] all = [.. units];
        if (!inOrder)
        {
            Array.Sort(all, static (a, b) => a.Id != b.Id ? a.Id.CompareTo(b.Id) : a.Ordinal.CompareTo(b.Ordinal));
        }

        return new PackUnits(all, inOrder);
    }
}
