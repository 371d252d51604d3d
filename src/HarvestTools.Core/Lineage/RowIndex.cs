using HarvestTools.Cache;

namespace HarvestTools.Lineage;

/// <summary>
/// How many rows of a part each annotation has: one entry for each annotation, episode, medium and group of people that occur
/// together, and one for each annotation of which something was dropped. Some hundred times smaller than the rows, and read in
/// one piece.
/// </summary>
internal sealed class RowIndex
{
    /// <summary>Takes the place of an id where there is none.</summary>
    public const long None = AnnotationIndex.None;

    private static ReadOnlySpan<byte> Mark => "hvrowsi1"u8;

    /// <summary>Says of which rows it is: the digests of the part's tables.</summary>
    public required byte[] Identity { get; init; }

    public required long[] Tasks { get; init; }

    /// <summary>Ids of annotations, of several that agree the lowest; <see cref="None"/> where there is none.</summary>
    public required long[] Annotations { get; init; }

    /// <summary>Numbers in <see cref="Folders"/> and <see cref="Episodes"/>; -1 for what was dropped, of which no episode is known.</summary>
    public required int[] EpisodeOf { get; init; }

    /// <summary>Numbers in <see cref="Media"/>; -1 where there is none.</summary>
    public required int[] MediumOf { get; init; }

    /// <summary>Numbers in <see cref="People"/>; -1 for what was dropped.</summary>
    public required int[] PeopleOf { get; init; }

    public required int[] Rows { get; init; }

    /// <summary>
    /// How many rows a person drew or changed: of the entry's own, or, where it has none, of another's with which it agrees.
    /// </summary>
    public required int[] Corrected { get; init; }

    /// <summary>How many rows of the table of what was dropped.</summary>
    public required int[] Rejected { get; init; }

    /// <summary>Task folders, one for each episode.</summary>
    public required TextList Folders { get; init; }

    /// <summary>Names of episodes.</summary>
    public required TextList Episodes { get; init; }

    /// <summary>Links of media as rows have them.</summary>
    public required TextList Media { get; init; }

    /// <summary>Ids of people who agree on rows, ascending, with commas between.</summary>
    public required TextList People { get; init; }

    public int Count => Tasks.Length;

    public static RowIndex? TryLoad(string path) => IndexFile.TryRead(path, Mark, static columns =>
    {
        var index = new RowIndex
        {
            Identity = columns.Next<byte>(),
            Tasks = columns.Next<long>(),
            Annotations = columns.Next<long>(),
            EpisodeOf = columns.Next<int>(),
            MediumOf = columns.Next<int>(),
            PeopleOf = columns.Next<int>(),
            Rows = columns.Next<int>(),
            Corrected = columns.Next<int>(),
            Rejected = columns.Next<int>(),
            Folders = columns.NextTexts(),
            Episodes = columns.NextTexts(),
            Media = columns.NextTexts(),
            People = columns.NextTexts(),
        };
        return index.IsWhole() ? index : null;
    });

    public void Save(string path) => IndexFile.Write(path, Mark, columns =>
    {
        columns.Add<byte>(Identity);
        columns.Add<long>(Tasks);
        columns.Add<long>(Annotations);
        columns.Add<int>(EpisodeOf);
        columns.Add<int>(MediumOf);
        columns.Add<int>(PeopleOf);
        columns.Add<int>(Rows);
        columns.Add<int>(Corrected);
        columns.Add<int>(Rejected);
        columns.Add(Folders);
        columns.Add(Episodes);
        columns.Add(Media);
        columns.Add(People);
    });

    private bool IsWhole() =>
        Annotations.Length == Count && EpisodeOf.Length == Count && MediumOf.Length == Count && PeopleOf.Length == Count
        && Rows.Length == Count && Corrected.Length == Count && Rejected.Length == Count && Folders.Count == Episodes.Count
        && IsWithin(EpisodeOf, Episodes) && IsWithin(MediumOf, Media) && IsWithin(PeopleOf, People);

    private static bool IsWithin(int[] numbers, TextList texts) => Array.TrueForAll(numbers, number => number >= -1 && number < texts.Count);
}
