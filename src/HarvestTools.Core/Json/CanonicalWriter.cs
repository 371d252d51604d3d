using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// Appends JSON values to a buffer in the form of RFC 8785. Reusable and without allocation once its buffers have
/// grown; not thread-safe.
/// </summary>
/// <param name="exactIntegers">
/// Integer tokens keep every digit. RFC 8785 writes the nearest double, which makes one of two ids beyond 2^53.
/// </param>
internal sealed class CanonicalWriter(bool exactIntegers = false)
{
    private readonly MemberOrder _order = new();
    private readonly ByteWriter _scratch = new();
    private readonly ByteWriter _text = new(256);
    private CanonicalMember[] _members = [];
    private int _memberCount;

    /// <summary>
    /// Appends the value whose first token <paramref name="reader"/> is at; leaves the reader on its last token.
    /// </summary>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public void Append(ref JsonTokens reader, ByteWriter to)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                AppendObject(ref reader, to);
                break;
            case JsonTokenType.StartArray:
                AppendArray(ref reader, to);
                break;
            case JsonTokenType.String:
                AppendText(ref reader, to);
                break;
            case JsonTokenType.Number when reader.IsCanonical:
                to.Add(reader.ValueSpan);
                break;
            case JsonTokenType.Number:
                AppendNumber(ref reader, to);
                break;
            default:
                // true, false, null
                to.Add(reader.ValueSpan);
                break;
        }
    }

    /// <summary>Appends a text without its quotes, or a number.</summary>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public void AppendContent(ref JsonTokens reader, ByteWriter to)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            AppendNumber(ref reader, to);
        }
        else
        {
            AppendEscaped(Unescaped(ref reader), to);
        }
    }

    /// <summary>Appends <paramref name="text"/>, UTF-8 without escapes, as a JSON string.</summary>
    public static void AppendString(ReadOnlySpan<byte> text, ByteWriter to)
    {
        to.Add((byte)'"');
        AppendEscaped(text, to);
        to.Add((byte)'"');
    }

    /// <summary>Starts an object whose members are added one by one with <see cref="BeginMember"/>.</summary>
    private ObjectScope BeginObject(ByteWriter to)
    {
        to.Add((byte)'{');
        return new ObjectScope(to.Length, _memberCount);
    }

    /// <summary>Writes the key that the reader is at; the caller appends the value next, then calls <see cref="EndMember"/>.</summary>
    private void BeginMember(in ObjectScope scope, ref JsonTokens reader, ByteWriter to)
    {
        if (_memberCount > scope.FirstMember)
        {
            to.Add((byte)',');
        }

        if (_memberCount == _members.Length)
        {
            Array.Resize(ref _members, Math.Max(16, _members.Length * 2));
        }

        int start = to.Length;
        AppendText(ref reader, to);
        int keyLength = to.Length - start;
        _members[_memberCount++] = new CanonicalMember(start, keyLength, 0, CanonicalKey.PrefixOf(to.Slice(start + 1, keyLength - 2)));
        to.Add((byte)':');
    }

    private void EndMember(ByteWriter to)
    {
        ref CanonicalMember member = ref _members[_memberCount - 1];
        member = member with { Length = to.Length - member.Start };
    }

    /// <summary>
    /// Closes the object: members in the order of their keys' UTF-16 units, the last of equal keys.
    /// </summary>
    private void EndObject(in ObjectScope scope, ByteWriter to)
    {
        Span<CanonicalMember> members = _members.AsSpan(scope.FirstMember, _memberCount - scope.FirstMember);
        bool asTheyStand = true;
        for (int i = 0; i < members.Length && asTheyStand; i++)
        {
            asTheyStand = i == 0 || CanonicalKey.Compare(members[i - 1], members[i], to) < 0;
        }

        if (!asTheyStand)
        {
            Reorder(members, scope.ContentStart, to);
        }

        _memberCount = scope.FirstMember;
        to.Add((byte)'}');
    }

    private void AppendObject(ref JsonTokens reader, ByteWriter to)
    {
        if (reader.Shape is { } shape && (shape.Canonical ??= PlanOf(shape, reader)).TryWrite(ref reader, this, to))
        {
            return;
        }

        int first = _order.Count;
        if (!_order.TryPush(ref reader))
        {
            AppendAsTheyCome(ref reader, to);
            return;
        }

        int closing = reader.Closing;
        int end = _order.Count;
        to.Add((byte)'{');
        for (int i = first; i < end; i++)
        {
            if (i > first)
            {
                to.Add((byte)',');
            }

            reader.GoTo(_order[i]);
            AppendText(ref reader, to);
            to.Add((byte)':');
            reader.Read();
            Append(ref reader, to);
        }

        to.Add((byte)'}');
        _order.Count = first;
        reader.GoTo(closing);
    }

    private static CanonicalPlan PlanOf(JsonShape shape, JsonTokens reader)
    {
        var builder = new CanonicalPlan.Builder(shape);
        return builder.TryAddValue(ref reader, reader.Place) ? builder.Build() : CanonicalPlan.None;
    }

    /// <summary>Writes the members first and brings them in order then, however many there are and whatever their keys.</summary>
    private void AppendAsTheyCome(ref JsonTokens reader, ByteWriter to)
    {
        ObjectScope scope = BeginObject(to);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            BeginMember(scope, ref reader, to);
            reader.Read();
            Append(ref reader, to);
            EndMember(to);
        }

        EndObject(scope, to);
    }

    private void AppendArray(ref JsonTokens reader, ByteWriter to)
    {
        to.Add((byte)'[');
        bool first = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!first)
            {
                to.Add((byte)',');
            }

            first = false;
            Append(ref reader, to);
        }

        to.Add((byte)']');
    }

    private void Reorder(Span<CanonicalMember> members, int contentStart, ByteWriter to)
    {
        // Nested objects are closed before the one around them, so one scratch buffer serves all levels.
        _scratch.Clear();
        _scratch.Add(to.Written[contentStart..]);
        foreach (ref CanonicalMember member in members)
        {
            member = member with { Start = member.Start - contentStart };
        }

        CanonicalKey.Sort(members, _scratch);
        to.Length = contentStart;
        for (int i = 0; i < members.Length; i++)
        {
            // Equal keys are in the file's order after the sort: the last one counts.
            bool overruled = i + 1 < members.Length
                && CanonicalKey.Compare(members[i], members[i + 1], _scratch) == 0;
            if (overruled)
            {
                continue;
            }

            if (to.Length > contentStart)
            {
                to.Add((byte)',');
            }

            to.Add(_scratch.Slice(members[i].Start, members[i].Length));
        }
    }

    /// <summary>Writes the string or key that the reader is at, quoted, with the fewest escapes.</summary>
    private void AppendText(ref JsonTokens reader, ByteWriter to)
    {
        if (!reader.ValueIsEscaped)
        {
            // A string without a backslash holds nothing that needs one: it stays as it is.
            to.Add(reader.QuotedSpan);
            return;
        }

        to.Add((byte)'"');
        AppendEscaped(Unescaped(ref reader), to);
        to.Add((byte)'"');
    }

    private ReadOnlySpan<byte> Unescaped(ref JsonTokens reader)
    {
        _text.Clear();
        Span<byte> room = _text.Reserve(reader.ValueSpan.Length);
        return room[..reader.Unescape(room)];
    }

    private void AppendNumber(ref JsonTokens reader, ByteWriter to)
    {
        if (!(exactIntegers ? CanonicalNumber.TryAppendExact(reader.ValueSpan, to) : CanonicalNumber.TryAppend(reader.ValueSpan, to)))
        {
            throw new CanonicalJsonException("a number beyond the range of a 64-bit float", reader.TokenStart);
        }
    }

    private static void AppendEscaped(ReadOnlySpan<byte> text, ByteWriter to)
    {
        for (int at = 0; at < text.Length; at++)
        {
            int stop = JsonText.FindStop(text, at);
            to.Add(text[at..stop]);
            if (stop == text.Length)
            {
                return;
            }

            at = stop;
            byte b = text[at];
            switch (b)
            {
                case (byte)'"':
                    to.Add("\\\""u8);
                    break;
                case (byte)'\\':
                    to.Add("\\\\"u8);
                    break;
                case (byte)'\b':
                    to.Add("\\b"u8);
                    break;
                case (byte)'\t':
                    to.Add("\\t"u8);
                    break;
                case (byte)'\n':
                    to.Add("\\n"u8);
                    break;
                case (byte)'\f':
                    to.Add("\\f"u8);
                    break;
                case (byte)'\r':
                    to.Add("\\r"u8);
                    break;
                default:
                    to.Add("\\u00"u8);
                    to.Add((byte)('0' + (b >> 4)));
                    to.Add("0123456789abcdef"u8[b & 0xF]);
                    break;
            }
        }
    }

    /// <summary>Where an open object's content starts in the buffer, and its first member on the stack.</summary>
    private readonly record struct ObjectScope(int ContentStart, int FirstMember);
}
