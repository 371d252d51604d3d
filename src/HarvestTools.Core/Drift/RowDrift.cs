namespace HarvestTools.Drift;

/// <summary>How re-derived rows differ from recorded ones.</summary>
internal sealed record RowDrift(RowChangeSummary Rows, RowChange? First);
