using HarvestTools.Tables;

namespace HarvestTools.Tests;

/// <summary>Where files of the current format version are cut: tests take the rows around these.</summary>
internal static class ParquetLayout
{
    public static int RowGroupRows => FormatVersion.Current.Layout.RowGroupRows;

    public static int PageRows => FormatVersion.Current.Layout.PageRows;

    public static int TextBytesMax => FormatVersion.Current.Layout.TextBytesMax;

    public static int DictionaryEntriesMax => FormatVersion.Current.Layout.DictionaryEntriesMax;

    public static int DictionaryBytesMax => FormatVersion.Current.Layout.DictionaryBytesMax;

    public static int DictionaryTrialValues => FormatVersion.Current.Layout.DictionaryTrialValues;
}
