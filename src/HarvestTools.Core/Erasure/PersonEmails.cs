using System.Globalization;
using System.Text;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Erasure;

/// <summary>Finds the e-mail addresses that an export has for a person: drafts name their author by nothing else.</summary>
internal sealed class PersonEmails(long id) : ITaskWorker
{
    private readonly Person _person = new(id, []);
    private readonly byte[] _digits = Encoding.UTF8.GetBytes(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Without repeats.</summary>
    public HashSet<string> Found { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void Process(in RawTask task)
    {
        // Most tasks do not have the digits, or no address at all.
        if (task.Span.IndexOf(_digits) < 0 || (task.Span.IndexOf((byte)'@') < 0 && task.Span.IndexOf("\\u0040"u8) < 0))
        {
            return;
        }

        var json = new Utf8JsonReader(task.Span, PersonRedactor.Options);
        try
        {
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    AddOf(json);
                }
                else if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(PersonMembers.DisplayName))
                {
                    json.Read();
                    if (json.TokenType == JsonTokenType.String && _person.EmailOf(JsonTextOf.Token(ref json)) is { } email)
                    {
                        Found.Add(email);
                    }
                }
            }
        }
        catch (JsonException fault)
        {
            throw TaskCheck.Malformed(task, fault);
        }
    }

    /// <summary>The address of the object that the reader is at, where it is the person.</summary>
    private void AddOf(Utf8JsonReader json)
    {
        string? email = null;
        bool isPerson = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonTextOf.Token(ref json);
            json.Read();
            if (name == PersonMembers.Email && json.TokenType == JsonTokenType.String)
            {
                email = JsonTextOf.Token(ref json);
            }
            else
            {
                isPerson |= PersonMembers.IsId(name) && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long one) && one == id;
            }

            json.Skip();
        }

        if (isPerson && email is { Length: > 0 } && email.Contains('@', StringComparison.Ordinal))
        {
            Found.Add(email);
        }
    }
}
