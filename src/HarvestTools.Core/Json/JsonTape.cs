using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// The tokens of one JSON value that is in memory whole, found ahead of those who read them (<see cref="JsonTokens"/>):
/// in windows, so that memory is bounded whatever the value's size. A value whose tokens fit one window, as those of tasks
/// do, can be read again and again without another look at its bytes, and containers are skipped in one step. Reusable; not thread-safe.
/// </summary>
/// <remarks>
/// As strict as <see cref="Utf8JsonReader"/>. Where the JSON is malformed the tape ends, and the reader of the tokens finds
/// the fault when it gets there: what is before a fault comes first.
/// </remarks>
internal sealed class JsonTape
{
    /// <summary>Nesting that is read; what a hand-made file needs is far below, and the stack of recursive readers holds it.</summary>
    public const int MaxDepth = 256;

    private const int WindowAtFirst = 256;

    /// <summary>Tokens of the largest window: those of a task of about 700 KB.</summary>
    private const int WindowMax = 128 * 1024;

    /// <summary>Tokens that are appended before the room is looked at again: a key, a bracket, one that closes it.</summary>
    private const int Step = 4;

    /// <summary>For each open container the number of its token, twice, and one more where it is an object.</summary>
    private readonly long[] _open = new long[MaxDepth];
    private JsonToken[] _tokens = new JsonToken[WindowAtFirst];
    private int _depth;
    private int _position;

    /// <summary>Number of the window's first token.</summary>
    private long _first;

    /// <summary>Where the value starts that is read.</summary>
    private int _start;

    /// <summary>Whether the value is a part of a larger one, so that more may follow it.</summary>
    private bool _isPart;
    private Expected _expected;

    private enum Expected
    {
        Value,

        /// <summary>What follows an opening bracket.</summary>
        First,

        /// <summary>What follows a value.</summary>
        Next,

        /// <summary>The value was read to its end.</summary>
        Nothing,

        /// <summary>The JSON is malformed behind the last token.</summary>
        Fault,
    }

    /// <summary>
    /// Whether those who read numbers note which are written in canonical form, for those who write it afterwards: each number is
    /// then looked at once.
    /// </summary>
    public bool NotesNumbers { get; set; }

    /// <summary>The window.</summary>
    public JsonToken[] Tokens => _tokens;

    /// <summary>How many of <see cref="Tokens"/> there are in the window.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no token follows the window.</summary>
    public bool IsLast => _expected is Expected.Nothing or Expected.Fault;

    public bool IsMalformed => _expected == Expected.Fault;

    /// <summary>Whether the window holds the value's tokens all, so that any can be gone to at any time.</summary>
    public bool IsWhole => _first == 0 && _expected == Expected.Nothing;

    /// <summary>Reads the first tokens of a value.</summary>
    public void Load(ReadOnlySpan<byte> json) => Begin(json, 0, isPart: false);

    /// <summary>Reads the first tokens of one value inside a larger one, and no token behind it.</summary>
    /// <param name="json">The larger value, well-formed as far as the part goes.</param>
    /// <param name="start">Where the part starts in it.</param>
    public void LoadPart(ReadOnlySpan<byte> json, int start) => Begin(json, start, isPart: true);

    /// <summary>Goes back to the first window.</summary>
    public void Rewind(ReadOnlySpan<byte> json)
    {
        if (_first > 0)
        {
            Begin(json, _start, _isPart);
        }
    }

    /// <summary>Replaces the window by the one that follows it.</summary>
    public void Continue(ReadOnlySpan<byte> json)
    {
        _first += Count;
        Count = 0;
        Fill(json);
    }

    private void Begin(ReadOnlySpan<byte> json, int start, bool isPart)
    {
        _depth = 0;
        _start = start;
        _isPart = isPart;
        _position = start;
        _first = 0;
        Count = 0;
        _expected = Expected.Value;
        Fill(json);
    }

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
                Array.Resize(ref _tokens, _tokens.Length * 4);
            }

            Append(json);
        }
    }

    /// <summary>Appends tokens until the value or the room ends, or the JSON turns out malformed.</summary>
    private void Append(ReadOnlySpan<byte> json)
    {
        ref JsonToken tokens = ref MemoryMarshal.GetArrayDataReference(_tokens);
        int count = Count;
        int room = _tokens.Length - Step;
        int at = _position;
        at = JsonText.SkipSpace(json, at);
        byte next = JsonText.At(json, at);
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
                    int end = JsonText.TextEnd(json, at + 1);
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
                    break;
                }

            case (byte)'{' or (byte)'[':
                if (_depth == MaxDepth)
                {
                    goto Fault;
                }

                _open[_depth++] = ((_first + count) << 1) | (next == '{' ? 1u : 0u);
                Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at, ValueLength = 1, Type = next == '{' ? JsonTokenType.StartObject : JsonTokenType.StartArray };
                at++;
                at = JsonText.SkipSpace(json, at);
                next = JsonText.At(json, at);
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

        at = JsonText.SkipSpace(json, at);
        next = JsonText.At(json, at);
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

        bool inObject = (_open[_depth - 1] & 1) != 0;
        if (next == ',')
        {
            at++;
            at = JsonText.SkipSpace(json, at);
            next = JsonText.At(json, at);
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
            long opened = (_open[--_depth] >> 1) - _first;
            if (opened >= 0)
            {
                Unsafe.Add(ref tokens, (int)opened).Closing = count;
            }

            Unsafe.Add(ref tokens, count++) = new JsonToken { ValueStart = at, ValueLength = 1, Type = next == '}' ? JsonTokenType.EndObject : JsonTokenType.EndArray };
            at++;
            at = JsonText.SkipSpace(json, at);
            next = JsonText.At(json, at);
            if (count > room)
            {
                _expected = Expected.Next;
                goto Done;
            }

            goto Next;
        }

    First:
        // An opening bracket may be followed by the closing one, but not by a comma.
        if ((_open[_depth - 1] & 1) == 0)
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

    Key:
        {
            int end = next == '"' ? JsonText.TextEnd(json, at + 1) : JsonText.Malformed;
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
            at = JsonText.SkipSpace(json, at);
            next = JsonText.At(json, at);
            goto Value;
        }

    Fault:
        _expected = Expected.Fault;

    Done:
        _position = at;
        Count = count;
    }
}
