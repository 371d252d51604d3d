using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>One image, page, camera or video of a task, as its regions name it.</summary>
/// <param name="ToName">The object tag that shows it; absent where regions name none.</param>
/// <param name="Index">Its place where the tag shows several, from 0.</param>
internal sealed record Medium(Utf8Text ToName, int Index)
{
    /// <summary>The column <c>to_name</c> of the rows of its regions.</summary>
    public Utf8Text Tag { get; } = ToName.IsAbsent ? Utf8Text.Empty : ToName;

    /// <summary>The link in <c>data</c>, without what is renewed; absent where it is embedded there, or no medium is known.</summary>
    public Utf8Text Link { get; init; }

    /// <summary>False where nothing says which key of <c>data</c> the tag shows.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Whether there is a path that key columns can be guessed from.</summary>
    public bool HasPath { get; init; }

    /// <summary>Whether the tag shows a list, in which a region without an index is on the first.</summary>
    public bool IsList { get; init; }

    public TaskFields Fields { get; init; }

    public bool Shows(Region region) => Index == (region.ItemIndex ?? 0) && ToName == region.ToName;

    /// <summary>The column <c>item_index</c> of a region's row.</summary>
    public int? ItemIndexOf(Region region) => region.ItemIndex ?? (IsList ? 0 : null);
}
