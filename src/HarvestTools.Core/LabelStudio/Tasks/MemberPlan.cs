using System.Text.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Where the members are that mean something, in all objects of one shape.</summary>
internal sealed class MemberPlan
{
    private readonly MemberSlot[] _slots;

    /// <summary>How many tokens behind the opening brace each member's value is; 0 where it is absent or null.</summary>
    private readonly byte[] _tokens;

    private MemberPlan(MemberSlot[] slots, byte[] tokens, bool isRepeated)
    {
        _slots = slots;
        _tokens = tokens;
        IsRepeated = isRepeated;
    }

    /// <summary>One for each member, in the file's order.</summary>
    public ReadOnlySpan<MemberSlot> Slots => _slots;

    /// <summary>Whether a member is there more than once, of which the last counts.</summary>
    public bool IsRepeated { get; }

    /// <summary>Where a member's value is in an object of the shape; 0 where it is absent or null.</summary>
    /// <param name="member">The member of a region.</param>
    /// <param name="opening">Place of the object's opening brace.</param>
    public int PlaceOf(RegionMember member, int opening) => _tokens[(int)member] is > 0 and byte token ? opening + token : 0;

    /// <summary>Finds the members of a region's value or of one of its key frames.</summary>
    /// <param name="reader">At its opening brace.</param>
    /// <param name="opening">Place of the opening brace of the object that has the shape.</param>
    public static MemberPlan OfValue(TaskReader reader, int opening) => Of(reader, opening, isRegion: false);

    /// <summary>Finds the members of a region.</summary>
    /// <param name="reader">At its opening brace.</param>
    public static MemberPlan OfRegion(TaskReader reader) => Of(reader, reader.Json.Place, isRegion: true);

    /// <summary>The same but for some slots.</summary>
    /// <param name="members">A bit for each member that is left out.</param>
    public MemberPlan Without(uint members) => new(Array.FindAll(_slots, slot => (members & (1u << slot.Member)) == 0), _tokens, IsRepeated);

    private static MemberPlan Of(TaskReader reader, int opening, bool isRegion)
    {
        var slots = new List<MemberSlot>();
        byte[] tokens = new byte[(int)ValueMember.Count];
        uint found = 0;
        bool repeated = false;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            byte member = isRegion ? (byte)Members.OfRegion(key) : (byte)Members.OfValue(key);
            if (member != 0)
            {
                byte token = (byte)(reader.Json.Place - opening);
                slots.Add(new MemberSlot(member, token, isRegion && RegionMembers.IsText((RegionMember)member) && reader.Json.TokenType == JsonTokenType.String));
                tokens[member] = reader.Json.TokenType == JsonTokenType.Null ? (byte)0 : token;
                repeated |= (found & (1u << member)) != 0;
                found |= 1u << member;
            }

            reader.Skip();
        }

        return new MemberPlan([.. slots], tokens, repeated);
    }
}

/// <summary>A member and where its value is.</summary>
/// <param name="member">A <see cref="RegionMember"/> or a <see cref="ValueMember"/>.</param>
/// <param name="token">How many tokens behind the opening brace of the object that has the shape.</param>
/// <param name="isText">Whether the value is a text in all of them, as it should be.</param>
internal readonly struct MemberSlot(byte member, byte token, bool isText)
{
    public byte Member { get; } = member;

    public byte Token { get; } = token;

    public bool IsText { get; } = isText;
}
