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
            int opening = reader.Json.Place;
            int closing = reader.Json.Closing;
            foreach (MemberSlot slot in reader.Plans.OfRegion(shape, reader).Members.Slots)
            {
                reader.Json.GoTo(opening + slot.Token);
                into.SetPlace((RegionMember)slot.Member, reader.ValuePlace);
            }

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
                ReadMember(ref reader, Members.OfRegion(key), into, ref read, null, 0);
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

    private static void ReadPlanned(ref TaskReader reader, RegionPlan plan, Region into, ref RegionReading read)
    {
        int opening = reader.Json.Place;
        int closing = reader.Json.Closing;
        foreach (MemberSlot slot in plan.Members.Slots)
        {
            int place = opening + slot.Token;
            if (slot.Kind == SlotKind.Constant)
            {
                into.SetPlace((RegionMember)slot.Member, reader.PlaceAt(place));
                SetConstant((RegionMember)slot.Member, into, plan.Constants);
                continue;
            }

            if (slot.Kind == SlotKind.Text && reader.TryGetText(place, out Utf8Text text, out int valuePlace))
            {
                into.SetPlace((RegionMember)slot.Member, valuePlace);
                SetText((RegionMember)slot.Member, into, text);
                continue;
            }

            reader.Json.GoTo(place);
            ReadMember(ref reader, (RegionMember)slot.Member, into, ref read, plan.Value, opening);
        }

        reader.Json.GoTo(closing);
    }

    /// <summary>Reads a text, into bytes of its own, or a size that is one.</summary>
    public static void ReadConstant(ref TaskReader reader, RegionMember member, Region into)
    {
        if (reader.Json.TokenType == JsonTokenType.String)
        {
            byte[] own = reader.Json.ValueSpan.ToArray();
            SetText(member, into, new Utf8Text(own, 0, own.Length));
        }
        else
        {
            var fault = default(DeferredFault);
            ReadMember(ref reader, member, into, ref fault);
        }
    }

    private static void SetConstant(RegionMember member, Region into, Region constants)
    {
        switch (member)
        {
            case RegionMember.OriginalWidth:
                into.OriginalWidth = constants.OriginalWidth;
                break;
            case RegionMember.OriginalHeight:
                into.OriginalHeight = constants.OriginalHeight;
                break;
            case RegionMember.Id:
                into.Id = constants.Id;
                break;
            case RegionMember.Type:
                into.Type = constants.Type;
                break;
            case RegionMember.Origin:
                into.Origin = constants.Origin;
                break;
            case RegionMember.FromName:
                into.FromName = constants.FromName;
                break;
            case RegionMember.ToName:
                into.ToName = constants.ToName;
                break;
            case RegionMember.ParentId:
                into.ParentId = constants.ParentId;
                break;
        }
    }

    private static void SetText(RegionMember member, Region into, Utf8Text text)
    {
        switch (member)
        {
            case RegionMember.Id:
                into.Id = text;
                break;
            case RegionMember.Type:
                into.Type = text;
                break;
            case RegionMember.Origin:
                into.Origin = text;
                break;
            case RegionMember.FromName:
                into.FromName = text;
                break;
            case RegionMember.ToName:
                into.ToName = text;
                break;
            case RegionMember.ParentId:
                into.ParentId = text;
                break;
        }
    }

    /// <param name="reader">At the member's value.</param>
    /// <param name="member">Which it is.</param>
    /// <param name="into">The region.</param>
    /// <param name="read">What is only looked at when all was read.</param>
    /// <param name="value">Where the members of <c>value</c> are; null where that is not known.</param>
    /// <param name="opening">Place of the region's opening brace, from which <paramref name="value"/> counts.</param>
    private static void ReadMember(ref TaskReader reader, RegionMember member, Region into, ref RegionReading read, MemberPlan? value, int opening)
    {
        if (member == RegionMember.None)
        {
            reader.Skip();
            return;
        }

        bool again = into.PlaceOf(member) != 0;
        into.SetPlace(member, reader.ValuePlace);
        if (member != RegionMember.Value)
        {
            ReadMember(ref reader, member, into, ref read.SizeFault);
            return;
        }

        if (again)
        {
            // Of a repeated key the last counts.
            into.ClearValue();
            read.Lists = default;
            read.ValueFault = default;
        }

        if (value is null)
        {
            ValueParser.Read(ref reader, into, ref read.Lists, ref read.ValueFault);
        }
        else
        {
            ValueParser.ReadPlanned(ref reader, opening, value, into, ref read.Lists, ref read.ValueFault);
        }
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

    private static void ReadMember(ref TaskReader reader, RegionMember member, Region into, ref DeferredFault fault)
    {
        switch (member)
        {
            case RegionMember.OriginalWidth:
                into.OriginalWidth = ReadSize(ref reader, Members.OriginalWidth, ref fault);
                break;
            case RegionMember.OriginalHeight:
                into.OriginalHeight = ReadSize(ref reader, Members.OriginalHeight, ref fault);
                break;
            case RegionMember.ItemIndex:
                into.ItemIndex = ReadItemIndex(ref reader, ref fault);
                break;
            case RegionMember.Id or RegionMember.Type or RegionMember.Origin or RegionMember.FromName or RegionMember.ToName or RegionMember.ParentId:
                SetText(member, into, reader.Text());
                break;
            default:
                // Covered by the hash; no row needs it.
                reader.Skip();
                break;
        }
    }

    /// <summary>The size of an image in pixels, which a column of whole numbers must be able to hold; one of less than half a pixel is none.</summary>
    private static double? ReadSize(ref TaskReader reader, string name, ref DeferredFault fault)
    {
        int start = reader.Json.TokenStart;
        double? size = ValueParser.Number(ref reader, name, ref fault);
        if (size > int.MaxValue)
        {
            fault.Note(start, name, "must be a number of pixels up to 2147483647");
            return null;
        }

        return size < 0.5 ? 0 : size;
    }

    private static int? ReadItemIndex(ref TaskReader reader, ref DeferredFault fault)
    {
        int start = reader.Json.TokenStart;
        long? index = ValueParser.Frame(ref reader, Members.ItemIndex, ref fault);
        if (index is < 0 or > int.MaxValue)
        {
            fault.Note(start, Members.ItemIndex, "must be a number from 0 to 2147483647");
            return null;
        }

        return (int?)index;
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
