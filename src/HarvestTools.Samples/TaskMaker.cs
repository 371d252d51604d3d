using System.Text;

namespace HarvestTools.Samples;

/// <summary>
/// Makes one task of a plan from its position alone, so that tasks can be made in any order and a longer export
/// contains a shorter one.
/// </summary>
internal sealed class TaskMaker
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;

    /// <summary>Time that one task takes the team, which spaces the timestamps.</summary>
    private const long TaskPace = 37 * Second;

    private static readonly (int Width, int Height)[] Sizes = [(1280, 720), (640, 480), (1920, 1080)];

    private readonly ExportPlan _plan;
    private readonly HashSet<long> _relabelled;
    private readonly int[] _firstTask;
    private readonly int[] _firstEpisode;
    private readonly byte[][][] _subdirs;
    private readonly byte[][] _models;
    private readonly ulong _scope;

    public TaskMaker(ExportPlan plan)
    {
        _plan = plan;
        _relabelled = [.. plan.Relabelled];
        _scope = ((ulong)(uint)plan.ProjectId << 8) | (ulong)plan.Kind;
        _firstTask = new int[plan.Batches.Count + 1];
        _firstEpisode = new int[plan.Batches.Count + 1];
        _subdirs = new byte[plan.Batches.Count][][];
        _models = new byte[plan.Batches.Count][];
        for (int i = 0; i < plan.Batches.Count; i++)
        {
            EpisodeBatch batch = plan.Batches[i];
            _firstEpisode[i + 1] = _firstEpisode[i] + batch.Episodes;
            _firstTask[i + 1] = checked(_firstEpisode[i + 1] * plan.TasksPerEpisode);
            _subdirs[i] = [.. batch.TaskSubdirs.Select(Encoding.UTF8.GetBytes)];
            _models[i] = Encoding.UTF8.GetBytes(batch.ModelVersion);
            int limit = Math.Min(_firstTask[i + 1], plan.Tasks);
            if (limit > _firstTask[i])
            {
                ExportedAt = Math.Max(ExportedAt, Micros(batch.ImportedAt) + ((limit - _firstTask[i]) * TaskPace));
            }
        }

        ExportedAt += (60 * Minute) + (plan.ExportRound * 7 * 60 * Minute);
    }

    /// <summary>When the export is taken, after all work: microseconds since 1970.</summary>
    public long ExportedAt { get; }

    /// <summary>Fills <paramref name="task"/> with the task at <paramref name="index"/>, counted from 0 in the order of ids.</summary>
    public void Make(int index, SampleTask task)
    {
        int number = Array.BinarySearch(_firstTask, 0, _plan.Batches.Count, index);
        number = number < 0 ? ~number - 1 : LastStartingAt(number);
        EpisodeBatch batch = _plan.Batches[number];
        int position = index - _firstTask[number];

        task.Index = index;
        task.Id = _plan.FirstTaskId + index;
        task.Annotations.Clear();
        Place(task, number, position);

        var shares = new SampleRandom(_plan.Seed, _scope, (ulong)index, SampleStream.Shares);
        bool unlabeled = shares.Chance(_plan.UnlabeledShare);
        task.HasPrediction = shares.Chance(batch.PredictedShare);
        bool second = shares.Chance(_plan.SecondAnnotatorShare);
        bool groundTruth = shares.Chance(_plan.GroundTruthShare);
        task.HasDraft = shares.Chance(_plan.DraftShare);
        bool relabelled = _relabelled.Contains(task.Id);

        var scene = new SampleRandom(_plan.Seed, _scope, (ulong)index, SampleStream.Scene);
        SceneMaker.Make(_plan, task, ref scene);
        task.PredictedRegions.Clear();
        if (task.HasPrediction)
        {
            var prediction = new SampleRandom(_plan.Seed, _scope, (ulong)index, SampleStream.Prediction);
            LabelerModel.Predict(batch, task, ref prediction);
        }

        long imported = Micros(batch.ImportedAt);
        task.CreatedAt = imported + (position * 1_931L);
        task.PredictionId = 500_000 + task.Id;
        task.PredictedAt = imported + (20 * Minute) + (position * 40_007L);
        if (!unlabeled || relabelled)
        {
            Label(batch, task, second, groundTruth, relabelled, imported + (position * TaskPace));
        }

        MakeDraft(task, imported + (position * TaskPace));
        MakeComments(task);
    }

    /// <summary>Batches without a task share a first index; the last of them holds it.</summary>
    private int LastStartingAt(int number)
    {
        while (number + 1 < _plan.Batches.Count && _firstTask[number + 1] == _firstTask[number])
        {
            number++;
        }

        return number;
    }

    private void Place(SampleTask task, int batch, int position)
    {
        int episode = _firstEpisode[batch] + (position / _plan.TasksPerEpisode);

        // Without the project: an episode has one subdir in all projects of a seed.
        var random = new SampleRandom(_plan.Seed, 0, (ulong)episode, SampleStream.Episode);
        int subdir = random.Below(_subdirs[batch].Length);
        int stride = 3 + random.Below(6);
        (task.Width, task.Height) = Sizes[random.Below(Sizes.Length)];
        task.Subdir = _subdirs[batch][subdir];
        task.ModelVersion = _models[batch];
        task.Episode = episode + 1;
        task.Frame = position % _plan.TasksPerEpisode * stride;
    }

    private void Label(EpisodeBatch batch, SampleTask task, bool second, bool groundTruth, bool relabelled, long pace)
    {
        var random = new SampleRandom(_plan.Seed, _scope, (ulong)task.Index, SampleStream.FirstAnnotation);
        SampleAnnotation first = task.AddAnnotation();
        LabelerModel.Annotate(batch, task, first.Regions, ref random);
        int chosen = random.Below(_plan.Annotators.Count);
        Submit(task, first, _plan.Annotators[chosen], pace, ref random);
        first.GroundTruth = groundTruth;

        if (second)
        {
            var again = new SampleRandom(_plan.Seed, _scope, (ulong)task.Index, SampleStream.SecondAnnotation);
            SampleAnnotation other = task.AddAnnotation();
            LabelerModel.AnnotateAgain(_plan, task, first.Regions, other.Regions, ref again);
            int step = _plan.Annotators.Count == 1 ? 0 : 1 + again.Below(_plan.Annotators.Count - 1);
            Submit(task, other, _plan.Annotators[(chosen + step) % _plan.Annotators.Count], pace + (9 * Minute), ref again);
            other.GroundTruth = false;
            Thin(other, ref again);
        }

        Thin(first, ref random);
        if (relabelled)
        {
            Edit(batch, task, first);
        }

        task.UpdatedAt = task.CreatedAt;
        foreach (SampleAnnotation annotation in task.Annotations)
        {
            if (annotation.UpdatedAt > task.UpdatedAt)
            {
                task.UpdatedAt = annotation.UpdatedAt + 17_331;
                task.UpdatedBy = annotation.Annotator;
            }
        }
    }

    /// <summary>Everything of an annotation but its regions; it is cancelled or emptied afterwards.</summary>
    private void Submit(SampleTask task, SampleAnnotation annotation, int annotator, long pace, ref SampleRandom random)
    {
        annotation.Id = _plan.FirstAnnotationId + (2L * task.Index) + (task.Annotations.Count - 1);
        annotation.Annotator = annotator;
        annotation.HasParentPrediction = task.HasPrediction && !random.Chance(0.03);
        annotation.CreatedAt = pace + (30 * Minute) + random.Below((int)(5 * Second));

        // One in eight was touched again within the ten minutes before anybody exported it.
        annotation.UpdatedAt = annotation.CreatedAt + (random.Chance(0.125) ? random.Below((int)(10 * Minute)) : 0);
        annotation.DraftCreatedAt = random.Chance(0.8) ? annotation.CreatedAt - Second - random.Below((int)(90 * Second)) : 0;

        // Two working spells in milliseconds, the second seldom; each is Pareto-like, and their sum as floating-point
        // numbers has the noise that exports show (37.343999999999994).
        double first = Spell(ref random) / 1000.0;
        double later = Spell(ref random) / 1000.0;
        annotation.LeadTime = random.Chance(0.3) ? first + later : first;
        annotation.UniqueHigh = random.Next();
        annotation.UniqueLow = random.Next();
    }

    private static long Spell(ref SampleRandom random) => (long)Math.Min(4_000 / (1.0 - random.Unit()), 264_622_000) + random.Below(9_000);

    private void Thin(SampleAnnotation annotation, ref SampleRandom random)
    {
        annotation.WasCancelled = random.Chance(_plan.CancelledShare);
        bool keeps = random.Chance(0.5);
        bool empty = random.Chance(_plan.EmptyShare);

        // A skip sends what was on screen: half of them carry regions.
        if (annotation.WasCancelled ? !keeps : empty)
        {
            annotation.Regions.Clear();
        }
    }

    private void Edit(EpisodeBatch batch, SampleTask task, SampleAnnotation annotation)
    {
        var random = new SampleRandom(_plan.Seed ^ ((ulong)_plan.RelabelRound << 32), _scope, (ulong)task.Index, SampleStream.Relabelling);
        annotation.WasCancelled = false;
        if (annotation.Regions.Count == 0)
        {
            LabelerModel.Annotate(batch, task, annotation.Regions, ref random);
        }

        LabelerModel.Relabel(task, annotation.Regions, ref random);
        annotation.UpdatedAt = annotation.CreatedAt + (_plan.RelabelRound * 25L * 60 * Minute) + random.Below((int)(10 * Minute));
        annotation.LeadTime += Spell(ref random) / 1000.0;
    }

    private void MakeDraft(SampleTask task, long pace)
    {
        task.DraftRegions.Clear();
        if (!task.HasDraft)
        {
            return;
        }

        var random = new SampleRandom(_plan.Seed, _scope, (ulong)task.Index, SampleStream.Draft);
        bool edits = random.Chance(0.5) && task.Annotations.Count > 0;
        task.DraftId = _plan.FirstAnnotationId + 700_000 + task.Index;
        task.DraftUser = _plan.Annotators[random.Below(_plan.Annotators.Count)];
        task.DraftAnnotation = edits ? task.Annotations[0].Id : 0;
        task.DraftedAt = pace + (30 * Minute) + random.Below((int)(20 * Minute));
        task.DraftLeadTime = Spell(ref random) / 1000.0;
        int regions = 1 + random.Below(task.Scene.Count);
        for (int i = 0; i < regions; i++)
        {
            task.DraftRegions.Add(task.Scene[i]);
        }
    }

    /// <summary>Comments come and go between exports; each moves the task's own <c>updated_at</c>.</summary>
    private void MakeComments(SampleTask task)
    {
        if (task.Annotations.Count == 0)
        {
            task.UpdatedAt = task.CreatedAt;
            task.UpdatedBy = 0;
        }

        task.Comments = 0;
        task.UnresolvedComments = 0;
        task.LastCommentAt = 0;
        for (int round = 0; round <= _plan.ExportRound; round++)
        {
            var random = new SampleRandom(_plan.Seed + (ulong)round, _scope, (ulong)task.Index, SampleStream.Comments);
            if (task.Annotations.Count > 0 && random.Chance(0.03))
            {
                task.Comments++;
                task.UnresolvedComments += random.Chance(0.5) ? 1 : 0;
                task.CommentAuthor = _plan.Annotators[random.Below(_plan.Annotators.Count)];
                task.LastCommentAt = Math.Max(task.UpdatedAt, task.LastCommentAt) + Minute + random.Below((int)(20 * Minute));
            }
        }

        if (task.Comments > 0)
        {
            task.UpdatedAt = task.LastCommentAt + 9_113;
            task.UpdatedBy = task.CommentAuthor;
        }
    }

    private static long Micros(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / 10;
}
