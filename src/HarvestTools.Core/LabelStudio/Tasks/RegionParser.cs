using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads one item of <c>result[]</c> and tells what it is.</summary>
internal static class RegionParser
{
    /// <summary>Reads where the item's members are; their values are passed over.</summary>
    public static void ReadPlaces(ref TaskReader reader, RegionItem into)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.ItemPlace = reader.ItemPlace;
            reader.Skip();
            return;
        }

        into.SetOpening(reader.ItemPlace);
        if (reader.Json.Shape is { } shape)
        {
            int closing = reader.Json.Closing;
            SetPlaces(ref reader, reader.Plans.OfRegion(shape, reader).Members, into);
            reader.Json.GoTo(closing);
            return;
        }

        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            RegionMember member = Members.OfRegion(key);
            if (member != RegionMember.None)
            {
                into.SetPlace(member, reader.ValuePlace);
            }

            reader.Skip();
        }
    }

    /// <summary>Reads the item; one that is no object (seen in aggregates of old files) stays of unsupported kind.</summary>
    /// <exception cref="HarvestException">A coordinate of a keypoint, rectangle, track or segment is no number.</exception>
    public static void Read(ref TaskReader reader, Region into, bool tolerant)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.ItemPlace = reader.ItemPlace;
            into.Value = reader.Raw();
            return;
        }

        into.SetOpening(reader.ItemPlace);
        var read = default(RegionReading);
        RegionPlan? plan = reader.Json.Shape is { } shape ? reader.Plans.OfRegion(shape, reader) : null;
        if (plan is not null)
        {
            ReadPlanned(ref reader, plan, into, ref read);
        }
        else
        {
            while (reader.NextMember(out ReadOnlySpan<byte> key))
            {
                RegionMember member = Members.OfRegion(key);
                bool again = into.PlaceOf(member) != 0;
                into.SetPlace(member, reader.ValuePlace);
                if (member == RegionMember.Value)
                {
                    ReadValue(ref reader, into, ref read, again);
                }
                else
                {
                    RegionMembers.Read(ref reader, member, into, ref read.SizeFault);
                }
            }
        }

        Settle(ref reader, plan, into, read.Lists);
        if (into.IsShape && !tolerant)
        {
            // Only now is known whether these numbers mean anything: an HTML region has text where a box has coordinates.
            read.SizeFault.ThrowIfAny(reader);
            read.ValueFault.ThrowIfAny(reader);
        }
    }

    /// <summary>Reads a value of which only the raw JSON was kept; what is odd in it is passed over.</summary>
    /// <param name="reader">Of the task.</param>
    /// <param name="value">The raw value.</param>
    /// <param name="into">Has its type already.</param>
    public static void ReadValue(scoped in TaskReader reader, Utf8Text value, Region into)
    {
        TaskReader own = reader.Over(value);
        own.Json.Read();
        var lists = default(LabelLists);
        var fault = default(DeferredFault);
        ValueParser.Read(ref own, into, ref lists, ref fault);
        Settle(ref own, null, into, lists);
    }

    private static void SetPlaces(ref TaskReader reader, MemberPlan plan, RegionItem into)
    {
        if (reader.IsWhole)
        {
            into.SetPlaces(plan);
            return;
        }

        int opening = reader.Json.Place;
        foreach (MemberSlot slot in plan.Slots)
        {
            reader.Json.GoTo(opening + slot.Token);
            into.SetPlace((RegionMember)slot.Member, reader.ValuePlace);
        }
    }

    private static void ReadPlanned(ref TaskReader reader, RegionPlan plan, Region into, ref RegionReading read)
    {
        int opening = reader.Json.Place;
        int closing = reader.Json.Closing;
        SetPlaces(ref reader, plan.Members, into);
        if (plan.Constants is { } constants)
        {
            into.SetConstants(constants);
        }

        foreach (MemberSlot slot in plan.Varying.Slots)
        {
            var member = (RegionMember)slot.Member;
            if (slot.IsText && reader.TryGetText(opening + slot.Token, out Utf8Text text))
            {
                RegionMembers.SetText(member, into, text);
                continue;
            }

            reader.Json.GoTo(opening + slot.Token);
            if (member != RegionMember.Value)
            {
                RegionMembers.Read(ref reader, member, into, ref read.SizeFault);
            }
            else if (plan.Value is { } value)
            {
                ValueParser.ReadPlanned(ref reader, opening, value, into, ref read.Lists, ref read.ValueFault);
            }
            else
            {
                ReadValue(ref reader, into, ref read, again: true);
            }
        }

        reader.Json.GoTo(closing);
    }

    private static void ReadValue(ref TaskReader reader, Region into, ref RegionReading read, bool again)
    {
        if (again)
        {
            // Of a repeated key the last counts.
            into.ClearValue();
            read.Lists = default;
            read.ValueFault = default;
        }

        ValueParser.Read(ref reader, into, ref read.Lists, ref read.ValueFault);
    }

    private static void Settle(ref TaskReader reader, RegionPlan? plan, Region into, in LabelLists lists)
    {
        if (plan is null || !plan.TryGetKind(into.Type, out RegionKind kind))
        {
            kind = KindOf(into.Type, lists);
            plan?.NoteKind(into.Type, kind);
        }

        into.Kind = kind;
        lists.Settle(ref reader, into);
    }

    private static RegionKind KindOf(Utf8Text type, in LabelLists lists)
    {
        if (type.Is("relation"u8))
        {
            return RegionKind.Relation;
        }

        if (lists.Has(LabelList.Timeline))
        {
            return RegionKind.Timeline;
        }

        if (type.IsAbsent)
        {
            return lists.Has(LabelList.Keypoint) ? RegionKind.Keypoint
                : lists.Has(LabelList.Rectangle) ? RegionKind.Rectangle
                : lists.Has(LabelList.Polygon) ? RegionKind.Polygon
                : RegionKind.Unsupported;
        }

        ReadOnlySpan<byte> name = type.Span;
        return name switch
        {
            _ when name.SequenceEqual("keypointlabels"u8) || name.SequenceEqual("keypoint"u8) => RegionKind.Keypoint,
            _ when name.SequenceEqual("rectanglelabels"u8) || name.SequenceEqual("rectangle"u8) => RegionKind.Rectangle,
            _ when name.SequenceEqual("polygonlabels"u8) || name.SequenceEqual("polygon"u8) => RegionKind.Polygon,
            _ when name.SequenceEqual("choices"u8)
                || name.SequenceEqual("textarea"u8)
                || name.SequenceEqual("number"u8)
                || name.SequenceEqual("rating"u8)
                || name.SequenceEqual("datetime"u8)
                || name.SequenceEqual("taxonomy"u8) => RegionKind.Attribute,
            _ when name.SequenceEqual("videorectangle"u8) => RegionKind.Track,
            _ when name.SequenceEqual("timelinelabels"u8) => RegionKind.Timeline,
            _ when name.SequenceEqual("labels"u8) => RegionKind.Labels,
            _ => RegionKind.Unsupported,
        };
    }
}

/// <summary>What is known of a region while it is read.</summary>
internal ref struct RegionReading
{
    public LabelLists Lists;
    public DeferredFault SizeFault;
    public DeferredFault ValueFault;
}
