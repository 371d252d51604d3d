using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Matching;

/// <summary>What a region of one annotation names as its parent: an id, looked for on the region's own medium first.</summary>
/// <param name="Id">The parent's region id.</param>
/// <param name="ToName">The object tag of the region that names it.</param>
/// <param name="Index">Which of several media of that tag it is on.</param>
internal readonly record struct ParentKey(Utf8Text Id, Utf8Text ToName, int Index) : IComparable<ParentKey>
{
    public static ParentKey Of(Region child) => new(child.ParentId, child.ToName, child.ItemIndex ?? 0);

    public bool IsMediumOf(Region region) => ToName == region.ToName && Index == (region.ItemIndex ?? 0);

    /// <summary>Whether nothing that an item says of its place is against it: scripts leave out what repeats the place of the item's region.</summary>
    public bool MayBeMediumOf(Region item) => (item.ToName.IsAbsent || ToName == item.ToName) && (item.ItemIndex is null || Index == item.ItemIndex);

    public int CompareTo(ParentKey other)
    {
        int order = Id.CompareTo(other.Id);
        if (order != 0 || (order = ToName.CompareTo(other.ToName)) != 0)
        {
            return order;
        }

        return Index.CompareTo(other.Index);
    }

    public static bool operator <(ParentKey left, ParentKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ParentKey left, ParentKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ParentKey left, ParentKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ParentKey left, ParentKey right) => left.CompareTo(right) >= 0;
}
