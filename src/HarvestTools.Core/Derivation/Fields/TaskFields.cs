using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>The three key columns of what is on one medium of a task.</summary>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Frame">The frame of an image; 0 for a video.</param>
/// <param name="Origins">Where they came from.</param>
internal readonly record struct TaskFields(Utf8Text TaskSubdir, Utf8Text Episode, long Frame, FieldOrigins Origins);

/// <summary>Where a key column came from.</summary>
internal enum FieldOrigin
{
    /// <summary>From nowhere, as the frame of a video, which is in its regions.</summary>
    NotNeeded,

    /// <summary>From the place that the mapping names.</summary>
    Mapped,

    /// <summary>From the path of the medium.</summary>
    Path,

    /// <summary>From nowhere, though it is wanted.</summary>
    Missing,
}

internal readonly record struct FieldOrigins(FieldOrigin TaskSubdir, FieldOrigin Episode, FieldOrigin Frame)
{
    /// <summary>Whether any of them is not the data's own.</summary>
    public bool IsGuessed => TaskSubdir > FieldOrigin.Mapped || Episode > FieldOrigin.Mapped || Frame > FieldOrigin.Mapped;

    public void Count(Tally tally)
    {
        Count(tally.TaskSubdir, TaskSubdir);
        Count(tally.Episode, Episode);
        Count(tally.Frame, Frame);
    }

    private static void Count(FieldCounts counts, FieldOrigin origin)
    {
        counts.Mapped += origin == FieldOrigin.Mapped ? 1 : 0;
        counts.FromPath += origin == FieldOrigin.Path ? 1 : 0;
        counts.Missing += origin == FieldOrigin.Missing ? 1 : 0;
    }
}
