using System.Text.Json;
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
            Read(ref reader, member, into, ref fault);
        }
    }

    public static void SetConstant(RegionMember member, Region into, Region constants)
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
