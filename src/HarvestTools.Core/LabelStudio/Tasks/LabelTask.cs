using System.Runtime.CompilerServices;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// The labels of one task: exactly what the label hash covers, and all that rows are derived from. What else an export
/// says of the task (predictions, drafts, dates) has no place here, so that no row can come to depend on it; what the
/// tally counts of it is in <see cref="TaskExtras"/>.
/// </summary>
/// <remarks>
/// Of regions the hash's text is written from the places that they hold, rows from the values beside them, which the parser
/// read at these places and nowhere else.
/// </remarks>
internal sealed class LabelTask
{
    private readonly Pool<Annotation> _annotations = new(static () => new Annotation(), static a => a.Reset());

    /// <summary>Null where the file has none (an import file, not an export).</summary>
    public long? Id { get; set; }

    /// <summary>
    /// The canonical JSON (RFC 8785) of <c>data</c> without what links renew, as it is hashed: rows are mapped from the very bytes that the hash sees.
    /// Absent where the key is missing or null.
    /// </summary>
    public Utf8Text Data { get; set; }

    /// <summary>In the file's order, which nothing may depend on.</summary>
    public List<Annotation> Annotations => _annotations.Items;

    public Annotation AddAnnotation() => _annotations.Add();

    /// <summary>Forgets the annotations read so far: of a repeated key the last counts.</summary>
    public void ClearAnnotations() => _annotations.Clear();

    public void Reset()
    {
        Id = null;
        Data = default;
        _annotations.Clear();
    }
}

/// <summary>The labels of one entry of <c>annotations[]</c>: what one labeler submitted (or skipped) for a task.</summary>
internal sealed class Annotation
{
    private readonly Pool<Region> _regions = new(static () => new Region(), static r => r.Reset());
    private readonly Pool<RegionItem> _places = new(static () => new RegionItem(), static r => r.ResetPlaces());

    public long? Id { get; set; }

    /// <summary>From <c>completed_by</c>, a number or an object with an id; null where unknown.</summary>
    public long? AnnotatorId { get; set; }

    public bool WasCancelled { get; set; }

    public bool GroundTruth { get; set; }

    /// <summary>
    /// Every item of <c>result[]</c>, relations included, in the file's order, which nothing may depend on. Empty where only
    /// <see cref="Items"/> were read (<see cref="TaskParts"/>).
    /// </summary>
    public List<Region> Regions => _regions.Items;

    /// <summary>The places of the same items, which are <see cref="Regions"/> themselves where these were read.</summary>
    public IReadOnlyList<RegionItem> Items => _places.Items.Count > 0 ? _places.Items : _regions.Items;

    public Region AddRegion() => _regions.Add();

    /// <summary>Adds an item of which only the places are read; an annotation has either these or regions.</summary>
    public RegionItem AddItem() => _places.Add();

    /// <summary>Forgets the regions read so far: of a repeated key the last counts.</summary>
    public void ClearRegions()
    {
        _regions.Clear();
        _places.Clear();
    }

    public void Reset()
    {
        Id = null;
        AnnotatorId = null;
        WasCancelled = false;
        GroundTruth = false;
        ClearRegions();
    }
}

/// <summary>For each member of a region where its value is, see <see cref="TaskTokens"/>; 0 where it is absent or null.</summary>
[InlineArray((int)RegionMember.Count)]
internal struct RegionPlaces
{
    private int _first;
}
