using System.Collections.ObjectModel;

namespace HarvestTools.Drift;

/// <summary>Names that are one text with commas, so that they keep their place in a column of a CSV file.</summary>
internal sealed class NameList(IList<string> names) : ReadOnlyCollection<string>(names)
{
    public override string ToString() => string.Join(", ", this);
}
