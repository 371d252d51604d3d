namespace HarvestTools.LabelStudio.Labels;

/// <summary>How the labels of one export differ from those of another, in annotated tasks.</summary>
/// <param name="Added">Annotated tasks that only the second has.</param>
/// <param name="Removed">Annotated tasks that only the first has.</param>
/// <param name="Relabelled">Tasks that both have, with other labels or other data.</param>
/// <param name="Unchanged">Tasks that both have with the same labels.</param>
public sealed record LabelChanges(long Added, long Removed, long Relabelled, long Unchanged)
{
    /// <summary>Compares two sorted lists; a task that a file holds twice counts twice.</summary>
    internal static LabelChanges Between(IReadOnlyList<TaskDigest> before, IReadOnlyList<TaskDigest> after)
    {
        long added = 0;
        long removed = 0;
        long relabelled = 0;
        long unchanged = 0;
        int b = 0;
        int a = 0;
        while (b < before.Count || a < after.Count)
        {
            TaskDigest first = b >= before.Count ? after[a]
                : a >= after.Count || before[b].CompareIds(after[a]) <= 0 ? before[b]
                : after[a];
            int bEnd = EndOfId(before, b, first);
            int aEnd = EndOfId(after, a, first);
            int same = CountEqual(before, b, bEnd, after, a, aEnd);
            int onlyBefore = bEnd - b - same;
            int onlyAfter = aEnd - a - same;

            // Without an id there is no telling which task became which.
            int changed = first.Id is null ? 0 : Math.Min(onlyBefore, onlyAfter);
            unchanged += same;
            relabelled += changed;
            removed += onlyBefore - changed;
            added += onlyAfter - changed;
            b = bEnd;
            a = aEnd;
        }

        return new LabelChanges(added, removed, relabelled, unchanged);
    }

    private static int EndOfId(IReadOnlyList<TaskDigest> tasks, int start, TaskDigest like)
    {
        int end = start;
        while (end < tasks.Count && tasks[end].CompareIds(like) == 0)
        {
            end++;
        }

        return end;
    }

    private static int CountEqual(IReadOnlyList<TaskDigest> left, int l, int lEnd, IReadOnlyList<TaskDigest> right, int r, int rEnd)
    {
        int equal = 0;
        while (l < lEnd && r < rEnd)
        {
            int order = left[l].CompareTo(right[r]);
            equal += order == 0 ? 1 : 0;
            l += order <= 0 ? 1 : 0;
            r += order >= 0 ? 1 : 0;
        }

        return equal;
    }
}
