namespace HarvestTools.Samples;

/// <summary>
/// How a model and people turn a scene into regions: what the model predicts, what the first labeler makes of it,
/// how far a second one lies from the first, and what an edit later moves.
/// </summary>
internal static class LabelerModel
{
    /// <summary>How far a second labeler's points may lie off and still agree: below 5 px even on the diagonal.</summary>
    private const double WithinPixels = 2.0;

    /// <summary>Frames that a second labeler's ends may lie off and still agree.</summary>
    private const int WithinFrames = 2;

    /// <summary>The model's view: the scene with noise, some regions missed, some labels wrong; ids stay.</summary>
    public static void Predict(EpisodeBatch batch, SampleTask task, ref SampleRandom random)
    {
        task.PredictedRegions.Clear();
        double total = 0;
        foreach (SampleRegion seen in task.Scene)
        {
            SampleRegion region = seen;
            double score = random.Between(0.35, 0.999);
            bool missed = random.Chance(batch.MissedShare);
            bool misnamed = random.Chance(0.03);
            Move(ref region, task, random.Bell(4.0), random.Bell(4.0), random.Bell(2.0), 1 + random.Below(4));
            if (missed && !seen.HasPoints)
            {
                continue;
            }

            if (misnamed && seen.Kind == SampleRegionKind.Timeline)
            {
                region.Label = (short)((region.Label + 1) % SampleVocabulary.Actions.Length);
            }

            region.Score = score;
            region.Choice = -1;
            region.Origin = SampleOrigin.Prediction;
            total += score;
            task.PredictedRegions.Add(region);
        }

        task.PredictionScore = task.PredictedRegions.Count == 0 ? 0 : total / task.PredictedRegions.Count;
    }

    /// <summary>The first labeler: accepts, corrects, deletes and adds where a prediction stood, else draws all.</summary>
    public static void Annotate(EpisodeBatch batch, SampleTask task, List<SampleRegion> regions, ref SampleRandom random)
    {
        int next = 0;
        foreach (SampleRegion seen in task.Scene)
        {
            bool deletes = random.Chance(batch.DeletedShare);
            bool corrects = random.Chance(batch.CorrectedShare);
            bool predicted = task.HasPrediction && next < task.PredictedRegions.Count && task.PredictedRegions[next].Id == seen.Id;
            if (!predicted)
            {
                regions.Add(seen);
                continue;
            }

            SampleRegion region = task.PredictedRegions[next++];
            if (deletes && !seen.HasPoints)
            {
                continue;
            }

            if (corrects)
            {
                double score = region.Score;
                region = seen;
                region.Score = score;
                region.Origin = SampleOrigin.PredictionChanged;
            }

            // The choice belongs to the labeler alone; the region keeps its origin.
            region.Choice = seen.Choice;
            regions.Add(region);
        }
    }

    /// <summary>
    /// The second labeler's view of what the first one left: most within the default agreement, the plan's share
    /// beyond it, a few regions absent. Drawn regions get ids of their own.
    /// </summary>
    public static void AnnotateAgain(
        ExportPlan plan, SampleTask task, List<SampleRegion> first, List<SampleRegion> regions, ref SampleRandom random)
    {
        foreach (SampleRegion seen in first)
        {
            SampleRegion region = seen;
            bool absent = random.Chance(0.02);
            bool beyond = random.Chance(plan.DisagreementShare);
            bool accepts = random.Chance(0.7);
            double farX = random.Between(7.0, 40.0);
            double nearX = random.Between(-WithinPixels, WithinPixels);
            double nearY = random.Between(-WithinPixels, WithinPixels);
            int farFrames = 5 + random.Below(12);
            int nearFrames = random.Below((2 * WithinFrames) + 1) - WithinFrames;
            if (absent && !seen.HasPoints)
            {
                continue;
            }

            if (seen.Origin == SampleOrigin.Manual)
            {
                region.Id = Renamed(seen.Id);
            }
            else if (seen.Origin == SampleOrigin.Prediction && accepts && !beyond)
            {
                regions.Add(region);
                continue;
            }
            else
            {
                region.Origin = SampleOrigin.PredictionChanged;
            }

            // A box that was not predicted was drawn by each labeler, so its points belong to the renamed one.
            if (seen.Parent != 0 && !task.HasPrediction)
            {
                region.Parent = Renamed(seen.Parent);
            }

            if (beyond)
            {
                // Towards the middle, so that the image's edge cannot cut the distance short.
                double reach = seen.X + (seen.Width / 2) > task.Width / 2.0 ? -farX : farX;
                Move(ref region, task, reach, 0, 0, farFrames);
            }
            else
            {
                Move(ref region, task, nearX, nearY, 0, nearFrames);
            }

            regions.Add(region);
        }
    }

    /// <summary>An edit after submission: every region moves by 2 to 12 px or by 1 to 4 frames.</summary>
    public static void Relabel(SampleTask task, List<SampleRegion> regions, ref SampleRandom random)
    {
        for (int i = 0; i < regions.Count; i++)
        {
            SampleRegion region = regions[i];
            double by = random.Between(2.0, 12.0);
            int frames = 1 + random.Below(4);
            Move(ref region, task, region.X + (region.Width / 2) > task.Width / 2.0 ? -by : by, 0, 0, frames);
            region.Origin = region.Origin == SampleOrigin.Manual ? SampleOrigin.Manual : SampleOrigin.PredictionChanged;
            regions[i] = region;
        }
    }

    private static void Move(ref SampleRegion region, SampleTask task, double x, double y, double grow, int frames)
    {
        switch (region.Kind)
        {
            case SampleRegionKind.Timeline:
                region.Start = Math.Max(1, region.Start + (frames / 2));
                region.End = Math.Max(region.Start, region.End + frames);
                break;
            case SampleRegionKind.Keypoint:
                region.X = Math.Clamp(region.X + x, 0, task.Width);
                region.Y = Math.Clamp(region.Y + y, 0, task.Height);
                break;
            default:
                // The size changes before the box is pushed back into the image; both stay positive by far.
                region.Width = Math.Min(region.Width + grow, task.Width);
                region.Height = Math.Min(region.Height + grow, task.Height);
                region.X = Math.Clamp(region.X + x, 0, task.Width - region.Width);
                region.Y = Math.Clamp(region.Y + y, 0, task.Height - region.Height);
                break;
        }
    }

    private static ulong Renamed(ulong id) => (SampleRandom.Mix(id) >> 4) | 1;
}
