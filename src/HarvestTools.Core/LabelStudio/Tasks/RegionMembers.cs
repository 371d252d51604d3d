using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads the members of a region but for its value, see <see cref="ValueParser"/>.</summary>
internal static class RegionMembers
{
    /// <summary>Reads a member that is not the value.</summary>
    public static void Read(ref TaskReader reader, RegionMember member, Region into, ref DeferredFault fault)
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

    /// <summary>Reads a text, into bytes of its own, or a size that is one; false where the member is neither.</summary>
    public static bool TryReadConstant(ref TaskReader reader, RegionMember member, Region into)
    {
        if (IsText(member) && reader.Json.TokenType == JsonTokenType.String)
        {
            byte[] own = reader.Json.ValueSpan.ToArray();
            SetText(member, into, new Utf8Text(own, 0, own.Length));
            return true;
        }

        if (member is RegionMember.OriginalWidth or RegionMember.OriginalHeight && reader.Json.TokenType == JsonTokenType.Number
            && JsonInteger.TryParse(reader.Json.ValueSpan, out long pixels) && pixels is >= 0 and <= int.MaxValue)
        {
            var none = default(DeferredFault);
            Read(ref reader, member, into, ref none);
            return true;
        }

        return false;
    }

    /// <summary>Whether the member is one that <see cref="SetText"/> sets.</summary>
    public static bool IsText(RegionMember member) =>
        member is RegionMember.Id or RegionMember.Type or RegionMember.Origin or RegionMember.FromName or RegionMember.ToName or RegionMember.ParentId;

    public static void SetText(RegionMember member, Region into, Utf8Text text)
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
}
