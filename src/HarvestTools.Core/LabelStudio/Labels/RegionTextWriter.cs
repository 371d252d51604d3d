using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Writes the canonical texts of regions, see <see cref="LabelHash"/>: every member of <see cref="RegionMember"/>, which is
/// all that a region is read from, in its order. Reusable.
/// </summary>
internal sealed class RegionTextWriter
{
    private readonly CanonicalWriter _canonical = new(exactIntegers: true);

    /// <param name="region">Read with <see cref="TaskParts.Regions"/>.</param>
    /// <param name="tokens">Of the region's task.</param>
    /// <param name="reader">Over the same tokens; left anywhere.</param>
    /// <param name="to">Receives the text.</param>
    public void Append(RegionItem region, TaskTokens tokens, ref TaskReader reader, ByteWriter to)
    {
        if (region.ItemPlace != 0)
        {
            tokens.GoTo(ref reader, region.ItemPlace);
            _canonical.Append(ref reader.Json, to);
            return;
        }

        to.Add((byte)'{');
        int content = to.Length;
        for (RegionMember member = RegionMember.FromName; member < RegionMember.Count; member++)
        {
            int place = region.PlaceOf(member);
            if (place == 0)
            {
                continue;
            }

            if (to.Length > content)
            {
                to.Add((byte)',');
            }

            to.Add(Members.Opening(member));
            tokens.GoTo(ref reader, place);
            _canonical.Append(ref reader.Json, to);
        }

        to.Add((byte)'}');
    }
}
