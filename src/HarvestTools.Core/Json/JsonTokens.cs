using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// Reads the tokens of one JSON value like <see cref="Utf8JsonReader"/> and as strictly, in a fraction of its time: from a
/// <see cref="JsonTape"/>. It knows no comments, no pieces and no options, and leaves explaining a fault to that reader.
/// </summary>
internal ref struct JsonTokens
{
    public const string HalfCharacter = "an escaped half of a surrogate pair, which is not a character";

    private readonly ReadOnlySpan<byte> _json;
    private readonly JsonTape _tape;
    private JsonToken[] _tokens;
    private int _count;
    private int _next;
    private JsonToken _token;

    /// <summary>Reads a value once, with a tape of its own.</summary>
    public JsonTokens(ReadOnlySpan<byte> json)
    {
        _json = json;
        _tape = new JsonTape();
        _tape.Load(json);
        _tokens = _tape.Tokens;
        _count = _tape.Count;
    }

    /// <summary>Reads from the beginning what the tape holds of a value.</summary>
    /// <param name="json">The value with which the tape was loaded.</param>
    /// <param name="tape">Used by this reader alone until it is done.</param>
    public JsonTokens(ReadOnlySpan<byte> json, JsonTape tape)
    {
        _json = json;
        _tape = tape;
        tape.Rewind(json);
        _tokens = tape.Tokens;
        _count = tape.Count;
    }

    public static JsonReaderOptions Options { get; } = new() { MaxDepth = JsonTape.MaxDepth };

    public readonly JsonTokenType TokenType => _token.Type;

    /// <summary>Whether the string or key holds a backslash.</summary>
    public readonly bool ValueIsEscaped => _token.Escaped;

    /// <summary>The bytes that the tokens are of.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _json;

    /// <summary>The tokens of the window, by their places.</summary>
    public readonly ReadOnlySpan<JsonToken> Window => _tokens.AsSpan(0, _count);

    /// <summary>A string or key without its quotes, or another token as it is.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _json.Slice(_token.ValueStart, _token.ValueLength);
    }

    /// <summary>Whether <see cref="TryReadNumber"/> found the number that it is at to be written in canonical form.</summary>
    public readonly bool IsCanonical => _token.Canonical;

    /// <summary>A string or key with its quotes.</summary>
    public readonly ReadOnlySpan<byte> QuotedSpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _json.Slice(_token.ValueStart - 1, _token.ValueLength + 2);
    }

    /// <summary>Where <see cref="ValueSpan"/> starts.</summary>
    public readonly int ValueStart => _token.ValueStart;

    /// <summary>How long <see cref="ValueSpan"/> is.</summary>
    public readonly int ValueLength => _token.ValueLength;

    /// <summary>Where the token starts; of strings and keys the quote.</summary>
    public readonly int TokenStart => _token.ValueStart - Quote;

    /// <summary>Where the token ends; of strings and keys behind the quote.</summary>
    public readonly int TokenEnd => _token.ValueStart + _token.ValueLength + Quote;

    /// <summary>Place of the token in the window, for <see cref="GoTo"/>; void once a later window was read.</summary>
    public readonly int Place => _next - 1;

    /// <summary>
    /// Of an opening bracket the place of the closing one; 0 where that is in a later window. Where it is known, all
    /// tokens between can be gone to in any order.
    /// </summary>
    public readonly int Closing => _token.Closing == 0 ? 0 : Place + _token.Closing;

    /// <summary>The shape of the object that it is at the opening brace of; null where that is not known.</summary>
    public readonly JsonShape? Shape => _token.Shape == 0 ? null : _tape.ShapeOf(_token.Shape);

    private readonly int Quote => _token.Type is JsonTokenType.String or JsonTokenType.PropertyName ? 1 : 0;

    /// <summary>Goes to the next token; false after the value's end.</summary>
    /// <exception cref="JsonException">The JSON is malformed, with line and byte as <see cref="Utf8JsonReader"/> reports them.</exception>
    public bool Read()
    {
        int next = _next;
        JsonToken[] tokens = _tokens;
        if (next >= _count || (uint)next >= (uint)tokens.Length)
        {
            return ReadOn();
        }

        _token = tokens[next];
        _next = next + 1;
        return true;
    }

    /// <summary>The number that it is at; false where it is no finite double.</summary>
    public readonly bool TryReadNumber(out double value)
    {
        bool isCanonical;
        if (!(_token.ValueLength <= ShortNumber.MaxLength
            ? _tape.TryReadShort(_json, _token, out value, out isCanonical)
            : CanonicalNumber.TryParse(ValueSpan, out value, out isCanonical)))
        {
            return false;
        }

        if (_tape.NotesNumbers)
        {
            _tokens[_next - 1].Canonical = isCanonical;
        }

        return true;
    }

    /// <summary>Goes to the token at that place of the window.</summary>
    public void GoTo(int place)
    {
        _token = _tokens[place];
        _next = place + 1;
    }

    /// <summary>Goes to the last token of the value that it is at or, from a key, that follows.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        if (Closing > 0)
        {
            GoTo(Closing);
            return;
        }

        // The end is in a later window, or there is none.
        for (int depth = 1; depth > 0;)
        {
            Read();
            depth += TokenType switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
                JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
                _ => 0,
            };
        }
    }

    /// <summary>Whether the string or key, without its escapes, is that text.</summary>
    public readonly bool TextEquals(ReadOnlySpan<byte> text)
    {
        if (!ValueIsEscaped)
        {
            return ValueSpan.SequenceEqual(text);
        }

        Utf8JsonReader reader = OverText();
        return reader.ValueTextEquals(text);
    }

    /// <summary>Writes the string or key without its escapes; <paramref name="destination"/> has room for it as it is.</summary>
    /// <returns>The length of the unescaped text.</returns>
    /// <exception cref="CanonicalJsonException">An escape names half of a surrogate pair.</exception>
    public readonly int Unescape(Span<byte> destination)
    {
        Utf8JsonReader reader = OverText();
        try
        {
            return reader.CopyString(destination);
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException(HalfCharacter, TokenStart);
        }
    }

    private readonly Utf8JsonReader OverText()
    {
        var reader = new Utf8JsonReader(_json[TokenStart..TokenEnd]);
        reader.Read();
        return reader;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadOn()
    {
        while (!_tape.IsLast)
        {
            _tape.Continue(_json);
            _tokens = _tape.Tokens;
            _count = _tape.Count;
            _next = 0;
            if (_count > 0)
            {
                return Read();
            }
        }

        if (_tape.IsMalformed)
        {
            Fail();
        }

        return false;
    }

    /// <summary>Lets the framework's reader find the fault again, which reports line and byte.</summary>
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
}
