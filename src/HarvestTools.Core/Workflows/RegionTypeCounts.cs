using System.Collections.ObjectModel;
using System.Globalization;

namespace HarvestTools.Workflows;

/// <summary>How many regions an export has of which type; as text, <c>boxes: 3, choices: 1</c>, so that a table of exports can be read.</summary>
/// <param name="counts">Regions by type, in the order in which they are told.</param>
public sealed class RegionTypeCounts(OrderedDictionary<string, long> counts) : ReadOnlyDictionary<string, long>(counts)
{
    /// <summary>Null for what was not counted.</summary>
    public static RegionTypeCounts? From(IReadOnlyDictionary<string, long>? counts) =>
        counts is null ? null : new(new OrderedDictionary<string, long>(counts));

    /// <summary>The types with their counts, in a line.</summary>
    public override string ToString() =>
        string.Join(", ", this.Select(static type => string.Create(CultureInfo.InvariantCulture, $"{type.Key}: {type.Value}")));
}
