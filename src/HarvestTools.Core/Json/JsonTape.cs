using System.Buffers.Binary;
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
/// <param name="shapes">Of objects in arrays, by which most are found faster; null for none.</param>
internal sealed partial class JsonTape(JsonShapes? shapes = null)
{
    /// <summary>Nesting that is read; what a hand-made file needs is far below, and the stack of recursive readers holds it.</summary>
    public const int MaxDepth = 256;

    private const int WindowAtFirst = 256;

    /// <summary>Tokens of the largest window that a thread keeps for the next tape.</summary>
    private const int SpareMax = 16 * 1024;

    /// <summary>Tokens of the largest window: those of a task of about 700 KB.</summary>
    private const int WindowMax = 128 * 1024;

    /// <summary>Tokens that are appended before the room is looked at again: a key, a bracket, one that closes it.</summary>
    private const int Step = 4;

    /// <summary>Where in the number of an open container the shape starts that the object before it has.</summary>
    private const int ShapeBits = 56;

    // Of each small export a tape would begin with a small window of its own, and grow it step by step.
    [ThreadStatic]
    private static JsonToken[]? t_spare;

    /// <summary>For each open container whether it is an object (one bit), the number of its token, and in the top byte the shape before it.</summary>
    private long[] _open = new long[16];

    // Made when there is something for them: of a thousand small exports each has several tapes, of which some read nothing.
    private ShortNumber[]? _shortNumbers;
    private JsonToken[] _tokens = [];
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

    /// <summary>Reads a short number, as sizes of images are, which come again and again: it is parsed once.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="number">A number in them of at most <see cref="ShortNumber.MaxLength"/> characters.</param>
    /// <param name="value">Its double.</param>
    /// <param name="isCanonical">Whether it is its own canonical form for sure.</param>
    /// <returns>False where it is no finite double.</returns>
    public bool TryReadShort(ReadOnlySpan<byte> json, in JsonToken number, out double value, out bool isCanonical)
    {
        if (number.ValueStart > json.Length - sizeof(ulong))
        {
            return CanonicalNumber.TryParse(json.Slice(number.ValueStart, number.ValueLength), out value, out isCanonical);
        }

        ulong text = BinaryPrimitives.ReadUInt64LittleEndian(json[number.ValueStart..]) & (ulong.MaxValue >> (8 * (ShortNumber.MaxLength - number.ValueLength)));
        ref ShortNumber known = ref (_shortNumbers ??= new ShortNumber[64])[(int)((text * 0x9E37_79B9_7F4A_7C15) >> 58)];
        if (known.Text != text)
        {
            if (!CanonicalNumber.TryParse(json.Slice(number.ValueStart, number.ValueLength), out value, out isCanonical))
            {
                return false;
            }

            known = new ShortNumber(text, value, isCanonical);
        }

        value = known.Value;
        isCanonical = known.IsCanonical;
        return true;
    }

    /// <summary>The window.</summary>
    public JsonToken[] Tokens => _tokens;

    /// <summary>How many of <see cref="Tokens"/> there are in the window.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no token follows the window.</summary>
    public bool IsLast => _expected is Expected.Nothing or Expected.Fault;

    public bool IsMalformed => _expected == Expected.Fault;

    /// <summary>Whether the window holds the value's tokens all, so that any can be gone to at any time.</summary>
    public bool IsWhole => _first == 0 && _expected == Expected.Nothing;

    /// <summary>The shape that has that number in a token.</summary>
    public JsonShape ShapeOf(byte number) => shapes![number];

    /// <summary>Reads the first tokens of a value.</summary>
    public void Load(ReadOnlySpan<byte> json) => Begin(json, 0, isPart: false);

    /// <summary>Reads the first tokens of one value inside a larger one, and no token behind it.</summary>
    /// <param name="json">The larger value, well-formed as far as the part goes.</param>
    /// <param name="start">Where the part starts in it.</param>
    public void LoadPart(ReadOnlySpan<byte> json, int start) => Begin(json, start, isPart: true);

    /// <summary>Leaves the window to the thread's next tape; nothing can be read of the value any more.</summary>
    public void Release()
    {
        if (_tokens.Length <= SpareMax && _tokens.Length > (t_spare?.Length ?? 0))
        {
            t_spare = _tokens;
            _tokens = [];
            Count = 0;
        }
    }

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
        // Tapes without shapes read something small on the way, and are not given back.
        if (_tokens.Length == 0 && shapes is not null && t_spare is { } spare)
        {
            _tokens = spare;
            t_spare = null;
        }

        _depth = 0;
        _start = start;
        _isPart = isPart;
        _position = start;
        _first = 0;
        Count = 0;
        _expected = Expected.Value;
        Fill(json);
    }
}

/// <summary>A number of at most eight characters.</summary>
/// <param name="text">The characters, the first in the lowest byte.</param>
/// <param name="value">Its double.</param>
/// <param name="isCanonical">Whether it is its own canonical form for sure.</param>
internal readonly struct ShortNumber(ulong text, double value, bool isCanonical)
{
    public const int MaxLength = sizeof(ulong);

    public ulong Text { get; } = text;

    public double Value { get; } = value;

    public bool IsCanonical { get; } = isCanonical;
}
