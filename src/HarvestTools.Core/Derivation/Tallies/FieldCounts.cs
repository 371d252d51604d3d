namespace HarvestTools.Derivation.Tallies;

/// <summary>Where one of task_subdir, episode and frame came from, counted over labelled tasks.</summary>
public sealed class FieldCounts
{
    /// <summary>From the place that the field mapping names.</summary>
    public long Mapped { get; internal set; }

    /// <summary>From the folders, the stem or the digits of the image's or video's path.</summary>
    public long FromPath { get; internal set; }

    /// <summary>From nowhere: an empty task_subdir, an episode that is only the stem of an image outside any folder, or frame 0.</summary>
    public long Missing { get; internal set; }

    internal void Merge(FieldCounts other)
    {
        Mapped += other.Mapped;
        FromPath += other.FromPath;
        Missing += other.Missing;
    }
}
