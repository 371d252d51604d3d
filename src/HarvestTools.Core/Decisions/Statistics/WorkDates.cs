namespace HarvestTools.Decisions.Statistics;

/// <summary>When people labelled, as far as exports say.</summary>
/// <param name="LastSeen">The last label of each task folder.</param>
/// <param name="Days">Some of the days on which anything was labelled: the first and the last of each person in each task under each model version.</param>
internal sealed record WorkDates(IReadOnlyDictionary<string, DateTimeOffset> LastSeen, IReadOnlyList<DateTimeOffset> Days)
{
    private const int DaysAWeek = 7;

    /// <summary>In how many weeks after a time anything was labelled, counted from that time on.</summary>
    public int WeeksAfter(DateTimeOffset time) =>
        Days.Where(day => day > time).Select(day => (int)((day - time).TotalDays / DaysAWeek)).Distinct().Count();
}
