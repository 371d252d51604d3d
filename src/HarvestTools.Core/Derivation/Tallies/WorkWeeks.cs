namespace HarvestTools.Derivation.Tallies;

/// <summary>The weeks in which anything was labelled, as far as the export says, counted from the first day of the calendar on.</summary>
internal sealed class WorkWeeks
{
    private const int Days = 7;
    private readonly SortedSet<int> _weeks = [];

    // Neighbouring tasks were mostly labelled in one week.
    private int _last = -1;

    /// <summary>In order.</summary>
    public IReadOnlyCollection<int> All => _weeks;

    /// <summary>The first day of a week, UTC.</summary>
    public static DateTime Start(int week) => DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc).AddDays((double)Days * week);

    public void Add(DateTime? at)
    {
        if (at is { } time)
        {
            Add((int)(time.Ticks / TimeSpan.TicksPerDay / Days));
        }
    }

    public void Add(int week)
    {
        if (week != _last)
        {
            _weeks.Add(week);
            _last = week;
        }
    }

    public void Merge(WorkWeeks other) => _weeks.UnionWith(other._weeks);
}
