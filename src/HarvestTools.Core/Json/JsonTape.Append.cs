using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HarvestTools.Json;

/// <content>From bytes to tokens.</content>
internal sealed partial class JsonTape
{
    // Two bytes, the first in the lower bits.
    private const ushort QuoteColon = ('"') | (':' << 8);
    private const ushort QuoteComma = ('"') | (',' << 8);

    // Four bytes from here on end in one that is no white space.
    private const uint FourthText = (' ' + 1u) << 24;

    /// <summary>Whether the value that is read is an element of an array, which has others like it.</summary>
    private bool HasSiblings => _depth > 0 || _isPart;

    private void Fill(ReadOnlySpan<byte> json)
    {
        while (!IsLast)
        {
            if (_tokens.Length - Count < Step)
            {
                if (_tokens.Length >= WindowMax)
                {
                    return;
                }

                // A first window of several sizes, so that a task's tokens are in one.
                Array.Resize(ref _tokens, Math.Max(WindowAtFirst, _tokens.Length * 4));
            }

            Append(json);
        }
    }

    /// <summary>Makes room for containers in containers; false where they are nested as deep as is read.</summary>
    private bool TryDeepen()
    {
        if (_open.Length == MaxDepth)
        {
            return false;
        }

        Array.Resize(ref _open, _open.Length * 2);
        return true;
    }

    /// <summary>Appends tokens until the value or the room ends, or the JSON turns out malformed.</summary>
    private void Append(ReadOnlySpan<byte> json)
    {
        ref JsonToken tokens = ref MemoryMarshal.GetArrayDataReference(_tokens);
        int count = Count;
        int room = _tokens.Length - Step;
        bool inObject = _depth > 0 && (_open[_depth - 1] & 1) != 0;
        int at = _position;
        byte next = JsonText.Next(json, ref at);
        switch (_expected)
        {
            case Expected.First:
                goto First;
            case Expected.Next:
                goto Next;
        }

    Value:
        switch (next)
        {
            case (byte)'"':
                {
                    int end = JsonText.FindStop(json, at + 1);
                    uint four = JsonText.FourAt(json, end);
                    if (inObject && (ushort)four == QuoteComma && four >= FourthText && count < room)
                    {
                        // Nothing but a comma, and a space at most, before the next key.
                        Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at + 1, ValueLength = end - at - 1, Type = JsonTokenType.String };
                        at = end + 2;
                        next = (byte)(four >> 16);
                        if (next > ' ')
                        {
                            goto Key;
                        }

                        if (next == ' ')
                        {
                            at++;
                            next = (byte)(four >> 24);
                            goto Key;
                        }

                        goto KeyBehindSpace;
                    }

                    end = JsonText.TextEndFrom(json, end);
                    if (end == JsonText.Malformed)
                    {
                        goto Fault;
                    }

                    bool escaped = end < 0;
                    end = escaped ? ~end : end;
                    Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at + 1, ValueLength = end - at - 1, Type = JsonTokenType.String, Escaped = escaped };
                    at = end + 1;
                    break;
                }

            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                {
                    int end = JsonText.NumberEnd(json, at);
                    if (end < 0 || (end == json.Length && _depth > 0))
                    {
                        goto Fault;
                    }

                    Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at, ValueLength = end - at, Type = JsonTokenType.Number };
                    at = end;
                    if (inObject && count <= room && JsonText.At(json, at) == ',' && JsonText.At(json, at + 1) > ' ')
                    {
                        at++;
                        next = json[at];
                        goto Key;
                    }

                    break;
                }

            case (byte)'{' or (byte)'[':
                if (next == '{' && !inObject && shapes is not null && HasSiblings)
                {
                    int found = shapes.TryFollow(json, ref at, ref Unsafe.Add(ref tokens, count), room - count, MaxDepth - _depth);
                    if (found > 0)
                    {
                        count += found;
                        break;
                    }
                }

                if (_depth == _open.Length && !TryDeepen())
                {
                    goto Fault;
                }

                _open[_depth++] = ((_first + count) << 1) | (next == '{' ? 1u : 0u) | ((long)(shapes?.Last ?? 0) << ShapeBits);
                Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at, ValueLength = 1, Type = next == '{' ? JsonTokenType.StartObject : JsonTokenType.StartArray };
                inObject = next == '{';
                at++;
                next = JsonText.Next(json, ref at);

                if (count > room)
                {
                    _expected = Expected.First;
                    goto Done;
                }

                goto First;
            default:
                {
                    JsonTokenType type = JsonText.LiteralAt(json, at, next);
                    if (type == JsonTokenType.None)
                    {
                        goto Fault;
                    }

                    int length = type == JsonTokenType.False ? 5 : 4;
                    Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at, ValueLength = length, Type = type };
                    at += length;
                    break;
                }
        }

        next = JsonText.Next(json, ref at);

        if (count > room)
        {
            _expected = Expected.Next;
            goto Done;
        }

    Next:
        if (_depth == 0)
        {
            if (at < json.Length && !_isPart)
            {
                goto Fault;
            }

            _expected = Expected.Nothing;
            goto Done;
        }

        if (next == ',')
        {
            at++;
            next = JsonText.Next(json, ref at);

            if (!inObject)
            {
                goto Value;
            }

            goto Key;
        }

        if (next != (inObject ? (byte)'}' : (byte)']'))
        {
            goto Fault;
        }

    Close:
        {
            long open = _open[--_depth];
            long opened = ((open & ((1L << ShapeBits) - 1)) >> 1) - _first;
            if (opened >= 0)
            {
                Unsafe.Add(ref tokens, (int)opened).Closing = count - (int)opened;
            }

            Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at, ValueLength = 1, Type = next == '}' ? JsonTokenType.EndObject : JsonTokenType.EndArray };
            inObject = _depth > 0 && (_open[_depth - 1] & 1) != 0;
            if (next == '}' && !inObject && opened >= 0 && count - opened <= JsonShape.TokensMax && shapes is not null && HasSiblings)
            {
                Unsafe.Add(ref tokens, (int)opened).Shape = shapes.Learn(json, _tokens.AsSpan((int)opened, count - (int)opened), (int)(open >> ShapeBits));
            }

            at++;
            next = JsonText.Next(json, ref at);

            if (count > room)
            {
                _expected = Expected.Next;
                goto Done;
            }

            goto Next;
        }

    First:
        // An opening bracket may be followed by the closing one, but not by a comma.
        if (!inObject)
        {
            if (next == ']')
            {
                goto Close;
            }

            goto Value;
        }

        if (next == '}')
        {
            goto Close;
        }

    KeyBehindSpace:
        next = JsonText.Next(json, ref at);

    Key:
        {
            if (next != '"')
            {
                goto Fault;
            }

            int end = JsonText.FindStop(json, at + 1);
            uint four = JsonText.FourAt(json, end);
            if ((ushort)four == QuoteColon && four >= FourthText)
            {
                // Nothing but a colon, and a space at most, before the value.
                Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at + 1, ValueLength = end - at - 1, Type = JsonTokenType.PropertyName };
                at = end + 2;
                next = (byte)(four >> 16);
                if (next > ' ')
                {
                    goto Value;
                }

                if (next == ' ')
                {
                    at++;
                    next = (byte)(four >> 24);
                    goto Value;
                }

                goto ValueBehindSpace;
            }

            end = JsonText.TextEndFrom(json, end);
            if (end == JsonText.Malformed)
            {
                goto Fault;
            }

            bool escaped = end < 0;
            end = escaped ? ~end : end;
            int start = at;
            at = JsonText.SkipSpace(json, end + 1);
            if (JsonText.At(json, at) != ':')
            {
                goto Fault;
            }

            Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = start + 1, ValueLength = end - start - 1, Type = JsonTokenType.PropertyName, Escaped = escaped };
            at++;

        ValueBehindSpace:
            next = JsonText.Next(json, ref at);

            goto Value;
        }

    Fault:
        _expected = Expected.Fault;

    Done:
        _position = at;
        Count = count;
    }
}
