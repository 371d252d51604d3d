namespace HarvestTools.Tests.Pester;

/// <summary>That a Pester file which fails outside its tests fails them all.</summary>
public sealed class PesterRunTests
{
    private static readonly PesterOutcome s_passed = new("a.passes", 1, "Passed", null);
    private static readonly PesterOutcome s_skipped = new("a.is skipped", 2, "Skipped", "because");
    private static readonly PesterOutcome s_failed = new("a.fails", 3, "Failed", "because");

    [Fact]
    public void Outcomes_count_where_the_process_succeeds() =>
        Assert.Equal([s_passed, s_skipped], PesterRun.Judge(0, [s_passed, s_skipped], "said").Outcomes);

    [Fact]
    public void Outcomes_count_where_a_test_says_why_the_process_failed() =>
        Assert.Equal([s_passed, s_failed], PesterRun.Judge(1, [s_passed, s_failed], "said").Outcomes);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void No_outcome_counts_where_no_test_says_why_the_process_failed(int exitCode)
    {
        PesterRun run = PesterRun.Judge(exitCode, [s_passed, s_skipped], "RuntimeException: after all");
        Assert.Empty(run.Outcomes);
        Assert.Equal("RuntimeException: after all", run.Output);
    }
}
