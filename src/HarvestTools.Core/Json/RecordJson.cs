using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// Reads and writes records of the program's own, token by token. What is not as it was written throws a
/// <see cref="JsonException"/>, <see cref="InvalidOperationException"/> or <see cref="FormatException"/>: the record is damaged.
/// </summary>
internal static class RecordJson
{
    /// <summary>A record of any size is written through a buffer of about this.</summary>
    private const int PendingBytes = 64 * 1024;

    public delegate T ReadItem<T>(ref Utf8JsonReader json);

    /// <summary>Between the items of a long list: hands on what was written, once it is much.</summary>
    public static void HandOn(Utf8JsonWriter json)
    {
        if (json.BytesPending > PendingBytes)
        {
            json.Flush();
        }
    }

    /// <summary>Goes into the object that follows.</summary>
    public static void Begin(ref Utf8JsonReader json)
    {
        json.Read();
        Expect(json.TokenType == JsonTokenType.StartObject);
    }

    /// <summary>Goes to the object's next key; false at its end.</summary>
    public static bool NextProperty(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    public static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name);

    public static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString() ?? throw Damaged();
    }

    /// <summary>The UTF-8 of the text that follows; of the record itself where nothing of it is escaped.</summary>
    public static ReadOnlySpan<byte> Utf8(ref Utf8JsonReader json)
    {
        json.Read();
        Expect(json.TokenType == JsonTokenType.String);
        ReadOnlySpan<byte> text = json.ValueSpan;
        if (json.ValueIsEscaped)
        {
            var plain = new byte[text.Length];
            return plain.AsSpan(0, json.CopyString(plain));
        }

        Expect(System.Text.Unicode.Utf8.IsValid(text));
        return text;
    }

    public static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt64();
    }

    /// <summary>Reads an array of objects.</summary>
    public static List<T> Items<T>(ref Utf8JsonReader json, ReadItem<T> read)
    {
        var items = new List<T>();
        BeginItems(ref json);
        while (NextItem(ref json))
        {
            items.Add(read(ref json));
        }

        return items;
    }

    /// <summary>Goes into the array that follows.</summary>
    public static void BeginItems(ref Utf8JsonReader json)
    {
        json.Read();
        Expect(json.TokenType == JsonTokenType.StartArray);
    }

    /// <summary>Goes to the array's next object; false at its end.</summary>
    public static bool NextItem(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        Expect(json.TokenType == JsonTokenType.StartObject);
        return true;
    }

    public static void Expect(bool met)
    {
        if (!met)
        {
            throw Damaged();
        }
    }

    public static FormatException Damaged() => new("The record is not as it was written.");
}
