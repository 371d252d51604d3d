using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>How regions of one shape are read without a look at their keys.</summary>
internal sealed class RegionPlan
{
    private byte[]? _type;
    private RegionKind _kind;

    private RegionPlan(MemberPlan members, MemberPlan varying, MemberPlan? value, Region? constants)
    {
        Members = members;
        Varying = varying;
        Value = value;
        Constants = constants;
    }

    /// <summary>All members.</summary>
    public MemberPlan Members { get; }

    /// <summary>The members that are not in <see cref="Constants"/>.</summary>
    public MemberPlan Varying { get; }

    /// <summary>The same of what is in <c>value</c>; null where that is no object, or a key is repeated.</summary>
    public MemberPlan? Value { get; }

    /// <summary>Has the members that are the same in all regions of the shape, in bytes of its own; null where there are none.</summary>
    public Region? Constants { get; }

    /// <param name="reader">At the opening brace of a region that has the shape.</param>
    /// <param name="shape">The shape.</param>
    public static RegionPlan Of(TaskReader reader, JsonShape shape)
    {
        var members = MemberPlan.OfRegion(reader);
        if (members.IsRepeated)
        {
            // Values are read one after another, so that the last counts.
            return new RegionPlan(members, members, null, null);
        }

        int opening = reader.Json.Place;
        var constants = new Region();
        uint known = 0;
        foreach (MemberSlot slot in members.Slots)
        {
            reader.Json.GoTo(opening + slot.Token);
            if (shape.IsConstant(slot.Token) && RegionMembers.TryReadConstant(ref reader, (RegionMember)slot.Member, constants))
            {
                known |= 1u << slot.Member;
            }
        }

        return new RegionPlan(members, members.Without(known), ValuePlan(reader, members.PlaceOf(RegionMember.Value, opening), opening, shape, constants), constants);
    }

    /// <summary>Where the members are that vary in <c>value</c>.</summary>
    private static MemberPlan? ValuePlan(TaskReader reader, int place, int opening, JsonShape shape, Region constants)
    {
        if (place == 0)
        {
            return null;
        }

        reader.Json.GoTo(place);
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var members = MemberPlan.OfValue(reader, opening);
        uint known = 0;
        foreach (MemberSlot slot in members.Slots)
        {
            reader.Json.GoTo(opening + slot.Token);
            if (!members.IsRepeated && shape.IsConstant(slot.Token) && ValueParser.TryReadConstant(ref reader, (ValueMember)slot.Member, constants))
            {
                known |= 1u << slot.Member;
            }
        }

        return members.Without(known);
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
