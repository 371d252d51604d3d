using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// The texts that all rows of one medium share, which a row leaves out where the row before it has the same; all absent in a
/// table that has none of these columns.
/// </summary>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Media">The medium's link.</param>
/// <param name="ToName">The object tag.</param>
internal readonly record struct RowTexts(Utf8Text TaskSubdir, Utf8Text Episode, Utf8Text Media, Utf8Text ToName)
{
    /// <summary>What they take beyond the marks in their places.</summary>
    public int Bytes => TaskSubdir.Length + Episode.Length + Media.Length + ToName.Length;

    public bool IsOneEpisode(in RowTexts other) => Episode == other.Episode && TaskSubdir == other.TaskSubdir;

    /// <summary>The order of their episodes; 0 where both are of one.</summary>
    public int CompareEpisodes(in RowTexts other)
    {
        int order = TaskSubdir.CompareTo(other.TaskSubdir);
        return order != 0 ? order : Episode.CompareTo(other.Episode);
    }

    // The longest and most telling first, which mostly are one piece of one buffer.
    public bool Equals(RowTexts other) =>
        Media == other.Media && ToName == other.ToName && Episode == other.Episode && TaskSubdir == other.TaskSubdir;

    public override int GetHashCode() => HashCode.Combine(Episode, Media);
}
