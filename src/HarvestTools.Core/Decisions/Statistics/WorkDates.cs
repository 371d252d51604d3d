namespace HarvestTools.Decisions.Statistics;

/// <summary>When people labelled, as far as exports say.</summary>
/// <param name="LastSeen">The last label of each task folder.</param>
/// <param name="Days">The first days of the weeks in which anything was labelled.</param>
internal sealed record WorkDates(IReadOnlyDictionary<string, DateTimeOffset> LastSeen, IReadOnlyList<DateTimeOffset> Days)
{
    /// <summary>Task folders with labels of which exports do not say when they were made: nothing is known of when they were worked on.</summary>
    public IReadOnlySet<string> Undated { get; init; } = new HashSet<string>();

    private const int DaysAWeek = 7;

    /// <summary>In how many weeks after a time anything was labelled, counted from that time on.</summary>
    public int WeeksAfter(DateTimeOffset time) =>
        Days.Where(day => day > time).Select(day => (int)((day - time).TotalDays / DaysAWeek)).Distinct().Count();
}
