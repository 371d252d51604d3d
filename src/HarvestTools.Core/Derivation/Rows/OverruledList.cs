using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Rows;

/// <summary>
/// Collects rows that <see cref="OverruledRows"/> is about, one entry for each annotation and episode. One a worker; texts become
/// strings where they change, since tasks of an episode mostly follow each other.
/// </summary>
internal sealed class OverruledList
{
    private readonly List<OverruledRows> _rows = [];
    private byte[] _subdir = [];
    private byte[] _episode = [];
    private string _subdirText = "";
    private string _episodeText = "";

    /// <param name="taskId">Label Studio's task.</param>
    /// <param name="annotation">The first annotation that drew or changed the label.</param>
    /// <param name="fields">The task folder and the episode of its medium.</param>
    /// <param name="rows">How many rows.</param>
    public void Add(long taskId, Annotation annotation, in TaskFields fields, long rows)
    {
        bool sameEpisode = fields.TaskSubdir.Span.SequenceEqual(_subdir) && fields.Episode.Span.SequenceEqual(_episode);
        if (!sameEpisode)
        {
            (_subdir, _subdirText) = (fields.TaskSubdir.Span.ToArray(), fields.TaskSubdir.ToString());
            (_episode, _episodeText) = (fields.Episode.Span.ToArray(), fields.Episode.ToString());
        }

        if (sameEpisode && _rows.Count > 0)
        {
            ref OverruledRows last = ref CollectionsMarshal.AsSpan(_rows)[^1];
            if (last.TaskId == taskId && last.AnnotationId == annotation.Id && last.AnnotatorId == annotation.AnnotatorId)
            {
                last = last with { Rows = last.Rows + rows };
                return;
            }
        }

        _rows.Add(new OverruledRows(taskId, annotation.Id, annotation.AnnotatorId, _subdirText, _episodeText, rows));
    }

    /// <summary>What several workers found, each annotation and episode once, in an order that does not depend on who found what.</summary>
    public static IReadOnlyList<OverruledRows> Merge(IEnumerable<OverruledList> lists)
    {
        var all = new List<OverruledRows>();
        foreach (OverruledList list in lists)
        {
            all.AddRange(list._rows);
        }

        all.Sort(Compare);
        var merged = new List<OverruledRows>(all.Count);
        foreach (OverruledRows one in all)
        {
            if (merged.Count > 0 && Compare(one, merged[^1]) == 0)
            {
                merged[^1] = one with { Rows = merged[^1].Rows + one.Rows };
            }
            else
            {
                merged.Add(one);
            }
        }

        return merged;
    }

    private static int Compare(OverruledRows one, OverruledRows other)
    {
        int order = one.TaskId.CompareTo(other.TaskId);
        order = order != 0 ? order : Compare(one.AnnotationId, other.AnnotationId);
        order = order != 0 ? order : Compare(one.AnnotatorId, other.AnnotatorId);
        order = order != 0 ? order : string.CompareOrdinal(one.TaskSubdir, other.TaskSubdir);
        return order != 0 ? order : string.CompareOrdinal(one.Episode, other.Episode);
    }

    private static int Compare(long? one, long? other) => one is { } a && other is { } b ? a.CompareTo(b) : one.HasValue.CompareTo(other.HasValue);
}
