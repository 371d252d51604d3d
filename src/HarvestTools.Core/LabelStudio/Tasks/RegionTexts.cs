using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// Writes the canonical texts of regions, which the label hash covers: every member of <see cref="RegionMember"/>, which is
/// all that a region is read from, in its order. Reusable.
/// </summary>
internal sealed class RegionTexts
{
    private readonly CanonicalWriter _canonical = new(exactIntegers: true);
    private readonly PerShape<CanonicalPlan> _plans = new();

    /// <summary>Texts that were written while their regions were read.</summary>
    private readonly ByteWriter _kept = new(0);

    public void Clear() => _kept.Clear();

    /// <summary>Writes a region's text now, where it can be done without a look at keys; else it is left for later.</summary>
    /// <param name="region">The region.</param>
    /// <param name="reader">At the opening brace of an object of a known shape, whose numbers were read.</param>
    public void Keep(RegionItem region, TaskReader reader)
    {
        int start = _kept.Length;
        try
        {
            if (reader.Json.Shape is { } shape && (_plans[shape] ?? Plan(shape, reader)).TryWrite(ref reader.Json, _canonical, _kept))
            {
                region.SetKeptText(start, _kept.Length - start);
            }
        }
        catch (CanonicalJsonException)
        {
            // That it has no canonical form is said when its text is asked for: before that, what is malformed behind it counts, whatever
            // shapes the thread has learned.
            _kept.Length = start;
        }
    }

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

        (int start, int length) = region.GetKeptText();
        if (length > 0)
        {
            to.Add(_kept.Slice(start, length));
            return;
        }

        tokens.GoTo(ref reader, region.GetOpening());
        if (reader.Json.Shape is { } shape && (_plans[shape] ?? Plan(shape, reader)).TryWrite(ref reader.Json, _canonical, to))
        {
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

    /// <summary>Makes the plan by which the members of regions of one shape are written.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="reader">At the opening brace of such a region.</param>
    private CanonicalPlan Plan(JsonShape shape, TaskReader reader)
    {
        int opening = reader.Json.Place;
        var places = default(RegionPlaces);
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            // Of a repeated key the last counts, also where it is null.
            places[(int)Members.OfRegion(key)] = reader.Json.TokenType == JsonTokenType.Null ? 0 : reader.Json.Place;
            reader.Skip();
        }

        var builder = new CanonicalPlan.Builder(shape);
        bool planned = true;
        builder.Add("{"u8);
        bool first = true;
        for (RegionMember member = RegionMember.FromName; member < RegionMember.Count && planned; member++)
        {
            int place = places[(int)member];
            if (place == 0)
            {
                continue;
            }

            builder.Add(first ? ""u8 : ","u8);
            first = false;
            builder.Add(Members.Opening(member));
            reader.Json.GoTo(place);
            planned = builder.TryAddValue(ref reader.Json, opening);
        }

        builder.Add("}"u8);
        CanonicalPlan plan = planned ? builder.Build() : CanonicalPlan.None;
        _plans[shape] = plan;
        return plan;
    }
}
