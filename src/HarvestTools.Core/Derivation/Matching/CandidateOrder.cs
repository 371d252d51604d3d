using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// An order of candidates and annotations by what they say, never by where they stand in the file, so that matching
/// gives the same result for any order of the input.
/// </summary>
internal static class CandidateOrder
{
    /// <summary>Fills <paramref name="ranks"/> with each annotation's place by id, annotator and content.</summary>
    public static void Rank(List<Annotation> annotations, List<Candidate> candidates, List<int> ranks)
    {
        ranks.Clear();
        CollectionsMarshal.SetCount(ranks, annotations.Count);

        // Most tasks have one or two, with ids of their own.
        if (annotations.Count == 1)
        {
            ranks[0] = 0;
            return;
        }

        if (annotations.Count == 2 && CompareIds(annotations[0], annotations[1]) is var two and not 0)
        {
            ranks[0] = two < 0 ? 0 : 1;
            ranks[1] = 1 - ranks[0];
            return;
        }

        RankMany(annotations, candidates, ranks);
    }

    private static void RankMany(List<Annotation> annotations, List<Candidate> candidates, List<int> ranks)
    {
        List<int>[]? content = null;
        int[] order = new int[annotations.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) =>
        {
            int byIds = CompareIds(annotations[a], annotations[b]);
            if (byIds != 0 || a == b)
            {
                return byIds;
            }

            // The same annotation twice, which only a hand-made file has: tell them apart by their regions.
            content ??= Contents(annotations.Count, candidates);
            return CompareContents(content[a], content[b], candidates);
        });
        for (int i = 0; i < order.Length; i++)
        {
            ranks[order[i]] = i;
        }
    }

    /// <summary>Everything but the annotation that can make two candidates different in the rows.</summary>
    public static int CompareContent(in Candidate a, in Candidate b)
    {
        // As numbers, since an enumeration is compared as an object.
        int order = ((int)a.Kind).CompareTo((int)b.Kind);
        if (order != 0
            || (order = a.Label.CompareTo(b.Label)) != 0
            || (order = a.Region.Id.CompareTo(b.Region.Id)) != 0
            || (order = a.X.CompareTo(b.X)) != 0
            || (order = a.Y.CompareTo(b.Y)) != 0
            || (order = a.Width.CompareTo(b.Width)) != 0
            || (order = a.Height.CompareTo(b.Height)) != 0
            || (order = a.Rotation.CompareTo(b.Rotation)) != 0
            || (order = a.Start.CompareTo(b.Start)) != 0
            || (order = a.End.CompareTo(b.End)) != 0
            || (order = a.Region.ParentId.CompareTo(b.Region.ParentId)) != 0
            || (order = a.Region.Origin.CompareTo(b.Region.Origin)) != 0
            || (order = a.Control.CompareTo(b.Control)) != 0
            || (order = a.Region.FromName.CompareTo(b.Region.FromName)) != 0
            || (order = a.Region.ToName.CompareTo(b.Region.ToName)) != 0
            || (order = Nullable.Compare(a.Region.ItemIndex, b.Region.ItemIndex)) != 0
            || (order = Nullable.Compare(a.Region.OriginalWidth, b.Region.OriginalWidth)) != 0
            || (order = Nullable.Compare(a.Region.OriginalHeight, b.Region.OriginalHeight)) != 0
            || (order = a.Attributes.CompareTo(b.Attributes)) != 0
            || (order = a.Value.CompareTo(b.Value)) != 0)
        {
            return order;
        }

        return a.Kind switch
        {
            RegionKind.Track => CompareKeyFrames(a.Region, b.Region),
            RegionKind.Polygon => ComparePoints(a.Region, b.Region),
            _ => 0,
        };
    }

    private static int ComparePoints(Region a, Region b)
    {
        int order = CollectionsMarshal.AsSpan(a.Points).SequenceCompareTo(CollectionsMarshal.AsSpan(b.Points));
        return order != 0 ? order : Nullable.Compare(a.Closed, b.Closed);
    }

    private static int CompareIds(Annotation a, Annotation b)
    {
        int order = Nullable.Compare(a.Id, b.Id);
        return order != 0 ? order : Nullable.Compare(a.AnnotatorId, b.AnnotatorId);
    }

    private static int CompareKeyFrames(Region a, Region b)
    {
        int order = Nullable.Compare(a.FramesCount, b.FramesCount);
        for (int i = 0; order == 0 && i < a.KeyFrames.Count && i < b.KeyFrames.Count; i++)
        {
            order = Compare(a.KeyFrames[i], b.KeyFrames[i]);
        }

        return order != 0 ? order : a.KeyFrames.Count.CompareTo(b.KeyFrames.Count);
    }

    private static int Compare(in KeyFrame a, in KeyFrame b)
    {
        int order = a.Frame.CompareTo(b.Frame);
        if (order != 0
            || (order = Nullable.Compare(a.Enabled, b.Enabled)) != 0
            || (order = Nullable.Compare(a.X, b.X)) != 0
            || (order = Nullable.Compare(a.Y, b.Y)) != 0
            || (order = Nullable.Compare(a.Width, b.Width)) != 0
            || (order = Nullable.Compare(a.Height, b.Height)) != 0)
        {
            return order;
        }

        return Nullable.Compare(a.Rotation, b.Rotation);
    }

    private static List<int>[] Contents(int annotations, List<Candidate> candidates)
    {
        var contents = new List<int>[annotations];
        for (int i = 0; i < annotations; i++)
        {
            contents[i] = [];
        }

        for (int i = 0; i < candidates.Count; i++)
        {
            contents[candidates[i].Annotation].Add(i);
        }

        foreach (List<int> content in contents)
        {
            content.Sort((a, b) => CompareContent(candidates[a], candidates[b]));
        }

        return contents;
    }

    private static int CompareContents(List<int> a, List<int> b, List<Candidate> candidates)
    {
        for (int i = 0; i < a.Count && i < b.Count; i++)
        {
            int order = CompareContent(candidates[a[i]], candidates[b[i]]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Count.CompareTo(b.Count);
    }
}
