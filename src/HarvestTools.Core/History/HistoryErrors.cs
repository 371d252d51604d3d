namespace HarvestTools.History;

/// <summary>Errors about the descent of slices.</summary>
internal static class HistoryErrors
{
    public static HarvestException RangeNotALine(string first, string last) => new(
        nameof(RangeNotALine), HarvestFault.Usage,
        $"The slice '{last}' does not descend from '{first}', so that {first}..{last} is no range.",
        $"Name the older one first, or name the slices one by one; {new RemedyAction.ShowHistory()} shows which follows which.", $"{first}..{last}");
}
