namespace HarvestTools.Parquet.Writing;

/// <summary>The bytes of text and of lists that the columns of one row group hold, shared by them.</summary>
internal sealed class RowGroupBudget
{
    public long TextBytes { get; set; }
}
