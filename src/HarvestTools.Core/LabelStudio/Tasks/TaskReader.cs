using System.Runtime.CompilerServices;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// Reads the values of one task: its tokens, which the tape was loaded with, the bytes they lie in and room for texts that
/// these do not hold as they are.
/// The reading methods take the value that <see cref="Json"/> is at and leave it on that value's last token.
/// </summary>
internal ref struct TaskReader(scoped in RawTask task, TaskTexts texts, JsonTape tape, ObjectPlans plans)
{
    /// <summary>The tokens; mutable, so always used in place.</summary>
    public JsonTokens Json = new(task.Span, tape);

    private readonly RawTask _task = task;
    private readonly bool _whole = tape.IsWhole;

    /// <summary>What is known of the shapes of objects.</summary>
    public readonly ObjectPlans Plans => plans;

    /// <summary>Whether places are those of tokens, of which the tape holds all.</summary>
    public readonly bool IsWhole => _whole;

    /// <summary>Where the value is that the reader is at, see <see cref="TaskTokens"/>; 0 for null, which counts as absent.</summary>
    public readonly int ValuePlace => Json.TokenType == JsonTokenType.Null ? 0 : ItemPlace;

    /// <summary>The same for an element of an array, where a null is one.</summary>
    public readonly int ItemPlace => _whole ? Json.Place : Json.TokenStart;

    /// <summary>Reads the next key of the object that the reader is in, and goes to its value; false at the object's end.</summary>
    public bool NextMember(out ReadOnlySpan<byte> key)
    {
        Json.Read();
        if (Json.TokenType != JsonTokenType.PropertyName)
        {
            key = default;
            return false;
        }

        key = Json.ValueIsEscaped ? Key() : Json.ValueSpan;
        Json.Read();
        return true;
    }

    /// <summary>The key that the reader is at, without escapes.</summary>
    public ReadOnlySpan<byte> Key() => Json.ValueIsEscaped ? texts.Unescaped(ref Json).Span : Json.ValueSpan;

    /// <summary>Reads the next element of the array that the reader is in; false at its end.</summary>
    public bool NextElement()
    {
        Json.Read();
        return Json.TokenType != JsonTokenType.EndArray;
    }

    public void Skip() => Json.Skip();

    /// <summary>
    /// A string without its escapes, the canonical JSON of anything else, absent for null. Integers keep the digits that
    /// they are written with.
    /// </summary>
    public Utf8Text Text()
    {
        switch (Json.TokenType)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.String when Json.ValueIsEscaped:
                return texts.Unescaped(ref Json);
            case JsonTokenType.String:
                return new Utf8Text(_task.Buffer, _task.Offset + Json.ValueStart, Json.ValueLength);
            case JsonTokenType.Number when CanonicalNumber.IsInteger(Json.ValueSpan) && !Json.ValueSpan.SequenceEqual("-0"u8):
                return Raw();
            default:
                return texts.Canonical(ref Json);
        }
    }

    /// <summary>The string at a place of the window as it is in the task's bytes; false where it holds escapes.</summary>
    /// <param name="place">The place.</param>
    /// <param name="text">The string.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetText(int place, out Utf8Text text)
    {
        ref readonly JsonToken token = ref Json.Window[place];
        text = new Utf8Text(_task.Buffer, _task.Offset + token.ValueStart, token.ValueLength);
        return !token.Escaped;
    }

    /// <summary>The task's data as canonical JSON; absent for null.</summary>
    public Utf8Text Data() => Json.TokenType == JsonTokenType.Null ? default : texts.Data(ref Json);

    /// <summary>The value's raw JSON; absent for null.</summary>
    public Utf8Text Raw()
    {
        if (Json.TokenType == JsonTokenType.Null)
        {
            return default;
        }

        int start = Json.TokenStart;
        Json.Skip();
        return Since(start);
    }

    /// <summary>The raw JSON from a token's start to the end of the token that the reader is at.</summary>
    public readonly Utf8Text Since(int start) => new(_task.Buffer, _task.Offset + start, Json.TokenEnd - start);

    /// <summary>A second reader over a raw value of this task.</summary>
    public readonly TaskReader Over(Utf8Text raw)
    {
        int start = raw.OffsetIn(_task.Buffer) - _task.Offset;
        var own = new JsonTape();
        own.Load(raw.Span);
        return new TaskReader(
            _task with { Offset = _task.Offset + start, Length = raw.Length, ByteOffset = _task.ByteOffset + start }, texts, own, plans);
    }

    /// <summary>An id: an integer, in quotes or not; null for null.</summary>
    /// <exception cref="HarvestException">It is anything else.</exception>
    public long? Id(string name)
    {
        long? id = IdIfAny();
        if (id is null && Json.TokenType != JsonTokenType.Null)
        {
            throw Fault(Json.TokenType == JsonTokenType.Number && CanonicalNumber.IsInteger(Json.ValueSpan)
                ? $"\"{name}\" is beyond the range of a 64-bit integer"
                : $"\"{name}\" must be an integer");
        }

        return id;
    }

    /// <summary>An id: an integer, in quotes or not; null for anything else, which is skipped.</summary>
    public long? IdIfAny()
    {
        long id;
        switch (Json.TokenType)
        {
            case JsonTokenType.Number:
                return JsonInteger.TryParse(Json.ValueSpan, out id) ? id : null;
            case JsonTokenType.String:
                return !Json.ValueIsEscaped && JsonInteger.TryParse(Json.ValueSpan, out id) ? id : null;
            default:
                Json.Skip();
                return null;
        }
    }

    /// <summary>A time as Label Studio writes it (ISO 8601), in UTC; null for anything else, which is skipped.</summary>
    public DateTime? TimeIfAny()
    {
        if (Json.TokenType == JsonTokenType.String)
        {
            return !Json.ValueIsEscaped && Iso8601.TryParse(Json.ValueSpan, out DateTime utc) ? utc : null;
        }

        Json.Skip();
        return null;
    }

    /// <summary>true or false, 1 or 0; null is false.</summary>
    /// <exception cref="HarvestException">It is anything else.</exception>
    public readonly bool Flag(string name) => Json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        JsonTokenType.Number when Json.ValueSpan.SequenceEqual("1"u8) => true,
        JsonTokenType.Number when Json.ValueSpan.SequenceEqual("0"u8) => false,
        _ => throw Fault($"\"{name}\" must be true or false"),
    };

    /// <summary>True for an array; false for null, which is an empty one.</summary>
    /// <exception cref="HarvestException">It is anything else.</exception>
    public readonly bool IsArray(string name) => Json.TokenType switch
    {
        JsonTokenType.StartArray => true,
        JsonTokenType.Null => false,
        _ => throw Fault($"\"{name}\" must be an array"),
    };

    /// <summary>How many elements the array has that the reader is at; 0 for anything else.</summary>
    public int CountElements()
    {
        int count = 0;
        if (Json.TokenType != JsonTokenType.StartArray)
        {
            Skip();
            return count;
        }

        for (; NextElement(); count++)
        {
            Skip();
        }

        return count;
    }

    /// <summary>An error at the token that the reader is at.</summary>
    public readonly HarvestException Fault(string what) =>
        ExportErrors.ExportValueUnusable(_task, Json.TokenStart, what);

    /// <summary>An error at an earlier place.</summary>
    public readonly HarvestException Fault(string what, long position) =>
        ExportErrors.ExportValueUnusable(_task, position, what);
}
