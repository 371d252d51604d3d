using System.Globalization;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;

namespace HarvestTools.Tests.Decisions;

/// <summary>Which figures a state may have, and what is said of those that cannot be.</summary>
public sealed class RetrainStateTests
{
    /// <summary>The figure named as a script gives it, its value, and what it must be.</summary>
    [Theory]
    [InlineData("CorrectedEpisodes", -1, "at least 0")]
    [InlineData("NewEpisodes", -1, "at least 0")]
    [InlineData("Corpus", -1, "at least 0")]
    [InlineData("TaskCoverageGini", 1.25, "from 0 to 1")]
    [InlineData("TaskCoverageGini", -0.25, "from 0 to 1")]
    [InlineData("TopTaskShare", 1.25, "from 0 to 1")]
    [InlineData("TopTaskShare", -0.25, "from 0 to 1")]
    [InlineData("TopTaskShare", double.NaN, "from 0 to 1")]
    [InlineData("CorrectedPerWeek", -0.5, "at least 0")]
    [InlineData("CorrectedPerWeek", double.PositiveInfinity, "at least 0")]
    [InlineData("TaskSubdirCounts['t1']", -2, "at least 0")]
    [InlineData("The sum of TaskSubdirCounts", 2147483648, "at most 2147483647")]
    public void A_figure_that_cannot_be_is_named_with_its_value_and_range(string property, double value, string range)
    {
        RetrainState state = property switch
        {
            "CorrectedEpisodes" => new() { CorrectedEpisodes = (int)value },
            "NewEpisodes" => new() { NewEpisodes = (int)value },
            "Corpus" => new() { Corpus = (int)value },
            "TaskCoverageGini" => new() { TaskCoverageGini = value },
            "TopTaskShare" => new() { TopTaskShare = value },
            "CorrectedPerWeek" => new() { CorrectedPerWeek = value },
            "TaskSubdirCounts['t1']" => new() { TaskSubdirCounts = Counts(1, (int)value) },
            _ => new() { TaskSubdirCounts = Counts(int.MaxValue, 1) },
        };

        HarvestException error = Assert.Throws<HarvestException>(state.Validate);

        Assert.Equal("RetrainStateOutOfRange", error.ErrorId);
        Assert.Equal(HarvestFault.Usage, error.Fault);
        Assert.Equal(property, error.Subject);
        Assert.Equal($"{property} is {value.ToString(CultureInfo.InvariantCulture)}; it must be {range}.", error.Message);
        Assert.StartsWith($"Give {property} a value {range}, or take the figures from ", error.Remedy.ToString(), StringComparison.Ordinal);
        Assert.Equal([new RemedyAction.ShowRetrainState()], error.Remedy.Actions);
    }

    [Fact]
    public void Figures_at_the_ends_of_their_ranges_and_unknown_ones_are_taken()
    {
        RetrainState[] taken =
        [
            new(),
            new() { CorrectedEpisodes = 0, NewEpisodes = 0, Corpus = 0, TaskCoverageGini = 0, TopTaskShare = 0, CorrectedPerWeek = 0, TaskSubdirCounts = Counts() },
            new() { CorrectedEpisodes = 3, NewEpisodes = 2, Corpus = 1, TaskCoverageGini = 1, TopTaskShare = 1, CorrectedPerWeek = 1e9, TaskSubdirCounts = Counts(0, int.MaxValue) },
            new() { CorrectionsPerEpisode = [new("v1", null, [new("t", 1, 0, 0, 0, 0, 0, 0)]), new("v2", null, [])] },
        ];

        Assert.All(taken, static state => state.Validate());
    }

    [Theory]
    [InlineData(-1, 0, 0, 0, 0, 0, 0, -1)]
    [InlineData(0, -1, 0, 0, 0, 0, 0, -1)]
    [InlineData(0, 0, -1, 0, 0, 0, 0, -1)]
    [InlineData(0, 0, 0, -1, 0, 0, 0, -1)]
    [InlineData(0, 0, 0, 0, -1, 0, 0, -1)]
    [InlineData(0, 0, 0, 0, 0, -1, 0, -1)]
    [InlineData(0, 0, 0, 0, 0, 0, -1, -1)]
    [InlineData(5, 4, -3, 0, -7, 1, 1, -7)]
    public void No_count_of_a_model_version_is_negative(int episodes, int predicted, int accepted, int corrected, int drawn, int deleted, int unknown, int least)
    {
        CorrectionStratum stratum = new("t", 1, episodes, predicted, accepted, corrected, drawn, deleted, unknown);

        // The second stratum of the second version: all of them are looked at.
        RetrainState state = new() { CorrectionsPerEpisode = [new("v1", null, [Nothing]), new("v2", null, [Nothing, stratum])] };

        HarvestException error = Assert.Throws<HarvestException>(state.Validate);
        Assert.Equal($"CorrectionsPerEpisode is {least}; it must be made of counts of at least 0.", error.Message);
    }

    [Fact]
    public void A_decision_that_cannot_be_made_here_says_which_exports_to_bring_and_how()
    {
        HarvestException inside = DecisionErrors.StateNotReadable(["a.json", "b.json"], 0, "store");
        HarvestException outside = DecisionErrors.StateNotReadable(["a.json", "b.json"], 2, "store");
        HarvestException both = DecisionErrors.StateNotReadable(["a.json", "b.json"], 1, "store");

        Assert.All([inside, outside, both], static error =>
        {
            Assert.Equal(("StateNotReadable", HarvestFault.NotFound, "store"), (error.ErrorId, error.Fault, error.Subject as string));
            Assert.Equal("Whether to retrain cannot be said on this machine: neither the archive (store) nor a recorded path has a.json and b.json.", error.Message);
            Assert.Equal([new RemedyAction.AddExport()], error.Remedy.Actions);
        });

        // A path of the repository is no place for a file from outside of it.
        Assert.Equal(["Copy store from a machine that has it, put these files at their paths, or archive them with ", "."], Texts(inside));
        Assert.Equal(["Copy store from a machine that has it, or archive these files again with ", "."], Texts(outside));
        Assert.Equal(["Copy store from a machine that has it, or archive these files again with ", "; those with a path may be put there instead."], Texts(both));
    }

    private static CorrectionStratum Nothing { get; } = new("t", null, 0, 0, 0, 0, 0, 0);

    /// <summary>The texts between the actions, those that follow one another joined.</summary>
    private static string[] Texts(HarvestException error)
    {
        string[] texts = [.. error.Remedy.Texts];
        return [string.Concat(texts[..^1]), texts[^1]];
    }

    private static Dictionary<string, int> Counts(params int[] counts) => counts.Select(static (count, i) => ($"t{i}", count)).ToDictionary();
}
