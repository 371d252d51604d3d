using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation;

/// <summary>
/// Counts what labelers did with predictions, by model version. It only feeds the tally: rows depend on nothing here,
/// because predictions may be absent from an export that has the same labels.
/// </summary>
internal sealed class Provenance
{
    private readonly PredictedRegions _predicted = new();
    private readonly AnnotationUses _uses = new();
    private readonly Dictionary<Utf8Text, Region?> _videos = [];
    private readonly Func<Region, bool?> _changed;

    public Provenance() => _changed = Changed;

    /// <param name="task">The task.</param>
    /// <param name="kept">Those of its annotations that give rows, in their order.</param>
    /// <param name="people">Receives the labels of every submitted annotation, also of those that others supersede.</param>
    /// <param name="tally">Receives the counts of those that count.</param>
    public void Count(ExportTask task, List<Annotation> kept, PeopleLabels people, Tally tally)
    {
        List<Annotation> all = task.Labels.Annotations;
        _predicted.Begin();
        _uses.Find(task, kept);
        for (int i = 0; i < all.Count; i++)
        {
            if (_uses[i] == AnnotationUse.None)
            {
                continue;
            }

            Prediction? prediction = Find(task.Extras, task.Extras.Annotations[i], all[i]);
            FillVideos(prediction);
            people.Add(all[i], _changed, tally);
            Count(prediction, task.Extras.Annotations[i], all[i], people, tally, _uses[i], _uses.RevisedAt(i));
        }
    }

    private void Count(Prediction? prediction, AnnotationExtras extras, Annotation annotation, PeopleLabels people, Tally tally, AnnotationUse use, DateTime? revised)
    {
        if (annotation.Regions.Count == 0 && prediction is null)
        {
            return;
        }

        // Ids tell only where the prediction had one for every region; otherwise Label Studio made new ones.
        bool idsTell = prediction is { HasResult: true, RegionsWithoutId: 0 };
        if (idsTell)
        {
            _predicted.Fill(prediction!.RegionIds);
            _predicted.BeginAnnotation();
        }

        var sources = default(RegionSources);
        bool consistent = true;
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
        {
            bool known = idsTell && _predicted.Mark(region.Id);
            if (!region.IsShape)
            {
                continue;
            }

            RegionOrigin origin = OriginOf(region);
            consistent &= known || origin is not (RegionOrigin.Prediction or RegionOrigin.PredictionChanged);
            Count(region, origin, idsTell, known, ref sources);
        }

        // A region that says it was predicted while its id was not shows that ids were made anew: then a predicted id
        // that is missing does not mean a deleted region.
        if (idsTell && consistent)
        {
            sources.Deleted += _predicted.CountMissing(people);
        }
        else if (annotation.Regions.Count == 0 && prediction!.HasResult)
        {
            // Nothing is left, so that no id is needed to say which regions are.
            foreach (Utf8Text id in prediction.RegionIds)
            {
                people.AddDeleted(id, 1);
            }

            sources.Deleted += prediction.RegionIds.Count + prediction.RegionsWithoutId;
            people.AddDeleted(default, prediction.RegionsWithoutId);
        }

        DateTime? at = extras.CreatedAt ?? extras.UpdatedAt;
        if (use >= AnnotationUse.Revision)
        {
            tally.Weeks.Add(at);
        }

        if (use == AnnotationUse.Corrections)
        {
            ModelTally model = tally.Model(prediction is null ? default : prediction.ModelVersion.Span);
            TaskFields fields = people.Fields;
            ulong episode = Utf8Hash.Of(fields.Episode.Span, Utf8Hash.Of(fields.TaskSubdir.Span));
            model.Stratum(fields.TaskSubdir.Span, annotation.AnnotatorId).Add(episode, sources, at, revised ?? at);
        }
    }

    /// <summary>
    /// Whether a person changed a segment or a track that was predicted; null where nothing says it, as for all other regions, of
    /// which the origin does.
    /// </summary>
    private bool? Changed(Region region) =>
        region.Kind is RegionKind.Timeline or RegionKind.Track && !region.Id.IsAbsent && _videos.TryGetValue(region.Id, out Region? predicted) && predicted is not null
            ? !VideoComparison.AreSame(region, predicted)
            : null;

    private void FillVideos(Prediction? prediction)
    {
        _videos.Clear();
        if (prediction is null)
        {
            return;
        }

        foreach (Region video in prediction.Videos)
        {
            // Several items of one id are compared with none of them.
            _videos[video.Id] = _videos.ContainsKey(video.Id) ? null : video;
        }
    }

    private void Count(Region region, RegionOrigin origin, bool idsTell, bool known, ref RegionSources sources)
    {
        if (region.Kind is RegionKind.Timeline or RegionKind.Track)
        {
            // The editor writes origins of video regions unreliably: what was predicted tells, or an id that the model did not give.
            if (Changed(region) is { } changed)
            {
                sources.Corrected += changed ? 1 : 0;
                sources.Accepted += changed ? 0 : 1;
            }
            else if (idsTell && !known)
            {
                sources.Drawn++;
            }
            else
            {
                sources.Unknown++;
            }
        }
        else if (origin == RegionOrigin.Prediction)
        {
            sources.Accepted++;
        }
        else if (origin == RegionOrigin.PredictionChanged)
        {
            sources.Corrected++;
        }
        else if (origin == RegionOrigin.Manual && !known)
        {
            sources.Drawn++;
        }
        else
        {
            sources.Unknown++;
        }
    }

    private static RegionOrigin OriginOf(Region region) => region.Origin.Length switch
    {
        6 when region.Origin.Is("manual"u8) => RegionOrigin.Manual,
        10 when region.Origin.Is("prediction"u8) => RegionOrigin.Prediction,
        18 when region.Origin.Is("prediction-changed"u8) => RegionOrigin.PredictionChanged,
        _ => RegionOrigin.Other,
    };

    /// <summary>
    /// The prediction that the annotation began from: its copy, else the one it names, else the only one that shares a
    /// region id with it, else the task's only prediction where regions say that they come from one.
    /// </summary>
    private Prediction? Find(TaskExtras task, AnnotationExtras extras, Annotation annotation)
    {
        if (extras.PredictionCopy is { } copy)
        {
            return copy;
        }

        if (ById(task, extras.ParentPrediction) is { } parent)
        {
            return parent;
        }

        if (ById(task, extras.PredictionId) is { } named)
        {
            return named;
        }

        // A prediction that it names and the export lacks is another one than those present.
        if (extras.ParentPrediction is not null || extras.PredictionId is not null || task.Predictions.Count == 0)
        {
            return null;
        }

        return ByRegions(task, annotation);
    }

    private static Prediction? ById(TaskExtras task, long? id)
    {
        if (id is null)
        {
            return null;
        }

        foreach (Prediction prediction in task.Predictions)
        {
            if (prediction.Id == id)
            {
                return prediction;
            }
        }

        return null;
    }

    private Prediction? ByRegions(TaskExtras task, Annotation annotation)
    {
        Prediction? found = null;
        foreach (Prediction prediction in task.Predictions)
        {
            _predicted.Fill(prediction.RegionIds);
            if (Shares(annotation))
            {
                if (found is not null)
                {
                    return null;
                }

                found = prediction;
            }
        }

        if (found is not null || task.Predictions.Count != 1)
        {
            return found;
        }

        Prediction only = task.Predictions[0];
        if (annotation.Regions.Count == 0)
        {
            // Whoever submits an empty task beside the one prediction says that nothing of it is there.
            return only;
        }
        bool idsUnknown = !only.HasResult || only.RegionsWithoutId > 0;
        return idsUnknown && SaysPredicted(annotation) ? only : null;
    }

    private bool Shares(Annotation annotation)
    {
        foreach (Region region in annotation.Regions)
        {
            if (!region.Id.IsAbsent && _predicted.Contains(region.Id))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SaysPredicted(Annotation annotation)
    {
        foreach (Region region in annotation.Regions)
        {
            if (OriginOf(region) is RegionOrigin.Prediction or RegionOrigin.PredictionChanged && region.Kind is RegionKind.Keypoint or RegionKind.Rectangle or RegionKind.Polygon)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a region says of where it came from, looked at once.</summary>
    private enum RegionOrigin
    {
        Other,
        Manual,
        Prediction,
        PredictionChanged,
    }
}
