using System.Globalization;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>What a question about lineage starts from.</summary>
public enum SourceKind
{
    /// <summary>An episode.</summary>
    Episode,

    /// <summary>A task of Label Studio.</summary>
    Task,

    /// <summary>An annotation of Label Studio.</summary>
    Annotation,

    /// <summary>A person who labels.</summary>
    Annotator,

    /// <summary>An image or video.</summary>
    Medium,

    /// <summary>An export.</summary>
    Export,
}

/// <summary>From which episode, task, annotation, annotator, medium or export slices and models are looked for.</summary>
public sealed record SourceQuery
{
    private SourceQuery(SourceKind kind, string text, long id = 0) => (Kind, Text, Id) = (kind, text, id);

    /// <summary>What is looked for.</summary>
    public SourceKind Kind { get; }

    /// <summary>Its name, link, hash or id as text.</summary>
    public string Text { get; }

    /// <summary>Its id in Label Studio; 0 for what has none.</summary>
    public long Id { get; }

    /// <summary>Only in exports of this project: ids are those of one Label Studio; null for all.</summary>
    public string? Project { get; init; }

    /// <summary>Only in this slice; null for all.</summary>
    public string? Version { get; init; }

    /// <summary>An episode's name, or <c>task_subdir/episode</c>.</summary>
    public static SourceQuery OfEpisode(string episode) => new(SourceKind.Episode, episode);

    /// <summary>A task by its id.</summary>
    public static SourceQuery OfTask(long id) => new(SourceKind.Task, Of(id), id);

    /// <summary>An annotation by its id.</summary>
    public static SourceQuery OfAnnotation(long id) => new(SourceKind.Annotation, Of(id), id);

    /// <summary>A person by the id in Label Studio.</summary>
    public static SourceQuery OfAnnotator(long id) => new(SourceKind.Annotator, Of(id), id);

    /// <summary>A medium: its link as rows have it, the link's last part, or the SHA-256 that a slice's list of media has.</summary>
    public static SourceQuery OfMedium(string medium) => new(SourceKind.Medium, medium);

    /// <summary>An export: its SHA-256 or eight or more of its first digits, its recorded path, or a file with its bytes.</summary>
    public static SourceQuery OfExport(string export) => new(SourceKind.Export, export);

    /// <summary>Of an annotator: e-mail addresses that an erasure is about too, besides those that exports have for the id.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    /// <summary>In words, for example <c>task 12</c>.</summary>
    public override string ToString() => Kind switch
    {
        SourceKind.Episode => $"the episode '{Text}'",
        SourceKind.Medium => $"the medium '{Text}'",
        SourceKind.Export => $"the export '{Text}'",
        _ => $"{Kind.ToString().ToLowerInvariant()} {Text}",
    };

    /// <summary>A step of the erasure of what is meant.</summary>
    /// <param name="step">Which.</param>
    public RemedyAction.EraseWork ToErase(ErasureStep step) =>
        new(step, Kind == SourceKind.Annotator ? Id : null, Kind == SourceKind.Episode ? Text : null, Project) { Emails = Emails };

    /// <summary>Whether an annotator or an episode is one of those that are left out, by the very name.</summary>
    internal bool IsLeftOutBy(Exclusion exclusion) => Kind == SourceKind.Annotator
        ? exclusion.HasAnnotator(Id)
        : exclusion.Episodes.Contains(Text, StringComparer.Ordinal);

    private static string Of(long id) => id.ToString(CultureInfo.InvariantCulture);
}
