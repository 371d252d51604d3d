namespace HarvestTools.Samples;

/// <summary>
/// Writes Label Studio JSON exports that look real and repeat byte for byte, for the demonstration, for tests and for
/// measurements. The labels are invented; shape, sizes and shares follow what real exports show.
/// </summary>
internal static class ExportGenerator
{
    private const int MeasuredTasks = 4096;

    /// <summary>Streams the export that <paramref name="plan"/> describes and counts what is in it.</summary>
    public static ExportFacts Write(Stream stream, ExportPlan plan)
    {
        var maker = new TaskMaker(plan);
        var output = new SampleOutput(stream);
        var writer = new TaskWriter(plan, maker.ExportedAt, output);
        var task = new SampleTask();
        var facts = new ExportFacts();
        int tasks = plan.Tasks;
        int[]? order = plan.OrderSeed is { } seed ? Shuffled(tasks, plan, seed) : null;
        writer.Open();
        for (int i = 0; i < tasks; i++)
        {
            maker.Make(order is null ? i : order[i], task);
            writer.Write(task, first: i == 0);
            facts.Add(task, plan.PredictionCopies);
        }

        writer.Close(empty: tasks == 0);
        output.Flush();
        facts.Bytes = output.Bytes;
        return facts;
    }

    /// <summary>
    /// The plan for measurements: pre-annotated hand tasks with 1.4 annotations each, 21 keypoints and one or two boxes,
    /// predictions included. A billion bytes hold about 64,000 tasks with 90,000 annotations; the task count is set so
    /// that the export comes close to <paramref name="targetBytes"/>.
    /// </summary>
    public static ExportPlan Benchmark(long targetBytes = 1_000_000_000)
    {
        ExportPlan plan = ExportPlan.ForTasks(SampleKind.Hands, int.MaxValue / 2, predictedShare: 0.7) with
        {
            SecondHandShare = 0,
            SecondObjectShare = 0,
            HiddenPointShare = 0,
            SecondAnnotatorShare = 0.40625,
            UnlabeledShare = 0,
            Predictions = PredictionForm.Objects,
        };
        return SizedTo(plan, targetBytes);
    }

    /// <summary>
    /// The plan limited to as many tasks as come close to <paramref name="targetBytes"/>, reckoned from its first tasks.
    /// The batches' episodes bound the size from above.
    /// </summary>
    public static ExportPlan SizedTo(ExportPlan plan, long targetBytes)
    {
        ExportPlan sample = plan with { TaskLimit = MeasuredTasks, OrderSeed = null };
        ExportFacts facts = Write(Stream.Null, sample);
        double tasks = targetBytes / Math.Max(1.0, (double)facts.Bytes / Math.Max(1, facts.Tasks));
        return plan with { TaskLimit = (int)Math.Clamp(Math.Round(tasks), 1, int.MaxValue) };
    }

    /// <summary>Fisher and Yates' shuffle of the positions.</summary>
    private static int[] Shuffled(int tasks, ExportPlan plan, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, tasks)];
        var random = new SampleRandom(plan.Seed, (ulong)(uint)plan.ProjectId, seed, SampleStream.Order);
        for (int i = tasks - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
