using System.Globalization;
using System.Text;
using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>The tables of docs/retrain-decision.md, made anew with as many runs as asked for.</summary>
internal static class DecisionSimulationTables
{
    private static readonly (string Name, CorrectionTrendSimulation.Setting Setting)[] Teams =
    [
        ("20 episodes a cycle, 5 corrections each, Poisson", new() { Episodes = 20, Mean = 5, Dispersion = 1 }),
        ("20 episodes, 5 corrections, variance 3 x mean", new() { Episodes = 20, Mean = 5, Dispersion = 3 }),
        ("the same without squared counts", new() { Episodes = 20, Mean = 5, Dispersion = 3, Squares = false }),
        ("20 episodes, 5 corrections, one task, one annotator, no squares", new() { Episodes = 20, Mean = 5, Dispersion = 3, Squares = false, Tasks = 1, Annotators = 1 }),
        ("20 episodes, 5 corrections, variance 8 x mean", new() { Episodes = 20, Mean = 5, Dispersion = 8 }),
        ("40 episodes, 2 corrections, variance 4 x mean", new() { Episodes = 40, Mean = 2, Dispersion = 4 }),
        ("20 episodes, 20 corrections, variance 8 x mean, 8 tasks, 4 annotators", new() { Episodes = 20, Mean = 20, Dispersion = 8, Tasks = 8, Annotators = 4 }),
        ("5 episodes, 2 corrections, variance 8 x mean", new() { Episodes = 5, Mean = 2, Dispersion = 8 }),
        ("20 episodes, 5 corrections, variance 8 x mean, three people label every episode", new() { Episodes = 20, Mean = 5, Dispersion = 8, Labelers = 3, Annotators = 3 }),
        ("the same, three of four people", new() { Episodes = 20, Mean = 5, Dispersion = 8, Labelers = 3, Annotators = 4 }),
        ("20 episodes, 5 corrections, variance 3 x mean, cycles differ by CV 0.15", new() { Episodes = 20, Mean = 5, Dispersion = 3, CycleVariation = 0.15 }),
        ("the same, CV 0.3", new() { Episodes = 20, Mean = 5, Dispersion = 3, CycleVariation = 0.3 }),
        ("20 episodes, 20 corrections, variance 3 x mean, CV 0.3", new() { Episodes = 20, Mean = 20, Dispersion = 3, CycleVariation = 0.3 }),
        ("100 episodes, 20 corrections, variance 3 x mean, 12 tasks, 6 annotators, CV 0.2", new() { Episodes = 100, Mean = 20, Dispersion = 3, Tasks = 12, Annotators = 6, CycleVariation = 0.2 }),
        ("60 episodes, 10 corrections, variance 8 x mean, CV 0.3", new() { Episodes = 60, Mean = 10, Dispersion = 8, CycleVariation = 0.3 }),
    ];

    /// <summary>False-alarm rates of the spread gates on even batches.</summary>
    public static string Spread(int batches)
    {
        var text = new StringBuilder("| episodes | tasks | Gini > 0.5 | Gini gate fails | share > 80 % | share gate fails |\n|---:|---:|---:|---:|---:|---:|\n");
        foreach (int tasks in new[] { 2, 5, 12, 40 })
        {
            foreach (int episodes in new[] { 1, 2, 3, 6, 12, 24, 60, 200, 1000 })
            {
                EvenBatchSimulation.Rates rates = EvenBatchSimulation.Run(episodes, tasks, batches, 11);
                text.Append(CultureInfo.InvariantCulture, $"| {episodes} | {tasks} | {Percent(rates.PlainGini)} | {Percent(rates.Gini)} | {Percent(rates.PlainShare)} | {Percent(rates.Share)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>False-alarm rates of the Gini gate on batches that have the corpus's own shares.</summary>
    public static string Skewed(int batches)
    {
        var text = new StringBuilder("| corpus | episodes | held against an even draw | held against the corpus |\n|---|---:|---:|---:|\n");
        foreach (int[] corpus in new int[][] { [70, 15, 10, 5], [80, 8, 4, 4, 2, 2], [40, 30, 20, 10] })
        {
            foreach (int episodes in new[] { 6, 12, 24, 60 })
            {
                (double even, double own) = EvenBatchSimulation.RunSkewed(corpus, episodes, batches, 12);
                text.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", corpus)} | {episodes} | {Percent(even)} | {Percent(own)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>False-alarm run length and detection within three cycles of a doubling after six model versions, and after two.</summary>
    public static string Regression(int runs)
    {
        var text = new StringBuilder("| team | cycles per false alarm | doubling after 6 model versions found within 3 cycles | \"too few\" instead | after 2 model versions | \"too few\" |\n|---|---:|---:|---:|---:|---:|\n");
        foreach ((string name, CorrectionTrendSimulation.Setting setting) in Teams)
        {
            (int alarms, int cycles) = FalseAlarms(setting, runs, 40);
            (double found, double untold) = Detection(setting with { Ratio = 2, ChangeAt = 6 }, runs);
            (double early, double earlyUntold) = Detection(setting with { Ratio = 2, ChangeAt = 2 }, runs);
            string length = alarms == 0 ? $"none in {cycles}" : (cycles / alarms).ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {length} | {Percent(found)} | {Percent(untold)} | {Percent(early)} | {Percent(earlyUntold)} |\n");
        }

        return text.ToString();
    }

    /// <summary>What is said three cycles after a change of people or tasks, with and without a change of the model.</summary>
    public static string Changes(int runs)
    {
        CorrectionTrendSimulation.Setting team = new() { Episodes = 20, Mean = 5, Dispersion = 3, ChangeAt = 6, Annotators = 4 };
        var text = new StringBuilder("| change after six model versions | called a regression | passed | not known |\n|---|---:|---:|---:|\n");
        foreach ((string name, CorrectionTrendSimulation.Setting setting) in new[]
        {
            ("none", team),
            ("all labelers are new and correct twice as much", team with { NewAnnotatorFactor = 2 }),
            ("all labelers are new and as strict, and the model is twice as bad", team with { NewAnnotatorFactor = 1, Ratio = 2 }),
            ("all labelers are new and half as strict, and the model is twice as bad", team with { NewAnnotatorFactor = 0.5, Ratio = 2 }),
            ("half of the episodes go to new labelers, and the model is twice as bad", team with { NewAnnotatorFactor = 1, Overlap = 0.5, Ratio = 2 }),
            ("three of the same four people label every episode, where one did", team with { LabelersThen = 3 }),
            ("the same, and the model is twice as bad", team with { LabelersThen = 3, Ratio = 2 }),
            ("a reviewer fixes and accepts the episodes that needed much, in annotations that name those they revise", team with { ReviewsNamed = true }),
            ("the same, and the model is twice as bad", team with { ReviewsNamed = true, Ratio = 2 }),
            ("a reviewer does so in annotations that do not name them", team with { ReviewsNamed = false }),
            ("the same, and the model is twice as bad", team with { ReviewsNamed = false, Ratio = 2 }),
            ("only the strictest labeler goes on, who corrects twice as much", team with { AnnotatorFactor = 2, ShiftToStrict = true }),
            ("only the hardest task goes on, which needs twice as much", team with { HardTaskFactor = 2 }),
        })
        {
            (double called, double passed, double unknown) = Answers(setting, runs);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Percent(called)} | {Percent(passed)} | {Percent(unknown)} |\n");
        }

        return text.ToString();
    }

    /// <summary>How often two models in one repository, of which nothing changes, raise an alarm; as one line, and as lines of their own.</summary>
    public static string Models(int runs)
    {
        var text = new StringBuilder("| two models with 4 and 8 corrections an episode, of which nothing changes | called a regression after ten model versions |\n|---|---:|\n");
        foreach ((string name, bool apart) in new[] { ("taken for versions of one model", false), ("each tested apart", true) })
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Percent(TwoModels(runs, apart))} |\n");
        }

        return text.ToString();
    }

    /// <summary>Share of runs in which five versions of one model and five of another, which needs twice as much, raise an alarm.</summary>
    public static double TwoModels(int runs, bool apart)
    {
        var simulation = new CorrectionTrendSimulation(23);
        CorrectionTrendSimulation.Setting easy = new() { Episodes = 20, Mean = 4, Dispersion = 3 };
        int alarms = 0;
        for (int run = 0; run < runs; run++)
        {
            bool alarm = false;
            List<VersionCorrections> versions = [];
            for (int version = 0; version < 5; version++)
            {
                versions.Add(simulation.Make(easy, version) with { ModelVersion = $"action-v{version}", Line = apart ? "action" : null });
            }

            for (int version = 0; version < 5; version++)
            {
                versions.Add(simulation.Make(easy with { Mean = 8 }, version) with { ModelVersion = $"hand-v{version}", Line = apart ? "hand" : null });
                alarm |= CorrectionTrendAnalyzer.Analyze(versions, new CorrectionTrendSettings()).Status == CorrectionTrendStatus.Regressed;
            }

            alarms += alarm ? 1 : 0;
        }

        return (double)alarms / runs;
    }

    /// <summary>Runs of so many model versions without a change: alarms, and cycles until them.</summary>
    public static (int Alarms, int Cycles) FalseAlarms(CorrectionTrendSimulation.Setting setting, int runs, int modelVersions)
    {
        var simulation = new CorrectionTrendSimulation(21);
        int alarms = 0;
        int cycles = 0;
        for (int run = 0; run < runs; run++)
        {
            int? alarm = simulation.FirstAlarm(setting, modelVersions, new CorrectionTrendSettings());
            alarms += alarm is null ? 0 : 1;
            cycles += alarm + 1 ?? modelVersions;
        }

        return (alarms, cycles);
    }

    /// <summary>Share of runs that alarm within three cycles of the change, and of those that at its third say that there are too few episodes.</summary>
    public static (double Found, double Untold) Detection(CorrectionTrendSimulation.Setting setting, int runs)
    {
        var simulation = new CorrectionTrendSimulation(22);
        int found = 0;
        int untold = 0;
        for (int run = 0; run < runs; run++)
        {
            List<VersionCorrections> modelVersions = [.. Enumerable.Range(0, setting.ChangeAt).Select(modelVersion => simulation.Make(setting, modelVersion))];
            bool alarm = false;
            string status = CorrectionTrendStatus.NoRegression;
            for (int cycle = 0; cycle < 3; cycle++)
            {
                modelVersions.Add(simulation.Make(setting, setting.ChangeAt + cycle));
                status = CorrectionTrendAnalyzer.Analyze(modelVersions, new CorrectionTrendSettings()).Status;
                alarm |= status == CorrectionTrendStatus.Regressed;
            }

            found += alarm ? 1 : 0;
            untold += !alarm && status == CorrectionTrendStatus.NotEnoughEpisodes ? 1 : 0;
        }

        return ((double)found / runs, (double)untold / runs);
    }

    /// <summary>Shares of runs that alarm within three cycles of the change, that pass at its third, and that say that it is not known.</summary>
    public static (double Called, double Passed, double Unknown) Answers(CorrectionTrendSimulation.Setting setting, int runs)
    {
        var simulation = new CorrectionTrendSimulation(24);
        int called = 0;
        int passed = 0;
        for (int run = 0; run < runs; run++)
        {
            List<VersionCorrections> modelVersions = [.. Enumerable.Range(0, setting.ChangeAt).Select(modelVersion => simulation.Make(setting, modelVersion))];
            bool alarm = false;
            bool? last = null;
            for (int cycle = 0; cycle < 3; cycle++)
            {
                modelVersions.Add(simulation.Make(setting, setting.ChangeAt + cycle));
                last = CorrectionTrendGate.Passed(CorrectionTrendAnalyzer.Analyze(modelVersions, new CorrectionTrendSettings()));
                alarm |= last == false;
            }

            called += alarm ? 1 : 0;
            passed += !alarm && last == true ? 1 : 0;
        }

        return ((double)called / runs, (double)passed / runs, (double)(runs - called - passed) / runs);
    }

    /// <summary>Share of runs that alarm within three cycles of the change.</summary>
    public static double AlarmRate(CorrectionTrendSimulation.Setting setting, int runs) => Detection(setting, runs).Found;

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
