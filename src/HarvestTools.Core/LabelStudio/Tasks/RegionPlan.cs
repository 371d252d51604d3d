using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>How regions of one shape are read without a look at their keys.</summary>
internal sealed class RegionPlan
{
    private byte[]? _type;
    private RegionKind _kind;

    private RegionPlan(MemberPlan members, MemberPlan? value, Region constants)
    {
        Members = members;
        Value = value;
        Constants = constants;
    }

    public MemberPlan Members { get; }

    /// <summary>What is in <c>value</c>; null where that is no object, or not the only one.</summary>
    public MemberPlan? Value { get; }

    /// <summary>Has the members that are the same in all regions of the shape, in bytes of its own.</summary>
    public Region Constants { get; }

    /// <param name="reader">At the opening brace of a region that has the shape.</param>
    /// <param name="shape">The shape.</param>
    public static RegionPlan Of(TaskReader reader, JsonShape shape)
    {
        var members = MemberPlan.OfRegion(reader, shape);
        int opening = reader.Json.Place;
        var constants = new Region();
        MemberPlan? value = null;
        bool again = false;
        foreach (MemberSlot slot in members.Slots)
        {
            if (slot.Member == (byte)RegionMember.Value)
            {
                // Values of a repeated key have members in different places.
                reader.Json.GoTo(opening + slot.Token);
                value = reader.Json.TokenType == JsonTokenType.StartObject && !again ? MemberPlan.OfValue(reader, opening) : null;
                again = true;
            }
            else if (slot.Kind == SlotKind.Constant)
            {
                reader.Json.GoTo(opening + slot.Token);
                RegionMembers.ReadConstant(ref reader, (RegionMember)slot.Member, constants);
            }
        }

        return new RegionPlan(members, value, constants);
    }

    /// <summary>The kind that regions of this shape and type have; false where it is not known.</summary>
    public bool TryGetKind(Utf8Text type, out RegionKind kind)
    {
        kind = _kind;
        return _type is not null && !type.IsAbsent && type.Span.SequenceEqual(_type);
    }

    /// <summary>Notes the kind of regions of this shape, which follows from their type and which lists of labels they have.</summary>
    public void NoteKind(Utf8Text type, RegionKind kind)
    {
        _type = type.IsAbsent ? null : type.Span.ToArray();
        _kind = kind;
    }
}

/// <summary>What is known of the shapes in the tasks of one worker.</summary>
internal sealed class ObjectPlans
{
    private readonly PerShape<RegionPlan> _regions = new();
    private readonly PerShape<MemberPlan> _keyFrames = new();

    /// <param name="shape">Of the region.</param>
    /// <param name="reader">At the region's opening brace.</param>
    public RegionPlan OfRegion(JsonShape shape, in TaskReader reader) => _regions[shape] ??= RegionPlan.Of(reader, shape);

    /// <param name="shape">Of the key frame.</param>
    /// <param name="reader">At the key frame's opening brace.</param>
    public MemberPlan OfKeyFrame(JsonShape shape, in TaskReader reader) => _keyFrames[shape] ??= MemberPlan.OfValue(reader, reader.Json.Place);
}
