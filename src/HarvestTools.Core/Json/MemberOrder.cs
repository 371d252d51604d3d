using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// The canonical order of the members of nested objects, as places on the tape: a stack, so that an object inside another
/// puts its own on top. It goes by the first eight bytes of keys, which nearly always decide; reusable, not thread-safe.
/// </summary>
internal sealed class MemberOrder
{
    /// <summary>Up to here moving members one by one beats sorting them.</summary>
    private const int MembersMax = 24;

    private (ulong Prefix, int Place)[] _members = [];
    private int _count;

    /// <summary>How many there are on the stack; set back to take some off.</summary>
    public int Count
    {
        get => _count;
        set => _count = value;
    }

    /// <summary>Place of the key of the member that is there on the stack.</summary>
    public int this[int index] => _members[index].Place;

    /// <summary>Puts the members of the object that the reader is at onto the stack, in canonical order.</summary>
    /// <returns>
    /// False, with nothing done, where the order does not follow this way: keys that are equal in their first bytes or altogether,
    /// that have escapes or characters beyond ASCII in them, many keys, or tokens that are not all at hand.
    /// </returns>
    public bool TryPush(ref JsonTokens reader)
    {
        if (reader.Closing == 0)
        {
            return false;
        }

        int opening = reader.Place;
        int first = _count;
        if (_members.Length - first < MembersMax)
        {
            Array.Resize(ref _members, Math.Max(2 * MembersMax, _members.Length * 2));
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryInsert(first, CanonicalKey.PrefixOf(reader.ValueSpan), reader.Place))
            {
                _count = first;
                reader.GoTo(opening);
                return false;
            }

            reader.Skip();
        }

        reader.GoTo(opening);
        return true;
    }

    private bool TryInsert(int first, ulong prefix, int place)
    {
        if (prefix == 0 || _count - first == MembersMax)
        {
            return false;
        }

        int at = _count++;
        for (; at > first && _members[at - 1].Prefix >= prefix; at--)
        {
            if (_members[at - 1].Prefix == prefix)
            {
                return false;
            }

            _members[at] = _members[at - 1];
        }

        _members[at] = (prefix, place);
        return true;
    }
}
