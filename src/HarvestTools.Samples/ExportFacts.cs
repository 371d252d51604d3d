namespace HarvestTools.Samples;

/// <summary>What is in an export that was just written, counted while it was made.</summary>
internal sealed class ExportFacts
{
    public long Bytes { get; set; }

    public long Tasks { get; set; }

    /// <summary>Tasks without an annotation.</summary>
    public long Unlabeled { get; set; }

    /// <summary>Tasks that two people labelled and did not skip.</summary>
    public long TwoAnnotators { get; set; }

    /// <summary>Every entry of <c>annotations[]</c>, cancelled ones included.</summary>
    public long Annotations { get; set; }

    public long Cancelled { get; set; }

    /// <summary>Annotations without a result item that are not cancelled.</summary>
    public long Empty { get; set; }

    public long GroundTruth { get; set; }

    public long Drafts { get; set; }

    public long Predictions { get; set; }

    /// <summary>Annotations that hold a copy of their prediction.</summary>
    public long PredictionCopies { get; set; }

    /// <summary>
    /// Predicted regions that an annotation of the task lacks, summed over the annotations that are not cancelled.
    /// </summary>
    public long DeletedPredictedRegions { get; set; }

    /// <summary>Result items of the annotations (cancelled ones included) by their <c>type</c>.</summary>
    public SortedDictionary<string, long> RegionTypes { get; } = new(StringComparer.Ordinal);

    /// <summary>The same items by their <c>origin</c>.</summary>
    public SortedDictionary<string, long> Origins { get; } = new(StringComparer.Ordinal);

    internal void Add(SampleTask task, bool copies)
    {
        Tasks++;
        Unlabeled += task.Annotations.Count == 0 ? 1 : 0;
        TwoAnnotators += task.Annotations.Count(static a => !a.WasCancelled) == 2 ? 1 : 0;
        Drafts += task.HasDraft ? 1 : 0;
        Predictions += task.HasPrediction ? 1 : 0;
        foreach (SampleAnnotation annotation in task.Annotations)
        {
            Add(task, annotation, copies);
        }
    }

    private void Add(SampleTask task, SampleAnnotation annotation, bool copies)
    {
        Annotations++;
        Cancelled += annotation.WasCancelled ? 1 : 0;
        Empty += !annotation.WasCancelled && annotation.Regions.Count == 0 ? 1 : 0;
        GroundTruth += annotation.GroundTruth ? 1 : 0;
        PredictionCopies += copies && task.HasPrediction ? 1 : 0;
        int kept = 0;
        foreach (SampleRegion region in annotation.Regions)
        {
            int items = region.Choice < 0 ? 1 : 2;
            Count(RegionTypes, SampleVocabulary.TypeName(region.Kind), 1);
            Count(RegionTypes, "choices", items - 1);
            Count(Origins, SampleVocabulary.OriginName(region.Origin), items);
            kept += region.Origin == SampleOrigin.Manual ? 0 : 1;
        }

        if (task.HasPrediction && !annotation.WasCancelled)
        {
            DeletedPredictedRegions += task.PredictedRegions.Count - kept;
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string name, int by)
    {
        if (by > 0)
        {
            counts[name] = counts.GetValueOrDefault(name) + by;
        }
    }
}
