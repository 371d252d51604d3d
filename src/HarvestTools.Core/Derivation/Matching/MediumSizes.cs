using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// The sizes that the regions of a task have of each medium. A region that has none borrows its medium's, since all
/// annotators saw the same image; of several the smallest, whatever the order of the regions. Different sizes of one image,
/// as where one browser applies its EXIF rotation and another does not, are a conflict of their own.
/// </summary>
internal sealed class MediumSizes
{
    private readonly List<List<ImageSize>> _sizes = [];

    // One region of each medium that has a size.
    private readonly List<(Region Region, int Medium)> _sized = [];

    /// <summary>How many media have more than one size.</summary>
    public int Conflicts { get; private set; }

    /// <param name="candidates">Of all annotators.</param>
    public void Collect(List<Candidate> candidates)
    {
        Conflicts = 0;
        _sized.Clear();
        _sizes.ForEach(static sizes => sizes.Clear());
        (int Medium, ImageSize Size) last = (-1, default);
        foreach (ref readonly Candidate candidate in CollectionsMarshal.AsSpan(candidates))
        {
            // Mostly all have one size of one medium.
            if (ImageSize.Of(candidate.Region) is { } own && candidate.Medium == last.Medium && own == last.Size)
            {
                continue;
            }

            while (_sizes.Count <= candidate.Medium)
            {
                _sizes.Add([]);
            }

            List<ImageSize> sizes = _sizes[candidate.Medium];
            if (ImageSize.Of(candidate.Region) is not { } size)
            {
                continue;
            }

            last = (candidate.Medium, size);
            if (sizes.Contains(size))
            {
                continue;
            }

            if (sizes.Count == 0)
            {
                _sized.Add((candidate.Region, candidate.Medium));
            }

            sizes.Add(size);
            Conflicts += sizes.Count == 2 ? 1 : 0;
        }

        foreach (List<ImageSize> sizes in _sizes)
        {
            if (sizes.Count > 1)
            {
                sizes.Sort(static (a, b) => (a.Width, a.Height).CompareTo((b.Width, b.Height)));
            }
        }
    }

    /// <summary>The size of a medium; null where no region has one.</summary>
    public ImageSize? Of(int medium) => medium < _sizes.Count && _sizes[medium].Count > 0 ? _sizes[medium][0] : null;

    /// <summary>The size of the medium that a region is on, candidate or not.</summary>
    public ImageSize? Of(Region region)
    {
        foreach ((Region sized, int medium) in _sized)
        {
            if (sized.IsOnMediumOf(region))
            {
                return Of(medium);
            }
        }

        return null;
    }

    /// <summary>All sizes of a medium where they differ, ascending; empty otherwise.</summary>
    public ReadOnlySpan<ImageSize> ConflictOf(int medium) => _sizes[medium].Count > 1 ? CollectionsMarshal.AsSpan(_sizes[medium]) : default;
}
