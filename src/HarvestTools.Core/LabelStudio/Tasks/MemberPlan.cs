using System.Text.Json;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Where the members are that mean something, in all objects of one shape.</summary>
/// <param name="slots">One for each, in the file's order.</param>
internal sealed class MemberPlan(MemberSlot[] slots)
{
    public ReadOnlySpan<MemberSlot> Slots => slots;

    /// <summary>Finds the members of a region's value or of one of its key frames.</summary>
    /// <param name="reader">At its opening brace.</param>
    /// <param name="opening">Place of the opening brace of the object that has the shape.</param>
    public static MemberPlan OfValue(TaskReader reader, int opening)
    {
        var found = new MemberSlot[JsonShape.TokensMax];
        int count = 0;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            ValueMember member = Members.OfValue(key);
            if (member != ValueMember.None)
            {
                found[count++] = new MemberSlot((byte)member, (byte)(reader.Json.Place - opening));
            }

            reader.Skip();
        }

        Array.Resize(ref found, count);
        return new MemberPlan(found);
    }

    /// <summary>Finds the members of a region.</summary>
    /// <param name="reader">At its opening brace.</param>
    /// <param name="shape">The region's.</param>
    public static MemberPlan OfRegion(TaskReader reader, JsonShape shape)
    {
        var found = new MemberSlot[JsonShape.TokensMax];
        int count = 0;
        int opening = reader.Json.Place;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            RegionMember member = Members.OfRegion(key);
            if (member != RegionMember.None)
            {
                int token = reader.Json.Place - opening;
                bool isText = reader.Json.TokenType == JsonTokenType.String && member
                    is RegionMember.Id or RegionMember.Type or RegionMember.Origin or RegionMember.FromName or RegionMember.ToName or RegionMember.ParentId;
                bool isSize = reader.Json.TokenType == JsonTokenType.Number && member is RegionMember.OriginalWidth or RegionMember.OriginalHeight
                    && JsonInteger.TryParse(reader.Json.ValueSpan, out long pixels) && pixels is >= 0 and <= int.MaxValue;
                SlotKind kind = (isText || isSize) && shape.IsConstant(token) ? SlotKind.Constant : isText ? SlotKind.Text : SlotKind.Any;
                found[count++] = new MemberSlot((byte)member, (byte)token, kind);
            }

            reader.Skip();
        }

        Array.Resize(ref found, count);
        return new MemberPlan(found);
    }
}

/// <summary>How the value of a member is read.</summary>
internal enum SlotKind : byte
{
    /// <summary>As any value.</summary>
    Any,

    /// <summary>It is a text, as it should be.</summary>
    Text,

    /// <summary>It is a text or a size, and the same in all objects of the shape.</summary>
    Constant,
}

/// <summary>A member and where its value is.</summary>
/// <param name="member">A <see cref="RegionMember"/> or a <see cref="ValueMember"/>.</param>
/// <param name="token">How many tokens behind the opening brace of the object that has the shape.</param>
/// <param name="kind">How the value is read.</param>
internal readonly struct MemberSlot(byte member, byte token, SlotKind kind = SlotKind.Any)
{
    public byte Member { get; } = member;

    public byte Token { get; } = token;

    public SlotKind Kind { get; } = kind;
}
