using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// Reads the tokens of one JSON value that lies in memory whole, like <see cref="Utf8JsonReader"/> and as strictly, in a
/// third of its time: it knows no comments, no pieces and no options, finds the ends of strings and numbers with vectors,
/// and leaves explaining a fault to that reader.
/// </summary>
internal ref struct JsonTokens
{
    /// <summary>Nesting that is read; what a hand-made file needs is far below, and the stack of recursive readers holds it.</summary>
    public const int MaxDepth = 256;

    private readonly ReadOnlySpan<byte> _json;

    /// <summary>For each container around the current one whether it is an object.</summary>
    private ContainerStack _outer;
    private int _depth;
    private bool _inObject;
    private int _position;
    private int _tokenStart;
    private int _valueStart;
    private int _valueLength;

    public JsonTokens(ReadOnlySpan<byte> json)
    {
        _json = json;
    }

    public static JsonReaderOptions Options { get; } = new() { MaxDepth = MaxDepth };

    public JsonTokenType TokenType { get; private set; }

    /// <summary>Whether the string or key holds a backslash.</summary>
    public bool ValueIsEscaped { get; private set; }

    /// <summary>A string or key without its quotes, or another token as it stands.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => _json.Slice(_valueStart, _valueLength);

    /// <summary>Where the token starts; of strings and keys the quote.</summary>
    public readonly int TokenStart => _tokenStart;

    /// <summary>How many bytes are read, with a key its colon.</summary>
    public readonly int Consumed => _position;

    /// <summary>Goes to the next token; false after the value's end.</summary>
    /// <exception cref="JsonException">The JSON is malformed, with line and byte as <see cref="Utf8JsonReader"/> tells them.</exception>
    public bool Read()
    {
        byte next = SkipSpace();
        switch (TokenType)
        {
            case JsonTokenType.None:
            case JsonTokenType.PropertyName:
                ReadValue(next);
                return true;
            case JsonTokenType.StartObject when next != '}':
                ReadKey(next);
                return true;
            case JsonTokenType.StartArray when next != ']':
                ReadValue(next);
                return true;
        }

        if (_depth == 0)
        {
            if (_position < _json.Length)
            {
                Fail();
            }

            return false;
        }

        // An opening bracket, too, may be followed by the closing one, but not by a comma: that case is above.
        if (next == ',')
        {
            _position++;
            next = SkipSpace();
            if (_inObject)
            {
                ReadKey(next);
            }
            else
            {
                ReadValue(next);
            }
        }
        else if (next == (_inObject ? (byte)'}' : (byte)']'))
        {
            Close();
        }
        else
        {
            Fail();
        }

        return true;
    }

    /// <summary>Goes to the last token of the value that it stands on or, from a key, that follows.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            int outside = _depth - 1;
            while (_depth > outside)
            {
                Read();
            }
        }
    }

    /// <summary>Whether the string or key, without its escapes, is that text.</summary>
    public readonly bool TextEquals(ReadOnlySpan<byte> text)
    {
        if (!ValueIsEscaped)
        {
            return ValueSpan.SequenceEqual(text);
        }

        var reader = new Utf8JsonReader(_json.Slice(_tokenStart, _valueLength + 2));
        reader.Read();
        return reader.ValueTextEquals(text);
    }

    /// <summary>Writes the string or key without its escapes; <paramref name="destination"/> has room for it as it stands.</summary>
    /// <returns>The length of the unescaped text.</returns>
    /// <exception cref="CanonicalJsonException">An escape names half of a surrogate pair.</exception>
    public readonly int Unescape(Span<byte> destination)
    {
        var reader = new Utf8JsonReader(_json.Slice(_tokenStart, _valueLength + 2));
        reader.Read();
        try
        {
            return reader.CopyString(destination);
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException("an escaped half of a surrogate pair, which is no character", _tokenStart);
        }
    }

    /// <summary>The next byte that is no white space; 0, which is no JSON either, at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte SkipSpace()
    {
        if (_position < _json.Length)
        {
            byte next = _json[_position];
            if (next > ' ')
            {
                return next;
            }
        }

        return SkipSpaces();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte SkipSpaces()
    {
        while (_position < _json.Length)
        {
            byte next = _json[_position];
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return next;
            }

            _position++;
        }

        return 0;
    }

    private void ReadKey(byte first)
    {
        if (first != '"')
        {
            Fail();
        }

        ReadText();
        if (SkipSpace() != ':')
        {
            Fail();
        }

        _position++;
        TokenType = JsonTokenType.PropertyName;
    }

    private void ReadValue(byte first)
    {
        switch (first)
        {
            case (byte)'"':
                ReadText();
                TokenType = JsonTokenType.String;
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                ReadNumber(first);
                break;
            case (byte)'{':
                Open(JsonTokenType.StartObject);
                break;
            case (byte)'[':
                Open(JsonTokenType.StartArray);
                break;
            case (byte)'t':
                ReadLiteral("true"u8, JsonTokenType.True);
                break;
            case (byte)'f':
                ReadLiteral("false"u8, JsonTokenType.False);
                break;
            case (byte)'n':
                ReadLiteral("null"u8, JsonTokenType.Null);
                break;
            default:
                Fail();
                break;
        }
    }

    private void Open(JsonTokenType type)
    {
        if (_depth == MaxDepth)
        {
            Fail();
        }

        _outer[_depth++] = _inObject;
        _inObject = type == JsonTokenType.StartObject;
        TakeByte(type);
    }

    private void Close()
    {
        TakeByte(_inObject ? JsonTokenType.EndObject : JsonTokenType.EndArray);
        _inObject = _outer[--_depth];
    }

    private void TakeByte(JsonTokenType type)
    {
        TokenType = type;
        _tokenStart = _valueStart = _position++;
        _valueLength = 1;
    }

    private void ReadLiteral(ReadOnlySpan<byte> literal, JsonTokenType type)
    {
        if (!_json[_position..].StartsWith(literal))
        {
            Fail();
        }

        TokenType = type;
        _tokenStart = _valueStart = _position;
        _valueLength = literal.Length;
        _position += literal.Length;
    }

    /// <summary>Takes a string or key from its opening to its closing quote.</summary>
    private void ReadText()
    {
        int start = _position + 1;
        int end = FindStop(start);
        ValueIsEscaped = false;
        if (end == _json.Length || _json[end] != '"')
        {
            end = FindQuoteBehindEscapes(end);
        }

        _tokenStart = _position;
        _valueStart = start;
        _valueLength = end - start;
        _position = end + 1;
    }

    /// <summary>The first quote, backslash or control character, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int FindStop(int at)
    {
        ref byte json = ref MemoryMarshal.GetReference(_json);
        while (at <= _json.Length - Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.LoadUnsafe(ref json, (nuint)at);
            uint stops = (Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(bytes, Vector256.Create((byte)0x20))).ExtractMostSignificantBits();
            if (stops != 0)
            {
                return at + BitOperations.TrailingZeroCount(stops);
            }

            at += Vector256<byte>.Count;
        }

        while (at < _json.Length && _json[at] is >= 0x20 and not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    private int FindQuoteBehindEscapes(int at)
    {
        for (; at < _json.Length && _json[at] != '"'; at = FindStop(at))
        {
            if (_json[at] != '\\' || at + 1 == _json.Length)
            {
                Fail();
            }

            ValueIsEscaped = true;
            byte escape = _json[at + 1];
            if (escape == 'u')
            {
                if (_json.Length - at < 6
                    || !(char.IsAsciiHexDigit((char)_json[at + 2])
                        && char.IsAsciiHexDigit((char)_json[at + 3])
                        && char.IsAsciiHexDigit((char)_json[at + 4])
                        && char.IsAsciiHexDigit((char)_json[at + 5])))
                {
                    Fail();
                }

                at += 6;
            }
            else if (escape is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
            {
                at += 2;
            }
            else
            {
                Fail();
            }
        }

        if (at >= _json.Length)
        {
            Fail();
        }

        return at;
    }

    private void ReadNumber(byte first)
    {
        int at = _position;
        if (first == '-')
        {
            at++;
        }

        if (at < _json.Length && _json[at] == '0')
        {
            at++;
        }
        else
        {
            at = SkipDigits(at);
        }

        if (at < _json.Length && _json[at] == '.')
        {
            at = SkipDigits(at + 1);
        }

        if (at < _json.Length && (_json[at] | 0x20) == 'e')
        {
            at++;
            if (at < _json.Length && _json[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            at = SkipDigits(at);
        }

        // Judged here and not at the next token, so that the fault is found before the number is used. That a slash may
        // follow, and is then refused, is the framework's way too.
        if (at < _json.Length
            ? _json[at] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'/')
            : _depth > 0)
        {
            Fail();
        }

        TokenType = JsonTokenType.Number;
        _tokenStart = _valueStart = _position;
        _valueLength = at - _position;
        _position = at;
    }

    /// <summary>Past at least one digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int SkipDigits(int at)
    {
        int start = at;
        while (at <= _json.Length - Vector128<byte>.Count)
        {
            Vector128<byte> digits = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_json), (nuint)at) - Vector128.Create((byte)'0');
            uint others = Vector128.GreaterThan(digits, Vector128.Create((byte)9)).ExtractMostSignificantBits();
            if (others != 0)
            {
                at += BitOperations.TrailingZeroCount(others);
                if (at == start)
                {
                    Fail();
                }

                return at;
            }

            at += Vector128<byte>.Count;
        }

        while (at < _json.Length && char.IsAsciiDigit((char)_json[at]))
        {
            at++;
        }

        if (at == start)
        {
            Fail();
        }

        return at;
    }

    /// <summary>Lets the framework's reader find the fault again, which tells line and byte.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Fail()
    {
        var reader = new Utf8JsonReader(_json, Options);
        while (reader.Read())
        {
        }

        throw new UnreachableException("two readers disagree on whether this is JSON");
    }

    [InlineArray(MaxDepth)]
    private struct ContainerStack
    {
        private bool _first;
    }
}
