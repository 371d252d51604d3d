using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Erasure;

/// <summary>
/// Finds a person's work in tasks: annotations, drafts, reviews and comments go, other places that name the person become null, and
/// counters of annotations follow. What others labelled stays as it is.
/// </summary>
internal sealed class PersonRedactor(Person person) : ITaskRedactor
{
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private static readonly byte[] s_null = "null"u8.ToArray();

    private readonly List<(int Start, int End, long Count, bool Cancelled)> _counters = [];
    private readonly HashSet<long> _gone = [];
    private readonly List<long> _parents = [];
    private long _annotations;
    private long _cancelled;
    private long _drafts;
    private long _mentions;

    public RedactionCounts Found { get; private set; } = RedactionCounts.None;

    public TaskFate Redact(in RawTask task, TextCuts cuts)
    {
        cuts.Clear();
        _counters.Clear();
        _gone.Clear();
        _parents.Clear();
        (_annotations, _cancelled, _drafts, _mentions) = (0, 0, 0, 0);
        var json = new Utf8JsonReader(task.Span, Options);
        try
        {
            json.Read();
            Object(ref json, cuts, isTask: true);
        }
        catch (JsonException fault)
        {
            throw TaskCheck.Malformed(task, fault);
        }

        if (cuts.Count == 0)
        {
            return TaskFate.Stays;
        }

        foreach ((int start, int end, long count, bool cancelled) in _counters)
        {
            long less = cancelled ? _cancelled : _annotations - _cancelled;
            if (less > 0 && count > 0)
            {
                cuts.Add(start, end, Encoding.UTF8.GetBytes(Math.Max(0, count - less).ToString(CultureInfo.InvariantCulture)));
            }
        }

        Found = Found.Plus(new RedactionCounts(1, 0, _annotations, _drafts, _mentions, 0, _parents.Count(_gone.Contains)));
        return TaskFate.Changes;
    }

    /// <summary>Reads an object; the reader is at its beginning, and then at its end.</summary>
    private void Object(ref Utf8JsonReader json, TextCuts cuts, bool isTask = false)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonTextOf.Token(ref json);
            json.Read();
            if (isTask && name is PersonMembers.TotalAnnotations or PersonMembers.CancelledAnnotations && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long count))
            {
                _counters.Add(((int)json.TokenStartIndex, (int)json.BytesConsumed, count, name == PersonMembers.CancelledAnnotations));
            }

            Value(ref json, name, cuts, isTask);
        }
    }

    private void Value(ref Utf8JsonReader json, string name, TextCuts cuts, bool isTask)
    {
        if (PersonMembers.IsContent(name))
        {
            Content(ref json, cuts);
        }
        else if (json.TokenType == JsonTokenType.StartArray)
        {
            List(ref json, name, cuts, isTask);
        }
        else if (PersonMembers.IsPeople(name))
        {
            Person(ref json, name, cuts);
        }
        else if (json.TokenType == JsonTokenType.StartObject)
        {
            Object(ref json, cuts);
        }
        else
        {
            Text(ref json, cuts);
        }
    }

    /// <summary>A value that names people becomes null where it names this one.</summary>
    private void Person(ref Utf8JsonReader json, string name, TextCuts cuts)
    {
        int start = (int)json.TokenStartIndex;
        Utf8JsonReader whole = json;
        if (person.IsNamedBy(ref json, name))
        {
            _mentions++;
            cuts.Add(start, (int)json.BytesConsumed, s_null);
        }
        else if (whole.TokenType == JsonTokenType.StartObject)
        {
            Object(ref whole, cuts);
        }
        else
        {
            Text(ref whole, cuts);
        }
    }

    private void List(ref Utf8JsonReader json, string name, TextCuts cuts, bool isTask)
    {
        var items = new List<(int Start, int End, bool Goes)>();
        bool goes = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)json.TokenStartIndex;
            bool own = false;
            if (json.TokenType == JsonTokenType.StartObject && person.Made(json))
            {
                Count(json, name, isTask);
                json.Skip();
                own = true;
            }
            else if (PersonMembers.IsPeople(name))
            {
                Utf8JsonReader item = json;
                own = person.IsNamedBy(ref json, name);
                _mentions += own ? 1 : 0;
                if (!own && item.TokenType == JsonTokenType.StartObject)
                {
                    Object(ref item, cuts);
                }
            }
            else
            {
                if (isTask && json.TokenType == JsonTokenType.StartObject)
                {
                    Note(json);
                }

                Value(ref json, "", cuts, isTask: false);
            }

            items.Add((start, (int)json.BytesConsumed, own));
            goes |= own;
        }

        if (goes)
        {
            cuts.AddItems(items);
        }
    }

    /// <summary>Counts an object that goes, by the list that it is in.</summary>
    private void Count(Utf8JsonReader json, string list, bool isTask)
    {
        if (isTask && list == Members.Drafts)
        {
            _drafts++;
            return;
        }

        if (!isTask || list is not (Members.Annotations or Members.Completions))
        {
            _mentions++;
            return;
        }

        _annotations++;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonTextOf.Token(ref json);
            json.Read();
            if (name is Members.WasCancelled or Members.Skipped && json.TokenType == JsonTokenType.True)
            {
                _cancelled++;
            }
            else if (name == Members.Id && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long id))
            {
                _gone.Add(id);
            }

            json.Skip();
        }
    }

    /// <summary>Notes which annotation one that stays was copied from.</summary>
    private void Note(Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool parent = json.ValueTextEquals(PersonMembers.ParentAnnotation);
            json.Read();
            if (parent && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long id))
            {
                _parents.Add(id);
            }

            json.Skip();
        }
    }

    /// <summary>Data and labels: nothing in them is an id of a person, but a text may have an address.</summary>
    private void Content(ref Utf8JsonReader json, TextCuts cuts)
    {
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            Text(ref json, cuts);
            return;
        }

        int depth = json.CurrentDepth;
        if (person.Emails.Count == 0)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.CurrentDepth > depth)
        {
            Text(ref json, cuts);
        }
    }

    private void Text(ref Utf8JsonReader json, TextCuts cuts)
    {
        // No other text can have an address.
        if (json.TokenType == JsonTokenType.String && person.Emails.Count > 0 && (json.ValueIsEscaped || json.ValueSpan.Contains((byte)'@'))
            && person.WithoutEmails(JsonTextOf.Token(ref json)) is { } changed)
        {
            _mentions++;
            cuts.Add((int)json.TokenStartIndex, (int)json.BytesConsumed, Encoding.UTF8.GetBytes($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(changed)}\""));
        }
    }
}
