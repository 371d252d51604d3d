using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>
/// Makes model versions with known truth and asks the correction trend test about them, model version after model version as a team would.
/// Seeded: the same figures on every machine.
/// </summary>
internal sealed class CorrectionTrendSimulation(ulong seed)
{
    private SplitMix _random = new(seed);

    /// <summary>What the made-up team and its models are like.</summary>
    public sealed record Setting
    {
        /// <summary>Episodes corrected in one cycle.</summary>
        public int Episodes { get; init; } = 20;

        /// <summary>Mean corrections an episode while nothing is wrong.</summary>
        public double Mean { get; init; } = 10;

        /// <summary>Variance over mean of an episode's corrections.</summary>
        public double Dispersion { get; init; } = 3;

        public int Tasks { get; init; } = 3;

        public int Annotators { get; init; } = 2;

        /// <summary>How many people label every episode.</summary>
        public int Labelers { get; init; } = 1;

        /// <summary>How many people label every episode from the change on; null leaves it.</summary>
        public int? LabelersThen { get; init; }

        /// <summary>Coefficient of variation of the difficulty of whole cycles.</summary>
        public double CycleVariation { get; init; }

        /// <summary>The share of episodes that from the change on a former annotator still labels, where the others are new.</summary>
        public double Overlap { get; init; }

        /// <summary>Whether the counts carry the squares from which the scatter between episodes is measured.</summary>
        public bool Squares { get; init; } = true;

        /// <summary>Factor on the mean from the change on.</summary>
        public double Ratio { get; init; } = 1;

        /// <summary>The model version (from 0) with which the change comes.</summary>
        public int ChangeAt { get; init; } = int.MaxValue;

        /// <summary>How much more the second half of the annotators corrects than the first.</summary>
        public double AnnotatorFactor { get; init; } = 1.5;

        /// <summary>From the change on every episode goes to annotators not seen before, who correct this much more.</summary>
        public double? NewAnnotatorFactor { get; init; }

        /// <summary>From the change on every episode goes to the second half of the annotators.</summary>
        public bool ShiftToStrict { get; init; }

        /// <summary>
        /// Whether from the change on a reviewer fixes and accepts every episode that needed more than usual, in annotations that
        /// name the one they revise (true) or do not (false); null where nobody does.
        /// </summary>
        public bool? ReviewsNamed { get; init; }

        /// <summary>From the change on every episode comes from the last task, which needs this much more.</summary>
        public double? HardTaskFactor { get; init; }
    }

    /// <summary>The model version at which the first alarm comes, or null; asked after each model version.</summary>
    public int? FirstAlarm(Setting setting, int modelVersions, CorrectionTrendSettings settings, Func<CorrectionTrend, bool>? alarm = null)
    {
        var made = new List<VersionCorrections>();
        for (int modelVersion = 0; modelVersion < modelVersions; modelVersion++)
        {
            made.Add(Make(setting, modelVersion));
            CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(made, settings);
            if (alarm is null ? analysis.Status == CorrectionTrendStatus.Regressed : alarm(analysis))
            {
                return modelVersion;
            }
        }

        return null;
    }

    /// <summary>One model version's counts.</summary>
    public VersionCorrections Make(Setting setting, int modelVersion)
    {
        bool changed = modelVersion >= setting.ChangeAt;
        double difficulty = setting.CycleVariation > 0 ? DrawGamma(setting.CycleVariation * setting.CycleVariation) : 1;
        int labelers = changed ? setting.LabelersThen ?? setting.Labelers : setting.Labelers;
        var units = new Dictionary<(int Task, string People), (long?[] Annotators, long Episodes, long Corrections, double Squares)>();
        for (int episode = 0; episode < setting.Episodes; episode++)
        {
            int task = (int)(_random.NextDouble() * setting.Tasks);
            double hard = 1;
            if (setting.HardTaskFactor is { } factor)
            {
                task = changed ? setting.Tasks - 1 : task;
                hard = task == setting.Tasks - 1 ? factor : 1;
            }

            int first = (int)(_random.NextDouble() * setting.Annotators);
            var annotators = new long?[labelers];
            double mean = 0;
            for (int i = 0; i < labelers; i++)
            {
                int annotator = (first + i) % setting.Annotators;
                if (changed && setting.ShiftToStrict)
                {
                    annotator = setting.Annotators - 1;
                }

                double own = setting.Mean * hard * difficulty * (annotator >= (setting.Annotators + 1) / 2 ? setting.AnnotatorFactor : 1);
                if (changed && setting.NewAnnotatorFactor is { } stricter && _random.NextDouble() >= setting.Overlap)
                {
                    annotator += 1000;
                    own *= stricter;
                }

                annotators[i] = annotator;
                mean += own * (changed ? setting.Ratio : 1);
            }

            Array.Sort(annotators);

            // What is hard about an episode is so for all who label it: together they scatter as much more as they are more.
            long corrections = DrawCount(mean, 1 + ((setting.Dispersion - 1) * labelers));
            if (changed && setting.ReviewsNamed == false && corrections > mean)
            {
                // Nothing says that hers begin from the labeler's: all are there twice, with what she fixes, by both of them.
                corrections = (2 * corrections) + DrawCount(1, 1);
                annotators = [.. annotators, 2000];
            }

            (int, string) key = (task, string.Join('+', annotators));
            (_, long episodes, long sum, double squares) = units.GetValueOrDefault(key);
            units[key] = (annotators, episodes + 1, sum + corrections, squares + ((double)corrections * corrections));
        }

        return new VersionCorrections($"v{modelVersion}", null, [])
        {
            Units = [.. units.Select(pair => new CorrectionUnits(
                $"task_{pair.Key.Task}", pair.Value.Annotators, pair.Value.Episodes, pair.Value.Corrections, setting.Squares ? pair.Value.Squares : null))],
        };
    }

    /// <summary>A number with mean 1 and that variance: a gamma one, as the sum of squares of normal ones where its shape is a half.</summary>
    private double DrawGamma(double variance)
    {
        // By the sum of exponential numbers for the whole part of the shape, and Johnk's method for what is left.
        double shape = 1 / variance;
        double sum = 0;
        for (int i = 0; i < (int)shape; i++)
        {
            sum -= Math.Log(1 - _random.NextDouble());
        }

        double rest = shape - (int)shape;
        while (rest > 0)
        {
            double x = Math.Pow(_random.NextDouble(), 1 / rest);
            double y = Math.Pow(_random.NextDouble(), 1 / (1 - rest));
            if (x + y is > 0 and <= 1)
            {
                sum -= x / (x + y) * Math.Log(1 - _random.NextDouble());
                break;
            }
        }

        return sum * variance;
    }

    /// <summary>A Poisson count, or a negative binomial one with variance over mean as given, by inversion.</summary>
    private long DrawCount(double mean, double dispersion)
    {
        double size = dispersion > 1 ? mean / (dispersion - 1) : 0;
        double probability = dispersion > 1 ? Math.Exp(-size * Math.Log(dispersion)) : Math.Exp(-mean);
        double left = _random.NextDouble();
        long count = 0;
        while (left >= probability && count < 1_000_000)
        {
            left -= probability;
            probability *= dispersion > 1 ? (count + size) / (count + 1) * (1 - (1 / dispersion)) : mean / (count + 1);
            count++;
        }

        return count;
    }
}
