namespace HarvestTools.Drift;

/// <summary>How two exports differ that have the same labels on data that is not the same.</summary>
/// <param name="Keys">The keys of <c>data</c> that differ, in ordinal order.</param>
/// <param name="RowsDiffer">Whether rows do; null where none were derived.</param>
internal sealed record DataChange(IReadOnlyList<string> Keys, bool? RowsDiffer);
