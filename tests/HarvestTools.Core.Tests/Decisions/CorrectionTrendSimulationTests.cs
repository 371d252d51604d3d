namespace HarvestTools.Tests.Decisions;

/// <summary>The claims of docs/retrain-decision.md with fewer runs than its tables.</summary>
public sealed class CorrectionTrendSimulationTests
{
    private static readonly CorrectionTrendSimulation.Setting Team = new() { Episodes = 20, Mean = 5, Dispersion = 3 };

    [Theory]
    [InlineData(5, 1, true)]
    [InlineData(5, 3, true)]
    [InlineData(5, 3, false)]
    public void A_doubling_is_found_within_three_cycles_in_nine_runs_of_ten(double mean, double dispersion, bool squares)
    {
        CorrectionTrendSimulation.Setting setting = Team with { Mean = mean, Dispersion = dispersion, Squares = squares, Ratio = 2, ChangeAt = 6 };

        Assert.InRange(DecisionSimulationTables.Detection(setting, 60).Found, 0.9, 1);
    }

    [Fact]
    public void False_alarms_are_rarer_than_stated()
    {
        (int alarms, int cycles) = DecisionSimulationTables.FalseAlarms(Team with { Squares = false, Tasks = 1, Annotators = 1, Dispersion = 8 }, 25, 40);

        // Stated: at most one in 100 cycles.
        Assert.True(cycles >= 100 * alarms, $"{alarms} false alarms in {cycles} cycles");
        Assert.True(cycles > 500);
    }

    /// <summary>The number of cycles for each false alarm, where episodes or whole cycles depend on each other.</summary>
    [Theory]
    [InlineData(8, 3, 0.0)]
    [InlineData(3, 1, 0.2)]
    public void False_alarms_are_rarer_than_stated_under_dependence(double dispersion, int labelers, double variation)
    {
        (int alarms, int cycles) = DecisionSimulationTables.FalseAlarms(
            Team with { Dispersion = dispersion, Labelers = labelers, Annotators = Math.Max(2, labelers), CycleVariation = variation }, 40, 30);

        Assert.True(cycles >= 100 * alarms, $"{alarms} false alarms in {cycles} cycles");
        Assert.True(cycles > 900);
    }

    /// <summary>What a whole cycle differs by is common to its strata, however many there are and however few episodes each has.</summary>
    [Theory]
    [InlineData(100, 10)]
    [InlineData(200, 5)]
    public void False_alarms_are_rarer_than_stated_with_many_tasks_and_people(int episodes, double mean)
    {
        (int alarms, int cycles) = DecisionSimulationTables.FalseAlarms(
            Team with { Episodes = episodes, Mean = mean, Tasks = 12, Annotators = 6, CycleVariation = 0.2 }, 30, 30);

        Assert.True(cycles >= 100 * alarms, $"{alarms} false alarms in {cycles} cycles");
        Assert.True(cycles > 700);
    }

    /// <summary>Nothing says what three people would have corrected in an episode that one labelled.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Known_people_in_other_groups_never_pass_nor_alarm_while_a_baseline_reaches_back(double ratio)
    {
        foreach (double mean in (double[])[5, 10])
        {
            (double called, double passed, double unknown) = DecisionSimulationTables.Answers(
                Team with { ChangeAt = 6, LabelersThen = 3, Ratio = ratio, Mean = mean, Annotators = 4 }, 40);
            Assert.Equal((0, 0, 1), (called, passed, unknown));
        }
    }

    /// <summary>Reviews of the episodes that needed much leave the rates as promised where they name what they revise, and alarm nobody where they do not.</summary>
    [Fact]
    public void Reviews_that_are_known_as_such_neither_alarm_nor_hide()
    {
        CorrectionTrendSimulation.Setting reviewed = Team with { ChangeAt = 6, ReviewsNamed = true };
        Assert.Equal(0, DecisionSimulationTables.Answers(reviewed, 60).Called);
        Assert.InRange(DecisionSimulationTables.Detection(reviewed with { Ratio = 2 }, 60).Found, 0.9, 1);
        Assert.Equal(0, DecisionSimulationTables.Answers(reviewed with { ReviewsNamed = false }, 60).Called);
    }

    [Fact]
    public void New_people_and_a_worse_model_never_pass_while_a_baseline_reaches_back()
    {
        foreach (double strictness in (double[])[1, 0.5])
        {
            (double called, double passed, double unknown) = DecisionSimulationTables.Answers(
                Team with { ChangeAt = 6, NewAnnotatorFactor = strictness, Ratio = 2, Annotators = 4 }, 40);
            Assert.Equal((0, 0, 1), (called, passed, unknown));
        }
    }

    [Fact]
    public void Where_nothing_is_wrong_the_answer_is_known_in_three_cases_of_four()
    {
        (_, double passed, double unknown) = DecisionSimulationTables.Answers(Team with { ChangeAt = 6 }, 60);
        Assert.InRange(passed, 0.75, 1);
        Assert.InRange(unknown, 0, 0.25);
    }

    [Fact]
    public void Two_models_of_which_nothing_changes_raise_no_alarm_where_they_are_tested_apart()
    {
        Assert.InRange(DecisionSimulationTables.TwoModels(30, apart: false), 0.7, 1);
        Assert.Equal(0, DecisionSimulationTables.TwoModels(30, apart: true));
    }

    [Fact]
    public void A_change_of_annotators_or_tasks_alone_is_not_called_a_regression()
    {
        CorrectionTrendSimulation.Setting team = Team with { ChangeAt = 6, Annotators = 4 };

        Assert.InRange(DecisionSimulationTables.AlarmRate(team with { NewAnnotatorFactor = 2 }, 40), 0, 0.05);
        Assert.InRange(DecisionSimulationTables.AlarmRate(team with { AnnotatorFactor = 2, ShiftToStrict = true }, 40), 0, 0.05);
        Assert.InRange(DecisionSimulationTables.AlarmRate(team with { HardTaskFactor = 2 }, 40), 0, 0.05);
    }

    [Fact]
    public void Where_a_doubling_could_not_be_found_the_test_says_that_it_cannot_tell()
    {
        CorrectionTrendSimulation.Setting small = Team with { Episodes = 5, Mean = 2, Dispersion = 8, Ratio = 2, ChangeAt = 6 };
        (double found, double untold) = DecisionSimulationTables.Detection(small, 60);

        Assert.InRange(found + untold, 0.95, 1);
        Assert.InRange(untold, 0.7, 1);
    }
}
