namespace HarvestTools.Filtering;

/// <summary>Where one of task_subdir, episode and frame came from, counted over labelled tasks.</summary>
public sealed class FieldCounts
{
    /// <summary>From the place that the field mapping names.</summary>
    public long Mapped { get; internal set; }

    /// <summary>From the folders, the stem or the digits of the image's or video's path.</summary>
    public long FromPath { get; internal set; }

    /// <summary>From nowhere: the empty task_subdir or episode, or frame 0.</summary>
    public long Missing { get; internal set; }

    internal void Merge(FieldCounts other)
    {
        Mapped += other.Mapped;
        FromPath += other.FromPath;
        Missing += other.Missing;
    }
}
